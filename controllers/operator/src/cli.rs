//! The command line. Flags that ACK's controllers have carry ACK's names.

mod instance_group;

use cairn_core::deletion::Policy;
use cairn_crds::{Groups, InvalidGroup};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::graphs::{RenderArgs, ValidateArgs};
pub use instance_group::{InstanceGroupArgs, InvalidInstanceGroup};

/// AWS resources as Kubernetes objects.
#[derive(Debug, Parser)]
#[command(name = "cairn", version, about, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the controllers.
    Run(Box<RunArgs>),
    /// Print the custom resource definitions, for `kubectl apply --server-side -f -`.
    Crds(GroupArgs),
    /// Check resource graph definitions, and instances of them, before anything is applied.
    Validate(ValidateArgs),
    /// Print what would be applied for instances of resource graph definitions, and what each resource waits for.
    Render(RenderArgs),
    /// What the operator needs in AWS
    #[command(subcommand)]
    Iam(Iam),
}

/// What the operator needs in AWS.
#[derive(Debug, Subcommand)]
pub enum Iam {
    /// Print the policy that the operator's role needs, as JSON
    Policy(PolicyArgs),
}

/// Flags of `cairn iam policy`.
#[derive(Clone, Debug, Args)]
pub struct PolicyArgs {
    /// Kinds, separated by commas; all when empty
    #[arg(long, env = "CAIRN_KINDS", value_name = "KINDS", value_delimiter = ',')]
    pub kinds: Vec<String>,
    /// AWS partition: aws, aws-cn, aws-us-gov, …
    #[arg(long, env = "CAIRN_AWS_PARTITION", value_name = "PARTITION", default_value = "aws")]
    pub partition: String,
}

/// The names from which every group, label, annotation and finalizer derives.
#[derive(Clone, Debug, Args)]
pub struct GroupArgs {
    /// What the groups of all AWS services end in; `services.k8s.aws` takes over from ACK
    #[arg(long, env = "CAIRN_AWS_GROUP_SUFFIX", value_name = "SUFFIX", default_value = Groups::DEFAULT_AWS_SUFFIX)]
    pub aws_group_suffix: String,
    /// The group of definitions; `kro.run` takes over from kro
    #[arg(long, env = "CAIRN_GRAPH_GROUP", value_name = "GROUP", default_value = Groups::DEFAULT_GRAPH)]
    pub graph_group: String,
}

impl GroupArgs {
    /// The checked names.
    ///
    /// # Errors
    /// When one of them is no group name.
    pub fn groups(&self) -> Result<Groups, InvalidGroup> {
        Groups::new(&self.aws_group_suffix, &self.graph_group)
    }
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For reading.
    Text,
}

/// A setting for one kind: `Kind=number`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerKind {
    /// The kind, for example `Bucket`.
    pub kind: String,
    /// The number.
    pub number: u32,
}

impl std::str::FromStr for PerKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, number) = text.split_once('=').ok_or("expected Kind=number, for example Bucket=3600")?;
        let number = number.parse().map_err(|_| format!("`{number}` is no whole number"))?;
        Ok(Self { kind: kind.into(), number })
    }
}

