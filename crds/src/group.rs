//! The one place where group names, annotation keys and finalizers are written.

/// The two names from which every group, label, annotation and finalizer derives.
///
/// Set to `services.k8s.aws` and `kro.run` they are those of ACK and kro; the defaults are Cairn's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    aws_suffix: String,
    graph: String,
}

/// A group name that Kubernetes would refuse.
#[derive(Debug, PartialEq, Eq)]
pub struct InvalidGroup {
    /// The name as it was given.
    pub name: String,
}

impl std::fmt::Display for InvalidGroup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`{}` is no group name: it must be a DNS subdomain with at least one dot, in lower case, such as `aws.cairn.run`",
            self.name
        )
    }
}

impl std::error::Error for InvalidGroup {}

impl Groups {
    /// Default of the setting that every AWS service group ends in.
    pub const DEFAULT_AWS_SUFFIX: &'static str = "aws.cairn.run";
    /// Default of the setting that names the group of definitions.
    pub const DEFAULT_GRAPH: &'static str = "cairn.run";
    /// The suffix of ACK's groups, under which Cairn is a drop-in for it.
    pub const ACK_SUFFIX: &'static str = "services.k8s.aws";
    /// kro's group, under which Cairn is a drop-in for it.
    pub const KRO_GRAPH: &'static str = "kro.run";

    /// Checks and joins the two settings.
    ///
    /// # Errors
    /// [`InvalidGroup`] when either is no DNS subdomain of at least two labels.
    pub fn new(aws_suffix: &str, graph: &str) -> Result<Self, InvalidGroup> {
        for name in [aws_suffix, graph] {
            if !is_subdomain(name) {
                return Err(InvalidGroup { name: name.into() });
            }
        }
        Ok(Self { aws_suffix: aws_suffix.into(), graph: graph.into() })
    }

    /// Both settings verbatim, for templates in which a placeholder stands where the name will be.
    pub(crate) fn placeholders(aws_suffix: &str, graph: &str) -> Self {
        Self { aws_suffix: aws_suffix.into(), graph: graph.into() }
    }

    /// The suffix that all AWS service groups share, and the prefix of annotations on AWS kinds.
    #[must_use]
    pub fn aws_suffix(&self) -> &str {
        &self.aws_suffix
    }

    /// Whether the AWS groups are ACK's, so that its manifests and habits have to go on working.
    #[must_use]
    pub fn is_ack(&self) -> bool {
        self.aws_suffix == Self::ACK_SUFFIX
    }

    /// The lease by which ACK's controller of a service elects a leader: `ack-<service>.<suffix>`.
    #[must_use]
    pub fn ack_lease(&self, service: &str) -> String {
        format!("ack-{}", self.service(service))
    }

    /// The group of definitions and of the kinds that they define.
    #[must_use]
    pub fn graph(&self) -> &str {
        &self.graph
    }

    /// The group of what belongs to definitions and is no user's to write, for example `internal.cairn.run`.
    #[must_use]
    pub fn internal(&self) -> String {
        format!("internal.{}", self.graph)
    }

    /// Whether the graph group is kro's, so that its definitions, instances and habits have to go on working.
    #[must_use]
    pub fn is_kro(&self) -> bool {
        self.graph == Self::KRO_GRAPH
    }

    /// The lease by which kro's controller elects a leader: `controller.kro.run`.
    #[must_use]
    pub fn kro_lease(&self) -> String {
        format!("controller.{}", self.graph)
    }

    /// The finalizer of definitions and instances, for example `cairn.run/finalizer`.
    #[must_use]
    pub fn graph_finalizer(&self) -> String {
        self.graph_key("finalizer")
    }

    /// The key of a label or annotation of definitions, instances and their resources, for example `cairn.run/owned`.
    #[must_use]
    pub fn graph_key(&self, key: &str) -> String {
        format!("{}/{key}", self.graph)
    }

    /// The key of an annotation that the operator writes for itself, for example `internal.cairn.run/applied`.
    #[must_use]
    pub fn internal_key(&self, key: &str) -> String {
        format!("{}/{key}", self.internal())
    }

    /// The label of a `ClusterRole` whose rights the operator gets: `rbac.cairn.run/aggregate-to-controller`.
    #[must_use]
    pub fn aggregation_label(&self) -> String {
        format!("rbac.{}/aggregate-to-controller", self.graph)
    }

