//! The kinds that the script is about, and what is put in them.

use serde_json::{Map, Value, json};

use crate::rng::Rng;

/// A kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Thing {
    ConfigMap,
    Gadget,
    Planet,
}

/// All of them, the richest most often.
pub(crate) const THINGS: [Thing; 4] = [Thing::ConfigMap, Thing::Gadget, Thing::Gadget, Thing::Planet];

const GROUP: &str = "conformance.example.org";

impl Thing {
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Gadget => "Gadget",
            Self::Planet => "Planet",
        }
    }

    pub(crate) fn plural(self) -> &'static str {
        match self {
            Self::ConfigMap => "configmaps",
            Self::Gadget => "gadgets",
            Self::Planet => "planets",
        }
    }

    pub(crate) fn group(self) -> &'static str {
        if self == Self::ConfigMap { "" } else { GROUP }
    }

    pub(crate) fn api_version(self) -> String {
        if self == Self::ConfigMap { "v1".to_owned() } else { format!("{GROUP}/v1") }
    }

    pub(crate) fn is_custom(self) -> bool {
        self != Self::ConfigMap
    }

    pub(crate) fn namespaced(self) -> bool {
        self != Self::Planet
    }

    pub(crate) fn collection(self, namespace: &str) -> String {
        let root = if self.is_custom() { format!("/apis/{GROUP}/v1") } else { "/api/v1".to_owned() };
        let plural = self.plural();
        if self.namespaced() { format!("{root}/namespaces/{namespace}/{plural}") } else { format!("{root}/{plural}") }
    }

    /// Everywhere.
    pub(crate) fn everywhere(self) -> String {
        let root = if self.is_custom() { format!("/apis/{GROUP}/v1") } else { "/api/v1".to_owned() };
        format!("{root}/{}", self.plural())
    }

    /// An object of this metadata and content.
    pub(crate) fn object(self, metadata: &Value, content: Value) -> Value {
        let mut object = json!({ "apiVersion": self.api_version(), "kind": self.kind(), "metadata": metadata });
        if let Value::Object(fields) = content {
            object.as_object_mut().unwrap().extend(fields);
        }
        object
    }

    /// A part of the content: what is in it is the choice of chance.
    pub(crate) fn content(self, rng: &Rng, bad: bool) -> Value {
        match self {
            Self::ConfigMap => config(rng, bad),
            Self::Gadget => json!({ "spec": gadget(rng, bad) }),
            Self::Planet => planet(rng, bad),
        }
    }
}

