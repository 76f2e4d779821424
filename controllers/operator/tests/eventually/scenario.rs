//! One scenario: what a seed makes of it.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use cairn_testkit::aws::BucketView;
use fastrand::Rng;
use futures::future::BoxFuture;

use crate::{coverage::Coverage, defect::Defect, fault, history::History, operator::Running, slot::Slot, world::World};

/// How many objects there are from the start, of two kinds.
const AT_ONCE: usize = 5;
const ACTIONS: usize = 40;
const FAULTS: usize = 14;

/// Within this an operator has the lease and has seen what users did last. Until then an object may look settled: no
/// annotation makes a new generation of it.
const NOTICED: Duration = Duration::from_mins(1);

/// What happened, for whoever reads a failure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail(Arc<Mutex<Vec<String>>>);

impl Trail {
    fn note(&self, world: &World, what: &str) {
        let at = world.api.clock().now();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{at} {what}"));
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Whoever lets things happen.
pub(crate) struct Driver {
    pub(crate) world: World,
    pub(crate) slots: Vec<Slot>,
    pub(crate) operators: Vec<Running>,
    pub(crate) started: usize,
    pub(crate) crashes: Vec<BoxFuture<'static, ()>>,
    /// Resources of which AWS may have more than any object of today ever declared.
    pub(crate) loose: BTreeSet<&'static str>,
    /// What was made by hand, as it was.
    pub(crate) by_hand: Option<BucketView>,
}

/// Lets a seed happen.
pub(crate) async fn run(seed: u64, defect: Option<Defect>, coverage: &Coverage, trail: &Trail) -> Result<(), String> {
    let (mut rng, world) = (Rng::with_seed(seed), World::new(defect));
    let by_hand = world.aws.bucket("bucket-by-hand");
    let loose = BTreeSet::from(["bucket-by-hand"]);
    let history = History::of(&world);
    let (operators, crashes, slots) = (Vec::new(), Vec::new(), Slot::all());
    let mut driver = Driver { world, slots, operators, started: 0, crashes, loose, by_hand };
    driver.start();
    for n in 0..AT_ONCE {
        if let Some(done) = driver.create(n, &mut rng).await {
            trail.note(&driver.world, &done);
        }
    }
    let mut steps = [vec![true; ACTIONS - AT_ONCE], vec![false; FAULTS]].concat();
    rng.shuffle(&mut steps);
    for acts in steps {
        wait(&mut rng).await;
        driver.tend(trail);
        let done = if acts { driver.act(&mut rng).await } else { driver.fault(&mut rng, coverage).await };
        trail.note(&driver.world, &done);
    }
    driver.quiesce(trail).await;
    history.check(&driver.world, &driver.slots)?;
    driver.check(trail).await?;
    history.check(&driver.world, &driver.slots)
}

async fn wait(rng: &mut Rng) {
    let wait = match rng.u32(..4) {
        0 => 0,
        1 => rng.u64(..300),
        2 => rng.u64(..3_000),
        _ => rng.u64(..25_000),
    };
    tokio::time::sleep(Duration::from_millis(wait)).await;
}

impl Driver {
    async fn fault(&mut self, rng: &mut Rng, coverage: &Coverage) -> String {
        match rng.u32(..10) {
            0..6 => {
                let (step, armed) = fault::arm_aws(&self.world, rng, coverage);
                let led = if step == "DeleteBucketPolicy" { self.take_out_a_policy().await } else { None };
                match led {
                    Some(led) => format!("{armed}, and {led}"),
                    None => armed,
                }
            }
            6..9 => fault::arm_kubernetes(&self.world, rng, coverage),
            _ => fault::disturb(&self.world, rng),
        }
    }

    /// Starts a process for each that died, as the kubelet does.
    fn tend(&mut self, trail: &Trail) {
        let (dead, living): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.operators).into_iter().partition(|running| running.process.is_dead());
        self.operators = living;
        for running in dead {
            trail.note(&self.world, &format!("{} died", running.name));
            running.kill();
            self.start();
        }
    }

    /// Faults end, and so do pauses and plans.
    async fn quiesce(&mut self, trail: &Trail) {
        self.crashes.clear();
        self.world.api.clear_faults();
        self.world.aws.clear_faults();
        self.world.api.thaw_watches();
        self.tend(trail);
        if self.operators.is_empty() {
            self.start();
        }
        for slot in &mut self.slots {
            const HOLDS: [&str; 4] = ["paused", "mode", "read-only", "ignore-field-drift"];
            self.world.lift(slot, &HOLDS).await;
            if let Some(wanted) = &mut slot.wanted {
                wanted.annotations.retain(|annotation, _| !HOLDS.contains(annotation));
            }
        }
        trail.note(&self.world, "quiet from here on");
    }

    async fn check(&mut self, trail: &Trail) -> Result<(), String> {
        tokio::time::sleep(NOTICED).await;
        self.settles(!self.world.may_differ()).await?;
        trail.note(&self.world, "settled");
        if !self.world.may_differ() {
            self.has_what_is_declared()?;
        }
        self.stays_quiet().await
    }
}
