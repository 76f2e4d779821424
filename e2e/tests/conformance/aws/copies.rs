//! The script for what is made of tables beside them: policies, backups, and tables that are restored.

use serde_json::json;

use super::{
    dynamodb::{ABSENT, arn, made, named, on_demand},
    script::{LAST_BACKUP, Script, with},
};

/// Everything that is asked about them.
pub(crate) fn script(script: &mut Script) {
    made(script, &on_demand("source"));
    policies(script);
    backups(script);
    restores(script);
}

fn policy(effect: &str) -> String {
    let statement = json!({
        "Effect": effect, "Principal": { "AWS": "arn:aws:iam::123456789012:root" }, "Action": "dynamodb:GetItem",
        "Resource": arn("source"),
    });
    json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
}

fn policies(script: &mut Script) {
    let of = |arn: &str| json!({ "ResourceArn": arn });
    let put = |arn: &str, policy: &str| with(of(arn), json!({ "Policy": policy }));
    let expecting = |revision: &str| json!({ "ExpectedRevisionId": revision });
    let (absent, source) = (ABSENT.to_owned(), arn("source"));
    let get = |script: &mut Script| script.dynamodb("GetResourcePolicy", of(&source));
    script.dynamodb("GetResourcePolicy", of(&absent));
    script.dynamodb("PutResourcePolicy", put(&absent, &policy("Allow")));
    script.dynamodb("DeleteResourcePolicy", of(&absent));
    get(script);
    script.dynamodb("DeleteResourcePolicy", of(&source));
    for document in ["no JSON", "{}"] {
        script.dynamodb("PutResourcePolicy", put(&arn("cold"), document));
    }
    script.dynamodb("PutResourcePolicy", with(put(&source, &policy("Allow")), expecting("NO_POLICY")));
    get(script);
    script.dynamodb("PutResourcePolicy", with(put(&source, &policy("Deny")), expecting("NO_POLICY")));
    script.dynamodb("PutResourcePolicy", with(put(&source, &policy("Deny")), expecting("1")));
    get(script);
    script.dynamodb("PutResourcePolicy", put(&source, &policy("Deny")));
    script.dynamodb("PutResourcePolicy", put(&source, &policy("Deny")));
    get(script);
    script.dynamodb("DeleteResourcePolicy", with(of(&source), expecting("1")));
    script.dynamodb("DeleteResourcePolicy", of(&source));
    get(script);
}

fn backups(script: &mut Script) {
    let last = || json!({ "BackupArn": LAST_BACKUP });
    let absent = json!({ "BackupArn": format!("{ABSENT}/backup/01489602797149-73d8d5bc") });
    script.dynamodb("ListBackups", named("source"));
    script.dynamodb("CreateBackup", with(named("absent"), json!({ "BackupName": "nightly" })));
    script.dynamodb("DescribeBackup", absent.clone());
    script.dynamodb("DeleteBackup", absent.clone());
    script.dynamodb("RestoreTableFromBackup", with(absent, json!({ "TargetTableName": "restored" })));
    script.dynamodb("CreateBackup", with(named("source"), json!({ "BackupName": "nightly" })));
    script.rest();
    script.dynamodb("DescribeBackup", last());
    script.dynamodb("ListBackups", named("source"));
    script.dynamodb("ListBackups", named("orders"));
}

fn restores(script: &mut Script) {
    let last = |target: &str| json!({ "BackupArn": LAST_BACKUP, "TargetTableName": target });
    script.dynamodb("RestoreTableFromBackup", last("source"));
    script.dynamodb("RestoreTableFromBackup", last("restored"));
    script.rest();
    script.dynamodb("DescribeTable", named("restored"));
    let moment = |source: &str, target: &str| json!({ "SourceTableName": source, "TargetTableName": target, "UseLatestRestorableTime": true });
    script.dynamodb("RestoreTableToPointInTime", moment("absent", "again"));
    let recovery = json!({ "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true } });
    script.dynamodb("UpdateContinuousBackups", with(named("source"), recovery));
    script.rest();
    script.dynamodb("RestoreTableToPointInTime", moment("source", "restored"));
    script.dynamodb("RestoreTableToPointInTime", moment("source", "again"));
    script.rest();
    script.dynamodb("DescribeTable", named("again"));
    script.dynamodb("DeleteBackup", json!({ "BackupArn": LAST_BACKUP }));
    script.dynamodb("DescribeBackup", json!({ "BackupArn": LAST_BACKUP }));
    script.dynamodb("ListBackups", named("source"));
}
