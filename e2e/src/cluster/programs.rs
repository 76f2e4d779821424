//! Where the programs come from.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::build;
use crate::{Error, Result, progress::Progress};

/// Names a directory with programs of the user's own choice.
const ASSETS: &str = "KUBEBUILDER_ASSETS";

/// The programs that a cluster and its users need.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The store.
    pub etcd: PathBuf,
    /// The API server.
    pub apiserver: PathBuf,
    /// The controllers of Kubernetes itself.
    pub controller_manager: PathBuf,
    /// The command line.
    pub kubectl: PathBuf,
    /// The package manager.
    pub helm: PathBuf,
}

impl Programs {
    /// Those in the directory that `KUBEBUILDER_ASSETS` names, else those that we build.
    pub(super) fn for_control_plane(progress: &Progress) -> Result<Self> {
        let assets = env::var_os(ASSETS).filter(|directory| !directory.is_empty()).map(PathBuf::from);
        match assets {
            Some(directory) => complete(&directory),
            None => Ok(Self::all_in(&build::programs(progress)?)),
        }
    }

    /// The user's own clients: who has a cluster has them.
    pub(super) fn for_existing_cluster() -> Self {
        Self::all_in(Path::new(""))
    }

    fn all_in(directory: &Path) -> Self {
        Self {
            etcd: directory.join("etcd"),
            apiserver: directory.join("kube-apiserver"),
            controller_manager: directory.join("kube-controller-manager"),
            kubectl: directory.join("kubectl"),
            helm: directory.join("helm"),
        }
    }

    fn each(&self) -> [&PathBuf; 5] {
        [&self.etcd, &self.apiserver, &self.controller_manager, &self.kubectl, &self.helm]
    }
}

fn complete(directory: &Path) -> Result<Programs> {
    let programs = Programs::all_in(directory);
    let missing: Vec<_> = programs.each().into_iter().filter(|program| !program.exists()).collect();
    let Some(first) = missing.first() else { return Ok(programs) };
    let name = first.file_name().unwrap_or_default().to_string_lossy();
    Err(Error::Missing {
        what: format!("{name} in the directory that {ASSETS} names"),
        install: format!("put it there, or unset {ASSETS} to have everything built"),
    })
}
