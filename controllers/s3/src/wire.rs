//! Between the JSON of a spec and the types of S3's SDK.

cairn_aws::wire_of!("S3");

/// [`cairn_aws::wire!`] for the types of S3.
macro_rules! wire {
    ($($items:tt)*) => {
        cairn_aws::wire! { aws_sdk_s3, $crate::wire::Sdk; $($items)* }
    };
}

pub(crate) use wire;
