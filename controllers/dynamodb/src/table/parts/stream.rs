//! The stream of a table's changes.

use aws_sdk_dynamodb::types::TableDescription;
use cairn_core::{
    plan::{Action, Step},
    rules::{Birth, Effect, PartRules, Rule},
};
use serde_json::{Value, json};

use super::{
    super::{LOCATE, UPDATE},
    Described,
};
use crate::wire::{encode, wire};

wire! {
    try struct StreamSpecification { "streamEnabled" => stream_enabled, "streamViewType" => stream_view_type }
    enum StreamViewType
}

pub(in super::super) const FIELD: &str = "streamSpecification";

pub(super) struct Stream;

impl Described for Stream {
    const RULES: PartRules = PartRules {
        field: FIELD,
        rule: Rule::Whole,
        get: LOCATE,
        put: UPDATE,
        birth: Birth::Included,
        effect: Effect::Lasting,
        on_new: || Some(none()),
        ..PartRules::DEFAULT
    };

    fn of(table: &TableDescription) -> Option<Value> {
        Some(table.stream_specification.as_ref().filter(|stream| stream.stream_enabled).map_or_else(none, encode))
    }
}

fn none() -> Value {
    json!({"streamEnabled": false})
}

/// DynamoDB changes no stream that is there: with another view it ends first, and begins when that is done. Source:
/// DynamoDB API reference, `UpdateTable.StreamSpecification`.
pub(in super::super) fn in_turn(mut step: Step) -> Step {
    let replaces = step.before["streamEnabled"] == true
        && matches!(&step.action, Action::Put { value } if value["streamEnabled"] == true);
    if step.field == FIELD && replaces {
        step.action = Action::Put { value: none() };
        step.words = Some("ending the stream, which begins again with the other view".into());
    }
    step
}
