//! What the language of graphs makes, held against a real API server: the kinds of definitions, and `--live`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use cairn::{
    cli::{Cli, Command as Chosen},
    graphs::validate,
};
use cairn_e2e::{
    Result, cluster::Cluster, error::ensure, kubectl::Kubectl, operator::binary, progress::Progress, workspace,
};
use cairn_graph::simple_schema::openapi;
use clap::Parser;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// How long a kind may take until it is served.
const SERVED: Duration = Duration::from_mins(1);

#[test]
fn the_api_server_takes_what_the_language_makes() -> Result<()> {
    let cluster = Cluster::start(&Progress::quiet())?;
    let kubectl = cluster.kubectl()?;
    simple_schema(&kubectl)?;
    kinds_of_examples(&kubectl)?;
    live(&cluster)?;
    cluster.stop()
}

/// The schema of every row of the table is one that the API server takes.
fn simple_schema(kubectl: &Kubectl) -> Result<()> {
    let table = workspace().join("controllers/graph/tests/cases/simple_schema.yaml");
    let rows: Vec<Value> = serde_yaml::from_str(&fs::read_to_string(table).unwrap()).unwrap();
    let object = |row: &Value, key: &str| row[key].as_object().cloned().unwrap_or_else(Map::new);
    let made = rows.iter().enumerate().filter_map(|(at, row)| {
        let schema = openapi(&object(row, "spec"), &object(row, "types")).ok()?.openapi;
        Some(definition(at, &schema))
    });
    let made: Vec<Value> = made.collect();
    assert!(made.len() >= 80, "only {} rows give a schema", made.len());
    let list = json!({"apiVersion": "v1", "kind": "List", "items": made});
    let said = kubectl.run_with(&["create", "--dry-run=server", "--output=name", "-f", "-"], &list.to_string())?;
    ensure(said.lines().count() == made.len(), || {
        format!("{} of {} are taken: {said}", said.lines().count(), made.len())
    })
}

fn definition(at: usize, spec: &Value) -> Value {
    let schema = json!({"type": "object", "properties": {"spec": spec}});
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("row{at}s.example.com")},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"kind": format!("Row{at}"), "plural": format!("row{at}s")},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
        },
    })
}

/// The kind of every example is served, has a schema, and takes the example's instance.
fn kinds_of_examples(kubectl: &Kubectl) -> Result<()> {
    let mut stories: Vec<PathBuf> =
        fs::read_dir(workspace().join("examples/graphs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    stories.sort();
    assert!(stories.len() >= 12);
    for story in &stories {
        for made in generated(story) {
            let name = made["metadata"]["name"].as_str().unwrap_or_default();
            let object = format!("customresourcedefinition/{name}");
            kubectl.apply(&made.to_string())?;
            kubectl.until(&object, &format!("{name} being served"), SERVED, |found| {
                let conditions = found["status"]["conditions"].as_array()?;
                let is = |kind: &str| conditions.iter().any(|one| one["type"] == kind && one["status"] == "True");
                assert!(!is("NonStructuralSchema"), "{found}");
                is("Established").then_some(())
            })?;
        }
        let instance = fs::read_to_string(story.join("instance.yaml")).unwrap();
        for namespace in namespaces(&instance) {
            kubectl.create_namespace(&namespace)?;
        }
        kubectl.run_with(&["create", "--dry-run=server", "--validate=strict", "-f", "-"], &instance)?;
    }
    Ok(())
}

/// The namespaces that documents live in.
fn namespaces(documents: &str) -> Vec<String> {
    let all = serde_yaml::Deserializer::from_str(documents).map(|document| Value::deserialize(document).unwrap());
    all.filter_map(|object| Some(object["metadata"]["namespace"].as_str()?.to_owned())).collect()
}

/// What `cairn validate -o json` says that a story's definitions make.
fn generated(story: &Path) -> Vec<Value> {
    let mut arguments: Vec<std::ffi::OsString> = ["cairn", "validate", "--output=json"].map(Into::into).into();
    arguments.push(story.into());
    let crds = story.join("crds");
    if crds.is_dir() {
        arguments.extend(["--crds".into(), crds.into()]);
    }
    let Chosen::Validate(args) = Cli::parse_from(arguments).command else { panic!("no command") };
    let printed = validate(&args, false).unwrap();
    assert_eq!(printed.code, 0, "{printed}");
    let report: Value = serde_json::from_str(&printed.output).unwrap();
    let definitions = report["definitions"].as_array().unwrap();
    assert!(!definitions.is_empty(), "{printed}");
    definitions.iter().map(|definition| definition["customResourceDefinition"].clone()).collect()
}

/// `cairn validate --live` knows what the cluster serves, and nothing else.
fn live(cluster: &Cluster) -> Result<()> {
    let cairn = binary::up_to_date(&Progress::quiet())?;
    let examples = workspace().join("examples/graphs");
    let folder = tempfile::tempdir().unwrap();
    let run = |file: &Path| {
        let mut command = Command::new(&cairn);
        let output = command.args(["validate", "--live"]).arg(file).env("KUBECONFIG", cluster.kubeconfig()).output();
        let output = output.unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let expect = |file: &Path, code: i32, words: &str| {
        let (found, said) = run(file);
        ensure(found == Some(code) && said.contains(words), || format!("{}: {found:?}: {said}", file.display()))
    };
    expect(&examples.join("stateful-cache"), 0, "valid")?;
    // Its kinds are those of other definitions, which are served by now.
    expect(&examples.join("nested-service/definition.yaml"), 0, "valid")?;
    // Nobody installed the operator's own kinds.
    expect(&examples.join("secure-bucket"), 3, "Bucket is not known")?;
    let wrong = folder.path().join("wrong.yaml");
    let text = fs::read_to_string(examples.join("stateful-cache/definition.yaml")).unwrap();
    fs::write(&wrong, text.replacen("serviceName:", "servceName:", 1)).unwrap();
    expect(&wrong, 1, "did you mean \"serviceName\"?")
}
