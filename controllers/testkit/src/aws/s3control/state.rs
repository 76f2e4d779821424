//! What exists, by account.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::{
    answer::{Outcome, S3Error},
    world::World,
    xml::Element,
};

/// The four settings, in the order in which they are written.
pub(super) const BLOCKS: [&str; 4] =
    ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

/// Which of [`BLOCKS`] are on.
pub(super) type Block = [bool; 4];

/// One access point.
#[derive(Clone, Debug)]
pub(super) struct AccessPoint {
    pub(super) bucket: String,
    pub(super) bucket_account: String,
    pub(super) vpc: Option<String>,
    pub(super) block: Block,
    pub(super) alias: String,
    pub(super) created: Timestamp,
    pub(super) policy: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
}

/// Account, region and name of an access point.
pub(super) type Key = (String, String, String);

/// What S3 Control knows. Reads show it at once.
#[derive(Debug, Default)]
pub(in super::super) struct State {
    pub(super) blocks: BTreeMap<String, Block>,
    pub(super) points: BTreeMap<Key, AccessPoint>,
    /// How many access points were ever made: each has an alias of its own.
    pub(super) made: u64,
}

/// Whether an access point leads to a bucket.
pub(in super::super) fn is_attached(world: &World, bucket: &str, account: &str) -> bool {
    world.control.points.values().any(|point| point.bucket == bucket && point.bucket_account == account)
}

/// Reads the four settings; what is left out is `otherwise`.
pub(super) fn read_block(element: &Element, otherwise: bool) -> Outcome<Block> {
    if element.children.iter().any(|child| !BLOCKS.contains(&child.name.as_str())) {
        return Err(S3Error::malformed());
    }
    let mut block = [otherwise; 4];
    for (name, on) in BLOCKS.iter().zip(&mut block) {
        *on = match element.text_of(name) {
            None => otherwise,
            Some("true") => true,
            Some("false") => false,
            Some(_) => return Err(S3Error::malformed()),
        };
    }
    Ok(block)
}

/// Writes the four settings into an element.
pub(super) fn write_block(element: Element, block: Block) -> Element {
    BLOCKS.iter().zip(block).fold(element, |element, (name, on)| element.with(name, if on { "true" } else { "false" }))
}
