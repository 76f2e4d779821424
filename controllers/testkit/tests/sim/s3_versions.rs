//! Versions of objects, delete markers, locks and uploads that are not finished.

use std::time::Duration;

use aws_sdk_s3::{
    Client,
    types::{Delete, ObjectIdentifier},
};
use cairn_testkit::aws::{Aws, BucketSeed};

use crate::support::s3;

const BUCKET: &str = "mine";

fn versioned() -> (Aws, Client) {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new(BUCKET));
    let client = s3(&aws, "us-east-1");
    let on = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    assert!(aws.set_config(BUCKET, "versioning", on));
    (aws, client)
}

async fn put(client: &Client, key: &str) {
    client.put_object().bucket(BUCKET).key(key).send().await.unwrap();
}

/// Key, id and whether it is the latest: of versions, then of markers.
async fn listed(client: &Client) -> (Vec<(String, String, bool)>, Vec<(String, String, bool)>) {
    let list = client.list_object_versions().bucket(BUCKET).send().await.unwrap();
    let text = |text: Option<&str>| text.unwrap().to_owned();
    let versions = list.versions().iter().map(|v| (text(v.key()), text(v.version_id()), v.is_latest().unwrap()));
    let markers = list.delete_markers().iter().map(|v| (text(v.key()), text(v.version_id()), v.is_latest().unwrap()));
    (versions.collect(), markers.collect())
}

#[tokio::test(start_paused = true)]
async fn versions_are_kept_and_a_delete_leaves_a_marker() {
    let (aws, client) = versioned();
    for key in ["a", "a", "b"] {
        put(&client, key).await;
    }
    client.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    let seen = client.list_objects_v2().bucket(BUCKET).send().await.unwrap();
    assert_eq!(seen.contents().iter().map(|object| object.key().unwrap()).collect::<Vec<_>>(), ["b"]);
    let (versions, markers) = listed(&client).await;
    let latest: Vec<_> = versions.iter().map(|(key, _, latest)| (key.as_str(), *latest)).collect();
    assert_eq!(latest, [("a", false), ("a", false), ("b", true)]);
    assert_eq!(markers.iter().map(|(key, _, latest)| (key.as_str(), *latest)).collect::<Vec<_>>(), [("a", true)]);
    assert!(versions[0].1 > versions[1].1, "the newest comes first");

    client.delete_object().bucket(BUCKET).key("a").version_id(&markers[0].1).send().await.unwrap();
    client.head_object().bucket(BUCKET).key("a").send().await.unwrap();
    assert_eq!(aws.bucket(BUCKET).unwrap().objects, ["a", "b"]);
}

#[tokio::test(start_paused = true)]
async fn where_versions_are_not_kept_a_delete_leaves_nothing() {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new(BUCKET));
    let client = s3(&aws, "us-east-1");
    for _ in 0..2 {
        put(&client, "a").await;
    }
    assert_eq!(listed(&client).await, (vec![("a".into(), "null".into(), true)], Vec::new()));
    client.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    assert!(aws.bucket(BUCKET).unwrap().objects.is_empty());
}

#[tokio::test(start_paused = true)]
async fn versions_come_in_pages() {
    let (_, client) = versioned();
    for _ in 0..3 {
        put(&client, "a").await;
    }
    put(&client, "b").await;
    let page = |key: Option<String>, id: Option<String>| {
        let call = client.list_object_versions().bucket(BUCKET).max_keys(2);
        call.set_key_marker(key).set_version_id_marker(id).send()
    };
    let first = page(None, None).await.unwrap();
    assert_eq!((first.versions().len(), first.is_truncated()), (2, Some(true)));
    let (key, id) = (first.next_key_marker().map(str::to_owned), first.next_version_id_marker().map(str::to_owned));
    let second = page(key.clone(), id).await.unwrap();
    let keys: Vec<_> = second.versions().iter().map(|version| version.key().unwrap()).collect();
    assert_eq!((keys, second.is_truncated()), (vec!["a", "b"], Some(false)));
    let behind_key = page(key, None).await.unwrap();
    assert_eq!(behind_key.versions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lock_keeps_a_version_until_it_ends_or_is_overruled() {
    let (aws, client) = versioned();
    let lock = |mode: &str| {
        format!(
            "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>\
             <Mode>{mode}</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>"
        )
    };
    for (mode, key) in [("GOVERNANCE", "a"), ("COMPLIANCE", "b")] {
        assert!(aws.set_config(BUCKET, "object-lock", &lock(mode)));
        put(&client, key).await;
    }
    let (versions, _) = listed(&client).await;
    let named =
        versions.iter().map(|(key, id, _)| ObjectIdentifier::builder().key(key).version_id(id).build().unwrap());
    let all = Delete::builder().set_objects(Some(named.collect())).build().unwrap();
    let delete = |overrule| {
        let call = client.delete_objects().bucket(BUCKET).delete(all.clone());
        call.bypass_governance_retention(overrule).send()
    };
    let kept = delete(false).await.unwrap();
    assert_eq!(kept.errors().iter().map(|error| error.code().unwrap()).collect::<Vec<_>>(), ["AccessDenied"; 2]);
    let kept = delete(true).await.unwrap();
    assert_eq!(kept.errors().iter().map(|error| error.key().unwrap()).collect::<Vec<_>>(), ["b"]);
    tokio::time::sleep(Duration::from_hours(24)).await;
    assert!(delete(false).await.unwrap().errors().is_empty());
    assert!(aws.bucket(BUCKET).unwrap().objects.is_empty());
}

#[tokio::test(start_paused = true)]
async fn uploads_are_listed_in_pages_and_given_up() {
    let (aws, client) = versioned();
    for key in ["a", "a", "b"] {
        assert!(aws.start_upload(BUCKET, key));
    }
    let first = client.list_multipart_uploads().bucket(BUCKET).max_uploads(2).send().await.unwrap();
    assert_eq!((first.uploads().len(), first.is_truncated()), (2, Some(true)));
    let call = client.list_multipart_uploads().bucket(BUCKET).key_marker(first.next_key_marker().unwrap());
    let second = call.upload_id_marker(first.next_upload_id_marker().unwrap()).send().await.unwrap();
    assert_eq!(second.uploads().iter().map(|upload| upload.key().unwrap()).collect::<Vec<_>>(), ["b"]);
    let id = second.uploads()[0].upload_id().unwrap();
    let abort = || client.abort_multipart_upload().bucket(BUCKET).key("b").upload_id(id).send();
    abort().await.unwrap();
    assert!(abort().await.unwrap_err().into_service_error().is_no_such_upload());
}