/// Flags of `cairn run`.
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct RunArgs {
    /// Group names.
    #[command(flatten)]
    pub groups: GroupArgs,
    /// AWS region of objects that name none
    #[arg(long, env = "AWS_REGION", value_name = "REGION")]
    pub aws_region: Option<String>,
    /// Endpoint of every AWS service instead of AWS's own
    #[arg(long, env = "CAIRN_AWS_ENDPOINT_URL", value_name = "URL")]
    pub aws_endpoint_url: Option<String>,
    /// Endpoint of STS alone
    #[arg(long, env = "CAIRN_AWS_IDENTITY_ENDPOINT_URL", value_name = "URL")]
    pub aws_identity_endpoint_url: Option<String>,
    /// Permit endpoints that are not encrypted (http://)
    #[arg(long, env = "CAIRN_ALLOW_UNSAFE_AWS_ENDPOINT_URLS")]
    pub allow_unsafe_aws_endpoint_urls: bool,
    /// Put the bucket's name into the path of S3 requests, for endpoints without a host name for each bucket
    #[arg(long, env = "CAIRN_AWS_ENDPOINT_USE_PATH_STYLE")]
    pub aws_endpoint_use_path_style: bool,
    /// Use the AWS endpoints that are validated for FIPS 140
    #[arg(long, env = "AWS_USE_FIPS_ENDPOINT")]
    pub aws_use_fips_endpoint: bool,
    /// Use the AWS endpoints that have IPv6 addresses too
    #[arg(long, env = "AWS_USE_DUALSTACK_ENDPOINT")]
    pub aws_use_dualstack_endpoint: bool,
    /// How long one read from AWS may take with its retries, for example 60s; 0: as long as a reconcile
    #[arg(long, env = "CAIRN_HTTP_CLIENT_TIMEOUT", value_name = "DURATION", default_value = "60s", value_parser = seconds)]
    pub http_client_timeout: std::time::Duration,
    /// Id of this cluster in the tags that say who owns a resource; by default the UID of the namespace kube-system
    #[arg(long, env = "CAIRN_CLUSTER_ID", value_name = "ID")]
    pub cluster_id: Option<String>,
    /// What becomes of a resource when its object is deleted: delete or retain. The object's annotation
    /// deletion-policy goes before
    #[arg(long, env = "CAIRN_DELETION_POLICY", value_name = "POLICY", default_value = "delete")]
    pub deletion_policy: Policy,
    /// Tags for every resource, as key=value, separated by commas. Values may hold `%K8S_NAMESPACE%`,
    /// `%K8S_RESOURCE_NAME%`, `%K8S_RESOURCE_KIND%`, `%CONTROLLER_SERVICE%`, `%CONTROLLER_VERSION%`, `%MANAGED_BY%` and
    /// `%KRO_VERSION%`. By default none, and ACK's under its group suffix
    #[arg(long, env = "CAIRN_RESOURCE_TAGS", value_name = "TAGS", value_delimiter = ',')]
    pub resource_tags: Vec<String>,
    /// Labels of objects, or else of their namespaces, that become tags of the same key, separated by commas
    #[arg(long, env = "CAIRN_COST_ALLOCATION_LABELS", value_name = "LABELS", value_delimiter = ',')]
    pub cost_allocation_labels: Vec<String>,
    /// Hold back every change in AWS, and show in the status of each object what is to be done; deleted objects still go
    #[arg(long, env = "CAIRN_PAUSED")]
    pub paused: bool,
    /// Namespaces whose objects may adopt resources that are in AWS already, separated by commas; * for all. By default
    /// none, and all under ACK's group suffix
    #[arg(long, env = "CAIRN_ADOPTION_NAMESPACES", value_name = "NAMESPACES", value_delimiter = ',')]
    pub adoption_namespaces: Vec<String>,
    /// Write values of AWS resources into config maps and secrets, as field exports say
    #[arg(long, env = "CAIRN_ENABLE_FIELD_EXPORT_RECONCILER", value_name = "BOOLEAN", default_value_t = true,
          action = ArgAction::Set, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub enable_field_export_reconciler: bool,
    /// Look after resource graph definitions and their instances. Not together with --watch-namespace: definitions are
    /// of the whole cluster
    #[arg(long, env = "CAIRN_ENABLE_COMPOSITION", value_name = "BOOLEAN", default_value_t = true,
          action = ArgAction::Set, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub enable_composition: bool,
    /// The group of the kinds that definitions make.
    #[command(flatten)]
    pub instance_group: InstanceGroupArgs,
    /// Delete the kind that a resource graph definition makes with the definition
    #[arg(long, env = "CAIRN_ALLOW_CRD_DELETION", value_name = "BOOLEAN", default_value_t = false,
          action = ArgAction::Set, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub allow_crd_deletion: bool,
    /// How many revisions of a resource graph definition are kept
    #[arg(long, env = "CAIRN_RGD_MAX_GRAPH_REVISIONS", value_name = "NUMBER", default_value_t = 5,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub rgd_max_graph_revisions: u32,
    /// Let objects reach into other namespaces that do not permit it by an `AWSReferenceGrant`. By default not, and under
    /// ACK's group suffix they may
    #[arg(long, env = "CAIRN_ENABLE_CROSS_NAMESPACE", value_name = "BOOLEAN", action = ArgAction::Set,
          num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub enable_cross_namespace: Option<bool>,
    /// Read the secrets that objects refer to; without it such objects say so
    #[arg(long, env = "CAIRN_ENABLE_SECRETS", value_name = "BOOLEAN", default_value_t = false,
          action = ArgAction::Set, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub enable_secrets: bool,
    /// Namespaces to watch, separated by commas; all when empty
    #[arg(long, env = "CAIRN_WATCH_NAMESPACE", value_name = "NAMESPACES", value_delimiter = ',')]
    pub watch_namespace: Vec<String>,
    /// Least severe level that is logged: error, warn, info, debug, trace, or a filter such as `info,cairn_runtime=debug`
    #[arg(long, env = "CAIRN_LOG_LEVEL", value_name = "LEVEL", default_value = "info")]
    pub log_level: String,
    /// Form of log lines
    #[arg(long, env = "CAIRN_LOG_FORMAT", value_enum, default_value_t = LogFormat::Json)]
    pub log_format: LogFormat,
    /// Where metrics are served; 0 for nowhere
    #[arg(long, env = "CAIRN_METRICS_ADDR", value_name = "ADDRESS", default_value = "[::]:8080")]
    pub metrics_addr: String,
    /// Where /healthz and /readyz are served; 0 for nowhere
    #[arg(long, env = "CAIRN_HEALTHZ_ADDR", value_name = "ADDRESS", default_value = "[::]:8081")]
    pub healthz_addr: String,
    /// Seconds between checks of an object against AWS; 0: one hour after a change, doubling up to a day
    #[arg(long, env = "CAIRN_RECONCILE_DEFAULT_RESYNC_SECONDS", value_name = "SECONDS", default_value_t = 0)]
    pub reconcile_default_resync_seconds: u32,
    /// The same for one kind: Kind=seconds; may be given several times
    #[arg(long, env = "CAIRN_RECONCILE_RESOURCE_RESYNC_SECONDS", value_name = "KIND=SECONDS", value_delimiter = ',')]
    pub reconcile_resource_resync_seconds: Vec<PerKind>,
    /// How many objects of a kind are worked on at once; those of one namespace take three quarters of that at most
    #[arg(long, env = "CAIRN_RECONCILE_DEFAULT_MAX_CONCURRENT_SYNCS", value_name = "NUMBER", default_value_t = 16,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub reconcile_default_max_concurrent_syncs: u32,
    /// The same for one kind: Kind=number; may be given several times
    #[arg(
        long,
        env = "CAIRN_RECONCILE_RESOURCE_MAX_CONCURRENT_SYNCS",
        value_name = "KIND=NUMBER",
        value_delimiter = ','
    )]
    pub reconcile_resource_max_concurrent_syncs: Vec<PerKind>,
    /// Namespace of the lease by which one process at a time acts; by default the one that the process runs in
    #[arg(long, env = "CAIRN_LEADER_ELECTION_NAMESPACE", value_name = "NAMESPACE")]
    pub leader_election_namespace: Option<String>,
    /// For how many seconds a renewal of the lease is good
    #[arg(long, env = "CAIRN_LEADER_ELECTION_LEASE_SECONDS", value_name = "SECONDS", default_value_t = 15,
          value_parser = clap::value_parser!(u32).range(5..))]
    pub leader_election_lease_seconds: u32,
    /// Name of this process in the lease and in Events; by default a random one
    #[arg(long, env = "POD_NAME", value_name = "NAME")]
    pub identity: Option<String>,
}

