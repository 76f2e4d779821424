//! The chart as Helm takes it, and `cairn crds` beside it.

use std::process::Command;

use cairn::{
    cli::Cli,
    docs::{CHART, Source},
};
use cairn_e2e::{
    Error, Result,
    command::run,
    error::ensure,
    helm::NO_PODS,
    kubectl::Kubectl,
    operator::{Settings, up_to_date},
};
use clap::{CommandFactory, parser::ValueSource};
use serde::Deserialize;
use serde_json::{Deserializer, Value};

use crate::fixture::{Room, alone, bucket, bucket_name, in_cluster};

const CRD: &str = "customresourcedefinition/buckets.s3.aws.cairn.run";

#[test]
fn without_an_image_the_chart_says_how_to_build_one() -> Result<()> {
    in_cluster("no-image", |room| {
        let refusal = match room.stage.helm.template(&[]) {
            Err(Error::Command { output, .. }) => output,
            other => return Err(Error::Wrong(format!("not refused: {other:?}"))),
        };
        for line in ["docker build -t", "docker push"] {
            ensure(refusal.contains(line), || format!("{line:?} expected in: {refusal}"))?;
        }
        Ok(())
    })
}

#[test]
fn the_program_prints_the_definitions_of_the_chart() -> Result<()> {
    in_cluster("definitions", |room| {
        let kubectl = room.stage.kubectl()?;
        let suffix = ("aws.groupSuffix", "services.k8s.aws");
        for (values, arguments) in [(vec![], vec![]), (vec![suffix], vec!["--aws-group-suffix=services.k8s.aws"])] {
            let chart = room.stage.helm.template(&[NO_PODS.as_slice(), &values].concat())?;
            let printed = printed(room, &arguments)?;
            ensure(!printed.is_empty(), || "`cairn crds` prints nothing".into())?;
            let (chart, own) = (definitions(&kubectl, &chart)?, definitions(&kubectl, &printed)?);
            ensure(chart == own, || format!("the chart has\n{chart:?}\n`cairn crds` prints\n{own:?}"))?;
        }
        let stdin = ["apply", "--server-side", "--dry-run=server", "-f", "-"];
        room.kubectl.run_with(&stdin, &printed(room, &[])?).map(drop)
    })
}

/// A value for each flag that is not there for every installation.
const VALUES: [(&str, &str); 35] = [
    NO_PODS[0],
    NO_PODS[1],
    ("aws.region", "eu-west-1"),
    ("aws.endpointUrl", "http://aws.invalid"),
    ("aws.identityEndpointUrl", "https://sts.invalid"),
    ("aws.allowUnsafeEndpointUrls", "true"),
    ("aws.endpointUsePathStyle", "true"),
    ("aws.useFipsEndpoint", "true"),
    ("aws.useDualstackEndpoint", "true"),
    ("aws.groupSuffix", "services.k8s.aws"),
    ("graph.group", "kro.run"),
    ("graph.instanceGroup", "apps.example.com"),
    ("graph.enabled", "false"),
    ("secrets.enabled", "true"),
    ("graph.allowCrdDeletion", "true"),
    ("graph.maxRevisions", "9"),
    ("cluster.id", "here"),
    ("watchNamespaces", "{a,b}"),
    ("deletionPolicy", "retain"),
    ("fieldExport.enabled", "false"),
    ("enableCrossNamespace", "false"),
    ("adoption.namespaces", "{a}"),
    ("paused", "true"),
    ("resourceTags", "{a=b}"),
    ("costAllocation.labels", "{team}"),
    ("log.level", "debug"),
    ("log.format", "text"),
    ("reconcile.defaultResyncSeconds", "1000000"),
    ("reconcile.defaultMaxConcurrentSyncs", "3"),
    ("reconcile.resourceResyncSeconds.Bucket", "600"),
    ("reconcile.resourceMaxConcurrentSyncs.Bucket", "2"),
    ("httpClientTimeoutSeconds", "30"),
    ("leaderElection.leaseSeconds", "20"),
    ("metrics.port", "9090"),
    ("health.port", "9091"),
];

