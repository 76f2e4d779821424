//! Looking at what S3 Control knows, and changing it behind everybody's back.

use std::collections::BTreeMap;

use super::{
    super::Aws,
    state::{AccessPoint, BLOCKS, Block},
};
use crate::sync::lock;

/// An access point as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessPointView {
    /// The bucket.
    pub bucket: String,
    /// The bucket's account.
    pub bucket_account: String,
    /// The only VPC from which it may be used.
    pub vpc: Option<String>,
    /// What is refused to the public, by the names of the API.
    pub block: BTreeMap<&'static str, bool>,
    /// The name that may stand for a bucket's.
    pub alias: String,
    /// The policy.
    pub policy: Option<String>,
    /// The tags.
    pub tags: BTreeMap<String, String>,
}

impl Aws {
    /// What is refused to the public in an account, by the names of the API; `None` where nobody said anything.
    #[must_use]
    pub fn account_block(&self, account: &str) -> Option<BTreeMap<&'static str, bool>> {
        lock(&self.world).control.blocks.get(account).map(|block| named(*block))
    }

    /// Refuses all to the public in an account, or nothing, behind everybody's back.
    pub fn set_account_block(&self, account: &str, on: bool) {
        lock(&self.world).control.blocks.insert(account.to_owned(), [on; 4]);
    }

    /// An access point of an account as it is.
    #[must_use]
    pub fn access_point(&self, account: &str, region: &str, name: &str) -> Option<AccessPointView> {
        let key = (account.to_owned(), region.to_owned(), name.to_owned());
        lock(&self.world).control.points.get(&key).map(view)
    }

    /// Makes an access point vanish.
    pub fn remove_access_point(&self, account: &str, region: &str, name: &str) {
        let key = (account.to_owned(), region.to_owned(), name.to_owned());
        lock(&self.world).control.points.remove(&key);
    }
}

fn named(block: Block) -> BTreeMap<&'static str, bool> {
    BLOCKS.into_iter().zip(block).collect()
}

fn view(point: &AccessPoint) -> AccessPointView {
    AccessPointView {
        bucket: point.bucket.clone(),
        bucket_account: point.bucket_account.clone(),
        vpc: point.vpc.clone(),
        block: named(point.block),
        alias: point.alias.clone(),
        policy: point.policy.clone(),
        tags: point.tags.clone(),
    }
}
