//! An export of a table: run once, and left in AWS when its object goes.

use std::fs;

use cairn_e2e::{Error, Result, error::ensure, workspace};
use serde_json::json;

use crate::{
    fixture::{SOON, bucket_name, with_operator},
    tables::ask,
};

const OBJECT: &str = "tableexport/visits";

fn example(table: &str) -> Result<String> {
    let file = workspace().join("examples").join("table-export").join("table-export.yaml");
    let text = fs::read_to_string(&file).map_err(|source| Error::file(&file, source))?;
    ensure(text.contains("tableName: visits-of-the-shop"), || "the example has another name in AWS".into())?;
    Ok(text.replace("tableName: visits-of-the-shop", &format!("tableName: {table}")))
}

#[test]
fn the_example_is_exported_once_and_stays_when_its_object_goes() -> Result<()> {
    with_operator("table-exports", |room| {
        let name = bucket_name();
        room.kubectl.apply(&example(&name)?)?;
        room.kubectl.until_condition(OBJECT, "Ready", "True", SOON)?;
        let object = room.kubectl.get(&[OBJECT])?;
        let status = &object["status"];
        ensure(status["exportStatus"] == "COMPLETED", || status.to_string())?;
        let asked = json!({"ExportArn": status["ackResourceMetadata"]["arn"]});
        let told = ask(room, "DescribeExport", &asked)?;
        let bucket = told["ExportDescription"]["S3Bucket"].as_str().unwrap_or_default().to_owned();
        ensure(bucket.starts_with(&format!("{}-exports-", room.namespace)), || told.to_string())?;

        let edit = json!({"spec": {"s3Prefix": "elsewhere"}}).to_string();
        let refused = room.kubectl.run(&["patch", OBJECT, "--type=merge", "-p", &edit]);
        let told = refused.err().map(|error| error.to_string()).unwrap_or_default();
        ensure(told.contains("s3Prefix is immutable"), || told)?;

        room.kubectl.run(&["delete", "--wait=false", OBJECT])?;
        room.kubectl.until_gone(OBJECT, SOON)?;
        let left = ask(room, "DescribeExport", &asked)?;
        ensure(left["ExportDescription"]["ExportStatus"] == "COMPLETED", || left.to_string())
    })
}

/// What AWS always refuses is refused before it is stored, and the refusal says why.
#[test]
fn bad_exports_are_refused() -> Result<()> {
    with_operator("bad-exports", |room| {
        let good = example(&bucket_name())?;
        for (with, why) in [
            ("s3Prefix: visits\n  tableName: visits", "exactly one of tableARN, tableName and tableRef"),
            ("s3Prefix: visits\n  s3Bucket: exports", "either s3Bucket or s3BucketRef"),
            ("s3Prefix: visits\n  exportType: INCREMENTAL_EXPORT", "incrementalExportSpecification goes with"),
            (
                "s3Prefix: visits\n  incrementalExportSpecification: {exportFromTime: '2026-01-01T00:00:00Z'}",
                "incrementalExportSpecification goes with",
            ),
            ("s3Prefix: visits\n  s3SSEKMSKeyID: key", "s3SSEKMSKeyID goes with"),
        ] {
            let refused = room.kubectl.apply(&good.replace("s3Prefix: visits", with));
            let told = refused.err().map(|error| error.to_string()).unwrap_or_default();
            ensure(told.contains(why), || format!("`{with}`: expected `{why}`, got: {told}"))?;
        }
        Ok(())
    })
}
