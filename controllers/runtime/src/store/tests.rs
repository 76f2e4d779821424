use serde_json::{Value, json};

use super::*;

fn object(version: &str, generation: i64) -> Value {
    json!({
        "apiVersion": "example.org/v1", "kind": "Thing",
        "metadata": {
            "namespace": "ns", "name": "a", "uid": "u1", "resourceVersion": version, "generation": generation,
        },
        "spec": {"size": generation},
    })
}

fn with(mut object: Value, path: &str, value: Value) -> Value {
    let (parent, field) = path.rsplit_once('/').unwrap();
    object.pointer_mut(parent).unwrap()[field] = value;
    object
}

fn dynamic(object: Value) -> DynamicObject {
    serde_json::from_value(object).unwrap()
}

fn key() -> ObjectKey {
    ObjectKey::new("ns", "a")
}

fn apply(store: &Store, object: Value) -> Change {
    store.apply(dynamic(object)).unwrap()
}

fn accept(store: &Store, object: Value) {
    store.accept(dynamic(object)).unwrap();
}

fn version(store: &Store) -> u64 {
    store.get(&key()).unwrap().resource_version()
}

/// A store that has told of `object("10", 1)`.
fn filled() -> Store {
    let store = Store::new();
    assert_eq!(apply(&store, object("10", 1)), Change::Trigger);
    store
}

#[test]
fn an_object_comes_back_without_what_nobody_reads() {
    let store = Store::new();
    let noisy = with(object("10", 1), "/metadata/managedFields", json!([{"manager": "kubectl"}]));
    let noisy = with(
        noisy,
        "/metadata/annotations",
        json!({"kubectl.kubernetes.io/last-applied-configuration": "{}", "kept": "yes"}),
    );
    apply(&store, noisy);
    let stored = store.get(&key()).unwrap();
    let back: Value = stored.parse().unwrap();
    assert_eq!(back, with(object("10", 1), "/metadata/annotations", json!({"kept": "yes"})));
    assert_eq!(stored.object().unwrap().data["spec"], json!({"size": 1}));
    assert_eq!((stored.uid(), stored.resource_version()), ("u1", 10));
    assert!(matches!(stored.parse::<Vec<u8>>(), Err(StoreError::Parse(_))));
}

#[test]
fn names_are_in_memory_once() {
    let store = filled();
    apply(&store, with(object("10", 1), "/metadata/name", json!("b")));
    let (one, again, other) = (store.key(key()), store.key(key()), store.key(ObjectKey::new("ns", "b")));
    assert!(Arc::ptr_eq(&one.name, &again.name) && Arc::ptr_eq(&one.namespace, &other.namespace));
    assert_eq!(store.key(ObjectKey::new("ns", "unknown")), ObjectKey::new("ns", "unknown"));
}

#[test]
fn inputs_trigger_and_the_rest_does_not() {
    let changed = |path: &str, value: Value| apply(&filled(), with(object("11", 1), path, value));
    assert_eq!(changed("/status", json!({"ready": true})), Change::Content);
    assert_eq!(changed("/metadata/managedFields", json!([])), Change::Content);
    assert_eq!(changed("/metadata/generation", json!(2)), Change::Trigger);
    assert_eq!(changed("/metadata/labels", json!({"a": "b"})), Change::Trigger);
    assert_eq!(changed("/metadata/annotations", json!({"a": "b"})), Change::Trigger);
    assert_eq!(changed("/metadata/finalizers", json!(["a"])), Change::Trigger);
    assert_eq!(changed("/metadata/deletionTimestamp", json!("2026-01-01T00:00:00Z")), Change::Trigger);
    assert_eq!(changed("/metadata/uid", json!("u2")), Change::Trigger);
    assert_eq!(apply(&filled(), object("10", 1)), Change::None);
}

#[test]
fn a_kind_without_generations_triggers_on_every_version() {
    let store = filled();
    let plain = |version| {
        let mut object = object(version, 1);
        object["metadata"].as_object_mut().unwrap().remove("generation");
        object
    };
    apply(&store, plain("11"));
    assert_eq!(apply(&store, plain("11")), Change::None);
    assert_eq!(apply(&store, plain("12")), Change::Trigger);
}

#[test]
fn an_event_older_than_our_own_write_is_not_taken() {
    let store = filled();
    accept(&store, with(object("12", 1), "/status", json!({"ready": true})));
    assert_eq!(apply(&store, object("11", 1)), Change::Content);
    assert_eq!(version(&store), 12);
    assert_eq!(apply(&store, with(object("12", 1), "/status", json!({"ready": true}))), Change::None);
}

#[test]
fn our_own_status_and_finalizer_do_not_trigger_us_but_are_told() {
    let store = filled();
    let ours = with(object("11", 1), "/metadata/finalizers", json!(["ours"]));
    accept(&store, ours.clone());
    assert_eq!(apply(&store, ours.clone()), Change::Content);
    let ours = with(with(ours, "/metadata/resourceVersion", json!("12")), "/status", json!({}));
    accept(&store, ours.clone());
    assert_eq!(apply(&store, ours), Change::Content);
}

