//! Where a test works.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use cairn_e2e::{
    Error, Result,
    cluster::Cluster,
    kubectl::Kubectl,
    moto::S3,
    operator::{Operator, Settings},
    progress::Progress,
    session,
    stage::Stage,
};
use serde_json::Value;

/// How long anything may take that depends on no timer. On a quiet machine it takes a second; this is for busy ones.
pub(crate) const SOON: Duration = Duration::from_mins(1);

/// Names differ between two runs over one AWS or one cluster.
static RUN: LazyLock<String> = LazyLock::new(|| format!("{:08x}", RandomState::new().hash_one(0) >> 32));
static COUNT: AtomicUsize = AtomicUsize::new(0);
static SHARED: Mutex<Option<Result<Shared, String>>> = Mutex::new(None);
/// On a cluster that the user named there is room for one test at a time.
static TURN: Mutex<()> = Mutex::new(());

#[derive(Clone)]
struct Shared {
    stage: Arc<Stage>,
    operator: Option<Arc<Operator>>,
}

/// A namespace, what stands around it, and names that nobody else uses.
pub(crate) struct Room {
    pub(crate) stage: Arc<Stage>,
    pub(crate) kubectl: Kubectl,
    pub(crate) namespace: String,
}

impl Room {
    fn new(stage: Arc<Stage>, test: &str) -> Result<Self> {
        let namespace = unique(test);
        stage.kubectl()?.create_namespace(&namespace)?;
        let kubectl = stage.kubectl()?.in_namespace(&namespace);
        Ok(Self { stage, kubectl, namespace })
    }

    /// What is in S3.
    pub(crate) fn s3(&self) -> &S3 {
        self.stage.moto.s3()
    }

    /// Waits until the Bucket is Ready.
    pub(crate) fn ready(&self, object: &str) -> Result<()> {
        self.kubectl.until_condition(&format!("bucket/{object}"), "Ready", "True", SOON).map(drop)
    }

    /// Waits until the Bucket is Stalled, and gives the condition.
    pub(crate) fn stalled(&self, object: &str) -> Result<Value> {
        self.kubectl.until_condition(&format!("bucket/{object}"), "Stalled", "True", SOON)
    }

    /// Deletes the Bucket and waits until it is gone.
    pub(crate) fn delete(&self, object: &str) -> Result<()> {
        let object = format!("bucket/{object}");
        self.kubectl.run(&["delete", "--wait=false", &object])?;
        self.kubectl.until_gone(&object, SOON)
    }
}

/// A name in AWS that nobody else uses.
pub(crate) fn bucket_name() -> String {
    unique("cairn")
}

fn unique(name: &str) -> String {
    format!("{name}-{}-{}", *RUN, COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A Bucket object of this name, with more lines for its spec.
pub(crate) fn bucket(object: &str, name: &str, more: &str) -> String {
    format!(
        "apiVersion: s3.aws.cairn.run/v1alpha1\nkind: Bucket\nmetadata: {{name: {object}}}\n\
         spec:\n  name: {name}\n{more}\n"
    )
}

/// Runs a test in the shared cluster. No operator may run there; tests must not care.
pub(crate) fn in_cluster(name: &str, test: impl FnOnce(&Room) -> Result<()>) -> Result<()> {
    if Cluster::is_existing() {
        return alone(name, test);
    }
    let stage = shared(false)?.stage;
    Room::new(stage, name).and_then(|room| test(&room)).map_err(explain)
}

/// Runs a test in the shared cluster, on which an operator works.
pub(crate) fn with_operator(name: &str, test: impl FnOnce(&Room) -> Result<()>) -> Result<()> {
    if Cluster::is_existing() {
        return alone(name, |room| {
            let operator = room.stage.operator(&Settings::default())?;
            test(room).map_err(|error| error.with(operator.tail()))
        });
    }
    let shared = shared(true)?;
    let result = Room::new(shared.stage, name).and_then(|room| test(&room));
    result.map_err(|error| explain(error.with(shared.operator.map(|operator| operator.tail()).unwrap_or_default())))
}

/// Runs a test in a cluster of its own, on which nothing works yet.
pub(crate) fn alone(name: &str, test: impl FnOnce(&Room) -> Result<()>) -> Result<()> {
    let _turn = Cluster::is_existing().then(|| TURN.lock().unwrap_or_else(PoisonError::into_inner));
    let stage = Arc::new(Stage::start(Progress::quiet())?);
    Room::new(stage, name).and_then(|room| test(&room)).map_err(explain)
}

fn explain(error: Error) -> Error {
    match session::keep_logs() {
        Ok(logs) => error.with(format!("logs: {}", logs.display())),
        Err(_) => error,
    }
}

fn shared(with_operator: bool) -> Result<Shared> {
    let mut held = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let started = match held.take() {
        Some(Ok(shared)) => shared.with(with_operator),
        Some(Err(failure)) => Err(Error::Wrong(failure)),
        None => Shared::start().and_then(|shared| shared.with(with_operator)),
    };
    // What failed once fails for all: none of them waits for it again.
    *held = Some(started.as_ref().map_or_else(|error| Err(error.to_string()), |shared| Ok(shared.clone())));
    started
}

impl Shared {
    fn start() -> Result<Self> {
        Ok(Self { stage: Arc::new(Stage::start(Progress::quiet())?), operator: None })
    }

    fn with(self, operator: bool) -> Result<Self> {
        if !operator || self.operator.is_some() {
            return Ok(self);
        }
        let operator = Some(Arc::new(self.stage.operator(&Settings::default())?));
        Ok(Self { operator, ..self })
    }
}
