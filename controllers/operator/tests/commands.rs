//! `cairn validate` and `cairn render`: what they say, and their exit codes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

use cairn::cli::{Cli, Command};
use cairn::graphs::{Printed, render, validate};
use clap::Parser as _;
use serde_json::Value as Json;

const GOOD: &str = "
apiVersion: cairn.run/v1alpha1
kind: ResourceGraphDefinition
metadata: {name: good}
spec:
  schema: {kind: Good, apiVersion: v1alpha1, spec: {name: string, size: integer | default=1 maximum=3}, status: {title: '${a.metadata.name}'}}
  resources:
  - {id: a, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: '${schema.spec.name}'}}}
  - {id: b, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: b}, data: {a: '${a.metadata.name}', c: '${string(12 / schema.spec.size)}'}}}
";

const INSTANCE: &str = "
apiVersion: cairn.run/v1alpha1
kind: Good
metadata: {name: g}
spec: {name: x}
";

/// Runs a command over files with these contents, whose names are the letters from a on.
fn run(arguments: &[&str], contents: &[&str]) -> Result<Printed, String> {
    let folder = tempfile::tempdir().unwrap();
    let mut all: Vec<String> = ["cairn"].iter().chain(arguments).map(|text| (*text).to_owned()).collect();
    for (content, letter) in contents.iter().zip('a'..) {
        let path = folder.path().join(format!("{letter}.yaml"));
        std::fs::write(&path, content).unwrap();
        if arguments[0] == "render" {
            all.push("-f".to_owned());
        }
        all.push(path.display().to_string());
    }
    let printed = match Cli::try_parse_from(all).map_err(|error| error.to_string())?.command {
        Command::Validate(args) => validate(&args, false).map_err(|error| error.to_string())?,
        Command::Render(args) => render(&args, false).map_err(|error| error.to_string())?,
        other => panic!("{other:?}"),
    };
    let hide = |text: String| text.replace(&folder.path().display().to_string(), "DIR");
    Ok(Printed { output: hide(printed.output), complaints: hide(printed.complaints), code: printed.code })
}

#[test]
fn problems_are_shown_in_the_file() {
    let bad = GOOD.replace("${schema.spec.name}", "${schema.spec.nam}").replace(" data:", " daat:");
    let printed = run(&["validate"], &[&bad]).unwrap();
    assert_eq!(printed.code, 1);
    let expected = r#"error: Good.spec has no field "nam"
 --> DIR/a.yaml:8:95
  |
8 |   - {id: a, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: '${schema.spec.nam}'}}}
  |                                                                                         ^^^
  |
  = note: at spec.resources[0].template.metadata.name
  = help: did you mean "name"?

error: there is no field "daat"
 --> DIR/a.yaml:9:80
  |
