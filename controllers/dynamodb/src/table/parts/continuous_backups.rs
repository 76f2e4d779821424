//! Backups from which any moment can be restored.

use aws_sdk_dynamodb::types::{PointInTimeRecoveryDescription, PointInTimeRecoveryStatus};
use cairn_core::{
    failure::Failure,
    leaf,
    observed::{Present, Reading},
    rules::{PartRules, Removal},
};
use serde_json::{Value, json};

use super::Apart;
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, wire},
};

wire! {
    try struct PointInTimeRecoverySpecification {
        "pointInTimeRecoveryEnabled" => point_in_time_recovery_enabled,
        "recoveryPeriodInDays" => recovery_period_in_days,
    }
}

const ENABLED: &str = "pointInTimeRecoveryEnabled";
const DAYS: &str = "recoveryPeriodInDays";

pub(super) struct ContinuousBackups;

impl Apart for ContinuousBackups {
    /// It is a protection: only `false` takes it away, and with it every backup that there is.
    const RULES: PartRules = PartRules {
        field: "continuousBackups",
        removal: Removal::Keep,
        get: "DescribeContinuousBackups",
        put: "UpdateContinuousBackups",
        on_new: || Some(json!({ENABLED: false})),
        settle: |value, _| settle(value),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str, _: &Present) -> Reading {
        let answer = fetch!(client, describe_continuous_backups.table_name(table), Self::RULES.get)?;
        let told = answer.continuous_backups_description.and_then(|told| told.point_in_time_recovery_description);
        Ok(Some(observed(told.as_ref())))
    }

    async fn put(client: &Scoped, table: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(Self::RULES.put, value)?;
        send!(
            client,
            update_continuous_backups.table_name(table).point_in_time_recovery_specification(value),
            Self::RULES.put
        )
    }
}

fn observed(told: Option<&PointInTimeRecoveryDescription>) -> Value {
    let on = told.filter(|told| told.point_in_time_recovery_status == Some(PointInTimeRecoveryStatus::Enabled));
    let mut value = json!({ENABLED: on.is_some()});
    leaf::set(&mut value, DAYS, on.and_then(|told| told.recovery_period_in_days).map(Value::from));
    value
}

/// Without backups there is no period.
fn settle(mut value: Value) -> Value {
    if value[ENABLED] != true {
        return json!({ENABLED: false});
    }
    if value[DAYS].is_null() {
        leaf::set(&mut value, DAYS, None);
    }
    value
}
