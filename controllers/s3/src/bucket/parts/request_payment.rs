//! Who pays for requests.

use aws_sdk_s3::types::RequestPaymentConfiguration;
use cairn_core::{failure::Failure, observed::Reading, rules::PartRules};
use serde_json::{Value, json};

use super::Part;
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
};

wire! { try struct RequestPaymentConfiguration { "payer" => payer } }
wire! { enum Payer }

pub(super) struct RequestPayment;

impl Part for RequestPayment {
    const RULES: PartRules = PartRules {
        field: "requestPayment",
        get: "GetBucketRequestPayment",
        put: "PutBucketRequestPayment",
        on_new: || Some(json!({"payer": "BucketOwner"})),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_request_payment, Self::RULES.get)?;
        Ok(answer.payer.map(|payer| json!({"payer": encode(&payer)})))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value: RequestPaymentConfiguration = decode(Self::RULES.put, value)?;
        send!(client, bucket, put_bucket_request_payment.request_payment_configuration(value), Self::RULES.put)
    }
}
