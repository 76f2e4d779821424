//! The operator as a local process, under the service account and with the arguments that the chart gives it.

pub mod binary;
mod metrics;

use std::{env, path::Path, process::Command, time::Duration};

use serde_json::Value;

use crate::{
    Error, Result,
    cluster::Cluster,
    helm::{NAMESPACE, RELEASE},
    http, port,
    process::Process,
    progress::Progress,
    session,
    usage::Usage,
    wait::{Look, until},
};

pub use binary::{path, up_to_date};
pub use metrics::{Sample, samples};

const READY: Duration = Duration::from_mins(1);
const GRACE: Duration = Duration::from_secs(30);

/// What is different from one operator to the next.
#[derive(Clone, Debug)]
pub struct Settings<'a> {
    /// The name of the pod that it takes itself for.
    pub name: &'a str,
    /// Access key and secret key; `None` for no credentials at all.
    pub credentials: Option<(&'a str, &'a str)>,
    /// More arguments; they take the place of the chart's own.
    pub arguments: &'a [&'a str],
}

impl Default for Settings<'_> {
    fn default() -> Self {
        Self { name: "cairn-0", credentials: Some(("test", "test")), arguments: &[] }
    }
}

/// A running operator.
#[derive(Debug)]
pub struct Operator {
    process: Process,
    metrics: u16,
    health: u16,
}

impl Operator {
    /// Starts an operator for the release that is installed in the cluster, and waits until it is ready.
    ///
    /// # Errors
    /// [`Error`] when it cannot be built or does not get ready.
    pub fn start(cluster: &Cluster, settings: &Settings<'_>, progress: &Progress) -> Result<Self> {
        let mut operator = Self::launch(cluster, settings, progress)?;
        operator.until_ready()?;
        Ok(operator)
    }

    /// Starts an operator and does not wait.
    ///
    /// # Errors
    /// [`Error`] when it cannot be built or started.
    pub fn launch(cluster: &Cluster, settings: &Settings<'_>, progress: &Progress) -> Result<Self> {
        let binary = up_to_date(progress)?;
        let (metrics, health) = (port::free()?, port::free()?);
        let pod = Pod::of_release(cluster)?;
        let (metrics_at, health_at) =
            (format!("--metrics-addr=127.0.0.1:{metrics}"), format!("--healthz-addr=127.0.0.1:{health}"));
        let mut own = settings.arguments.to_vec();
        own.extend([metrics_at.as_str(), health_at.as_str(), "--log-format=text"]);
        let mut command = Command::new(binary);
        command.args(replace(&pod.arguments, &own));
        environment(&mut command, &pod, settings);
        command.env("KUBECONFIG", cluster.kubeconfig_for(&pod.token)?);
        Ok(Self { process: Process::start(settings.name, &mut command)?, metrics, health })
    }

    /// Waits until it says that it is ready.
    ///
    /// # Errors
    /// [`Error::Ended`] and [`Error::Late`], with the end of its log.
    pub fn until_ready(&mut self) -> Result<()> {
        let ready =
            until("a ready operator", READY, || Ok(self.unready()?.map_or_else(|| Look::Done(()), Look::NotYet)));
        ready.map_err(|error| {
            session::keep_logs().ok();
            error.with(self.process.tail())
        })
    }

    /// Why it says that it is not ready; `None` when it is.
    ///
    /// # Errors
    /// [`Error::Ended`].
    pub fn unready(&mut self) -> Result<Option<String>> {
        self.process.still_runs()?;
        Ok(match http::get(self.health, "/readyz") {
            Some(answer) if answer.status == 200 => None,
            Some(answer) => Some(answer.body),
            None => Some("no answer".into()),
        })
    }

    /// Ends it as `kill -9` does.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Errors
    /// [`Error::Late`] when it does not, and [`Error::Wrong`] when it ends with a failure.
    pub fn terminate(&mut self) -> Result<()> {
        let status = self.process.terminate(GRACE)?;
        if status.success() {
            return Ok(());
        }
        Err(Error::Wrong(format!("the operator ended with {status}")).with(self.process.tail()))
    }