9 |   - {id: b, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: b}, daat: {a: '${a.metadata.name}', c: '${string(12 / schema...
  |                                                                              ^^^^
  |
  = note: at spec.resources[1].template.daat
  = help: did you mean "data"?

DIR/a.yaml: definition good of Good: refused
2 errors, 0 warnings
"#;
    let lines = |text: &str| {
        text.lines().map(str::trim).filter(|line| !line.starts_with("-->")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(lines(&printed.output), lines(expected), "{}", printed.output);
    assert!(printed.output.contains("DIR/a.yaml:8:") && printed.output.contains("DIR/a.yaml:9:"));
}

#[test]
fn the_report_for_machines_has_places() {
    let bad = GOOD.replace("${schema.spec.name}", "${schema.spec.nam}");
    let printed = run(&["validate", "-o", "json"], &[&bad]).unwrap();
    let report: Json = serde_json::from_str(&printed.output).unwrap();
    let found = &report["diagnostics"][0];
    assert_eq!(
        (found["severity"].as_str(), found["line"].as_u64(), found["suggestion"].as_str()),
        (Some("error"), Some(8), Some("name"))
    );
    assert_eq!(found["endColumn"].as_u64().unwrap() - found["column"].as_u64().unwrap(), 3);
    assert_eq!((report["definitions"][0]["outcome"].as_str(), report["exitCode"].as_u64()), (Some("refused"), Some(1)));
}

#[test]
fn the_report_for_machines_has_what_a_definition_makes() {
    let report = |text: &str| -> Json {
        serde_json::from_str(&run(&["validate", "-o", "json"], &[text]).unwrap().output).unwrap()
    };
    let found = report(GOOD);
    let made = &found["definitions"][0]["customResourceDefinition"];
    assert_eq!(
        (made["kind"].as_str(), made["metadata"]["name"].as_str()),
        (Some("CustomResourceDefinition"), Some("goods.cairn.run"))
    );
    assert!(
        report(&GOOD.replace("schema.spec.name", "schema.spec.nam"))["definitions"][0]["customResourceDefinition"]
            .is_null()
    );
}

#[test]
fn null_is_taken_where_a_default_stands_for_it() {
    assert_eq!(run(&["validate"], &[GOOD, &INSTANCE.replace("{name: x}", "{name: x, size: null}")]).unwrap().code, 0);
    let printed = run(&["validate"], &[GOOD, &INSTANCE.replace("{name: x}", "{name: null}")]).unwrap();
    assert!(printed.code == 1 && printed.output.contains("this is null, and no default stands for it"), "{printed}");
}

#[test]
fn exit_codes_are_as_the_help_says() {
    let code = |contents: &[&str]| run(&["validate"], contents).unwrap().code;
    assert_eq!(code(&[GOOD, INSTANCE]), 0);
    assert_eq!(code(&[GOOD, &INSTANCE.replace("{name: x}", "{name: x, size: 4}")]), 1);
    assert_eq!(code(&[GOOD, &INSTANCE.replace("{name: x}", "{nam: x}")]), 1);
    assert_eq!(
        code(&[&GOOD.replace("id: a, template: {apiVersion: v1", "id: a, template: {apiVersion: example.com/v1")]),
        3
    );
    assert_eq!(code(&["a: 1"]), 0);
    let doubtful = GOOD.replace("metadata: {name: b}", "metadata: {name: b}, binaryData: {'${x}': aGk=}");
    let printed = run(&["validate"], &[&doubtful]).unwrap();
    assert!(printed.code == 0 && printed.output.contains("warning: a key cannot hold an expression"), "{printed}");
    assert!(run(&["validate"], &["a: ["]).unwrap_err().contains("a.yaml"));
    assert!(run(&["validate", "/nowhere/at/all.yaml"], &[]).unwrap_err().contains("/nowhere/at/all.yaml"));
    assert!(run(&["validate"], &[]).is_err());
}

#[test]
fn a_kind_that_is_not_known_is_named_with_where_it_is() {
    let wrong = GOOD.replace(
        "id: a, template: {apiVersion: v1, kind: ConfigMap",
        "id: a, template: {apiVersion: v1, kind: Deployment",
    );
    let printed = run(&["validate"], &[&wrong]).unwrap();
    assert_eq!(printed.code, 3);
    assert!(printed.output.contains("missing: the kind v1 Deployment is not known"), "{printed}");
    assert!(printed.output.contains("expected apps/v1 Deployment"), "{printed}");
}

#[test]
fn definitions_of_kro_are_taken_under_its_group() {
    let kro = GOOD.replace("cairn.run/", "kro.run/");
    assert_eq!(
        run(&["validate", "--graph-group", "kro.run"], &[&kro, &INSTANCE.replace("cairn.run/", "kro.run/")])
            .unwrap()
            .code,
        0
    );
    let printed = run(&["validate"], &[&kro]).unwrap();
    assert_eq!(printed.code, 1);
    assert!(printed.output.contains("--graph-group kro.run"), "{printed}");
    let bucket = GOOD.replace(
        "apiVersion: v1, kind: ConfigMap, metadata: {name: '${schema.spec.name}'}",
        "apiVersion: s3.services.k8s.aws/v1alpha1, kind: Bucket, metadata: {name: b}, spec: {name: example-bucket}",
    );
    assert_eq!(run(&["validate"], &[&bucket]).unwrap().code, 3);
    assert_eq!(run(&["validate", "--aws-group-suffix", "services.k8s.aws"], &[&bucket]).unwrap().code, 0);
}

#[test]
fn instances_may_have_a_group_of_their_own() {
    let flag = "--graph-instance-group=apps.example.com";
    let theirs = INSTANCE.replace("cairn.run/", "apps.example.com/");
    let printed = run(&["validate", flag], &[GOOD, &theirs]).unwrap();
    assert!(printed.code == 0 && printed.output.contains("1 instances checked"), "{printed}");
    assert!(!run(&["validate"], &[GOOD, &theirs]).unwrap().output.contains("instances checked"));
    let named = GOOD.replace("kind: Good,", "kind: Good, group: cairn.run,");
    assert!(run(&["validate", flag], &[&named, INSTANCE]).unwrap().output.contains("1 instances checked"));
    let printed = run(&["render", flag], &[GOOD, &theirs]).unwrap();
    assert!(printed.code == 0 && printed.output.contains("name: x"), "{printed}");
    let refused = run(&["validate", "--graph-instance-group=apps"], &[GOOD]).unwrap_err();
    assert!(refused.starts_with("--graph-instance-group: "), "{refused}");
}

#[test]
fn definitions_are_the_kinds_of_each_other_in_any_order() {
    let outer = "
apiVersion: cairn.run/v1alpha1
kind: ResourceGraphDefinition
metadata: {name: outer}
spec:
  schema: {kind: Outer, apiVersion: v1alpha1}
  resources:
  - {id: g, template: {apiVersion: cairn.run/v1alpha1, kind: Good, metadata: {name: g}, spec: {name: x}}, readyWhen: [\"${g.status.title != ''}\"]}
";
    for contents in [[outer, GOOD], [GOOD, outer]] {
        assert_eq!(run(&["validate"], &contents).unwrap().code, 0);
    }
    assert_eq!(run(&["validate"], &[outer]).unwrap().code, 3);
    let crd = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: goods.cairn.run}
spec:
  group: cairn.run
  scope: Namespaced
  names: {kind: Good, plural: goods}
  versions: [{name: v1alpha1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {
    spec: {type: object, properties: {name: {type: string}}}, status: {type: object, properties: {title: {type: string}}}}}}}]
";
    assert_eq!(run(&["validate"], &[outer, crd]).unwrap().code, 0);
    assert!(
        run(&["validate"], &[crd.split("  versions").next().unwrap()]).unwrap().output.contains("has no spec.versions")
    );
}

#[test]
fn an_edit_of_a_kind_that_is_served_is_told_with_whom_it_breaks() {
    let report: Json = serde_json::from_str(&run(&["validate", "-o", "json"], &[GOOD]).unwrap().output).unwrap();
    let served = report["definitions"][0]["customResourceDefinition"].to_string();
    assert!(run(&["validate"], &[GOOD, INSTANCE, &served]).unwrap().output.ends_with("0 errors, 0 warnings\n"));

    let edited =
        GOOD.replace("maximum=3}", "maximum=3, team: string | required=true}").replace("maximum=3", "maximum=2");
    let instance =
        INSTANCE.replace("{name: x}", "{name: x, size: 3, team: a}").replace("name: g", "name: g, namespace: prod");
    let printed = run(&["validate"], &[&edited, &served]).unwrap();
    assert_eq!(printed.code, 1);
    assert!(
        printed.output.contains("breaks instances that do not set it (the annotation cairn.run/allow-breaking"),
        "{printed}"
    );
    assert!(printed.output.contains("at spec.schema.spec.team"), "{printed}");
    let words = "definition good of Good: refused: it breaks what is served\n2 errors, 0 warnings\n";
    assert!(printed.output.ends_with(words), "{printed}");
    let report: Json =
        serde_json::from_str(&run(&["validate", "-o", "json"], &[&edited, &served]).unwrap().output).unwrap();
    assert_eq!(report["definitions"][0]["outcome"], "refused");
    let printed = run(&["validate"], &[&edited, &instance, &served]).unwrap();
    assert!(printed.output.contains("with a value that is no longer valid, as prod/g (the annotation"), "{printed}");
    assert!(printed.output.contains("that do not set it (the annotation"), "{printed}");

    let marked = "metadata: {name: good, annotations: {cairn.run/allow-breaking-changes: \"true\"}}";
    let printed = run(&["validate"], &[&edited.replace("metadata: {name: good}", marked), &served]).unwrap();
    assert!(printed.code == 0 && printed.output.contains("0 errors, 2 warnings"), "{printed}");
}

#[test]
fn rendering_says_everything_to_machines() {
    let printed = run(&["render", "-o", "json"], &[GOOD, INSTANCE]).unwrap();
    let all: Json = serde_json::from_str(&printed.output).unwrap();
    let instance = &all["instances"][0];
    assert_eq!(instance["instance"]["metadata"]["namespace"], "default");
    assert_eq!(instance["instance"]["spec"]["size"], 1);
    let states: Vec<&str> =
        instance["resources"].as_array().unwrap().iter().map(|resource| resource["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["applied", "waiting"]);
    assert_eq!(instance["resources"][0]["objects"][0]["metadata"]["name"], "x");
    assert_eq!(instance["resources"][1]["reasons"][0], "waits for \"a\" to be ready");
}

#[test]
fn what_is_observed_goes_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let observed = folder.path().join("o.yaml");
    std::fs::write(&observed, "{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: default}}").unwrap();
    let flag = observed.display().to_string();
    let printed = run(&["render", "--observed", &flag], &[GOOD, INSTANCE]).unwrap();
    assert!(printed.output.contains("wave 2, b: not ready: ConfigMap default/b is not there"), "{printed}");
    assert!(printed.output.contains("#   title: x"), "{printed}");
    let zero = INSTANCE.replace("{name: x}", "{name: x, size: 0}");
    let failed = run(&["render", "--observed", &flag], &[GOOD, &zero]).unwrap();
    assert!(
        failed.code == 1 && failed.output.contains("failed: ") && failed.output.contains("division by zero"),
        "{failed}"
    );
    let none = run(&["render"], &[GOOD]).unwrap();
    assert!(none.complaints.contains("no instance"), "{none}");
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let complaint = |content: &[u8]| {
        let path = folder.path().join("bad.yaml");
        std::fs::write(&path, content).unwrap();
        let Command::Validate(args) = Cli::parse_from(["cairn", "validate", &path.display().to_string()]).command
        else {
            panic!("no command")
        };
        // Threads of tokio and of tests have as much.
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let work = move || match validate(&args, false) {
            Ok(printed) => printed.to_string(),
            Err(error) => {
                format!("{error}: {}", std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default())
            }
        };
        thread.spawn(work).unwrap().join().unwrap()
    };
    for (content, part) in [
        (b"\xff\xfe\x00".to_vec(), "UTF-8"),
        ("[".repeat(200_000).into_bytes(), ""),
        ("- ".repeat(100_000).into_bytes(), ""),
        (format!("{}:", "{a: ".repeat(60)).into_bytes(), ""),
        (["a: &a [x]\n", &"b: [*a, *a\n".repeat(9)].concat().into_bytes(), ""),
    ] {
        let said = complaint(&content);
        assert!(said.contains("bad.yaml") && said.contains(part), "{}", said.chars().take(300).collect::<String>());
    }
}
