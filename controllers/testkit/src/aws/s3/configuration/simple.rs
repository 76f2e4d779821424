//! Configurations that consist of one word.

use super::super::{
    super::answer::{Outcome, S3Error},
    super::xml::Element,
    shape::{Shape, must, read},
    subresource::Put,
};

pub(in super::super) fn accept_accelerate(put: &Put<'_>) -> Outcome<String> {
    let root = read(put.body, "AccelerateConfiguration", &[must("Status", Shape::OneOf(&["Enabled", "Suspended"]))])?;
    if put.bucket.name.contains('.') {
        let message = "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names";
        return Err(S3Error::new(400, "InvalidRequest", message));
    }
    Ok(root.document())
}

pub(in super::super) fn accept_abac(put: &Put<'_>) -> Outcome<String> {
    let status = must("Status", Shape::OneOf(&["Enabled", "Disabled"]));
    Ok(read(put.body, "AbacStatus", &[status])?.document())
}

pub(in super::super) fn no_abac() -> String {
    Element::s3("AbacStatus").with("Status", "Disabled").document()
}

pub(in super::super) fn no_acceleration() -> String {
    Element::s3("AccelerateConfiguration").document()
}

pub(in super::super) fn accept_payer(put: &Put<'_>) -> Outcome<String> {
    let payer = must("Payer", Shape::OneOf(&["BucketOwner", "Requester"]));
    Ok(read(put.body, "RequestPaymentConfiguration", &[payer])?.document())
}

pub(in super::super) fn owner_pays() -> String {
    Element::s3("RequestPaymentConfiguration").with("Payer", "BucketOwner").document()
}
