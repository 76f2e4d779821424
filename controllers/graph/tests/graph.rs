//! The dependency graph: edges, order, and every rule of what may read what.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

use std::collections::{BTreeMap, BTreeSet};

use cairn_graph::Definition;
use cairn_graph::definition::Settings;
use cairn_graph::graph::order::order;
use cairn_graph::graph::{Graph, Types};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn resource(id: &str, text: &str) -> Json {
    json!({"id": id, "template": {
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"a": text}
    }})
}

fn with(mut resource: Json, key: &str, value: Json) -> Json {
    resource[key] = value;
    resource
}

fn external(id: &str, metadata: &Json) -> Json {
    json!({"id": id, "externalRef": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}})
}

fn definition(resources: &[Json], status: &Json) -> Definition {
    let spec = json!({
        "schema": {"kind": "App", "apiVersion": "v1alpha1", "spec": {"names": "[]string"}, "status": status},
        "resources": resources
    });
    Definition::from_json(spec, &Settings::default()).unwrap()
}

fn graph(resources: &[Json]) -> Result<Graph, String> {
    Graph::new(&definition(resources, &json!({})), &Types::default()).map_err(|problems| problems.to_string())
}

/// Resources, and the edges, order and waves that they have.
#[test]
fn dependencies_and_order() {
    let rows: Vec<(Vec<Json>, &str, &str, &str)> = vec![
        (vec![], "[]", "[]", "[]"),
        (vec![resource("a", "x")], "[{}]", "[0]", "[[0]]"),
        (vec![resource("a", "x"), resource("b", "x")], "[{}, {}]", "[0, 1]", "[[0, 1]]"),
        (vec![resource("a", "${b.data.x}"), resource("b", "x")], "[{1}, {}]", "[1, 0]", "[[1], [0]]"),
        (vec![resource("a", "${b.?data.x.orValue('')}"), resource("b", "x")], "[{1}, {}]", "[1, 0]", "[[1], [0]]"),
        (vec![resource("a", "${true ? 'x' : b.data.x}"), resource("b", "x")], "[{1}, {}]", "[1, 0]", "[[1], [0]]"),
        (
            vec![resource("a", "-${b.data.x}-${c.data.y}"), resource("b", "x"), resource("c", "x")],
            "[{1, 2}, {}, {}]",
            "[1, 2, 0]",
            "[[1, 2], [0]]",
        ),
        (
            vec![resource("a", "x"), with(resource("b", "x"), "includeWhen", json!(["${a.data.x == 'y'}"]))],
            "[{}, {0}]",
            "[0, 1]",
            "[[0], [1]]",
        ),
        (
            vec![with(resource("a", "${i}"), "forEach", json!([{"i": "${b.data.map(k, k)}"}])), resource("b", "x")],
            "[{1}, {}]",
            "[1, 0]",
            "[[1], [0]]",
        ),
        (
            vec![resource("a", "x"), with(resource("b", "x"), "readyWhen", json!(["${b.data.x == 'y'}"]))],
            "[{}, {}]",
            "[0, 1]",
            "[[0, 1]]",
        ),
        (vec![external("a", &json!({"name": "${b.data.x}"})), resource("b", "x")], "[{1}, {}]", "[1, 0]", "[[1], [0]]"),
        (
            vec![external("a", &json!({"selector": {"matchLabels": {"l": "${b.data.x}"}}})), resource("b", "x")],
            "[{1}, {}]",
            "[1, 0]",
            "[[1], [0]]",
        ),
        (vec![resource("a", "${[1].map(b, string(b))[0]}"), resource("b", "x")], "[{}, {}]", "[0, 1]", "[[0, 1]]"),
        (
            vec![resource("d", "${b.x}${c.x}"), resource("b", "${a.x}"), resource("c", "${a.x}"), resource("a", "x")],
            "[{1, 2}, {3}, {3}, {}]",
            "[3, 1, 2, 0]",
            "[[3], [1, 2], [0]]",
        ),
    ];
    for (resources, edges, sequence, waves) in rows {
        let label = json!(resources).to_string();
        let graph = graph(&resources).unwrap();
        assert_eq!(format!("{:?}", graph.dependencies), edges, "{label}");
        assert_eq!(format!("{:?}", graph.order.sequence), sequence, "{label}");
        assert_eq!(format!("{:?}", graph.order.waves), waves, "{label}");
    }
}

