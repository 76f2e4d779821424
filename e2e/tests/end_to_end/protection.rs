//! What the API server refuses to delete.

use std::time::Duration;

use cairn_e2e::{Result, error::ensure, wait::until_true};
use serde_json::Value;

use crate::fixture::{Room, SOON, bucket, bucket_name, in_cluster};

const KEY: &str = "aws.cairn.run/deletion-protection";
const PROTECT: &str = "aws.cairn.run/deletion-protection=true";
const OPEN: &str = "aws.cairn.run/deletion-protection-";

/// The namespace controller tries again ever more rarely, up to a minute.
const LATER: Duration = Duration::from_mins(3);

impl Room {
    fn make(&self, object: &str) -> Result<()> {
        self.kubectl.apply(&bucket(object, &bucket_name(), "")).map(drop)
    }

    /// Waits until the API server refuses to delete it: policies and Namespaces reach the check a moment late.
    fn until_protected(&self, object: &str, words: &[&str]) -> Result<()> {
        let trial = ["delete", "--dry-run=server", object];
        until_true(&format!("refusal to delete {object}: {words:?}"), SOON, || {
            Ok(self.kubectl.refusal(&trial, "").is_ok_and(|said| words.iter().all(|word| said.contains(word))))
        })
    }

    fn is_being_deleted(&self, object: &str) -> Result<bool> {
        Ok(!self.kubectl.get(&[object])?["metadata"]["deletionTimestamp"].is_null())
    }
}

#[test]
fn a_protected_object_is_deleted_only_after_its_protection_is_removed() -> Result<()> {
    in_cluster("protected", |room| {
        room.make("kept")?;
        room.kubectl.run(&["annotate", "bucket/kept", PROTECT])?;
        room.until_protected(
            "bucket/kept",
            &["Bucket kept is protected from deletion by its annotation", KEY, "removes the annotation"],
        )?;
        for delete in
            [&["delete", "bucket/kept"][..], &["delete", "--all", "bucket"], &["delete", "--force", "bucket/kept"]]
        {
            let said = room.kubectl.refusal(delete, "")?;
            ensure(said.contains(KEY), || said.clone())?;
        }
        ensure(!room.is_being_deleted("bucket/kept")?, || "its deletion began".into())?;
        room.kubectl.run(&["annotate", "bucket/kept", OPEN])?;
        room.delete("kept")
    })
}

#[test]
fn an_object_that_says_false_is_not_protected() -> Result<()> {
    in_cluster("unprotected", |room| {
        room.make("kept")?;
        room.kubectl.run(&["annotate", "bucket/kept", PROTECT])?;
        room.until_protected("bucket/kept", &[KEY])?;
        room.kubectl.run(&["annotate", "--overwrite", "bucket/kept", &PROTECT.replace("true", "False")])?;
        room.delete("kept")
    })
}

#[test]
fn a_protected_namespace_and_what_is_in_it_are_not_deleted() -> Result<()> {
    in_cluster("fortress", |room| {
        let namespace = format!("namespace/{}", room.namespace);
        room.make("inside")?;
        room.kubectl.run(&["annotate", &namespace, PROTECT])?;
        room.kubectl.run(&["annotate", "bucket/inside", &PROTECT.replace("true", "false")])?;
        room.until_protected(&namespace, &["protected from deletion by its annotation", KEY])?;
        room.until_protected("bucket/inside", &["Bucket inside is protected from deletion by its Namespace", KEY])?;
        room.kubectl.refusal(&["delete", &namespace], "")?;
        ensure(!room.is_being_deleted(&namespace)?, || "its deletion began".into())?;
        room.kubectl.run(&["create", "configmap", "free"])?;
        room.kubectl.run(&["delete", "configmap", "free"])?;
        room.kubectl.run(&["annotate", &namespace, OPEN])?;
        until_true("leave to delete", SOON, || {
            Ok(room.kubectl.run(&["delete", "--dry-run=server", "bucket/inside"]).is_ok())
        })?;
        room.kubectl.run(&["delete", "--wait=false", &namespace])?;
        room.kubectl.until_gone(&namespace, LATER)
    })
}

#[test]
fn a_namespace_that_holds_a_protected_object_waits_and_is_told_so() -> Result<()> {
    in_cluster("holding", |room| {
        let namespace = format!("namespace/{}", room.namespace);
        room.make("kept")?;
        room.kubectl.run(&["annotate", "bucket/kept", PROTECT])?;
        room.until_protected("bucket/kept", &[KEY])?;
        room.kubectl.run(&["delete", "--wait=false", &namespace])?;
        room.kubectl.until(&namespace, "a namespace that says what holds it", SOON, |found| {
            let said = found["status"]["conditions"].as_array()?.iter().find(|condition| names_the_holder(condition));
            said.map(drop)
        })?;
        until_true("an Event that names the holder", SOON, || {
            // Those on Namespaces are where the Namespace cannot take them along.
            let events = room.kubectl.in_namespace("default").get(&["events"])?;
            let events = events["items"].as_array().into_iter().flatten();
            Ok(events.filter(|event| names_the_held(event, &room.namespace)).count() == 1)
        })?;
        ensure(!room.is_being_deleted("bucket/kept")?, || "its deletion began".into())?;
        room.kubectl.run(&["annotate", "bucket/kept", OPEN])?;
        room.kubectl.until_gone(&namespace, LATER)
    })
}

fn names_the_holder(condition: &Value) -> bool {
    let message = condition["message"].as_str().unwrap_or_default();
    condition["type"] == "NamespaceDeletionContentFailure" && message.contains("Bucket kept") && message.contains(KEY)
}

fn names_the_held(event: &Value, namespace: &str) -> bool {
    let about = &event["involvedObject"];
    let said = event["message"].as_str().unwrap_or_default();
    about["kind"] == "Namespace"
        && about["name"] == namespace
        && event["reason"] == "DeletionProtected"
        && said.contains("Bucket kept")
        && said.contains(KEY)
}