#[test]
fn every_flag_of_the_operator_has_a_value_in_the_chart() -> Result<()> {
    in_cluster("flags", |room| {
        let arguments = arguments(&room.stage.helm.template(&VALUES)?)?;
        let line = ["cairn".to_owned()].into_iter().chain(arguments.clone());
        let matches = Cli::command().try_get_matches_from(line).map_err(|error| Error::Wrong(error.to_string()))?;
        let (_, run) = matches.subcommand().ok_or_else(|| Error::Wrong(format!("no command in {arguments:?}")))?;
        for flag in run.ids().map(clap::Id::as_str).filter(|flag| !NO_VALUE.contains(flag)) {
            let given = run.value_source(flag) == Some(ValueSource::CommandLine);
            ensure(given, || format!("no value leads to {flag}: {arguments:?}"))?;
        }
        Ok(())
    })
}

/// What other values are refused without.
const NEEDED: [&str; 2] = ["aws.allowUnsafeEndpointUrls", "cluster.id"];

#[test]
fn the_page_of_flags_names_the_value_that_leads_to_each() -> Result<()> {
    in_cluster("values-of-flags", |room| {
        for (flag, source) in CHART {
            let Source::Value(value) = source else { continue };
            let is_it =
                |name: &str| name.strip_prefix(value).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            let needed = |name: &str| NO_PODS.iter().any(|(pods, _)| *pods == name) || NEEDED.contains(&name);
            let render = |wanted: &dyn Fn(&str) -> bool| {
                let values: Vec<_> = VALUES.into_iter().filter(|(name, _)| wanted(name)).collect();
                room.stage.helm.template(&values).and_then(|manifest| arguments(&manifest))
            };
            let before = render(&|name| needed(name) && !is_it(name))?;
            let after = render(&|name| needed(name) || is_it(name))?;
            let added: Vec<_> = after.iter().filter(|argument| !before.contains(argument)).collect();
            let name = |argument: &str| argument.split('=').next() == Some(&format!("--{flag}"));
            ensure(matches!(added.as_slice(), [one] if name(one)), || {
                format!("{value} leads to {added:?}, not to --{flag}")
            })?;
        }
        Ok(())
    })
}

/// The name of the pod, which is in the environment, and clap's own names of groups of flags.
const NO_VALUE: [&str; 3] = ["identity", "GroupArgs", "RunArgs"];

/// The arguments of the operator's container.
fn arguments(manifest: &str) -> Result<Vec<String>> {
    let wrong = |what: &str| Error::Wrong(format!("{what} in {manifest}"));
    let objects = serde_yaml::Deserializer::from_str(manifest).map(Value::deserialize);
    let objects = objects.collect::<Result<Vec<_>, _>>().map_err(|error| wrong(&error.to_string()))?;
    let deployment =
        objects.iter().find(|object| object["kind"] == "Deployment").ok_or_else(|| wrong("no Deployment"))?;
    let arguments = deployment["spec"]["template"]["spec"]["containers"][0]["args"].clone();
    Vec::<String>::deserialize(arguments).map_err(|error| wrong(&error.to_string()))
}

fn printed(room: &Room, arguments: &[&str]) -> Result<String> {
    run(Command::new(up_to_date(&room.stage.progress)?).arg("crds").args(arguments), None)
}

/// The definitions in a manifest, as the client reads them.
fn definitions(kubectl: &Kubectl, manifest: &str) -> Result<Vec<Value>> {
    let json =
        kubectl.run_with(&["create", "--dry-run=client", "--validate=false", "--output=json", "-f", "-"], manifest)?;
    let objects = Deserializer::from_str(&json).into_iter::<Value>().collect::<Result<Vec<_>, _>>();
    let objects = objects.map_err(|error| Error::Wrong(format!("kubectl printed no JSON: {error}")))?;
    let lists = objects.iter().flat_map(|object| object["items"].as_array().cloned().unwrap_or_default());
    let all = objects.iter().cloned().chain(lists).filter(|object| object["kind"] == "CustomResourceDefinition");
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|definition| definition["metadata"]["name"].to_string());
    Ok(all)
}