    /// Whether a group is one of those that only Cairn defines kinds in: the internal one, and those for AWS.
    #[must_use]
    pub fn is_ours_alone(&self, group: &str) -> bool {
        let aws =
            group.strip_suffix(self.aws_suffix.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        aws || group == self.internal()
    }

    /// Whether Kubernetes takes a name as the group of a custom resource: a DNS subdomain with at least one dot.
    #[must_use]
    pub fn is_group_name(name: &str) -> bool {
        is_subdomain(name)
    }

    /// The API group of a service's kinds, for example `s3.aws.cairn.run`.
    #[must_use]
    pub fn service(&self, service: &str) -> String {
        format!("{service}.{}", self.aws_suffix)
    }

    /// The key of an annotation on AWS kinds, for example `aws.cairn.run/region` (ACK: `services.k8s.aws/region`).
    #[must_use]
    pub fn annotation(&self, key: &str) -> String {
        format!("{}/{key}", self.aws_suffix)
    }

    /// The key of an annotation about one service, for example `s3.aws.cairn.run/deletion-policy`.
    #[must_use]
    pub fn service_annotation(&self, service: &str, key: &str) -> String {
        format!("{}/{key}", self.service(service))
    }

    /// Whether the key of an annotation or label is under one of the AWS prefixes: that of all services, or that of one
    /// (ACK: `s3.services.k8s.aws/deletion-policy`).
    #[must_use]
    pub fn is_aws_key(&self, key: &str) -> bool {
        let prefix = key.split_once('/').and_then(|(prefix, _)| prefix.strip_suffix(self.aws_suffix.as_str()));
        prefix.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

impl Default for Groups {
    fn default() -> Self {
        Self::placeholders(Self::DEFAULT_AWS_SUFFIX, Self::DEFAULT_GRAPH)
    }
}

fn is_subdomain(name: &str) -> bool {
    name.len() <= 200 && name.contains('.') && name.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=63).contains(&label.len()) && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_every_name_from_the_settings() {
        let ack = Groups::new("services.k8s.aws", "kro.run").unwrap();
        assert_eq!(ack.service("s3"), "s3.services.k8s.aws");
        assert!(ack.is_ack() && !Groups::default().is_ack());
        assert_eq!(ack.annotation("region"), "services.k8s.aws/region");
        assert_eq!(crate::s3::BUCKET.finalizer(&ack), "finalizers.s3.services.k8s.aws/Bucket");
        assert_eq!(ack.ack_lease("s3"), "ack-s3.services.k8s.aws");
        assert!(ack.is_ack() && !Groups::default().is_ack());
        assert_eq!(ack.graph_finalizer(), "kro.run/finalizer");
        assert_eq!(crate::graph::DEFINITION.finalizer(&ack), "kro.run/finalizer");
        assert_eq!(ack.internal_key("apply-order"), "internal.kro.run/apply-order");
        assert!(ack.is_kro() && !Groups::default().is_kro());
        assert_eq!(Groups::default().service("s3"), "s3.aws.cairn.run");
        assert_eq!(Groups::default(), Groups::new("aws.cairn.run", "cairn.run").unwrap());
    }

    #[test]
    fn knows_its_own_groups() {
        let groups = Groups::default();
        for ours in ["aws.cairn.run", "s3.aws.cairn.run", "internal.cairn.run"] {
            assert!(groups.is_ours_alone(ours), "{ours}");
        }
        for free in ["cairn.run", "example.com", "myaws.cairn.run", "internal.kro.run"] {
            assert!(!groups.is_ours_alone(free), "{free}");
        }
    }

    #[test]
    fn knows_its_own_keys() {
        let groups = Groups::default();
        for ours in ["aws.cairn.run/region", "s3.aws.cairn.run/deletion-policy"] {
            assert!(groups.is_aws_key(ours), "{ours}");
        }
        for other in ["region", "aws.cairn.run", "services.k8s.aws/region", "myaws.cairn.run/region", "cairn.run/x"] {
            assert!(!groups.is_aws_key(other), "{other}");
        }
    }

    #[test]
    fn refuses_what_kubernetes_would_refuse() {
        for bad in ["", "nodots", "Upper.case", "-a.b", "a-.b", "a..b", "a b.c", "a_b.c"] {
            assert_eq!(Groups::new(bad, "cairn.run"), Err(InvalidGroup { name: bad.into() }), "{bad}");
            assert!(Groups::new("aws.cairn.run", bad).is_err(), "{bad}");
        }
        assert!(InvalidGroup { name: "X".into() }.to_string().contains("`X`"));
    }
}
