//! Everything at once: a cluster, an AWS, and the chart installed so that an operator would use the one for the other.

use crate::{
    Result,
    cluster::Cluster,
    helm::{Helm, NO_PODS},
    kubectl::Kubectl,
    moto::{Moto, REGION, endpoint},
    operator::{Operator, Settings},
    progress::Progress,
};

/// What the demo and most tests stand on.
#[derive(Debug)]
pub struct Stage {
    /// The cluster.
    pub cluster: Cluster,
    /// AWS.
    pub moto: Moto,
    /// Helm.
    pub helm: Helm,
    /// What people see.
    pub progress: Progress,
}

impl Stage {
    /// Starts cluster and AWS, and installs the chart.
    ///
    /// # Errors
    /// [`crate::Error`] when any of it does not work.
    pub fn start(progress: Progress) -> Result<Self> {
        let cluster = Cluster::start(&progress)?;
        progress.step("cluster is ready");
        let moto = Moto::start(&progress)?;
        progress.step("AWS emulator is ready");
        let helm = Helm::new(&cluster)?;
        let stage = Self { cluster, moto, helm, progress };
        stage.install(&[])?;
        stage.progress.step("chart is installed");
        Ok(stage)
    }

    /// Installs the chart, or brings the release to these values over those that the stage itself needs.
    ///
    /// # Errors
    /// [`crate::Error::Command`] when Helm refuses.
    pub fn install(&self, values: &[(&str, &str)]) -> Result<()> {
        self.install_for(self.moto.port(), values)
    }

    /// As [`Self::install`], with AWS at another port.
    ///
    /// # Errors
    /// As [`Self::install`].
    pub fn install_for(&self, port: u16, values: &[(&str, &str)]) -> Result<()> {
        let endpoint = endpoint(port);
        self.helm.upgrade(&[NO_PODS.as_slice(), &aws(&endpoint), values].concat()).map(drop)
    }

    /// Installs the chart anew, with these values over those that the stage itself needs, over definitions that another
    /// installation left.
    ///
    /// # Errors
    /// [`crate::Error::Command`] when Helm refuses.
    pub fn take_over(&self, values: &[(&str, &str)]) -> Result<()> {
        let endpoint = endpoint(self.moto.port());
        self.helm.take_over(&[NO_PODS.as_slice(), &aws(&endpoint), values].concat()).map(drop)
    }

    /// Starts an operator.
    ///
    /// # Errors
    /// As [`Operator::start`].
    pub fn operator(&self, settings: &Settings<'_>) -> Result<Operator> {
        Operator::start(&self.cluster, settings, &self.progress)
    }

    /// kubectl as administrator.
    ///
    /// # Errors
    /// [`crate::Error::Io`].
    pub fn kubectl(&self) -> Result<Kubectl> {
        self.cluster.kubectl()
    }
}

fn aws(endpoint: &str) -> [(&'static str, &str); 4] {
    [
        ("aws.region", REGION),
        ("aws.endpointUrl", endpoint),
        ("aws.allowUnsafeEndpointUrls", "true"),
        ("aws.endpointUsePathStyle", "true"),
    ]
}
