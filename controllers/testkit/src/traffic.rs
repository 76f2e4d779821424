//! The road that every call of either fake takes: log, faults, hooks, crashes.

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::sync::oneshot;

use crate::{
    fault::{Fault, FaultGuard, Matcher},
    process::Process,
    sync::lock,
};

/// A logged call.
pub(crate) trait Call: Clone + Send + Sync + 'static {
    /// Notes how the call was answered; status 0 means not at all.
    fn answered(&mut self, status: u16, code: Option<String>);
}

/// What stands at the end of the road.
pub(crate) trait Backend: Clone + Send + Sync + 'static {
    /// How a call is logged.
    type Call: Call;
    /// What is to be done.
    type Request: Send + 'static;
    /// What comes back.
    type Answer: Send + 'static;

    /// Does what is asked, atomically.
    fn execute(&self, call: &Self::Call, request: Self::Request) -> Self::Answer;

    /// An error in the wire format that the caller of `call` expects.
    fn refuse(&self, call: &Self::Call, status: u16, code: Option<&str>) -> Self::Answer;

    /// HTTP status and error code of an answer.
    fn outcome(answer: &Self::Answer) -> (u16, Option<String>);
}

/// The connection broke.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection reset by peer")
    }
}

impl std::error::Error for Dropped {}

type Hook<C> = Arc<dyn Fn(&C) + Send + Sync>;

struct Rule<C> {
    id: u64,
    matcher: Matcher<C>,
    fault: Fault,
}

struct Crash<C> {
    moment: Moment,
    matcher: Matcher<C>,
    notify: oneshot::Sender<C>,
}

/// When a process dies of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Before anything of the call arrived.
    Before,
    /// When it took effect, before its answer is seen.
    After,
}

struct State<C> {
    log: Vec<C>,
    rules: Vec<Rule<C>>,
    next_rule: u64,
    hooks: Vec<Hook<C>>,
    crashes: Vec<Crash<C>>,
}

/// Log, faults, hooks and crashes of one fake.
pub(crate) struct Traffic<C> {
    state: Arc<Mutex<State<C>>>,
}

impl<C> Clone for Traffic<C> {
    fn clone(&self) -> Self {
        Self { state: Arc::clone(&self.state) }
    }
}

impl<C> fmt::Debug for Traffic<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traffic").finish_non_exhaustive()
    }
}

