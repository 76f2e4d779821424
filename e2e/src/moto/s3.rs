//! What is in S3, seen through AWS's own SDK.

use std::{collections::BTreeMap, future::Future};

use aws_sdk_s3::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region},
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
    types::{
        OwnershipControls, PublicAccessBlockConfiguration, ServerSideEncryptionConfiguration, Tag, Tagging,
        VersioningConfiguration,
    },
};
use tokio::runtime::{Builder, Runtime};

use super::{REGION, endpoint};
use crate::{Error, Result};

/// Codes with which S3 says that there is nothing.
const ABSENT: [&str; 8] = [
    "404",
    "NotFound",
    "NoSuchBucket",
    "NoSuchTagSet",
    "NoSuchBucketPolicy",
    "NoSuchPublicAccessBlockConfiguration",
    "OwnershipControlsNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
];

/// Questions to S3, and the few changes that tests make behind the operator's back. What is not there is `None`.
#[derive(Debug)]
pub struct S3 {
    runtime: Runtime,
    client: Client,
}

impl S3 {
    pub(super) fn at(port: u16) -> Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|source| Error::Io { what: "starting a runtime".into(), source })?;
        let credentials = Credentials::builder().access_key_id("test").secret_access_key("test").provider_name("test");
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .endpoint_url(endpoint(port))
            .force_path_style(true)
            .credentials_provider(credentials.build())
            .build();
        Ok(Self { runtime, client: Client::from_conf(config) })
    }

    /// Whether the bucket exists.
    ///
    /// # Errors
    /// [`Error::Aws`].
    pub fn exists(&self, bucket: &str) -> Result<bool> {
        Ok(self.ask("HeadBucket", self.client.head_bucket().bucket(bucket).send())?.is_some())
    }

    /// The names of all buckets.
    ///
    /// # Errors
    /// [`Error::Aws`].
    pub fn buckets(&self) -> Result<Vec<String>> {
        let answer = self.ask("ListBuckets", self.client.list_buckets().send())?;
        let buckets = answer.and_then(|answer| answer.buckets).unwrap_or_default();
        Ok(buckets.into_iter().filter_map(|bucket| bucket.name).collect())
    }

    /// The tags, those that say who owns the bucket among them.
    ///
    /// # Errors
    /// [`Error::Aws`].
    pub fn tags(&self, bucket: &str) -> Result<BTreeMap<String, String>> {
        let answer = self.ask("GetBucketTagging", self.client.get_bucket_tagging().bucket(bucket).send())?;
        let tags = answer.map(|answer| answer.tag_set).unwrap_or_default();
        Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
    }

    /// Sets all tags.
    ///
    /// # Errors
    /// [`Error::Aws`].
    pub fn set_tags(&self, bucket: &str, tags: &[(&str, &str)]) -> Result<()> {
        let tag = |(key, value): &(&str, &str)| Tag::builder().key(*key).value(*value).build();
        let tagging = tags.iter().map(tag).collect::<Result<_, _>>();
        let tagging = tagging.and_then(|tags| Tagging::builder().set_tag_set(Some(tags)).build());
        let tagging = tagging.map_err(|error| Error::Wrong(error.to_string()))?;
        self.ask("PutBucketTagging", self.client.put_bucket_tagging().bucket(bucket).tagging(tagging).send()).map(drop)
    }

    /// The status of versioning.
    ///
    /// # Errors
    /// [`Error::Aws`].
    pub fn versioning(&self, bucket: &str) -> Result<Option<String>> {
        let answer = self.ask("GetBucketVersioning", self.client.get_bucket_versioning().bucket(bucket).send())?;
        Ok(answer.and_then(|answer| answer.status).map(|status| status.as_str().to_owned()))
    }

    /// Sets the status of versioning: `Enabled` or `Suspended`.
    ///
    /// # Errors
    /// [`Error::Aws`].
    pub fn set_versioning(&self, bucket: &str, status: &str) -> Result<()> {
        let configuration = VersioningConfiguration::builder().status(status.into()).build();
        let call = self.client.put_bucket_versioning().bucket(bucket).versioning_configuration(configuration);
        self.ask("PutBucketVersioning", call.send()).map(drop)
    }

    /// The policy, as JSON.
    ///
    /// # Errors
    /// [`Error::Aws`].
    pub fn policy(&self, bucket: &str) -> Result<Option<String>> {
        let answer = self.ask("GetBucketPolicy", self.client.get_bucket_policy().bucket(bucket).send())?;
        Ok(answer.and_then(|answer| answer.policy))
    }

    /// What must not be public.
    ///
    /// # Errors
    /// [`Error::Aws`].
    pub fn public_access_block(&self, bucket: &str) -> Result<Option<PublicAccessBlockConfiguration>> {
        let answer = self.ask("GetPublicAccessBlock", self.client.get_public_access_block().bucket(bucket).send())?;
        Ok(answer.and_then(|answer| answer.public_access_block_configuration))
    }

    /// The default encryption.
    ///
    /// # Errors
    /// [`Error::Aws`].
    pub fn encryption(&self, bucket: &str) -> Result<Option<ServerSideEncryptionConfiguration>> {
        let answer = self.ask("GetBucketEncryption", self.client.get_bucket_encryption().bucket(bucket).send())?;
        Ok(answer.and_then(|answer| answer.server_side_encryption_configuration))
    }

    /// Who owns objects.
    ///
    /// # Errors
    /// [`Error::Aws`].
    pub fn ownership(&self, bucket: &str) -> Result<Option<OwnershipControls>> {
        let call = self.client.get_bucket_ownership_controls().bucket(bucket);
        Ok(self.ask("GetBucketOwnershipControls", call.send())?.and_then(|answer| answer.ownership_controls))
    }

    /// Makes a bucket that is nobody's.
    ///
    /// # Errors
    /// [`Error::Aws`].
    pub fn create(&self, bucket: &str) -> Result<()> {
        self.ask("CreateBucket", self.client.create_bucket().bucket(bucket).send()).map(drop)
    }

    /// Deletes a bucket, which must be empty.
    ///
    /// # Errors
    /// [`Error::Aws`].
    pub fn delete(&self, bucket: &str) -> Result<()> {
        self.ask("DeleteBucket", self.client.delete_bucket().bucket(bucket).send()).map(drop)
    }

    /// Puts an object into a bucket, which then is not empty.
    ///
    /// # Errors
    /// [`Error::Aws`].
    pub fn put_object(&self, bucket: &str, key: &str) -> Result<()> {
        self.ask("PutObject", self.client.put_object().bucket(bucket).key(key).send()).map(drop)
    }

    /// Deletes an object from a bucket.
    ///
    /// # Errors
    /// [`Error::Aws`].
    pub fn delete_object(&self, bucket: &str, key: &str) -> Result<()> {
        self.ask("DeleteObject", self.client.delete_object().bucket(bucket).key(key).send()).map(drop)
    }

    fn ask<T, E>(&self, operation: &str, call: impl Future<Output = Result<T, SdkError<E>>>) -> Result<Option<T>>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        match self.runtime.block_on(call) {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.code().is_some_and(|code| ABSENT.contains(&code)) => Ok(None),
            Err(error) => {
                let message = DisplayErrorContext(&error).to_string();
                Err(Error::Aws { operation: operation.to_owned(), message })
            }
        }
    }
}