    /// What it uses of the machine right now.
    ///
    /// # Errors
    /// [`Error::Io`] and [`Error::Wrong`] where the system does not tell.
    pub fn usage(&self) -> Result<Usage> {
        Usage::of(self.process.id())
    }

    /// What it counts.
    ///
    /// # Errors
    /// [`Error::Wrong`] when it does not answer.
    pub fn samples(&self) -> Result<Vec<Sample>> {
        let answer = http::get(self.metrics, "/metrics").filter(|answer| answer.status == 200);
        let answer = answer.ok_or_else(|| Error::Wrong("the operator does not show its metrics".into()))?;
        Ok(samples(&answer.body))
    }

    /// How many requests it has made that change something in AWS.
    ///
    /// # Errors
    /// As [`Self::samples`].
    pub fn mutations(&self) -> Result<f64> {
        Ok(metrics::mutations(&self.samples()?))
    }

    /// The last lines of its log.
    #[must_use]
    pub fn tail(&self) -> String {
        self.process.tail()
    }

    /// All it has logged.
    #[must_use]
    pub fn logged(&self) -> String {
        self.process.logged()
    }

    /// Where it logs.
    #[must_use]
    pub fn log(&self) -> &Path {
        self.process.log()
    }
}

/// What the chart gives the operator's pod.
struct Pod {
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    token: String,
}

impl Pod {
    fn of_release(cluster: &Cluster) -> Result<Self> {
        let kubectl = cluster.kubectl()?.in_namespace(NAMESPACE);
        let deployment = kubectl.get(&["deployment", RELEASE])?;
        let pod = &deployment["spec"]["template"]["spec"];
        let account = pod["serviceAccountName"].as_str().unwrap_or("default");
        let token = kubectl.run(&["create", "token", account, "--duration=24h"])?.trim().to_owned();
        let container = &pod["containers"][0];
        let arguments = texts(&container["args"]);
        Ok(Self { arguments, environment: plain_variables(&container["env"]), token })
    }
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Those with a value; what comes from elsewhere the kubelet would fill in.
fn plain_variables(list: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let variables = list.as_array().into_iter().flatten();
    variables.filter_map(|variable| Some((text(&variable["name"])?, text(&variable["value"])?))).collect()
}

/// The chart's arguments, with ours in the place of those of the same name.
fn replace(given: &[String], own: &[&str]) -> Vec<String> {
    fn name(argument: &str) -> &str {
        argument.split_once('=').map_or(argument, |(name, _)| name)
    }
    let kept = given.iter().filter(|given| !own.iter().any(|own| name(own) == name(given))).cloned();
    kept.chain(own.iter().map(|own| (*own).to_owned())).collect()
}

/// As in a pod: nothing of the user's own settings, but what the machine needs to reach anything at all.
fn environment(command: &mut Command, pod: &Pod, settings: &Settings<'_>) {
    for (name, _) in env::vars_os() {
        let known = name.to_string_lossy();
        let foreign = known.starts_with("AWS_") && known != "AWS_CA_BUNDLE";
        if foreign || known.starts_with("CAIRN_") || known.starts_with("KUBE") {
            command.env_remove(&name);
        }
    }
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_CONFIG_FILE", "/dev/null").env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    command.envs(pod.environment.iter().cloned()).env("POD_NAME", settings.name);
    if let Some((access, secret)) = settings.credentials {
        command.env("AWS_ACCESS_KEY_ID", access).env("AWS_SECRET_ACCESS_KEY", secret);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_arguments_take_the_place_of_the_charts() {
        let given: Vec<_> = ["run", "--a=1", "--b", "--c=3"].map(str::to_owned).into();
        assert_eq!(replace(&given, &["--c=4", "--d"]), ["run", "--a=1", "--b", "--c=4", "--d"]);
    }

    #[test]
    fn variables_that_the_kubelet_fills_in_are_left_out() {
        let list = serde_json::json!([{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {}}]);
        assert_eq!(plain_variables(&list), [("A".to_owned(), "1".to_owned())]);
    }
}