/// Some of these fields.
fn some(rng: &Rng, chance: usize, fields: Vec<(&str, Value)>) -> Value {
    let kept = fields.into_iter().filter(|_| rng.percent(chance));
    Value::Object(kept.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

fn words(rng: &Rng) -> Vec<String> {
    let some = rng.some(&["red", "green", "blue", "white", "black"]);
    rng.shuffled(&some).into_iter().map(str::to_owned).collect()
}

fn word(rng: &Rng) -> &'static str {
    rng.pick(&["one", "two", "three", "four"])
}

fn number(rng: &Rng) -> u64 {
    rng.below(7) as u64
}

fn config(rng: &Rng, bad: bool) -> Value {
    let mut content = json!({ "data": {} });
    for key in rng.some(&["a", "b", "c.d", "e_f"]) {
        content["data"][key] = json!(word(rng));
    }
    if rng.percent(15) {
        content["binaryData"] = json!({ "bin": "AAEC" });
    }
    if rng.percent(4) {
        content["immutable"] = json!(rng.percent(50));
    }
    if bad {
        let (field, value) = rng.pick(&[
            ("data", json!({ "not a key": "x" })),
            ("data", json!({ "n": 1 })),
            ("binaryData", json!({ "a": "AAEC", "..": "AA==" })),
            ("binaryData", json!({ "x": "no base64!" })),
            ("bogus", json!(true)),
        ]);
        content[field] = value;
    }
    content
}

fn gadget(rng: &Rng, bad: bool) -> Value {
    let mut spec = plain_fields(rng);
    for (key, value) in lists(rng).as_object().unwrap().iter().chain(maps(rng).as_object().unwrap()) {
        spec[key] = value.clone();
    }
    if bad {
        for _ in 0..=rng.below(2) {
            let (field, value) = rng.pick(&bad_fields());
            spec[field] = value;
        }
    }
    spec
}

fn plain_fields(rng: &Rng) -> Value {
    let fields = vec![
        ("size", json!(number(rng))),
        ("ratio", json!(0.25 + f64::from(u32::try_from(number(rng)).unwrap()))),
        ("even", json!(2 * rng.below(4))),
        ("mode", json!(rng.pick(&["fast", "slow", "idle"]))),
        ("code", json!(word(rng))),
        ("title", json!(word(rng))),
        ("flag", json!(rng.percent(50))),
        ("note", if rng.percent(30) { Value::Null } else { json!(word(rng)) }),
        ("amount", if rng.percent(50) { json!(number(rng)) } else { json!("50%") }),
        ("replicas", json!(number(rng))),
        ("since", json!("2026-01-01T00:00:00Z")),
        ("plain", json!(words(rng))),
    ];
    some(rng, 30, fields)
}

fn lists(rng: &Rng) -> Value {
    let ports: Vec<Value> = rng
        .some(&[(80, "TCP"), (80, "UDP"), (443, "")])
        .into_iter()
        .map(|(port, protocol)| {
            let mut item = some(rng, 40, vec![("name", json!("web"))]);
            item["port"] = json!(port);
            if !protocol.is_empty() {
                item["protocol"] = json!(protocol);
            }
            item
        })
        .collect();
    let ids = rng.some(&["a", "b", "c", "d"]);
    let rules: Vec<Value> = rng
        .shuffled(&ids)
        .into_iter()
        .map(|id| {
            let fields = vec![
                ("weight", json!(number(rng))),
                ("parts", json!(words(rng))),
                ("options", some(rng, 50, vec![("x", json!(word(rng))), ("y", json!(word(rng)))])),
            ];
            let mut item = some(rng, 40, fields);
            item["id"] = json!(id);
            item
        })
        .collect();
    let steps: Vec<Value> =
        (0..=rng.below(2)).map(|_| some(rng, 60, vec![("name", json!("s")), ("turns", json!(1))])).collect();
    let numbers = rng.some(&[1, 2, 3, 5, 8]);
    let fields = vec![
        ("tags", json!(words(rng))),
        ("numbers", json!(rng.shuffled(&numbers))),
        ("ports", json!(ports)),
        ("rules", json!(rules)),
        ("steps", json!(steps)),
    ];
    some(rng, 35, fields)
}

fn maps(rng: &Rng) -> Value {
    let limits = json!({ word(rng): { "max": number(rng) }, "deep": { "min": 1, "max": number(rng) } });
    let either = if rng.percent(50) { "a" } else { "b" };
    let labels = vec![("l", json!(word(rng))), ("m", json!(word(rng))), ("n", json!(word(rng)))];
    let choice = vec![("left", json!(word(rng))), ("right", json!(word(rng)))];
    let free = vec![
        ("any", json!(number(rng))),
        ("list", json!([1, { "a": word(rng) }])),
        ("deep", json!({ word(rng): { "x": number(rng) }, "empty": {} })),
    ];
    let nested = vec![("lit", json!(rng.percent(50))), ("leaf", json!(word(rng))), ("inner", json!({ "depth": 3 }))];
    let fields = vec![
        ("labels", some(rng, 50, labels)),
        ("limits", limits),
        ("choice", some(rng, 60, choice)),
        ("free", some(rng, 50, free)),
        ("nested", some(rng, 40, nested)),
        ("either", json!({ either: word(rng) })),
    ];
    some(rng, 30, fields)
}

fn bad_fields() -> Vec<(&'static str, Value)> {
    vec![
        ("size", json!(101)),
        ("size", json!(-1)),
        ("size", json!("big")),
        ("size", json!(1.5)),
        ("ratio", json!(0)),
        ("even", json!(3)),
        ("even", json!(8)),
        ("mode", json!("warp")),
        ("code", json!("X")),
        ("code", json!("muchtoolong")),
        ("code", json!("A-b")),
        ("flag", json!("yes")),
        ("title", json!(["a"])),
        ("title", Value::Null),
        ("amount", json!(true)),
        ("replicas", json!(-3)),
        ("since", json!("yesterday")),
        ("tags", json!(["a", "b", "a"])),
        ("tags", json!(["a", "b", "c", "d", "e", "f", "g"])),
        ("tags", json!("a")),
        ("numbers", json!([1, 1, 2, 2])),
        ("ports", json!([{ "port": 1 }, { "port": 1, "protocol": "TCP" }])),
        ("ports", json!([{ "protocol": "TCP" }])),
        ("rules", json!([{ "id": "a" }, { "id": "a", "weight": 2 }])),
        ("rules", json!([{ "weight": 11 }])),
        ("rules", json!([{ "id": "a", "parts": ["x", "x"] }])),
        ("steps", json!([])),
        ("labels", json!({ "a": "", "b": "", "c": "", "d": "", "e": "" })),
        ("labels", json!({ "a": 1 })),
        ("limits", json!({ "x": { "min": 1 } })),
        ("limits", json!({ "x": null })),
        ("either", json!({})),
        ("either", json!({ "a": "", "b": "" })),
        ("unknown", json!({ "x": [1] })),
        ("nested", json!({ "unknown": 1, "inner": null })),
        ("steps", json!([{ "unknown": 1 }])),
    ]
}

fn planet(rng: &Rng, bad: bool) -> Value {
    let names = rng.some(&["io", "titan", "moon"]);
    let moons: Vec<Value> =
        rng.shuffled(&names).into_iter().map(|name| json!({ "name": name, "radius": number(rng) })).collect();
    let fields = vec![
        ("rings", json!(words(rng))),
        ("moons", json!(moons)),
        ("orbit", some(rng, 50, vec![("days", json!(number(rng))), ("star", json!(word(rng)))])),
    ];
    let mut spec = some(rng, 50, fields);
    spec["mass"] = json!(1 + number(rng));
    let mut content = json!({ "spec": spec });
    if rng.percent(25) {
        content["status"] = some(rng, 60, vec![("visited", json!(true)), ("by", json!(words(rng)))]);
    }
    if bad {
        let (field, value) = rng.pick(&[
            ("spec", json!({})),
            ("spec", json!({ "mass": 0 })),
            ("spec", json!({ "mass": 1, "moons": [{ "name": "a" }, { "name": "a" }], "rings": ["x", "x"] })),
            ("spec", Value::Null),
            ("status", json!({ "visited": "no" })),
            ("bogus", json!(1)),
        ]);
        content[field] = value;
    }
    content
}

/// The status of a gadget.
pub(crate) fn gadget_status(rng: &Rng, bad: bool) -> Value {
    let conditions: Vec<Value> = rng
        .some(&["Ready", "Stalled"])
        .into_iter()
        .map(|kind| json!({ "type": kind, "status": rng.pick(&["True", "False", "Unknown"]), "reason": word(rng) }))
        .collect();
    let fields = vec![
        ("phase", json!(rng.pick(&["Up", "Down"]))),
        ("replicas", json!(number(rng))),
        ("selector", json!("app=a")),
        ("observed", json!(words(rng))),
        ("conditions", json!(conditions)),
    ];
    let mut status = some(rng, 50, fields);
    if bad {
        let (field, value) = rng.pick(&[
            ("phase", json!("Sideways")),
            ("conditions", json!([{ "type": "Ready" }])),
            ("conditions", json!([{ "type": "A", "status": "True" }, { "type": "A", "status": "True" }])),
            ("observed", json!(["x", "x"])),
            ("replicas", json!(-1)),
            ("unknown", json!(1)),
        ]);
        status[field] = value;
    }
    status
}

/// Labels, annotations and finalizers.
pub(crate) fn metadata(rng: &Rng, bad: bool) -> Value {
    let labels =
        vec![("app", json!(rng.pick(&["a", "b", "c"]))), ("tier", json!(rng.pick(&["x", "y"]))), ("legacy", json!(""))];
    let mut metadata = json!({});
    if rng.percent(60) {
        metadata["labels"] = some(rng, 50, labels);
    }
    if rng.percent(15) {
        metadata["annotations"] = json!({ "conformance.example.org/note": word(rng) });
    }
    if rng.percent(10) {
        metadata["finalizers"] = json!(["conformance.example.org/hold"]);
    }
    if bad {
        let (field, value) = rng.pick(&bad_metadata());
        metadata[field] = value;
    }
    metadata
}

fn bad_metadata() -> Vec<(&'static str, Value)> {
    let owner = |fields: Value| {
        let mut owner = json!({ "apiVersion": "v1", "kind": "ConfigMap", "name": "x", "uid": "ffffffff-0000-4000-8000-000000000001" });
        owner.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        owner
    };
    vec![
        ("labels", json!({ "-": "%" })),
        ("labels", json!({ "a": 1 })),
        ("labels", json!({ "a/b/c": "x", "": "x" })),
        ("annotations", json!({ "a b": "x" })),
        ("annotations", json!(["a"])),
        ("finalizers", json!(["not good"])),
        ("finalizers", json!(["plain"])),
        ("finalizers", json!(["orphan", "foregroundDeletion"])),
        ("ownerReferences", json!([owner(json!({ "kind": "", "uid": "" }))])),
        ("ownerReferences", json!([owner(json!({ "apiVersion": "v1", "kind": "Event" }))])),
        (
            "ownerReferences",
            json!([owner(json!({ "controller": true })), owner(json!({ "controller": true, "name": "y" }))]),
        ),
        ("generation", json!("x")),
        ("deletionTimestamp", json!("soon")),
        ("bogus", json!(1)),
    ]
}
