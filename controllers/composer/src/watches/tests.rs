use std::time::Duration;

use cairn_crds::Groups;
use cairn_testkit::api::ApiServer;
use serde_json::json;

use super::*;
use crate::marks::PART_OF;
use crate::spawner::tasks;

const SET: &str = "applyset-x-v1";

/// An API server with so many `ConfigMap`s of one set, a hub, and what ends it.
fn hub(maps: usize) -> (ApiServer, Hub, CancellationToken) {
    let api = ApiServer::new();
    let marks = Marks { groups: Groups::default() };
    for at in 0..maps {
        let map = json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": format!("m{at}"), "labels": {(marks.key("owned")): "true", PART_OF: SET}},
            "data": {"text": "long ".repeat(1000)},
        });
        api.seed(&map).unwrap();
    }
    let ((spawner, tasks), end) = (tasks(), CancellationToken::new());
    drop(tokio::spawn(tasks.run(end.clone())));
    let hub = Hub::new(api.client(), Metrics::new(), marks, spawner);
    (api, hub, end)
}

fn maps() -> WatchId {
    WatchId { kind: Gvk::new("v1", "ConfigMap"), plural: "configmaps".into(), of: Whose::Owned }
}

async fn listed(hub: &Hub, user: &str, extent: Extent) {
    while !hub.ensure(&maps(), user, extent) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn count(api: &ApiServer, verb: &str) -> usize {
    api.calls().iter().filter(|call| call.is(verb, "configmaps")).count()
}

/// The bytes that are held, and of how many objects.
fn held(hub: &Hub) -> (usize, usize) {
    let state = hub.state();
    let all = state.watches.values().flat_map(|watch| watch.store.all());
    let sizes: Vec<usize> = all.map(|(_, stored)| stored.json().unwrap().len()).collect();
    (sizes.iter().sum(), sizes.len())
}

#[tokio::test(start_paused = true)]
async fn one_watch_serves_all_and_ends_with_the_last() {
    let (api, hub, _end) = hub(1);
    for user in ["a", "b", "c"] {
        listed(&hub, user, Extent::Marks).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!((count(&api, "list"), count(&api, "watch")), (1, 1));
    for user in ["a", "b"] {
        hub.keep(user, &BTreeSet::new());
    }
    assert_eq!(hub.children(SET).len(), 1);
    hub.leave("c");
    assert_eq!((hub.children(SET).len(), held(&hub)), (0, (0, 0)), "nothing is held for nobody");
    api.break_watches();
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!((count(&api, "list"), count(&api, "watch")), (1, 1), "and nothing is asked for");
}

/// 5000 bytes each on the server.
#[tokio::test(start_paused = true)]
async fn what_nobody_reads_is_not_held() {
    let (api, hub, _end) = hub(10);
    listed(&hub, "a", Extent::Marks).await;
    let (bytes, objects) = held(&hub);
    assert!(objects == 10 && bytes < 10 * 600, "{bytes} bytes");
    assert!(hub.children(SET).iter().all(|child| child.object.get("data").is_none() && !child.uid.is_empty()));
    // Answers to writes are kept no otherwise.
    let answer = api.object("", "configmaps", Some("default"), "m3").unwrap();
    hub.accept(&maps(), serde_json::from_value(answer).unwrap());
    assert!(held(&hub).0 < bytes + 100, "{} bytes", held(&hub).0);
    // One that reads them has them whole, and for the others nothing goes meanwhile.
    assert!(!hub.ensure(&maps(), "b", Extent::Whole));
    assert_eq!(hub.children(SET).len(), 10);
    listed(&hub, "b", Extent::Whole).await;
    assert!(hub.children(SET).iter().all(|child| child.object["data"]["text"].is_string()));
    listed(&hub, "a", Extent::Marks).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!((count(&api, "list"), count(&api, "watch")), (2, 2), "the second is in place of the first");
    assert_eq!(held(&hub).1, 10);
}

#[test]
fn what_an_object_says_of_itself_is_kept() {
    let object = json!({
        "metadata": {"name": "x", "managedFields": []},
        "spec": {"big": true}, "status": {"phase": "Pending", "conditions": [{"type": "Ready"}], "replicas": 3},
    });
    let mut object: DynamicObject = serde_json::from_value(object).unwrap();
    reduce(&mut object, "me", Extent::Marks);
    assert_eq!(object.data, json!({"status": {"phase": "Pending", "conditions": [{"type": "Ready"}]}}));
}