/// A duration as Go writes it: `60s`, `2m`, `500ms`; a bare number counts seconds.
fn seconds(text: &str) -> Result<std::time::Duration, String> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let number: u64 = number.parse().map_err(|_| format!("`{text}` is no duration; write for example 60s"))?;
    let duration = match unit {
        "ms" => std::time::Duration::from_millis(number),
        "" | "s" => std::time::Duration::from_secs(number),
        "m" => std::time::Duration::from_secs(number.saturating_mul(60)),
        _ => return Err(format!("`{unit}` is no unit of time; use ms, s or m")),
    };
    Ok(duration)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_flag_of_the_operator_has_an_environment_variable() {
        Cli::command().debug_assert();
        let root = Cli::command();
        let own = root.get_subcommands().filter(|command| ["run", "crds"].contains(&command.get_name()));
        let nested = root.get_subcommands().flat_map(clap::Command::get_subcommands);
        for command in own.chain(nested) {
            for flag in command.get_arguments().filter(|flag| !["help", "version"].contains(&flag.get_id().as_str())) {
                assert!(flag.get_env().is_some(), "--{} has none", flag.get_id());
            }
        }
    }

    #[test]
    fn durations_are_written_as_in_go() {
        assert_eq!(seconds("60s"), Ok(Duration::from_mins(1)));
        assert_eq!(seconds("2m"), Ok(Duration::from_mins(2)));
        assert_eq!(seconds("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(seconds("5"), Ok(Duration::from_secs(5)));
        for bad in ["", "s", "1h30", "-1s", "1 s"] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn settings_for_one_kind_name_it() {
        assert_eq!("Bucket=60".parse(), Ok(PerKind { kind: "Bucket".into(), number: 60 }));
        assert!("Bucket".parse::<PerKind>().is_err());
        assert!("Bucket=x".parse::<PerKind>().is_err());
    }
}
