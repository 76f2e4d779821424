//! Helm, with the chart of this checkout.

use std::{path::PathBuf, process::Command};

use crate::{Result, cluster::Cluster, command::run, session, workspace};

/// The name of the release.
pub const RELEASE: &str = "cairn";
/// The namespace of the release.
pub const NAMESPACE: &str = "cairn-system";

/// Values that every installation without a kubelet needs: an image that nobody pulls, and no pod.
pub const NO_PODS: [(&str, &str); 2] = [("image.repository", "example.invalid/cairn"), ("deployment.replicas", "0")];

/// Helm against one cluster.
#[derive(Clone, Debug)]
pub struct Helm {
    program: PathBuf,
    kubeconfig: PathBuf,
    home: PathBuf,
}

impl Helm {
    /// Helm as the cluster's administrator.
    ///
    /// # Errors
    /// [`crate::Error::Io`].
    pub fn new(cluster: &Cluster) -> Result<Self> {
        let home = session::work("helm")?;
        Ok(Self { program: cluster.programs().helm.clone(), kubeconfig: cluster.kubeconfig().to_owned(), home })
    }

    /// Installs the chart with exactly these values.
    ///
    /// # Errors
    /// [`crate::Error::Command`] when Helm refuses.
    pub fn install(&self, values: &[(&str, &str)]) -> Result<String> {
        self.with_chart(&["install", "--create-namespace"], values)
    }

    /// Installs the chart, or brings the release to exactly these values.
    ///
    /// # Errors
    /// [`crate::Error::Command`] when Helm refuses.
    pub fn upgrade(&self, values: &[(&str, &str)]) -> Result<String> {
        self.with_chart(&["upgrade", "--install", "--create-namespace"], values)
    }

    /// Installs the chart over definitions that another installation left.
    ///
    /// # Errors
    /// [`crate::Error::Command`] when Helm refuses.
    pub fn take_over(&self, values: &[(&str, &str)]) -> Result<String> {
        self.with_chart(&["install", "--create-namespace", "--take-ownership", "--force-conflicts"], values)
    }

    /// Renders the chart.
    ///
    /// # Errors
    /// [`crate::Error::Command`] when Helm refuses.
    pub fn template(&self, values: &[(&str, &str)]) -> Result<String> {
        self.with_chart(&["template"], values)
    }

    /// Uninstalls the release.
    ///
    /// # Errors
    /// [`crate::Error::Command`] when Helm refuses.
    pub fn uninstall(&self) -> Result<String> {
        run(self.command().args(["uninstall", "--namespace", NAMESPACE, "--wait", RELEASE]), None)
    }

    fn with_chart(&self, verb: &[&str], values: &[(&str, &str)]) -> Result<String> {
        let mut command = self.command();
        command.args(verb).args(["--namespace", NAMESPACE]);
        for (name, value) in values {
            command.arg("--set").arg(format!("{name}={value}"));
        }
        run(command.arg(RELEASE).arg(workspace().join("charts").join("cairn")), None)
    }

    /// With a home of its own: neither plugins nor repositories of the user's play a part, and what it learns of a
    /// cluster that lives for minutes does not stay.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env("KUBECONFIG", &self.kubeconfig);
        for name in ["HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "KUBECACHEDIR"] {
            command.env(name, self.home.join(name));
        }
        command
    }
}
