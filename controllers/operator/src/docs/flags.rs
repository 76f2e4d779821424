//! `docs/flags.md`.

use clap::{Arg, CommandFactory};

use super::markdown::{code, plain, table};
use crate::cli::Cli;

/// Where the chart takes a flag from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A value of the chart.
    Value(&'static str),
    /// Something that there is nothing to choose about.
    Fixed(&'static str),
}

/// Every flag of `cairn run`, and where the chart takes it from.
pub const CHART: &[(&str, Source)] = &[
    ("aws-group-suffix", Source::Value("aws.groupSuffix")),
    ("graph-group", Source::Value("graph.group")),
    ("aws-region", Source::Value("aws.region")),
    ("aws-endpoint-url", Source::Value("aws.endpointUrl")),
    ("aws-identity-endpoint-url", Source::Value("aws.identityEndpointUrl")),
    ("allow-unsafe-aws-endpoint-urls", Source::Value("aws.allowUnsafeEndpointUrls")),
    ("aws-endpoint-use-path-style", Source::Value("aws.endpointUsePathStyle")),
    ("aws-use-fips-endpoint", Source::Value("aws.useFipsEndpoint")),
    ("aws-use-dualstack-endpoint", Source::Value("aws.useDualstackEndpoint")),
    ("http-client-timeout", Source::Value("httpClientTimeoutSeconds")),
    ("cluster-id", Source::Value("cluster.id")),
    ("deletion-policy", Source::Value("deletionPolicy")),
    ("paused", Source::Value("paused")),
    ("adoption-namespaces", Source::Value("adoption.namespaces")),
    ("resource-tags", Source::Value("resourceTags")),
    ("cost-allocation-labels", Source::Value("costAllocation.labels")),
    ("enable-field-export-reconciler", Source::Value("fieldExport.enabled")),
    ("enable-composition", Source::Value("graph.enabled")),
    ("graph-instance-group", Source::Value("graph.instanceGroup")),
    ("allow-crd-deletion", Source::Value("graph.allowCrdDeletion")),
    ("rgd-max-graph-revisions", Source::Value("graph.maxRevisions")),
    ("enable-cross-namespace", Source::Value("enableCrossNamespace")),
    ("enable-secrets", Source::Value("secrets.enabled")),
    ("watch-namespace", Source::Value("watchNamespaces")),
    ("log-level", Source::Value("log.level")),
    ("log-format", Source::Value("log.format")),
    ("metrics-addr", Source::Value("metrics.port")),
    ("healthz-addr", Source::Value("health.port")),
    ("reconcile-default-resync-seconds", Source::Value("reconcile.defaultResyncSeconds")),
    ("reconcile-resource-resync-seconds", Source::Value("reconcile.resourceResyncSeconds")),
    ("reconcile-default-max-concurrent-syncs", Source::Value("reconcile.defaultMaxConcurrentSyncs")),
    ("reconcile-resource-max-concurrent-syncs", Source::Value("reconcile.resourceMaxConcurrentSyncs")),
    ("leader-election-namespace", Source::Fixed("the namespace of the release")),
    ("leader-election-lease-seconds", Source::Value("leaderElection.leaseSeconds")),
    ("identity", Source::Fixed("the name of the pod")),
];

/// The flags of ACK's controllers, and what takes the place of each where Cairn has none of that name.
const ACK: &[(&str, &str)] = &[
    ("aws-region", ""),
    ("aws-endpoint-url", ""),
    ("aws-identity-endpoint-url", ""),
    ("allow-unsafe-aws-endpoint-urls", ""),
    ("aws-endpoint-use-path-style", ""),
    ("http-client-timeout", ""),
    ("metrics-addr", ""),
    ("healthz-addr", ""),
    ("enable-webhook-server", "there is no webhook, and nothing to convert"),
    ("webhook-server-addr", "there is no webhook, and nothing to convert"),
    ("enable-leader-election", "always: a lease decides who acts, also for a single process"),
    ("leader-election-namespace", ""),
    ("enable-field-export-reconciler", ""),
    ("enable-carm", "not needed: the annotation `owner-account-id` asks for it"),
    ("enable-cross-namespace", ""),
    ("enable-development-logging", "`--log-format=text`"),
    ("log-level", ""),
    ("resource-tags", ""),
    ("watch-namespace", ""),
    ("watch-selectors", "not offered"),
    ("deletion-policy", ""),
    ("reconcile-default-resync-seconds", ""),
    ("reconcile-resource-resync-seconds", ""),
    ("reconcile-default-max-concurrent-syncs", ""),
    ("reconcile-resource-max-concurrent-syncs", ""),
    ("reconcile-resources", "all kinds are served"),
    ("feature-gates", "nothing is behind a gate"),
];

const INTRODUCTION: &str = "\
# Flags

The flags of `cairn run`. Each can be given by its environment variable as well; the flag goes before. The chart gives
them from its values. Flags that ACK's controllers have carry ACK's names and mean what they mean there.

";

const ABSENT: &str = "
## Flags of ACK that Cairn does not have

";

/// The flags of `cairn run`, in the order of its help.
pub(super) fn of_run() -> Vec<Arg> {
    let all = Cli::command();
    let run = all.find_subcommand("run").into_iter().flat_map(clap::Command::get_arguments);
    run.filter(|flag| !["help", "version"].contains(&flag.get_id().as_str())).cloned().collect()
}

pub(super) fn page(flags: &[Arg]) -> String {
    let head = ["flag", "environment variable", "value of the chart", "default", "meaning", "in ACK"];
    let absent = ACK.iter().filter(|(name, _)| flags.iter().all(|flag| flag.get_long() != Some(name)));
    let absent = absent.map(|(name, instead)| [code(&format!("--{name}")), (*instead).to_owned()]);
    format!("{INTRODUCTION}{}{ABSENT}{}", table(head, flags.iter().map(row)), table(["flag", "instead"], absent))
}

fn row(flag: &Arg) -> [String; 6] {
    let name = flag.get_long().unwrap_or_default();
    let env = flag.get_env().unwrap_or_default().to_string_lossy();
    let in_ack = if ACK.iter().any(|(known, _)| *known == name) { "yes" } else { "no" };
    let help = flag.get_help().map(ToString::to_string).unwrap_or_default();
    [code(&typed(flag, name)), code(&env), source(name), default(flag), format!("{}.", plain(&help)), in_ack.to_owned()]
}

/// The flag with the value that it takes, if any.
fn typed(flag: &Arg, name: &str) -> String {
    let value = flag.get_value_names().and_then(<[_]>::first).filter(|_| flag.get_action().takes_values());
    value.map_or_else(|| format!("--{name}"), |value| format!("--{name}={value}"))
}

fn source(name: &str) -> String {
    match CHART.iter().find(|(flag, _)| *flag == name) {
        Some((_, Source::Value(path))) => code(path),
        Some((_, Source::Fixed(what))) => (*what).to_owned(),
        None => String::new(),
    }
}

fn default(flag: &Arg) -> String {
    let values = flag.get_default_values().iter().map(|value| value.to_string_lossy()).collect::<Vec<_>>();
    if flag.get_action().takes_values() { code(&values.join(",")) } else { "off".to_owned() }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    fn names() -> BTreeSet<String> {
        of_run().iter().filter_map(|flag| flag.get_long().map(str::to_owned)).collect()
    }

    #[test]
    fn the_chart_gives_every_flag_and_no_other() {
        let given: BTreeSet<_> = CHART.iter().map(|(flag, _)| (*flag).to_owned()).collect();
        assert_eq!(given, names());
        assert_eq!(given.len(), CHART.len());
    }

    #[test]
    fn the_values_are_those_of_the_chart() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../charts/cairn/values.yaml");
        let values: serde_json::Value = serde_yaml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        for (flag, source) in CHART {
            let Source::Value(path) = source else { continue };
            assert!(values.pointer(&format!("/{}", path.replace('.', "/"))).is_some(), "--{flag}: no value {path}");
        }
    }

    #[test]
    fn a_flag_of_acks_that_is_not_here_has_something_instead_and_any_other_has_nothing() {
        for (flag, instead) in ACK {
            assert!(names().contains(*flag) || !instead.is_empty(), "--{flag}");
        }
    }
}
