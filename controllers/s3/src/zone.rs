//! Zones of directory buckets, which their names tell.
//!
//! Sources: Amazon S3 User Guide, "Directory bucket naming rules" and "Concepts for directory buckets in Local Zones".

use aws_sdk_s3::types::{BucketInfo, BucketType, DataRedundancy, LocationInfo, LocationType};

/// What the names of directory buckets end with, and no others.
const SUFFIX: &str = "--x-s3";

/// The zone that a directory bucket is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Zone<'n> {
    id: &'n str,
}

impl<'n> Zone<'n> {
    /// The zone of the directory bucket of that name; `None` for names of other buckets.
    pub(crate) fn of(bucket: &'n str) -> Option<Self> {
        let (_, id) = bucket.strip_suffix(SUFFIX)?.rsplit_once("--")?;
        Some(Self { id })
    }

    /// The id of a Local Zone has three parts, and that of an Availability Zone two.
    fn is_local(self) -> bool {
        self.id.matches('-').count() > 1
    }

    /// Where CreateBucket is to make the bucket.
    pub(crate) fn location(self) -> LocationInfo {
        let zone = if self.is_local() { LocationType::LocalZone } else { LocationType::AvailabilityZone };
        LocationInfo::builder().name(self.id).r#type(zone).build()
    }

    /// What CreateBucket is to make there.
    pub(crate) fn bucket(self) -> BucketInfo {
        let local = self.is_local();
        let spread = if local { DataRedundancy::SingleLocalZone } else { DataRedundancy::SingleAvailabilityZone };
        BucketInfo::builder().data_redundancy(spread).r#type(BucketType::Directory).build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bucket: &str) -> Option<(String, String, String)> {
        let zone = Zone::of(bucket)?;
        let (location, info) = (zone.location(), zone.bucket());
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Some((
            text(location.name()),
            text(location.r#type().map(LocationType::as_str)),
            text(info.data_redundancy().map(DataRedundancy::as_str)),
        ))
    }

    #[test]
    fn the_name_of_a_directory_bucket_tells_its_zone() {
        let of = |zone: &str, kind: &str, spread: &str| Some((zone.to_owned(), kind.to_owned(), spread.to_owned()));
        assert_eq!(told("photos--use1-az4--x-s3"), of("use1-az4", "AvailabilityZone", "SingleAvailabilityZone"));
        assert_eq!(told("a--b--usw2-lax1-az1--x-s3"), of("usw2-lax1-az1", "LocalZone", "SingleLocalZone"));
        for other in ["photos", "photos--x-s3", "photos--use1-az4", "photos--use1-az4--xa-s3"] {
            assert_eq!(told(other), None, "{other}");
        }
    }
}
