//! The programs of a cluster, built from their Go modules.

use std::{
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use crate::{Error, Result, cache, go::Module, progress::Progress, workspace};

/// What the one binary is, by the name it is called by.
const NAMES: [&str; 5] = ["etcd", "helm", "kube-apiserver", "kube-controller-manager", "kubectl"];

/// The programs learn their version from the linker; `e2e/cluster/main.go` says why they must.
const LINK: &str = "-s -w \
    -X k8s.io/component-base/version.gitVersion=v1.35.4 \
    -X k8s.io/component-base/version.gitMajor=1 \
    -X k8s.io/component-base/version.gitMinor=35 \
    -X k8s.io/component-base/version.gitTreeState=clean \
    -X helm.sh/helm/v4/internal/version.version=v4.1.4";

/// The directory that holds the programs, built first if they are not there.
pub(super) fn programs(progress: &Progress) -> Result<PathBuf> {
    let module = Module {
        directory: workspace().join("e2e").join("cluster"),
        link: LINK,
        install: "install it from https://go.dev/dl, or set CAIRN_E2E_CONTEXT to the context of a cluster that you have",
    };
    cache::entry(&format!("cluster-{}", module.key()?), progress, |directory| {
        progress.long(
            "building kube-apiserver, kube-controller-manager, etcd, kubectl and helm (about six minutes the first time)",
        );
        module.build(&directory.join("cluster"), progress)?;
        NAMES.iter().try_for_each(|name| link(&directory.join(name)))
    })
}

fn link(name: &Path) -> Result<()> {
    symlink("cluster", name).map_err(|source| Error::file(name, source))
}
