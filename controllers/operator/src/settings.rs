//! The command line, checked: from here on every setting is right in form.

mod endpoints;

use std::time::Duration;

use cairn_core::{
    adoption::Allowed, default_tags::DefaultTags, deletion, grant::CrossNamespace, schedule::Period, scope::Region,
};
use cairn_crds::{Groups, managed};

use crate::cli::{InvalidInstanceGroup, LogFormat, PerKind, RunArgs};

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A group name that Kubernetes would refuse.
    #[error(transparent)]
    Group(#[from] cairn_crds::InvalidGroup),
    /// A group that no kind of a definition can have.
    #[error(transparent)]
    InstanceGroup(#[from] InvalidInstanceGroup),
    /// A region that looks like none.
    #[error("--aws-region: {0}")]
    Region(String),
    /// A default tag that is none.
    #[error("--resource-tags: {0}")]
    Tags(String),
    /// An endpoint that is not encrypted, or no URL.
    #[error("{flag}: {why}")]
    Endpoint {
        /// The flag.
        flag: &'static str,
        /// What is wrong.
        why: String,
    },
    /// A setting for a kind that there is not.
    #[error("{flag}: there is no kind `{kind}`; kinds are {known}")]
    Kind {
        /// The flag.
        flag: &'static str,
        /// The kind as given.
        kind: String,
        /// The kinds that there are.
        known: String,
    },
}

/// A reconcile is given up before this.
const LONGEST_READ: Duration = Duration::from_mins(2);

/// What `cairn run` does.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Settings {
    /// Group names.
    pub groups: Groups,
    /// AWS region of objects that name none.
    pub region: Option<String>,
    /// Endpoint of every AWS service.
    pub endpoint: Option<String>,
    /// Endpoint of STS.
    pub identity_endpoint: Option<String>,
    /// Bucket names go into the path.
    pub path_style: bool,
    /// Endpoints are those validated for FIPS 140.
    pub use_fips: bool,
    /// Endpoints are those with IPv6 addresses too.
    pub use_dual_stack: bool,
    /// How long one read may take.
    pub read_timeout: Duration,
    /// Id of the cluster.
    pub cluster_id: Option<String>,
    /// What becomes of the resource of a deleted object that does not say.
    pub deletion: deletion::Policy,
    /// The namespaces whose objects may take over resources.
    pub adoption: Allowed,
    /// Tags that every resource is given.
    pub tags: DefaultTags,
    /// Nothing is done in AWS but what deleting objects asks for.
    pub paused: bool,
    /// Values are exported as `FieldExport`s say.
    pub field_exports: bool,
    /// Definitions of graphs and their instances are looked after.
    pub composition: bool,
    /// The group of the kinds of definitions that name none.
    pub instance_group: String,
    /// The kind of a definition goes with it.
    pub allow_crd_deletion: bool,
    /// How many revisions of a definition are kept.
    pub max_revisions: usize,
    /// What it takes to reach into another namespace.
    pub cross_namespace: CrossNamespace,
    /// Secrets that objects refer to are read.
    pub secrets: bool,
    /// Namespaces to watch; all when empty.
    pub namespaces: Vec<String>,
    /// Filter of log lines.
    pub log_level: String,
    /// Form of log lines.
    pub log_format: LogFormat,
    /// Where metrics are served.
    pub metrics_address: String,
    /// Where probes are answered.
    pub health_address: String,
    /// Namespace of the lease.
    pub lease_namespace: Option<String>,
    /// For how long a renewal of the lease is good.
    pub lease: Duration,
    /// Name of the process.
    pub identity: Option<String>,
    resync: PerKindOr,
    concurrency: PerKindOr,
}

#[derive(Clone, Debug)]
struct PerKindOr {
    default: u32,
    kinds: Vec<PerKind>,
}

impl PerKindOr {
    fn of(&self, kind: &str) -> u32 {
        self.kinds.iter().rev().find(|setting| setting.kind == kind).map_or(self.default, |setting| setting.number)
    }
}

