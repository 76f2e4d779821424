//! `AccountPublicAccessBlock`: field names are those of the S3 Control API, as ACK spells them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    kind::{Column, Home, Kind, Reach},
    s3::PublicAccessBlockConfiguration,
    schema,
    status::CommonStatus,
};

/// What S3 refuses to make public in a whole account.
pub static ACCOUNT_PUBLIC_ACCESS_BLOCK: Kind = Kind {
    home: Home::Service("s3control"),
    reach: Reach::Namespaced,
    kind: "AccountPublicAccessBlock",
    plural: "accountpublicaccessblocks",
    description: "What Amazon S3 refuses to make public in a whole AWS account, whatever its buckets and access points \
                  say. Of several objects for one account the oldest is heard. Deleting the object leaves AWS as it is.",
    columns: &[Column::text("Account", ".status.record.identity"), Column::READY, Column::REASON, Column::MESSAGE],
    spec: schema::of::<AccountPublicAccessBlockSpec>,
    status: schema::of::<AccountPublicAccessBlockStatus>,
};

/// What the account that the object belongs to shall refuse. A field that is left out is not managed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountPublicAccessBlockSpec {
    /// What S3 refuses to make public. A setting that is taken out of here stays on in AWS; only `false` takes it away.
    pub public_access_block_configuration: PublicAccessBlockConfiguration,
}

/// What Cairn saw of the account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountPublicAccessBlockStatus {
    /// What every AWS kind carries.
    #[serde(flatten)]
    pub common: CommonStatus,
}
