//! An AWS that this project did not write: moto's server, as `e2e/aws/server.py` starts it.

mod s3;
mod venv;

use std::{path::Path, process::Command, time::Duration};

pub use s3::S3;
use serde_json::Value;

use crate::{
    Error, Result,
    command::run,
    http, port,
    process::Process,
    progress::Progress,
    session,
    wait::{Look, until},
    workspace,
};

/// The account that everything in moto belongs to.
pub const ACCOUNT: &str = "123456789012";
/// The region that everything is made in.
pub const REGION: &str = "us-east-1";

const READY: Duration = Duration::from_mins(1);

/// A running server.
#[derive(Debug)]
pub struct Moto {
    // Held because dropping it ends the server.
    _process: Process,
    port: u16,
    s3: S3,
}

impl Moto {
    /// Starts a server on a free port; installs it first, if that has not been done.
    ///
    /// # Errors
    /// [`Error`] when Python is missing, moto cannot be installed or does not answer.
    pub fn start(progress: &Progress) -> Result<Self> {
        Self::start_on(port::free()?, progress)
    }

    /// Starts a server on this port.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_on(port: u16, progress: &Progress) -> Result<Self> {
        let python = venv::python(progress)?;
        let mut process = Process::start("moto", &mut command(&python, port))?;
        until("an answer from moto", READY, || {
            process.still_runs()?;
            let answered = http::get(port, "/moto-api/").is_some_and(|answer| answer.status == 200);
            Ok(if answered { Look::Done(()) } else { Look::NotYet("none".into()) })
        })
        .map_err(|error| {
            session::keep_logs().ok();
            error.with(process.tail())
        })?;
        Ok(Self { s3: S3::at(port)?, port, _process: process })
    }

    /// Where it answers.
    #[must_use]
    pub fn endpoint(&self) -> String {
        endpoint(self.port)
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What is in S3.
    #[must_use]
    pub fn s3(&self) -> &S3 {
        &self.s3
    }

    /// Forgets everything in all services.
    ///
    /// # Errors
    /// [`Error::Aws`] when moto does not confirm.
    pub fn reset(&self) -> Result<()> {
        self.order("/moto-api/reset", "")
    }

    /// Whether any credentials are good, as they are at first, or only those of users that IAM knows.
    ///
    /// # Errors
    /// [`Error::Aws`] when moto does not confirm.
    pub fn accept_any_credentials(&self, any: bool) -> Result<()> {
        // So many requests are not checked.
        self.order("/moto-api/reset-auth", if any { "inf" } else { "0" })
    }

    fn order(&self, path: &str, body: &str) -> Result<()> {
        match http::post(self.port, path, body) {
            Some(answer) if answer.status == 200 => Ok(()),
            other => Err(Error::Aws { operation: path.into(), message: format!("{other:?}") }),
        }
    }
}

/// The model of an AWS service's API, as botocore has it, which comes with moto.
///
/// # Errors
/// [`Error`] when Python is missing, moto cannot be installed, or there is no such service.
pub fn api_model(service: &str, progress: &Progress) -> Result<Value> {
    let question = "import json, sys, botocore.loaders as l; \
        json.dump(l.Loader().load_service_model(sys.argv[1], 'service-2'), sys.stdout)";
    let model = run(Command::new(venv::python(progress)?).args(["-c", question, service]), None)?;
    serde_json::from_str(&model).map_err(|error| Error::Wrong(format!("the model of {service}: {error}")))
}

/// Where a server on that port answers.
#[must_use]
pub fn endpoint(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn command(python: &Path, port: u16) -> Command {
    let mut command = Command::new(python);
    command.arg(workspace().join("e2e").join("aws").join("server.py"));
    command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
    for name in ["AWS_PROFILE", "AWS_CONFIG_FILE", "PYTHONPATH", "PYTHONHOME"] {
        command.env_remove(name);
    }
    command
}