#[test]
fn what_is_refused() {
    let list = |text: &str| json!([text]);
    let rows: Vec<(Vec<Json>, &str)> = vec![
        (vec![resource("a", "${a.data.x}")], "self references are not allowed"),
        (
            vec![with(resource("a", "x"), "includeWhen", list("${a.x == 1}"))],
            "self references are not allowed in includeWhen",
        ),
        (vec![resource("a", "${b.x}"), resource("b", "${a.x}")], "in a circle: a -> b -> a"),
        (
            vec![resource("z", "${a.x}"), resource("a", "${b.x}"), resource("b", "${c.x}"), resource("c", "${a.x}")],
            "in a circle: a -> b -> c -> a",
        ),
        (vec![resource("a", "${bucket1.x}"), resource("bucket", "x")], "(did you mean \"bucket\"?)"),
        (vec![resource("a", "${nowhere.x}")], "undeclared reference to \"nowhere\""),
        (vec![resource("a", "${schema.status.x}")], "the status of the instance cannot be read"),
        (
            vec![with(resource("a", "x"), "readyWhen", list("${schema.spec.x}"))],
            "readyWhen may only read the resource itself, `a`; it reads \"schema\"",
        ),
        (vec![with(resource("a", "x"), "readyWhen", list("${b.x}")), resource("b", "x")], "it reads \"b\""),
        (vec![with(resource("a", "x"), "readyWhen", list("${each.x}"))], "undeclared reference to \"each\""),
        (
            vec![with(resource("a", "x"), "readyWhen", list("${1}"))],
            "the value of readyWhen has the type int; expected bool",
        ),
        (
            vec![with(resource("a", "x"), "includeWhen", list("${'x'}"))],
            "the value of includeWhen has the type string; expected bool",
        ),
        (
            vec![with(resource("a", "${i}"), "forEach", json!([{"i": "${1}"}]))],
            "the value of forEach has the type int; expected a list",
        ),
        (
            vec![with(
                with(resource("a", "${i}"), "forEach", json!([{"i": "${[1]}"}])),
                "includeWhen",
                list("${i == 1}"),
            )],
            "the iterator \"i\" can only be read in the template",
        ),
        (
            vec![with(resource("a", "${i}"), "forEach", json!([{"i": "${[1]}"}])), resource("b", "${i}")],
            "undeclared reference to \"i\"",
        ),
        (vec![with(resource("a", "${i.size()}"), "forEach", json!([{"i": "${[1]}"}]))], "size"),
        (vec![resource("a", "${1 +}")], "syntax error"),
        (vec![with(resource("a", "x"), "includeWhen", list("${omit()}"))], "omit"),
    ];
    for (resources, expected) in rows {
        let label = json!(resources).to_string();
        let error = graph(&resources).expect_err(&label);
        assert!(error.contains(expected), "{label}: {error}");
    }
}

#[test]
fn types_are_used_where_they_are_known() {
    let nodes = BTreeMap::from([("a".to_owned(), cairn_cel::schema::object_meta())]);
    let types = Types { nodes, ..Types::default() };
    let refused = definition(&[resource("a", "x"), resource("b", "${a.nam}")], &json!({}));
    let error = Graph::new(&refused, &types).unwrap_err().to_string();
    assert!(error.contains("did you mean \"name\"?"), "{error}");
    let all = with(resource("a", "${i}"), "forEach", json!([{"i": "${['x']}"}]));
    let ready = with(all, "readyWhen", json!(["${each.name == 'x'}"]));
    let lists = definition(&[ready, resource("b", "${a[0].name}")], &json!({"names": "${a.map(one, one.name)}"}));
    let graph = Graph::new(&lists, &types).unwrap();
    assert_eq!(graph.status.len(), 1);
    assert_eq!(graph.dependents(0).collect::<Vec<_>>(), [1]);
}

proptest! {
    #[test]
    fn an_order_respects_every_edge(edges in prop::collection::vec(prop::collection::btree_set(0_usize..12, 0..4), 0..12)) {
        match order(&edges) {
            Ok(order) => {
                let place: BTreeMap<usize, usize> = order.sequence.iter().enumerate().map(|(at, node)| (*node, at)).collect();
                prop_assert_eq!(place.len(), edges.len());
                let wave = |node: usize| order.waves.iter().position(|wave| wave.contains(&node)).unwrap();
                prop_assert_eq!(order.waves.iter().map(Vec::len).sum::<usize>(), edges.len());
                for (node, needs) in edges.iter().enumerate() {
                    let needs: BTreeSet<usize> = needs.iter().copied().filter(|need| *need < edges.len()).collect();
                    prop_assert!(needs.iter().all(|need| place[need] < place[&node]));
                    prop_assert_eq!(wave(node), needs.iter().map(|need| wave(*need) + 1).max().unwrap_or(0));
                }
            }
            Err(cycle) => {
                prop_assert!(!cycle.0.is_empty());
                let next = cycle.0.iter().cycle().skip(1);
                prop_assert!(cycle.0.iter().zip(next).all(|(node, need)| edges[*node].contains(need)));
            }
        }
    }

    #[test]
    fn edges_to_earlier_nodes_keep_the_written_order(count in 0_usize..12, seed in any::<u64>()) {
        let edges: Vec<BTreeSet<usize>> =
            (0..count).map(|node| (0..node).filter(|need| seed >> ((node * 5 + need) % 64) & 1 == 1).collect()).collect();
        prop_assert_eq!(order(&edges).unwrap().sequence, (0..count).collect::<Vec<_>>());
    }

    #[test]
    fn no_field_makes_it_panic(text in "(string|\\[\\]|map\\[|integer| \\| |default=|enum=|\"|\\\\|\\{|\\}|\\]|a|é| |=|pattern=|1|,){0,12}") {
        let spec = json!({"x": text});
        let _ = cairn_graph::simple_schema::openapi(spec.as_object().unwrap(), &serde_json::Map::new());
    }
}
