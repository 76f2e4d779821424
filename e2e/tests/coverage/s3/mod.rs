//! The kind `Bucket`, held against the model of S3's API.

mod coherent;
mod left_out;
mod place;
mod refused;
mod wire;

use cairn_aws::Sessions;
use cairn_crds::{Kind, s3::BUCKET};
use cairn_e2e::Result;
use cairn_s3::{BucketKind, S3};
use serde_json::Value;

use self::place::About;
use crate::{
    judge::judge,
    left_out::LeftOut,
    measured::{Measured, Texts},
    model::{Member, Model},
    recorder::Exchange,
    rules::every_one_refuses,
    seen::Wish,
};

/// The name of the bucket.
const NAME: &str = "photos-of-a";

struct Bucket;

impl Measured for Bucket {
    type Managed = BucketKind;
    type Place = About;

    const MODEL: &'static str = "s3";
    const KIND: &'static Kind = &BUCKET;
    const TEXTS: Texts = &[
        ("policy", &[POLICY]),
        ("grant", &["id=\"b0a1\"", "uri=\"http://acs.amazonaws.com/groups/s3/LogDelivery\""]),
        ("uRI", &["http://acs.amazonaws.com/groups/s3/LogDelivery", "http://acs.amazonaws.com/groups/global/AllUsers"]),
        ("targetBucket", &[NAME]),
        (DAY, &["2030-01-01T00:00:00Z", "2031-12-24T00:00:00Z"]),
    ];
    const LEFT_OUT: &'static [LeftOut] = left_out::LEFT_OUT;

    fn managed(sessions: Sessions) -> BucketKind {
        BucketKind::new(S3::new(sessions, false))
    }

    fn members(model: &Model) -> Vec<Member<About>> {
        place::members(model)
    }

    fn inside(place: &About, name: &str, member: &Value) -> Option<About> {
        place::inside(place, name, member)
    }

    fn item(place: &About, shape: &Value, reference: &Value) -> About {
        place::item(place, shape, reference)
    }

    fn coherent(pair: (Value, Value)) -> [Value; 2] {
        coherent::pair(pair)
    }

    fn asked(exchange: &Exchange) -> Vec<Wish<About>> {
        wire::asked(exchange)
    }

    fn told(exchange: &Exchange) -> Vec<(About, String)> {
        wire::told(exchange)
    }
}

const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*",
    "Resource":"arn:aws:s3:::photos-of-a/*"}]}"#;
const DAY: &str = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T00:00:00(\.0+)?(Z|[+-]00:00)$";

#[test]
fn every_member_of_a_buckets_configuration_is_carried() -> Result<()> {
    let report = judge::<Bucket>()?;
    println!("{report}");
    assert!(report.is_good(), "not every member is either carried or left out");
    Ok(())
}

#[test]
fn every_rule_of_a_bucket_refuses_what_it_says_and_says_so() {
    every_one_refuses(&(BUCKET.spec)(), refused::bad_specs());
}
