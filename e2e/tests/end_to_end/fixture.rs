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
    operator::{Operator, Settings},
    progress::Progress,
    session,
    stage::Stage,
};

/// How long anything may take that depends on no timer. On a quiet machine it takes a second; this is for busy ones.
pub(crate) const SOON: Duration = Duration::from_mins(1);

/// Names differ between two runs over one AWS or one cluster.
static RUN: LazyLock<String> = LazyLock::new(|| format!("{:08x}", RandomState::new().hash_one(0) >> 32));
static COUNT: AtomicUsize = AtomicUsize::new(0);
static SHARED: Mutex<Option<Shared>> = Mutex::new(None);
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

    /// A name for a bucket.
    pub(crate) fn bucket(&self) -> String {
        unique("cairn")
    }
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
    let shared = match held.take() {
        Some(shared) => shared,
        None => Shared { stage: Arc::new(Stage::start(Progress::quiet())?), operator: None },
    };
    let mut shared = held.insert(shared).clone();
    if with_operator && shared.operator.is_none() {
        shared.operator = Some(Arc::new(shared.stage.operator(&Settings::default())?));
        *held = Some(shared.clone());
    }
    Ok(shared)
}