impl<C: Call> Traffic<C> {
    pub(crate) fn new() -> Self {
        let state = State { log: Vec::new(), rules: Vec::new(), next_rule: 0, hooks: Vec::new(), crashes: Vec::new() };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    pub(crate) fn calls(&self) -> Vec<C> {
        lock(&self.state).log.clone()
    }

    pub(crate) fn clear_calls(&self) {
        lock(&self.state).log.clear();
    }

    pub(crate) fn fail(&self, matcher: Matcher<C>, fault: Fault) -> u64 {
        let mut state = lock(&self.state);
        let id = state.next_rule;
        state.next_rule += 1;
        state.rules.push(Rule { id, matcher, fault });
        id
    }

    pub(crate) fn fail_while(&self, matcher: Matcher<C>, fault: Fault) -> FaultGuard {
        let id = self.fail(matcher, fault);
        let state = Arc::clone(&self.state);
        FaultGuard::new(move || lock(&state).rules.retain(|rule| rule.id != id))
    }

    pub(crate) fn clear_faults(&self) {
        lock(&self.state).rules.clear();
    }

    pub(crate) fn on_call(&self, hook: impl Fn(&C) + Send + Sync + 'static) {
        lock(&self.state).hooks.push(Arc::new(hook));
    }

    pub(crate) fn crash(&self, moment: Moment, matcher: Matcher<C>) -> impl Future<Output = C> + Send + use<C> {
        let (notify, crashed) = oneshot::channel();
        lock(&self.state).crashes.push(Crash { moment, matcher, notify });
        async move {
            match crashed.await {
                Ok(call) => call,
                Err(_) => std::future::pending().await,
            }
        }
    }

    /// Takes one call from `process` to `backend` and back.
    pub(crate) async fn run<B>(
        &self,
        backend: &B,
        process: &Process,
        call: C,
        request: B::Request,
    ) -> Result<B::Answer, Dropped>
    where
        B: Backend<Call = C>,
    {
        process.gate().await;
        self.kill(process, Moment::Before, &call);
        process.gate().await;
        let (delay, fault) = self.draw(&call);
        if let Some(delay) = delay {
            tokio::time::sleep(delay).await;
            process.gate().await;
        }
        let answer = Self::perform(backend, &call, request, fault);
        self.settle::<B>(process, call, fault, answer.as_ref());
        match fault {
            Some(Fault::Never) => std::future::pending::<()>().await,
            Some(Fault::SlowAnswer(delay)) => tokio::time::sleep(delay).await,
            _ => {}
        }
        process.gate().await;
        answer.ok_or(Dropped)
    }

    /// The delays that apply to `call`, added up, and the first other fault that does.
    fn draw(&self, call: &C) -> (Option<Duration>, Option<Fault>) {
        let mut delay: Option<Duration> = None;
        let mut fault = None;
        for rule in &mut lock(&self.state).rules {
            match (rule.matcher.matches(call), rule.fault) {
                (false, _) => {}
                (true, Fault::Delay(more)) => delay = Some(delay.unwrap_or_default() + more),
                (true, other) => fault = fault.or(Some(other)),
            }
        }
        (delay, fault)
    }

    fn perform<B>(backend: &B, call: &C, request: B::Request, fault: Option<Fault>) -> Option<B::Answer>
    where
        B: Backend<Call = C>,
    {
        match fault {
            None | Some(Fault::Delay(_) | Fault::SlowAnswer(_)) => Some(backend.execute(call, request)),
            Some(Fault::Status(status)) => Some(backend.refuse(call, status, None)),
            Some(Fault::Error(status, code)) => Some(backend.refuse(call, status, Some(code))),
            Some(Fault::StatusAfterCommit(status)) => {
                backend.execute(call, request);
                Some(backend.refuse(call, status, None))
            }
            Some(Fault::ErrorAfterCommit(status, code)) => {
                backend.execute(call, request);
                Some(backend.refuse(call, status, Some(code)))
            }
            Some(Fault::DropBefore | Fault::Never) => None,
            Some(Fault::DropAfter) => {
                backend.execute(call, request);
                None
            }
            Some(Fault::Late(delay)) => {
                let (backend, call) = (backend.clone(), call.clone());
                tokio::spawn(async move {
                    tokio::time::sleep(delay).await;
                    backend.execute(&call, request);
                });
                None
            }
        }
    }

    /// Logs the call, tells the hooks, and kills the caller if it is to crash here.
    fn settle<B>(&self, process: &Process, mut call: C, fault: Option<Fault>, answer: Option<&B::Answer>)
    where
        B: Backend<Call = C>,
    {
        let (status, code) = answer.map_or((0, None), B::outcome);
        call.answered(status, code);
        for hook in self.record(&call) {
            hook(&call);
        }
        let executed = !matches!(
            fault,
            Some(Fault::Status(_) | Fault::Error(..) | Fault::DropBefore | Fault::Late(_) | Fault::Never)
        );
        if executed {
            self.kill(process, Moment::After, &call);
        }
    }

    fn record(&self, call: &C) -> Vec<Hook<C>> {
        let mut state = lock(&self.state);
        state.log.push(call.clone());
        state.hooks.clone()
    }

    fn kill(&self, process: &Process, moment: Moment, call: &C) {
        let mut state = lock(&self.state);
        // A future that was dropped is a crash that was called off.
        state.crashes.retain(|crash| !crash.notify.is_closed());
        let hit = state.crashes.iter_mut().position(|crash| crash.moment == moment && crash.matcher.matches(call));
        if let Some(hit) = hit {
            process.kill();
            let crash = state.crashes.remove(hit);
            // The receiver was there a moment ago; if it is not now, nobody waits for the news.
            drop(crash.notify.send(call.clone()));
        }
    }
}
