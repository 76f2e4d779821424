//! kubectl, as users call it.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use serde_json::Value;

use crate::{
    Error, Result,
    command::run,
    error::ensure,
    session,
    wait::{Look, until},
};

/// kubectl against one cluster, as one user, in one namespace.
#[derive(Clone, Debug)]
pub struct Kubectl {
    program: PathBuf,
    kubeconfig: PathBuf,
    cache: PathBuf,
    options: Vec<String>,
}

impl Kubectl {
    /// kubectl as the user of a kubeconfig.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn new(program: PathBuf, kubeconfig: &Path) -> Result<Self> {
        // The user's own cache may know another cluster at the same port.
        let cache = session::work("kubectl")?;
        Ok(Self { program, kubeconfig: kubeconfig.to_owned(), cache, options: Vec::new() })
    }

    /// The same, as another user: the API server decides as if that user had asked.
    #[must_use]
    pub fn as_user(&self, user: &str) -> Self {
        self.option(format!("--as={user}"))
    }

    /// The same, in a namespace.
    #[must_use]
    pub fn in_namespace(&self, namespace: &str) -> Self {
        self.option(format!("--namespace={namespace}"))
    }

    fn option(&self, option: String) -> Self {
        let mut other = self.clone();
        other.options.push(option);
        other
    }

    /// The program, for people who want to go on with it.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Runs it and gives what it prints.
    ///
    /// # Errors
    /// [`Error::Command`] when it fails.
    pub fn run(&self, args: &[&str]) -> Result<String> {
        run(&mut self.command(args), None)
    }

    /// Runs it with something to read, usually a manifest for `-f -`.
    ///
    /// # Errors
    /// [`Error::Command`] when it fails.
    pub fn run_with(&self, args: &[&str], input: &str) -> Result<String> {
        run(&mut self.command(args), Some(input))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.env("KUBECONFIG", &self.kubeconfig).env("KUBECACHEDIR", &self.cache);
        command.args(args).args(&self.options);
        command
    }

    /// Applies a manifest.
    ///
    /// # Errors
    /// [`Error::Command`] when it is refused.
    pub fn apply(&self, manifest: &str) -> Result<String> {
        self.run_with(&["apply", "-f", "-"], manifest)
    }

    /// Applies a manifest that must be refused, and gives the refusal.
    ///
    /// # Errors
    /// [`Error::Wrong`] when it is accepted.
    pub fn refusal(&self, args: &[&str], input: &str) -> Result<String> {
        match self.run_with(args, input) {
            Err(Error::Command { output, .. }) => Ok(output),
            Err(other) => Err(other),
            Ok(said) => Err(Error::Wrong(format!("`kubectl {}` was not refused: {said}", args.join(" ")))),
        }
    }

    /// An object or a list.
    ///
    /// # Errors
    /// [`Error::Command`] when it does not exist.
    pub fn get(&self, args: &[&str]) -> Result<Value> {
        let text = self.run(&[&["get", "--output=json"], args].concat())?;
        serde_json::from_str(&text).map_err(|error| Error::Wrong(format!("kubectl printed no JSON: {error}")))
    }

    /// An object, or nothing if it does not exist.
    ///
    /// # Errors
    /// [`Error::Command`].
    pub fn find(&self, object: &str) -> Result<Option<Value>> {
        let text = self.run(&["get", "--output=json", "--ignore-not-found", object])?;
        if text.trim().is_empty() {
            return Ok(None);
        }
        serde_json::from_str(&text).map(Some).map_err(|error| Error::Wrong(format!("kubectl printed no JSON: {error}")))
    }

    /// Whether the user may do this, as `kubectl auth can-i` asks it.
    ///
    /// # Errors
    /// [`Error::Command`] when the question cannot be asked.
    pub fn can_i(&self, question: &[&str]) -> Result<bool> {
        match self.run(&[&["auth", "can-i"], question].concat()) {
            Ok(answer) => Ok(answer.trim() == "yes"),
            Err(Error::Command { output, .. }) if output.lines().any(|line| line.starts_with("no")) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Waits until a condition of the object has this status and speaks of its current spec; gives the condition.
    ///
    /// # Errors
    /// [`Error::Late`] with what the conditions say instead.
    pub fn until_condition(&self, object: &str, kind: &str, status: &str, limit: Duration) -> Result<Value> {
        self.until(object, &format!("{kind}={status} on {object}"), limit, |found| {
            let found = condition(found, kind)?;
            (found["status"] == status).then(|| found.clone())
        })
    }

    /// Waits until something can be seen in the object.
    ///
    /// # Errors
    /// [`Error::Late`] with what the conditions say instead.
    pub fn until<T>(&self, object: &str, what: &str, limit: Duration, see: impl Fn(&Value) -> Option<T>) -> Result<T> {
        until(what, limit, || {
            let Some(found) = self.find(object)? else { return Ok(Look::NotYet("no such object".into())) };
            Ok(see(&found).map_or_else(|| Look::NotYet(status(&found)), Look::Done))
        })
    }

    /// Waits until the object is gone.
    ///
    /// # Errors
    /// [`Error::Late`] with what the conditions say instead.
    pub fn until_gone(&self, object: &str, limit: Duration) -> Result<()> {
        until(&format!("the end of {object}"), limit, || {
            Ok(self.find(object)?.map_or(Look::Done(()), |found| Look::NotYet(status(&found))))
        })
    }

    /// Makes a namespace.
    ///
    /// # Errors
    /// [`Error::Command`].
    pub fn create_namespace(&self, name: &str) -> Result<()> {
        self.apply(&format!("{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}")).map(drop)
    }

    /// Gives a user one of the cluster's roles in the namespace of this.
    ///
    /// # Errors
    /// [`Error::Command`].
    pub fn grant(&self, role: &str, user: &str) -> Result<()> {
        let group = "rbac.authorization.k8s.io";
        self.apply(&format!(
            "{{apiVersion: {group}/v1, kind: RoleBinding, metadata: {{name: {user}-{role}}}, \
             roleRef: {{apiGroup: {group}, kind: ClusterRole, name: {role}}}, \
             subjects: [{{apiGroup: {group}, kind: User, name: {user}}}]}}"
        ))
        .map(drop)
    }
}

/// The condition of this type, if it speaks of the current spec.
#[must_use]
pub fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    let all = object["status"]["conditions"].as_array()?;
    let found = all.iter().find(|condition| condition["type"] == kind)?;
    let current = found["observedGeneration"].as_i64() >= object["metadata"]["generation"].as_i64();
    current.then_some(found)
}

/// Fails unless the condition's message holds all of these words.
///
/// # Errors
/// [`Error::Wrong`].
pub fn ensure_says(condition: &Value, words: &[&str]) -> Result<()> {
    let message = condition["message"].as_str().unwrap_or_default();
    ensure(words.iter().all(|word| message.contains(word)), || format!("{words:?} expected in: {condition}"))
}

fn status(object: &Value) -> String {
    let conditions = object["status"]["conditions"].as_array();
    let said = conditions.into_iter().flatten().map(|condition| {
        let text = |key: &str| condition[key].as_str().unwrap_or("-").to_owned();
        format!("{}={} {}: {}", text("type"), text("status"), text("reason"), text("message"))
    });
    let said = said.collect::<Vec<_>>().join("; ");
    if said.is_empty() { "no condition".into() } else { said }
}