#[test]
fn uninstalling_leaves_definitions_and_objects_and_installing_again_goes_on_with_them() -> Result<()> {
    alone("uninstalled", |room| {
        let mut operator = room.stage.operator(&Settings::default())?;
        let name = bucket_name();
        room.kubectl.apply(&bucket("stays", &name, ""))?;
        room.ready("stays").map_err(|error| error.with(operator.tail()))?;
        operator.terminate()?;
        let (before, defined) = (room.kubectl.get(&["bucket/stays"])?, room.kubectl.get(&[CRD])?);
        room.stage.helm.uninstall()?;
        ensure(room.kubectl.get(&["bucket/stays"])? == before, || "uninstalling changed the object".into())?;
        ensure(room.kubectl.get(&[CRD])?["spec"] == defined["spec"], || "uninstalling changed the definition".into())?;
        ensure(room.s3().exists(&name)?, || "uninstalling deleted the bucket".into())?;
        without_an_image_nothing_is_installed(room)?;
        room.stage.install(&[])?;
        let operator = room.stage.operator(&Settings::default())?;
        room.delete("stays").map_err(|error| error.with(operator.tail()))?;
        ensure(!room.s3().exists(&name)?, || "the object is gone, the bucket is not".into())
    })
}

fn without_an_image_nothing_is_installed(room: &Room) -> Result<()> {
    match room.stage.helm.install(&[]) {
        Err(Error::Command { output, .. }) if output.contains("docker push") => Ok(()),
        other => Err(Error::Wrong(format!("an installation without an image: {other:?}"))),
    }
}

#[test]
fn under_the_names_of_ack_the_same_manifest_works_in_acks_group() -> Result<()> {
    alone("ack", |room| {
        room.stage.install(&[("aws.groupSuffix", "services.k8s.aws")])?;
        let operator = room.stage.operator(&Settings::default())?;
        let name = bucket_name();
        let ours = bucket("acks", &name, "  tagging: {tagSet: [{key: a, value: b}]}");
        room.kubectl.apply(&ours.replace("s3.aws.cairn.run", "s3.services.k8s.aws"))?;
        in_acks_group(room, &name).map_err(|error| error.with(operator.tail()))
    })
}

fn in_acks_group(room: &Room, name: &str) -> Result<()> {
    let object = "buckets.s3.services.k8s.aws/acks";
    room.kubectl.until_condition(object, "Ready", "True", crate::fixture::SOON)?;
    let finalizers = room.kubectl.get(&[object])?["metadata"]["finalizers"].to_string();
    ensure(finalizers == "[\"finalizers.s3.services.k8s.aws/Bucket\"]", || format!("finalizers: {finalizers}"))?;
    ensure(room.s3().tags(name)?.contains_key("cairn.run/owner"), || "no tag names the owner".into())?;
    room.kubectl.run(&["delete", "--wait=false", object])?;
    room.kubectl.until_gone(object, crate::fixture::SOON)?;
    ensure(!room.s3().exists(name)?, || "the object is gone, the bucket is not".into())
}

#[test]
fn an_operator_for_one_namespace_needs_no_right_outside_it() -> Result<()> {
    alone("roles", |room| {
        room.stage.install(&[("watchNamespaces", &format!("{{{}}}", room.namespace)), ("cluster.id", "here")])?;
        let bound = room.stage.kubectl()?.run(&["get", "clusterrolebindings", "--output=name"])?;
        ensure(!bound.contains("cairn"), || format!("bound for the whole cluster: {bound}"))?;
        let operator = room.stage.operator(&Settings::default())?;
        in_one_namespace(room).map_err(|error| error.with(operator.tail()))
    })
}

fn in_one_namespace(room: &Room) -> Result<()> {
    let (inside, outside) = (bucket_name(), bucket_name());
    let elsewhere = room.stage.kubectl()?.in_namespace("default");
    elsewhere.apply(&bucket("outside", &outside, ""))?;
    room.kubectl.apply(&bucket("inside", &inside, ""))?;
    room.ready("inside")?;
    ensure(!room.s3().exists(&outside)?, || "a bucket was made for a namespace that is not watched".into())?;
    ensure(elsewhere.get(&["bucket/outside"])?["status"].is_null(), || "another namespace's object was written".into())
}