impl Settings {
    /// Checks the flags.
    ///
    /// # Errors
    /// [`SettingsError`] names the flag.
    pub fn new(args: RunArgs) -> Result<Self, SettingsError> {
        endpoints::check(&args)?;
        let tags = tags(&args)?;
        let region = given(args.aws_region);
        if let Some(region) = &region {
            Region::parse(region).map_err(SettingsError::Region)?;
        }
        check_kinds("--reconcile-resource-resync-seconds", &args.reconcile_resource_resync_seconds)?;
        check_kinds("--reconcile-resource-max-concurrent-syncs", &args.reconcile_resource_max_concurrent_syncs)?;
        let groups = args.groups.groups()?;
        Ok(Self {
            cross_namespace: cross_namespace(args.enable_cross_namespace, &groups),
            field_exports: args.enable_field_export_reconciler,
            composition: args.enable_composition && !watches_some(&args.watch_namespace),
            instance_group: args.instance_group.instance_group(&groups)?,
            allow_crd_deletion: args.allow_crd_deletion,
            max_revisions: usize::try_from(args.rgd_max_graph_revisions).unwrap_or(usize::MAX),
            secrets: args.enable_secrets,
            region,
            endpoint: given(args.aws_endpoint_url),
            identity_endpoint: given(args.aws_identity_endpoint_url),
            path_style: args.aws_endpoint_use_path_style,
            use_fips: args.aws_use_fips_endpoint,
            use_dual_stack: args.aws_use_dualstack_endpoint,
            read_timeout: Some(args.http_client_timeout).filter(|timeout| !timeout.is_zero()).unwrap_or(LONGEST_READ),
            cluster_id: given(args.cluster_id),
            deletion: args.deletion_policy,
            paused: args.paused,
            tags,
            adoption: adoption(&args.adoption_namespaces, &groups),
            groups,
            namespaces: args.watch_namespace.into_iter().filter(|namespace| !namespace.is_empty()).collect(),
            log_level: args.log_level,
            log_format: args.log_format,
            metrics_address: args.metrics_addr,
            health_address: args.healthz_addr,
            lease_namespace: given(args.leader_election_namespace),
            lease: Duration::from_secs(args.leader_election_lease_seconds.into()),
            identity: given(args.identity),
            resync: PerKindOr {
                default: args.reconcile_default_resync_seconds,
                kinds: args.reconcile_resource_resync_seconds,
            },
            concurrency: PerKindOr {
                default: args.reconcile_default_max_concurrent_syncs,
                kinds: args.reconcile_resource_max_concurrent_syncs,
            },
        })
    }

    /// How often objects of a kind are checked against AWS.
    #[must_use]
    pub fn period(&self, kind: &str) -> Period {
        Period::from_seconds(self.resync.of(kind))
    }

    /// How many objects of a kind are worked on at once.
    #[must_use]
    pub fn concurrency(&self, kind: &str) -> usize {
        usize::try_from(self.concurrency.of(kind)).unwrap_or(usize::MAX)
    }

    /// How long one mutation may take: half a lease, so that a claim that is renewed in time always covers it.
    #[must_use]
    pub fn mutation_timeout(&self) -> Duration {
        self.lease / 2
    }
}

/// Whether the operator works in some namespaces only.
fn watches_some(namespaces: &[String]) -> bool {
    namespaces.iter().any(|namespace| !namespace.is_empty())
}

/// An empty value, as charts render it, is none.
fn given(value: Option<String>) -> Option<String> {
    value.filter(|value| !value.is_empty())
}

/// The tags that ACK gives by default; they are the default under its group suffix alone.
const ACK_TAGS: [&str; 2] = [
    "services.k8s.aws/controller-version=%CONTROLLER_SERVICE%-%CONTROLLER_VERSION%",
    "services.k8s.aws/namespace=%K8S_NAMESPACE%",
];

fn tags(args: &RunArgs) -> Result<DefaultTags, SettingsError> {
    let like_ack = args.resource_tags.is_empty() && args.groups.groups()?.is_ack();
    let tags = if like_ack { ACK_TAGS.map(Into::into).to_vec() } else { args.resource_tags.clone() };
    DefaultTags::parse(&tags, &args.cost_allocation_labels).map_err(SettingsError::Tags)
}

/// What the flag says; without it as with ACK under its names, and by grant under ours.
fn cross_namespace(free: Option<bool>, groups: &Groups) -> CrossNamespace {
    if free.unwrap_or_else(|| groups.is_ack()) { CrossNamespace::Free } else { CrossNamespace::ByGrant }
}

