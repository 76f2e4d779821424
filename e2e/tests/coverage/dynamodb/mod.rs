//! The kind `Table`, held against the model of DynamoDB's API.

mod coherent;
mod left_out;
mod rare;
mod refused;
mod replicated;
mod source;
mod wire;

use cairn_aws::Sessions;
use cairn_crds::{Kind, dynamodb::TABLE};
use cairn_dynamodb::{DynamoDb, TableKind};
use cairn_e2e::Result;
use cairn_testkit::aws::Aws;
use serde_json::Value;

use crate::{
    judge::judge,
    left_out::LeftOut,
    measured::{Measured, Texts},
    model::{Member, Model},
    recorder::Exchange,
    rules::every_one_refuses,
    seen::Wish,
};

struct Table;

impl Measured for Table {
    type Managed = TableKind;
    /// The name of the member.
    type Place = String;

    const MODEL: &'static str = "dynamodb";
    const KIND: &'static Kind = &TABLE;
    const TEXTS: Texts = &[
        ("attributeName", &["a", "b", "c", "d", "e", "f"]),
        ("headerList", &["a", "b", "at"]),
        ("indexName", &["by-a", "by-b"]),
        ("kmsMasterKeyID", KEYS),
        ("regionName", &["eu-central-1", "eu-west-2"]),
        ("resourcePolicy", POLICIES),
        ("streamARN", &[STREAM, "arn:aws:kinesis:eu-west-1:111122223333:stream/b"]),
        ("streamResourcePolicy", POLICIES),
        (BUCKET, &["imports-of-a"]),
    ];
    const LEFT_OUT: &'static [LeftOut] = left_out::LEFT_OUT;

    fn managed(sessions: Sessions) -> TableKind {
        TableKind::new(DynamoDb::new(sessions))
    }

    fn members(model: &Model) -> Vec<Member<String>> {
        wire::members(model)
    }

    fn inside(place: &String, name: &str, _: &Value) -> Option<String> {
        Some(format!("{place}.{name}"))
    }

    fn item(place: &String, _: &Value, _: &Value) -> String {
        place.clone()
    }

    fn coherent(pair: (Value, Value)) -> [Value; 2] {
        coherent::pair(pair)
    }

    fn rare() -> Vec<[Value; 2]> {
        rare::pairs()
    }

    async fn prepare(aws: &Aws, specs: &mut [Value; 2]) {
        source::prepare(aws, &mut specs[0]).await;
    }

    fn asked(exchange: &Exchange) -> Vec<Wish<String>> {
        wire::asked(exchange)
    }

    fn told(exchange: &Exchange) -> Vec<(String, String)> {
        wire::told(exchange)
    }
}

const KEYS: &[&str] = &["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
/// The pattern of the name of the bucket that is imported from.
const BUCKET: &str = r"^[a-z0-9A-Z]+[.\-\w]*[a-z0-9A-Z]+$";
const STREAM: &str = "arn:aws:kinesis:eu-west-1:111122223333:stream/a";
const POLICIES: &[&str] = &[
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"dynamodb:GetItem","Resource":"*"}]}"#,
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"dynamodb:PutItem","Resource":"*"}]}"#,
];

#[test]
fn every_member_of_a_tables_configuration_is_carried() -> Result<()> {
    let report = judge::<Table>()?;
    println!("{report}");
    assert!(report.is_good(), "not every member is either carried or left out");
    Ok(())
}

#[test]
fn every_rule_of_a_table_refuses_what_it_says_and_says_so() {
    every_one_refuses(&(TABLE.spec)(), refused::bad_specs());
}
