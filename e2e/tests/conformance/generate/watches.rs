//! Watches: those that run while others write, and those that are told what happened.

use cairn_testkit::api::ApiServer;

use super::{Generator, Next, Spot};
use crate::{
    script::{Action, Class, Request, request},
    things::{THINGS, Thing},
};

/// So many watches are told what happened.
const PAST: usize = 48;

/// So many start with what there is.
const INITIAL: usize = 24;

/// Longer than the whole script takes: a live watch ends when it is closed.
const LONG: &str = "600";

/// Longer than it takes to send what is known, on a machine that is busy too.
const SHORT: &str = "5";

impl Generator {
    pub(super) fn open_watch(&mut self) -> Next {
        let spot = self.spot();
        let watch = request("GET", self.place(&spot)).with("watch", "true").with("timeoutSeconds", LONG);
        let watch = self.narrowed(watch, &spot);
        // From the last write on: what follows is all new.
        let Some((_, step)) = self.moments.last().copied() else {
            return (Some(Class::List), Action::Send(request("GET", spot.collection())));
        };
        let watch = watch.with("resourceVersion", format!("{{{{rv:{step}}}}}"));
        (Some(Class::WatchLive), Action::Open(watch))
    }

    fn place(&mut self, spot: &Spot) -> String {
        let everywhere = spot.thing != Thing::ConfigMap && self.rng.percent(30);
        if everywhere { spot.thing.everywhere() } else { spot.collection() }
    }

    fn narrowed(&mut self, watch: Request, spot: &Spot) -> Request {
        let mut watch = if self.rng.percent(50) { self.select(watch, spot, false) } else { watch };
        watch.metadata_only = self.rng.percent(15);
        watch
    }

    /// Ends the live watches, and begins those of the past; then comes the garbage.
    pub(super) fn finish(&mut self, server: &ApiServer) -> Option<Next> {
        if self.garbage == 0 {
            for step in std::mem::take(&mut self.live) {
                self.planned.push_back((Some(Class::WatchLive), Action::Close(step)));
            }
            for _ in 0..PAST {
                let watch = self.past();
                self.planned.push_back((Some(Class::Watch), Action::SendTogether(watch)));
            }
            for _ in 0..INITIAL {
                let watch = self.initial();
                self.planned.push_back((Some(Class::WatchInitial), Action::SendTogether(watch)));
            }
            for thing in THINGS {
                // It is waited for, and does not come.
                let list = request("GET", thing.everywhere()).with("resourceVersion", "99999999");
                self.planned.push_back((Some(Class::ListVersion), Action::SendTogether(list)));
            }
        }
        self.garbage += 1;
        self.collect_garbage(server);
        self.planned.pop_front()
    }

    fn past(&mut self) -> Request {
        let spot = self.spot();
        let of_kind = |(kind, step): &(Thing, usize)| (*kind == spot.thing).then_some(*step);
        let moments: Vec<usize> = self.moments.iter().filter_map(of_kind).collect();
        let watch = request("GET", self.place(&spot)).with("watch", "true");
        let watch = self.narrowed(watch, &spot);
        let watch = match self.rng.below(10) {
            // ConfigMaps were served from the beginning of time, or a moment later.
            0 if spot.thing.is_custom() => watch.with("resourceVersion", "1"),
            1 => watch.with("resourceVersion", "99999999"),
            _ => watch.with("resourceVersion", format!("{{{{rv:{}}}}}", self.rng.pick(&moments))),
        };
        self.ended(watch)
    }

    fn initial(&mut self) -> Request {
        let spot = self.spot();
        let watch = request("GET", self.place(&spot)).with("watch", "true");
        let watch = self.narrowed(watch, &spot);
        let watch = match self.rng.below(4) {
            0 => watch,
            1 => watch.with("resourceVersion", "0"),
            2 => watch.with("sendInitialEvents", "false").with("resourceVersionMatch", "NotOlderThan"),
            _ => watch.with("sendInitialEvents", "true").with("resourceVersionMatch", "NotOlderThan"),
        };
        self.ended(watch)
    }

    fn ended(&mut self, watch: Request) -> Request {
        match self.rng.below(6) {
            0..=2 => watch.with("allowWatchBookmarks", "true").with("timeoutSeconds", SHORT),
            _ => watch.with("timeoutSeconds", SHORT),
        }
    }
}