/// Without the flag ACK's habits decide: there every object may adopt.
fn adoption(namespaces: &[String], groups: &Groups) -> Allowed {
    match namespaces {
        [] if groups.is_ack() => Allowed::Everywhere,
        namespaces => Allowed::from_list(namespaces),
    }
}

fn check_kinds(flag: &'static str, settings: &[PerKind]) -> Result<(), SettingsError> {
    let known = || managed().map(|kind| kind.kind);
    match settings.iter().find(|setting| known().all(|kind| kind != setting.kind)) {
        None => Ok(()),
        Some(setting) => {
            Err(SettingsError::Kind { flag, kind: setting.kind.clone(), known: known().collect::<Vec<_>>().join(", ") })
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    pub(super) fn settings(flags: &[&str]) -> Result<Settings, SettingsError> {
        let cli = Cli::try_parse_from(["cairn", "run"].iter().chain(flags)).unwrap();
        let Command::Run(args) = cli.command else { panic!("not run") };
        Settings::new(*args)
    }

    #[test]
    fn a_kinds_own_setting_goes_before_the_default() {
        let flags = ["--reconcile-default-resync-seconds=60", "--reconcile-resource-max-concurrent-syncs=Bucket=3"];
        let settings = settings(&flags).unwrap();
        assert_eq!(settings.period("Bucket"), Period::Fixed(60));
        assert_eq!(settings.concurrency("Bucket"), 3);
        assert_eq!(settings.concurrency("Other"), 16);
    }

    #[test]
    fn other_namespaces_are_open_under_acks_names_unless_it_is_said() {
        let open = |flags: &[&str]| settings(flags).unwrap().cross_namespace == CrossNamespace::Free;
        assert!(!open(&[]) && open(&["--aws-group-suffix=services.k8s.aws"]));
        assert!(open(&["--enable-cross-namespace"]) && open(&["--enable-cross-namespace=true"]));
        assert!(!open(&["--aws-group-suffix=services.k8s.aws", "--enable-cross-namespace=false"]));
    }

    #[test]
    fn bad_settings_name_the_flag() {
        let cases = [
            ("--aws-region=Ireland", "--aws-region"),
            ("--aws-endpoint-url=http://x", "--allow-unsafe-aws-endpoint-urls"),
            ("--aws-identity-endpoint-url=x", "--aws-identity-endpoint-url"),
            ("--reconcile-resource-resync-seconds=Nothing=3", "Nothing"),
            ("--aws-group-suffix=nodots", "nodots"),
        ];
        for (flag, named) in cases {
            let error = settings(&[flag]).unwrap_err().to_string();
            assert!(error.contains(named), "{flag}: {error}");
        }
    }

    #[test]
    fn definitions_are_of_the_whole_cluster() {
        assert!(settings(&[]).unwrap().composition && settings(&["--watch-namespace="]).unwrap().composition);
        assert!(!settings(&["--watch-namespace=a"]).unwrap().composition);
        assert!(!settings(&["--enable-composition=false"]).unwrap().composition);
    }

    #[test]
    fn instances_have_the_group_of_definitions_or_one_of_their_own() {
        let group = |args: &[&str]| settings(args).map(|settings| settings.instance_group);
        assert_eq!(group(&["--graph-group=graphs.example.com"]).unwrap(), "graphs.example.com");
        assert_eq!(group(&["--graph-instance-group="]).unwrap(), "cairn.run");
        assert_eq!(group(&["--graph-instance-group=apps.example.com"]).unwrap(), "apps.example.com");
        for (wrong, why) in [
            ("apps", "no group name"),
            ("internal.cairn.run", "belongs to the operator"),
            ("s3.aws.cairn.run", "belongs"),
        ] {
            let error = group(&[&format!("--graph-instance-group={wrong}")]).unwrap_err().to_string();
            assert!(error.starts_with("--graph-instance-group: ") && error.contains(why), "{error}");
        }
    }

    #[test]
    fn an_empty_setting_is_none() {
        let settings =
            settings(&["--aws-region=", "--aws-endpoint-url=", "--watch-namespace=", "--cluster-id="]).unwrap();
        assert_eq!((settings.region, settings.endpoint, settings.cluster_id), (None, None, None));
        assert!(settings.namespaces.is_empty());
    }
}