#[test]
fn an_edit_that_hides_behind_our_own_write_still_triggers() {
    let (edit, ours) = (object("11", 2), with(object("12", 2), "/status", json!({})));
    let store = filled();
    accept(&store, ours.clone());
    assert_eq!(apply(&store, edit), Change::Trigger);
    assert_eq!(apply(&store, ours.clone()), Change::None);
    assert_eq!(version(&store), 12);

    let store = filled();
    accept(&store, ours.clone());
    assert_eq!(apply(&store, ours), Change::Trigger, "the watch may skip the edit itself after a relist");
}

#[test]
fn an_edit_hidden_behind_one_write_is_not_absorbed_by_the_next() {
    let store = filled();
    accept(&store, with(object("12", 2), "/status", json!({})));
    accept(&store, with(object("13", 2), "/metadata/finalizers", json!(["ours"])));
    assert_eq!(apply(&store, object("11", 2)), Change::Trigger);
}

#[test]
fn a_created_object_is_known_at_once_and_told_when_seen() {
    let store = Store::new();
    accept(&store, object("10", 1));
    assert_eq!(version(&store), 10);
    assert_eq!(apply(&store, object("10", 1)), Change::Content);
}

#[test]
fn versions_that_are_no_numbers_replace() {
    let store = Store::new();
    apply(&store, object("abc", 1));
    apply(&store, object("aaa", 2));
    let back: Value = store.get(&key()).unwrap().parse().unwrap();
    assert_eq!(back, object("aaa", 2));
}

#[test]
fn a_deleted_object_goes_and_does_not_come_back_by_a_late_answer() {
    let store = filled();
    assert_eq!(store.remove(dynamic(object("12", 1))).unwrap(), Change::Gone);
    accept(&store, object("11", 1));
    assert_eq!(apply(&store, object("11", 1)), Change::None);
    assert!(store.is_empty());
    assert_eq!(store.remove(dynamic(object("12", 1))).unwrap(), Change::None);
}

/// A watch by labels tells the end of an object that only left them.
#[test]
fn an_object_that_left_a_selection_comes_back_as_of_that_version() {
    let store = filled();
    assert_eq!(store.remove(dynamic(object("12", 1))).unwrap(), Change::Gone);
    accept(&store, object("11", 1));
    assert!(store.get(&key()).is_none(), "that is what it was before");
    accept(&store, object("12", 1));
    assert_eq!(version(&store), 12);
    assert_eq!(apply(&store, object("13", 1)), Change::Content);
}

#[test]
fn the_deletion_of_a_predecessor_leaves_the_successor() {
    let store = filled();
    let successor = with(object("20", 1), "/metadata/uid", json!("u2"));
    accept(&store, successor.clone());
    assert_eq!(store.remove(dynamic(object("15", 1))).unwrap(), Change::None);
    assert_eq!(apply(&store, object("14", 1)), Change::None, "the predecessor is dead");
    assert_eq!(version(&store), 20);
    assert_eq!(store.remove(dynamic(with(successor, "/metadata/resourceVersion", json!("21")))).unwrap(), Change::Gone);
}

#[test]
fn graves_are_bounded() {
    let store = Store::new();
    for number in 0..GRAVES + 10 {
        store.remove(dynamic(with(object("10", 1), "/metadata/uid", json!(number.to_string())))).unwrap();
    }
    assert_eq!(store.read().graves.len(), GRAVES);
}

fn named(namespace: &str, name: &str) -> Value {
    let object = with(object("10", 1), "/metadata/namespace", json!(namespace));
    with(with(object, "/metadata/name", json!(name)), "/metadata/uid", json!(format!("{namespace}-{name}")))
}

#[test]
fn a_list_removes_what_it_does_not_name() {
    let store = Store::new();
    for name in ["kept", "gone"] {
        apply(&store, named("ns", name));
    }
    apply(&store, named("other", "elsewhere"));

    let listing = store.begin_list(Some("ns"));
    apply(&store, named("ns", "kept"));
    accept(&store, named("ns", "created-meanwhile"));
    assert_eq!(store.end_list(&listing), [ObjectKey::new("ns", "gone")]);
    assert_eq!(store.len(), 3);

    let listing = store.begin_list(None);
    let mut removed = store.end_list(&listing);
    removed.sort();
    assert_eq!(removed.len(), 3);
    assert!(store.all().is_empty());
}

#[test]
fn a_status_of_anothers_is_an_input_only_where_it_is_asked_for() {
    let by_another = |second: u32, version: &str| {
        let entry = json!({
            "manager": "controller", "operation": "Update", "subresource": "status",
            "time": format!("2026-01-01T00:00:0{second}Z"), "fieldsV1": {"f:status": {"f:location": {}}},
        });
        with(object(version, 1), "/metadata/managedFields", json!([entry]))
    };
    let told = |store: &Store| {
        assert_eq!(apply(store, object("10", 1)), Change::Trigger);
        let seen = [apply(store, by_another(1, "11")), apply(store, by_another(2, "12"))];
        (seen, String::from_utf8(store.get(&key()).unwrap().json().unwrap()).unwrap().contains("controller"))
    };
    assert_eq!(told(&Store::new()), ([Change::Content; 2], false));
    let beside = Store::new().beside_others("finalizers.s3.services.k8s.aws/Bucket");
    assert_eq!(told(&beside), ([Change::Trigger; 2], true));
    assert_eq!(apply(&beside, by_another(2, "13")), Change::Content, "the same entry of the same second");
}
