//! By what ownership goes in each part of each kind.

use crate::api::{
    fields::Set,
    kind::{Kind, Nature, Version},
    managed::Ground,
    target::Part,
};

/// What goes for writes to one part of one kind.
pub(super) fn ground<'a>(kind: &Kind, version: &'a Version, part: Part) -> Ground<'a> {
    let ignored = match part {
        Part::Main if version.status => Set::of(&[&["status"]]),
        Part::Status if kind.is(Nature::Definition) => Set::of(&[&["metadata"], &["spec"]]),
        Part::Status => Set::of(&[&["spec"]]),
        Part::Main | Part::Scale => Set::default(),
    };
    Ground { schema: &version.schema, ignored, blank: &version.blank }
}
