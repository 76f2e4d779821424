//! Looking at buckets, and changing them behind everybody's back.

use std::collections::BTreeMap;

use super::{
    Aws, s3,
    world::{Bucket, DEFAULT_ACCOUNT, World},
};
use crate::sync::lock;

/// A bucket as it is, whatever reads would show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketView {
    /// Region.
    pub region: String,
    /// Account of the owner.
    pub account: String,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// What is stored under each sub-resource (XML; JSON for `policy`), by the name it has in a query.
    pub config: BTreeMap<String, String>,
    /// Keys of the objects, those among them that only a delete marker is left of.
    pub objects: Vec<String>,
    /// Whether it was created with object lock.
    pub object_lock: bool,
}

/// A bucket to be put there without anybody calling `CreateBucket`.
#[derive(Clone, Debug)]
pub struct BucketSeed {
    name: String,
    region: String,
    account: String,
    tags: BTreeMap<String, String>,
}

impl BucketSeed {
    /// A bucket in us-east-1 of the default account, as new as can be.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            region: "us-east-1".to_owned(),
            account: DEFAULT_ACCOUNT.to_owned(),
            tags: BTreeMap::new(),
        }
    }

    /// Sets the region.
    #[must_use]
    pub fn region(self, region: &str) -> Self {
        Self { region: region.to_owned(), ..self }
    }

    /// Sets the account.
    #[must_use]
    pub fn account(self, account: &str) -> Self {
        Self { account: account.to_owned(), ..self }
    }

    /// Adds a tag.
    #[must_use]
    pub fn tag(mut self, key: &str, value: &str) -> Self {
        self.tags.insert(key.to_owned(), value.to_owned());
        self
    }
}

impl Aws {
    /// A bucket as it is.
    #[must_use]
    pub fn bucket(&self, name: &str) -> Option<BucketView> {
        lock(&self.world).bucket(name).map(|bucket| view(bucket))
    }

    /// The names of all buckets of all accounts.
    #[must_use]
    pub fn bucket_names(&self) -> Vec<String> {
        lock(&self.world).buckets().map(|bucket| bucket.name.clone()).collect()
    }

    /// Puts a bucket there; one of that name is replaced.
    pub fn put_bucket(&self, seed: &BucketSeed) {
        let mut world = lock(&self.world);
        let mut bucket = s3::new_bucket(&seed.name, &seed.region, &seed.account, world.clock.now());
        if !seed.tags.is_empty() {
            let tags: Vec<(String, String)> = seed.tags.clone().into_iter().collect();
            bucket.config.insert("tagging", s3::tag_document(&tags));
        }
        world.put(bucket);
    }

    /// Makes a bucket vanish, with everything in it.
    pub fn remove_bucket(&self, name: &str) {
        lock(&self.world).remove(name);
    }

    /// Stores a sub-resource behind everybody's back; false if there is no such bucket or sub-resource.
    #[must_use]
    pub fn set_config(&self, bucket: &str, subresource: &str, document: &str) -> bool {
        self.change(bucket, subresource, Some(document))
    }

    /// Removes a sub-resource behind everybody's back; false if there is no such bucket or sub-resource.
    #[must_use]
    pub fn remove_config(&self, bucket: &str, subresource: &str) -> bool {
        self.change(bucket, subresource, None)
    }

    fn change(&self, bucket: &str, subresource: &str, document: Option<&str>) -> bool {
        let Some(query) = s3::stored_query(subresource) else {
            return false;
        };
        self.edit(bucket, |_, bucket| match document {
            Some(document) => drop(bucket.config.insert(query, document.to_owned())),
            None => drop(bucket.config.remove(query)),
        })
    }

    /// Puts an object of no content into a bucket; false if there is no such bucket.
    #[must_use]
    pub fn put_object(&self, bucket: &str, key: &str) -> bool {
        self.edit(bucket, |world, bucket| s3::put_object(world, bucket, key, 0))
    }

    /// Begins an upload in parts of an object; false if there is no such bucket.
    #[must_use]
    pub fn start_upload(&self, bucket: &str, key: &str) -> bool {
        self.edit(bucket, |_, bucket| {
            let id = format!("upload-{}", bucket.uploads.len());
            bucket.uploads.insert((key.to_owned(), id));
        })
    }

    /// Deletes an object of a bucket without saying which version of it; false if there is no such bucket.
    #[must_use]
    pub fn delete_object(&self, bucket: &str, key: &str) -> bool {
        self.edit(bucket, |_, bucket| s3::hide_object(bucket, key))
    }

    /// Removes all objects of a bucket with all that is left of them; false if there is no such bucket.
    #[must_use]
    pub fn empty_bucket(&self, bucket: &str) -> bool {
        self.edit(bucket, |_, bucket| {
            bucket.objects = s3::Objects::default();
            bucket.uploads.clear();
        })
    }

    fn edit(&self, name: &str, change: impl FnOnce(&World, &mut Bucket)) -> bool {
        let mut world = lock(&self.world);
        let Some(mut bucket) = world.bucket(name).map(|bucket| Bucket::clone(bucket)) else {
            return false;
        };
        change(&world, &mut bucket);
        world.put(bucket);
        true
    }
}

fn view(bucket: &Bucket) -> BucketView {
    BucketView {
        region: bucket.region.clone(),
        account: bucket.account.clone(),
        tags: s3::tags(bucket).into_iter().collect(),
        config: bucket.config.iter().map(|(query, document)| ((*query).to_owned(), document.clone())).collect(),
        objects: bucket.objects.keys().map(str::to_owned).collect(),
        object_lock: s3::has_object_lock(bucket),
    }
}
