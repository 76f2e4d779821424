//! Chains of selections through JSON, for which no values are made on the way.

use serde_json::Value as Json;

use super::node::{By, Node, Step};
use crate::types::Type;
use crate::value::{JsonMap, Value, entry};

/// How far a chain was followed through JSON.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Followed<'a> {
    /// What it leads to; nothing where no step was done.
    pub(super) json: Option<&'a Json>,
    pub(super) ty: Option<&'a Type>,
    /// The number of steps done.
    pub(super) steps: usize,
    /// Whether one of them was written with `?`.
    pub(super) wrapped: bool,
    /// Whether the next step leads to nothing, and may.
    pub(super) ended: bool,
}

/// Follows steps through JSON, for which no values need be made, as far as each leads somewhere.
pub(super) fn follow<'a>(object: &'a JsonMap, ty: Option<&'a Type>, steps: &'a [Step]) -> Followed<'a> {
    let mut fields = Some(object);
    let mut followed = Followed { ty, ..Followed::default() };
    for step in steps {
        let next = match (&step.by, fields, followed.json) {
            (By::Field(name), Some(object), _) => entry(object, followed.ty, name),
            (By::Key(Node::Constant(Value::Int(index))), _, Some(Json::Array(items))) => {
                let item = usize::try_from(*index).ok().and_then(|index| items.get(index));
                item.map(|item| (item, element_type(followed.ty)))
            }
            _ => break,
        };
        let Some((json, ty)) = next else {
            followed.ended = followed.wrapped || step.optional;
            break;
        };
        fields = json.as_object();
        (followed.json, followed.ty) = (Some(json), ty);
        followed.wrapped |= step.optional;
        followed.steps += 1;
    }
    followed
}

fn element_type(list: Option<&Type>) -> Option<&Type> {
    match list {
        Some(Type::List(element)) => Some(element),
        _ => None,
    }
}
