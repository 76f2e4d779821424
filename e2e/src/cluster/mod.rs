//! A Kubernetes cluster to work on: one of our own, or one that the user names.

mod build;
mod credentials;
mod own;
mod programs;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

pub use programs::Programs;

use crate::{Error, Result, command::run, kubectl::Kubectl, progress::Progress, session};

/// Names a context of the user's kubeconfig, to work on that cluster instead of one of our own.
pub const CONTEXT: &str = "CAIRN_E2E_CONTEXT";

/// A cluster, and the clients for it.
#[derive(Debug)]
pub struct Cluster {
    programs: Programs,
    kubeconfig: PathBuf,
    own: Option<own::ControlPlane>,
}

impl Cluster {
    /// Starts a control plane of our own on free ports, or takes the cluster that [`CONTEXT`] names.
    ///
    /// # Errors
    /// [`Error`] when something is missing, cannot be built or does not get ready.
    pub fn start(progress: &Progress) -> Result<Self> {
        match env::var(CONTEXT) {
            Ok(context) if !context.is_empty() => Self::existing(&context),
            _ => Self::own(progress),
        }
    }

    /// Whether the user named a cluster, which is then shared by all who start one.
    #[must_use]
    pub fn is_existing() -> bool {
        env::var_os(CONTEXT).is_some_and(|context| !context.is_empty())
    }

    fn own(progress: &Progress) -> Result<Self> {
        let programs = Programs::for_control_plane(progress)?;
        let control_plane = own::ControlPlane::start(&programs)?;
        Ok(Self { programs, kubeconfig: control_plane.kubeconfig().to_owned(), own: Some(control_plane) })
    }

    fn existing(context: &str) -> Result<Self> {
        let programs = Programs::for_existing_cluster();
        let args = ["config", "view", "--raw", "--flatten", "--minify", "--context", context];
        let config = run(Command::new(&programs.kubectl).args(args), None)?;
        let kubeconfig = write(&session::work("context")?.join("kubeconfig"), &config)?;
        Ok(Self { programs, kubeconfig, own: None })
    }

    /// kubectl as administrator.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn kubectl(&self) -> Result<Kubectl> {
        Kubectl::new(self.programs.kubectl.clone(), &self.kubeconfig)
    }

    /// The programs of this cluster.
    #[must_use]
    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// The administrator's kubeconfig.
    #[must_use]
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// Writes a kubeconfig for whom a token belongs to.
    ///
    /// # Errors
    /// [`Error::Io`] and [`Error::Command`].
    pub fn kubeconfig_for(&self, token: &str) -> Result<PathBuf> {
        let text = self.kubectl()?.run(&["config", "view", "--raw", "--flatten", "--output=json"])?;
        let mut config: Value = serde_json::from_str(&text).map_err(|error| Error::Wrong(error.to_string()))?;
        config["users"][0]["user"] = json!({ "token": token });
        write(&session::work("token")?.join("kubeconfig"), &config.to_string())
    }

    /// Stops the control plane, if it is our own, in the order in which it lets go of itself.
    ///
    /// # Errors
    /// [`Error::Late`] when a process had to be killed.
    pub fn stop(mut self) -> Result<()> {
        self.own.take().map_or(Ok(()), own::ControlPlane::stop)
    }
}

fn write(path: &Path, text: &str) -> Result<PathBuf> {
    fs::write(path, text).map_err(|source| Error::file(path, source))?;
    Ok(path.to_owned())
}
