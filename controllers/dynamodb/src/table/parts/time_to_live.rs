//! Items that go by themselves.

use aws_sdk_dynamodb::types::{TimeToLiveDescription, TimeToLiveStatus};
use cairn_core::{
    failure::Failure,
    leaf,
    observed::{Present, Reading},
    plan::{Action, Step},
    rules::{Effect, PartRules, Rule},
};
use serde_json::{Value, json};

use super::Apart;
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, wire},
};

wire! { try struct TimeToLiveSpecification { "attributeName" => attribute_name, "enabled" => enabled } }

pub(in super::super) const FIELD: &str = "timeToLive";
const NAME: &str = "attributeName";

pub(super) struct TimeToLive;

impl Apart for TimeToLive {
    /// A table from which nothing goes any more loses nothing, so removal turns it off.
    const RULES: PartRules = PartRules {
        field: FIELD,
        rule: Rule::Whole,
        get: "DescribeTimeToLive",
        put: "UpdateTimeToLive",
        on_new: || Some(off()),
        settle,
        same: |a, b| a["enabled"] == b["enabled"] && (a["enabled"] != true || a[NAME] == b[NAME]),
        telling: |value| value["enabled"] == true,
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str, _: &Present) -> Reading {
        let answer = fetch!(client, describe_time_to_live.table_name(table), Self::RULES.get)?;
        Ok(Some(answer.time_to_live_description.as_ref().map_or_else(off, observed)))
    }

    async fn put(client: &Scoped, table: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(Self::RULES.put, value)?;
        send!(client, update_time_to_live.table_name(table).time_to_live_specification(value), Self::RULES.put)
    }
}

fn off() -> Value {
    json!({"enabled": false})
}

/// The attribute is told as long as it is not all over, and is what has to be named to end it.
fn observed(told: &TimeToLiveDescription) -> Value {
    let on = matches!(told.time_to_live_status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling));
    let mut value = json!({"enabled": on});
    leaf::set(&mut value, NAME, told.attribute_name.clone().map(Value::from));
    value
}

/// DynamoDB takes another attribute only after the first was turned off.
fn settle(mut value: Value, before: Option<&Value>) -> Value {
    if value["enabled"].is_null() {
        value["enabled"] = false.into();
    }
    let was = before.filter(|before| before["enabled"] == true).and_then(|before| before.get(NAME));
    if let Some(was) = was.filter(|was| value["enabled"] == false || **was != value[NAME]) {
        return json!({"enabled": false, NAME: was});
    }
    value
}

/// Where something is turned off that is declared to be on, it goes on as soon as that is done.
pub(in super::super) fn in_turn(declared: Option<&Value>, mut step: Step) -> Step {
    let ends = matches!(&step.action, Action::Put { value } if value["enabled"] == false);
    if step.field == FIELD && ends && declared.is_some_and(|declared| declared["enabled"] == true) {
        step.effect = Effect::Lasting;
        step.words = Some("turning timeToLive off, which goes on with the other attribute".into());
    }
    step
}
