//! Sets of fields as values.

use serde_json::{Value, json};

use super::{Set, from_v1, show, to_v1};

fn set(tree: &Value) -> Set {
    from_v1(tree).unwrap()
}

fn tree() -> Value {
    json!({
        "f:metadata": { "f:finalizers": { ".": {}, "v:\"x/a\"": {} } },
        "f:spec": {
            "f:ports": {
                "k:{\"port\":80,\"protocol\":\"TCP\"}": { ".": {}, "f:name": {}, "f:port": {} },
            },
            "f:plain": {}, "f:numbers": { "v:3": {} }, "f:steps": { "i:2": {} },
        },
    })
}

#[test]
fn the_wire_format_goes_both_ways() {
    assert_eq!(to_v1(&set(&tree())), tree());
    assert_eq!(from_v1(&json!({ "f:a": 1 })), None);
    assert_eq!(from_v1(&json!({ "nonsense": {} })), None);
    assert_eq!(to_v1(&set(&json!({ "z:future": {}, "f:a": {} }))), json!({ "f:a": {} }));
}

#[test]
fn paths_are_shown_as_conflicts_name_them() {
    let shown: Vec<String> = set(&tree()).paths().iter().map(|path| show(path)).collect();
    for path in [
        ".metadata.finalizers",
        ".metadata.finalizers[=\"x/a\"]",
        ".spec.ports[port=80,protocol=\"TCP\"].name",
        ".spec.ports[port=80,protocol=\"TCP\"]",
        ".spec.numbers[=3]",
        ".spec.steps[2]",
        ".spec.plain",
    ] {
        assert!(shown.iter().any(|shown| shown == path), "{path} in {shown:?}");
    }
    assert_eq!(shown.len(), 8);
}

#[test]
fn sets_are_combined_path_by_path() {
    let a = set(&json!({ "f:a": { ".": {}, "f:b": {} }, "f:c": {} }));
    let b = set(&json!({ "f:a": {}, "f:d": { "f:e": {} } }));
    assert_eq!(a.union(&b), set(&json!({ "f:a": { ".": {}, "f:b": {} }, "f:c": {}, "f:d": { "f:e": {} } })));
    assert_eq!(a.intersection(&b), set(&json!({ "f:a": {} })));
    assert_eq!(a.difference(&b), set(&json!({ "f:a": { "f:b": {} }, "f:c": {} })));
    assert_eq!(a.without_trees(&b), set(&json!({ "f:c": {} })));
    assert!(a.difference(&a).is_empty() && !a.is_empty());
    assert!(a.contains(&b.paths()[0]) && !b.contains(&a.paths()[1]));
}
