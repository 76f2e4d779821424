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
    listing::Listing,
    object,
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

/// How long before the end of a watch the last bookmark is sent.
const LAST_BOOKMARK: Duration = Duration::from_secs(2);

/// A watch that is about to start.
#[derive(Debug)]
pub(crate) struct WatchSpec {
    kind: KindId,
    form: Form,
    selector: Selector,
    initial: Vec<Value>,
    position: u64,
    bookmarks: bool,
    timeout: Duration,
    over: bool,
}

pub(crate) fn watch(store: &Store, request: &Request) -> Outcome<Answer> {
    let (query, target) = (&request.query, &request.target);
    query.number("resourceVersion").map_err(Failure::unforeseen)?;
    let listing = Listing::of_watch(target, query)?;
    let mut spec = WatchSpec {
        kind: target.kind.id(),
        form: Form::of(request),
        selector: listing.selector.clone(),
        initial: Vec::new(),
        position: listing.revision.unwrap_or_default(),
        bookmarks: query.flag("allowWatchBookmarks"),
        timeout: query.number("timeoutSeconds")?.filter(|s| *s > 0).map_or(TIMEOUT, Duration::from_secs),
        over: false,
    };
    if spec.position == 0 || listing.initial_events == Some(true) {
        spec.start_from_state(store, &listing)?;
    } else if spec.position < store.compacted() {
        let gone = Failure::expired(read::too_old(spec.position, store));
        spec.initial.push(json!({ "type": "ERROR", "object": gone.body() }));
        spec.over = true;
    }
    Ok(Answer::watch(spec))
}

impl WatchSpec {
    /// Starts with what is there: for who asks for it, and for who does not say where to start.
    fn start_from_state(&mut self, store: &Store, listing: &Listing) -> Outcome<()> {
        let (asked, (cached, old)) = (listing.revision, store.cached());
        let (current, new) = store.current();
        if let Some(asked) = asked.filter(|asked| *asked > current) {
            return Err(Failure::too_new(asked, current));
        }
        let stale_will_do = asked.is_some_and(|asked| asked <= cached);
        let (revision, tables) = if stale_will_do { (cached, old) } else { (current, new) };
        self.position = revision;
        if listing.initial_events == Some(false) {
            return Ok(());
        }
        let items = read::select(tables.get(&self.kind), &self.selector);
        self.initial = items.iter().map(|item| self.event("ADDED", item)).collect();
        if listing.initial_events == Some(true) && self.bookmarks {
            self.initial.push(self.form.bookmark(revision, true));
        }
        Ok(())
    }

    fn event(&self, kind: &str, object: &Value) -> Value {
        json!({ "type": kind, "object": self.form.object(object) })
    }

    /// What a change looks like through the selector. What goes is shown as it last was.
    fn seen(&self, change: &Change) -> Option<Value> {
        if change.kind != self.kind {
            return None;
        }
        let selected = |object: &Option<Arc<Value>>| object.clone().filter(|object| self.selector.matches(object));
        match (selected(&change.before), selected(&change.after)) {
            (None, None) => None,
            (None, Some(after)) => Some(self.event("ADDED", &after)),
            (Some(_), Some(after)) => Some(self.event("MODIFIED", &after)),
            (Some(before), None) => {
                let mut last = Value::clone(&before);
                object::set_meta(&mut last, "resourceVersion", json!(change.revision.to_string()));
                Some(self.event("DELETED", &last))
            }
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
pub(crate) fn stream(
    spec: WatchSpec,
    store: &Arc<Mutex<Store>>,
    process: &Process,
) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    let pulses = lock(store).subscribe();
    let start = *pulses.borrow();
    let now = Instant::now();
    let deadline = now + spec.timeout;
    let running = Running {
        queue: spec.initial.iter().map(line).collect(),
        deadline,
        next_bookmark: next_bookmark(now, deadline),
        store: Arc::clone(store),
        process: process.clone(),
        spec,
        pulses,
        start,
    };
    futures::stream::unfold(running, Running::next)
}

/// Bookmarks come at intervals, and once more shortly before the end. The one after that is due at the end, where it is
/// too late. Reckoned from when the one before was due: a timer may be early or late by less than it can tell.
fn next_bookmark(due: Instant, deadline: Instant) -> Instant {
    match deadline.checked_sub(LAST_BOOKMARK) {
        Some(last) if last > due => last.min(due + BOOKMARKS),
        _ => deadline,
    }
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
        if pulse.calm {
            return self.pulses.changed().await.ok();
        }
        let bookmarks = self.spec.bookmarks && !pulse.frozen;
        tokio::select! {
            biased;
            changed = self.pulses.changed() => return changed.ok(),
            () = tokio::time::sleep_until(self.deadline) => self.spec.over = true,
            () = tokio::time::sleep_until(self.next_bookmark), if bookmarks => {
                self.next_bookmark = next_bookmark(self.next_bookmark, self.deadline);
                self.queue.push_back(line(&self.spec.form.bookmark(self.spec.position, false)));
            }
        }
        Some(())
    }
}
