//! `watch`.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use futures::Stream;
use serde_json::{Value, json};
use tokio::{sync::watch::Receiver, time::Instant};

use super::{
    failure::{Failure, Outcome},
    kind::KindId,
    present::Form,
    read,
    request::{Answer, Request},
    selector::Selector,
    store::{Change, Pulse, Store},
};
use crate::{process::Process, sync::lock};

/// How long a watch lasts that does not say.
const TIMEOUT: Duration = Duration::from_mins(30);

/// How often a bookmark is sent.
const BOOKMARKS: Duration = Duration::from_mins(1);

/// A watch that is about to start.
#[derive(Debug)]
pub(super) struct WatchSpec {
    kind: KindId,
    form: Form,
    selector: Selector,
    initial: Vec<Value>,
    position: u64,
    bookmarks: bool,
    timeout: Duration,
    over: bool,
}

pub(super) fn watch(store: &Store, request: &Request) -> Outcome<Answer> {
    let (query, target) = (&request.query, &request.target);
    let form = Form::of(request);
    let mut spec = WatchSpec {
        kind: target.kind.id(),
        selector: Selector::new(target, query)?,
        initial: Vec::new(),
        position: query.number("resourceVersion")?.unwrap_or_default(),
        bookmarks: query.flag("allowWatchBookmarks"),
        timeout: query.number("timeoutSeconds")?.filter(|s| *s > 0).map_or(TIMEOUT, Duration::from_secs),
        over: false,
        form,
    };
    let streaming_list = query.flag("sendInitialEvents");
    if streaming_list && query.get("resourceVersionMatch") != Some("NotOlderThan") {
        let message = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
        return Err(Failure::bad_request(message));
    }
    if spec.position == 0 || streaming_list {
        spec.start_from_state(store, request, streaming_list)?;
    } else if spec.position > store.revision() {
        return Err(Failure::too_new(spec.position, store.revision()));
    } else if spec.position < store.compacted() {
        let gone = Failure::expired(read::too_old(spec.position, store));
        spec.initial.push(json!({ "type": "ERROR", "object": gone.body() }));
        spec.over = true;
    }
    Ok(Answer::watch(spec))
}

impl WatchSpec {
    fn start_from_state(&mut self, store: &Store, request: &Request, streaming_list: bool) -> Outcome<()> {
        let (revision, tables) = read::source(store, request)?;
        let items = read::select(tables, request, &self.selector);
        self.initial = items.iter().map(|item| self.event("ADDED", item)).collect();
        if streaming_list && self.bookmarks {
            self.initial.push(self.form.bookmark(revision, true));
        }
        self.position = revision;
        Ok(())
    }

    fn event(&self, kind: &str, object: &Value) -> Value {
        json!({ "type": kind, "object": self.form.object(object) })
    }

    /// What a change looks like through the selector.
    fn seen(&self, change: &Change) -> Option<Value> {
        if change.kind != self.kind {
            return None;
        }
        let was = change.before.as_ref().is_some_and(|before| self.selector.matches(before));
        let is = !change.deleted && self.selector.matches(&change.object);
        match (was, is) {
            (false, false) => None,
            (false, true) => Some(self.event("ADDED", &change.object)),
            (true, true) => Some(self.event("MODIFIED", &change.object)),
            (true, false) => Some(self.event("DELETED", &change.object)),
        }
    }
}

struct Running {
    spec: WatchSpec,
    store: Arc<Mutex<Store>>,
    process: Process,
    pulses: Receiver<Pulse>,
    start: Pulse,
    queue: VecDeque<Bytes>,
    deadline: Instant,
    next_bookmark: Instant,
}

/// The body of a watch that starts now.
pub(super) fn stream(
    spec: WatchSpec,
    store: &Arc<Mutex<Store>>,
    process: &Process,
) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    let pulses = lock(store).subscribe();
    let start = *pulses.borrow();
    let running = Running {
        queue: spec.initial.iter().map(line).collect(),
        deadline: Instant::now() + spec.timeout,
        next_bookmark: Instant::now() + BOOKMARKS,
        store: Arc::clone(store),
        process: process.clone(),
        spec,
        pulses,
        start,
    };
    futures::stream::unfold(running, Running::next)
}

fn line(event: &Value) -> Bytes {
    Bytes::from(format!("{event}\n"))
}

impl Running {
    async fn next(mut self) -> Option<(io::Result<Bytes>, Self)> {
        loop {
            self.process.gate().await;
            let pulse = *self.pulses.borrow_and_update();
            if pulse.broken != self.start.broken {
                return Some(self.broken());
            }
            if let Some(line) = self.queue.pop_front() {
                return Some((Ok(line), self));
            }
            if self.spec.over || pulse.ended != self.start.ended {
                return None;
            }
            if !pulse.frozen && self.read() {
                continue;
            }
            self.wait(pulse).await?;
        }
    }

    fn broken(mut self) -> (io::Result<Bytes>, Self) {
        self.spec.over = true;
        self.queue.clear();
        self.start.broken = self.pulses.borrow().broken;
        (Err(io::ErrorKind::ConnectionReset.into()), self)
    }

    /// Queues what is new; says whether there is anything.
    fn read(&mut self) -> bool {
        let store = lock(&self.store);
        let spec = &self.spec;
        let lines = store.since(spec.position).iter().filter_map(|change| spec.seen(change));
        self.queue.extend(lines.map(|event| line(&event)));
        self.spec.position = self.spec.position.max(store.revision());
        !self.queue.is_empty()
    }

    async fn wait(&mut self, pulse: Pulse) -> Option<()> {
        let bookmarks = self.spec.bookmarks && !pulse.frozen;
        tokio::select! {
            biased;
            changed = self.pulses.changed() => return changed.ok(),
            () = tokio::time::sleep_until(self.deadline) => self.spec.over = true,
            () = tokio::time::sleep_until(self.next_bookmark), if bookmarks => self.next_bookmark += BOOKMARKS,
        }
        if bookmarks {
            self.queue.push_back(line(&self.spec.form.bookmark(self.spec.position, false)));
        }
        Some(())
    }
}
