//! Configurations that are stored as they come, once they are found to be in order.

pub(super) mod cors;
pub(super) mod entries;
mod filter;
pub(super) mod lifecycle;
pub(super) mod logging;
pub(super) mod metadata;
pub(super) mod notification;
pub(super) mod object_lock;
pub(super) mod replication;
pub(super) mod simple;
pub(super) mod website;

use super::{super::xml::Element, subresource::Put};

/// Gives the children of that name which have none an id that no other put gave.
fn name_all(put: &Put<'_>, root: Element, child: &str, id: &str) -> Element {
    let now = put.world.clock.now().as_nanosecond();
    let mut named = Element { children: Vec::new(), ..root.clone() };
    for (at, element) in root.children.into_iter().enumerate() {
        let nameless = element.name == child && element.text_of(id).is_none_or(str::is_empty);
        named = named.child(if nameless { element.with(id, &format!("made-up-{now}-{at}")) } else { element });
    }
    named
}
