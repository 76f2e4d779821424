//! Gets and lists.

use super::{Generator, Spot};
use crate::{
    script::{Action, Class, Request, request},
    things::Thing,
};

/// Selectors of labels.
pub(super) const LABELS: [&str; 12] = [
    "app=a",
    "app==b,tier=x",
    "app!=a",
    "app in (a, b)",
    "app notin (a),tier",
    "!legacy",
    "legacy",
    "tier in (x),app in (a,c)",
    "legacy=",
    "app,!tier",
    "nothing=here",
    "app>1",
];

impl Generator {
    pub(super) fn get(&mut self, metadata_only: bool) -> Request {
        let spot = self.spot();
        let mut get = request("GET", self.path_of(&spot));
        get.metadata_only = metadata_only;
        if self.rng.percent(15) {
            return self.after_list(&spot, Class::Get, get);
        }
        if self.rng.percent(10) && spot.thing == Thing::Gadget {
            get.path.push_str(self.rng.pick(&["/status", "/scale"]));
        }
        get
    }

    /// A read from a cache shows any state that is not too old: what was listed just before is what it must show, as
    /// nobody writes in between.
    fn after_list(&mut self, spot: &Spot, class: Class, read: Request) -> Request {
        let read = read.with("resourceVersion", format!("{{{{rv:{}}}}}", self.step));
        self.planned.push_back((Some(class), Action::Send(read)));
        request("GET", spot.thing.collection(&spot.namespace))
    }

    /// The path of an object, now and then of one whose name the server chose.
    fn path_of(&mut self, spot: &Spot) -> String {
        if self.rng.percent(10)
            && let Some((thing, step)) = self.generated.last().copied()
            && thing == spot.thing
        {
            return format!("{}/{{{{name:{step}}}}}", thing.collection(&spot.namespace));
        }
        spot.path()
    }

    pub(super) fn list(&mut self, class: Class) -> Request {
        if class == Class::ListPaged && self.rng.percent(60) && !self.pages.is_empty() {
            return self.next_page();
        }
        let spot = self.spot();
        let everywhere = self.rng.percent(15) && spot.thing != Thing::ConfigMap;
        let path = if everywhere { spot.thing.everywhere() } else { spot.collection() };
        let mut list = request("GET", path);
        list.metadata_only = self.rng.percent(10);
        match class {
            Class::ListSelected => self.select(list, &spot, everywhere),
            Class::ListPaged => {
                let list = list.with("limit", (1 + self.rng.below(4)).to_string());
                if self.rng.percent(40) { self.select(list, &spot, everywhere) } else { list }
            }
            Class::ListVersion => self.at_version(list, &spot),
            _ => list,
        }
    }

    pub(super) fn select(&mut self, list: Request, spot: &Spot, everywhere: bool) -> Request {
        let chance = self.rng.below(100);
        if chance < 70 {
            let selector = self.rng.pick(&LABELS);
            return list.with("labelSelector", selector);
        }
        let field = if spot.thing == Thing::Gadget && chance < 85 {
            format!("spec.mode{}{}", self.rng.pick(&["=", "!=", "=="]), self.rng.pick(&["fast", "slow", ""]))
        } else if everywhere && spot.thing.namespaced() {
            format!("metadata.namespace!={}", spot.namespace)
        } else {
            format!("metadata.name{}{}", self.rng.pick(&["=", "!="]), spot.name)
        };
        list.with("fieldSelector", field)
    }

    fn next_page(&mut self) -> Request {
        let (step, first) = self.rng.pick(&self.pages);
        let mut next = first;
        next.query.retain(|(key, _)| key != "limit" && key != "continue");
        if self.rng.percent(80) {
            next = next.with("limit", (1 + self.rng.below(4)).to_string());
        }
        next.with("continue", format!("{{{{continue:{step}}}}}"))
    }

    fn at_version(&mut self, list: Request, spot: &Spot) -> Request {
        let of_kind = |(kind, step): &(Thing, usize)| (*kind == spot.thing).then_some(*step);
        let moments: Vec<usize> = self.moments.iter().filter_map(of_kind).collect();
        let choice = self.rng.below(4);
        if moments.is_empty() || choice < 2 {
            let list = if choice == 0 { list.with("resourceVersionMatch", "NotOlderThan") } else { list };
            return self.after_list(spot, Class::ListVersion, list);
        }
        let list = list.with("resourceVersion", format!("{{{{rv:{}}}}}", self.rng.pick(&moments)));
        if choice == 2 { list.with("resourceVersionMatch", "Exact") } else { list.with("limit", "3") }
    }
}
