//! Another's bucket is never taken.

use cairn_e2e::{Result, error::ensure, kubectl::ensure_says, wait::until_true};

use crate::fixture::{Room, SOON, bucket, bucket_name, with_operator};

#[test]
fn of_two_objects_for_one_bucket_the_second_waits_and_the_first_is_untouched() -> Result<()> {
    with_operator("twice", |room| {
        let name = bucket_name();
        room.kubectl.apply(&bucket("first", &name, "  versioning: {status: Enabled}"))?;
        room.ready("first")?;
        let before = (room.kubectl.get(&["bucket/first"])?, room.s3().tags(&name)?);
        room.kubectl.apply(&bucket("second", &name, "  versioning: {status: Suspended}"))?;
        let condition = room.stalled("second")?;
        ensure(condition["reason"] == "NotOwned", || format!("the reason: {condition}"))?;
        ensure_says(&condition, &["choose another name"])?;
        unchanged(room, &name, &before)?;
        room.delete("second")?;
        unchanged(room, &name, &before)
    })
}

fn unchanged(
    room: &Room,
    name: &str,
    before: &(serde_json::Value, std::collections::BTreeMap<String, String>),
) -> Result<()> {
    let after = (room.kubectl.get(&["bucket/first"])?, room.s3().tags(name)?);
    ensure(after == *before, || format!("the first was\n{before:?}\nand is\n{after:?}"))?;
    let versioning = room.s3().versioning(name)?;
    ensure(versioning.as_deref() == Some("Enabled"), || format!("versioning is {versioning:?}"))
}

#[test]
fn a_bucket_that_was_there_before_is_left_alone_until_it_is_gone() -> Result<()> {
    with_operator("foreign", |room| {
        let name = bucket_name();
        room.s3().create(&name)?;
        room.kubectl.apply(&bucket("late", &name, "  tagging: {tagSet: [{key: a, value: b}]}"))?;
        let condition = room.stalled("late")?;
        ensure(condition["reason"] == "NotOwned", || format!("the reason: {condition}"))?;
        ensure_says(&condition, &["choose another name"])?;
        let tags = room.s3().tags(&name)?;
        ensure(tags.is_empty(), || format!("another's bucket got tags: {tags:?}"))?;
        room.s3().delete(&name)?;
        room.ready("late")?;
        ensure(room.s3().tags(&name)?.contains_key("cairn.run/owner"), || "no tag names the owner".into())
    })
}

#[test]
fn a_bucket_with_something_in_it_is_not_deleted_and_neither_is_its_object() -> Result<()> {
    with_operator("full", |room| {
        let name = bucket_name();
        room.kubectl.apply(&bucket("full", &name, ""))?;
        room.ready("full")?;
        room.s3().put_object(&name, "key")?;
        room.kubectl.run(&["delete", "--wait=false", "bucket/full"])?;
        let condition = room.stalled("full")?;
        ensure(condition["reason"] == "NotEmpty", || format!("the reason: {condition}"))?;
        ensure(room.s3().exists(&name)?, || "the bucket is gone, and what was in it".into())?;
        room.s3().delete_object(&name, "key")?;
        until_true("the end of the bucket", SOON, || room.s3().exists(&name).map(|exists| !exists))?;
        room.kubectl.until_gone("bucket/full", SOON)
    })
}
