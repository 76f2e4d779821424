//! What is the same for a kind under every group setting.

use serde_json::Value;

use crate::Groups;

/// The one API version of every kind: changes are additive only.
pub const VERSION: &str = "v1alpha1";

/// A column that `kubectl get` shows.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Heading, in upper case by `kubectl`.
    pub name: &'static str,
    /// JSON path into the object, as `additionalPrinterColumns` takes it.
    pub path: &'static str,
    /// `OpenAPI` type: `string`, `integer`, `date`, ….
    pub kind: &'static str,
    /// 0 is always shown, 1 only with `-o wide`.
    pub priority: i32,
}

impl Column {
    /// Whether the object is as it shall be.
    pub(crate) const READY: Self = Self::text("Ready", ".status.conditions[?(@.type==\"Ready\")].status");
    /// Why it is, or is not.
    pub(crate) const REASON: Self = Self::text("Reason", ".status.conditions[?(@.type==\"Ready\")].reason");
    /// The same in words.
    pub(crate) const MESSAGE: Self = Self::text("Message", ".status.conditions[?(@.type==\"Ready\")].message").wide();
    /// The region of a resource.
    pub(crate) const REGION: Self = Self::text("Region", ".status.ackResourceMetadata.region").wide();
    /// The ARN of a resource.
    pub(crate) const ARN: Self = Self::text("ARN", ".status.ackResourceMetadata.arn").wide();

    /// A column of text that is always shown.
    pub(crate) const fn text(name: &'static str, path: &'static str) -> Self {
        Self { name, path, kind: "string", priority: 0 }
    }

    /// The same column, shown only with `-o wide`.
    pub(crate) const fn wide(self) -> Self {
        Self { priority: 1, ..self }
    }
}

/// The API group that a kind is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// The group of an AWS service, for example `s3`: the kind stands for a resource of that service.
    Service(&'static str),
    /// The group that all services share.
    Shared,
    /// The group of definitions.
    Graph,
    /// The group of what belongs to definitions and is no user's to write.
    Internal,
}

impl Home {
    /// The service as it stands in names; empty for what is of no service.
    #[must_use]
    pub fn service(self) -> &'static str {
        match self {
            Self::Service(service) => service,
            Self::Shared | Self::Graph | Self::Internal => "",
        }
    }

    /// Whether the kind has to do with AWS.
    #[must_use]
    pub fn is_aws(self) -> bool {
        matches!(self, Self::Service(_) | Self::Shared)
    }

    /// The start of the names of generated files.
    pub(crate) fn file_prefix(self) -> &'static str {
        match self {
            Self::Service(service) => service,
            Self::Shared => "aws",
            Self::Graph => "graph",
            Self::Internal => "internal",
        }
    }

    /// What `kubectl get` lists the kind under.
    pub(crate) fn categories(self) -> &'static [&'static str] {
        if self.is_aws() { &["cairn", "aws"] } else { &["cairn"] }
    }
}

/// Whether the objects of a kind are in namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// They are.
    Namespaced,
    /// They stand for the whole cluster.
    Cluster,
}

impl Reach {
    /// As `spec.scope` of a `CustomResourceDefinition` has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Namespaced => "Namespaced",
            Self::Cluster => "Cluster",
        }
    }
}

/// One kind: names, columns and schemas.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The group that it is in.
    pub home: Home,
    /// Whether its objects are in namespaces.
    pub reach: Reach,
    /// `CamelCase` name, for example `Bucket`.
    pub kind: &'static str,
    /// Lower-case plural, for example `buckets`.
    pub plural: &'static str,
    /// What one object of the kind is, for the schema's description.
    pub description: &'static str,
    /// Columns between NAME and AGE.
    pub columns: &'static [Column],
    /// `OpenAPI` schema of `spec`.
    pub spec: fn() -> Value,
    /// `OpenAPI` schema of `status`.
    pub status: fn() -> Value,
}

impl Kind {
    /// The API group, for example `s3.aws.cairn.run`, or `aws.cairn.run` for what all services share.
    #[must_use]
    pub fn group(&self, groups: &Groups) -> String {
        match self.home {
            Home::Service(service) => groups.service(service),
            Home::Shared => groups.aws_suffix().to_owned(),
            Home::Graph => groups.graph().to_owned(),
            Home::Internal => groups.internal(),
        }
    }

    /// The finalizer, as ACK names it for AWS kinds (`finalizers.<group>/<Kind>`) and kro for the others.
    #[must_use]
    pub fn finalizer(&self, groups: &Groups) -> String {
        if self.home.is_aws() {
            format!("finalizers.{}/{}", self.group(groups), self.kind)
        } else {
            groups.graph_finalizer()
        }
    }

    /// The short name that the kind has under kro's group; under another it could be taken.
    pub(crate) fn short_name(&self) -> Option<&'static str> {
        match self.home {
            Home::Graph => Some("rgd"),
            Home::Internal => Some("gr"),
            Home::Service(_) | Home::Shared => None,
        }
    }

    /// Whether its objects stand for resources in AWS.
    #[must_use]
    pub fn is_managed(&self) -> bool {
        matches!(self.home, Home::Service(_))
    }

    /// Whether its objects are settings, which Cairn reads and never writes: they have nothing in their status.
    #[must_use]
    pub fn is_setting(&self) -> bool {
        self.home == Home::Shared && (self.status)()["properties"].as_object().is_none_or(serde_json::Map::is_empty)
    }

    /// The lower-case singular name.
    #[must_use]
    pub fn singular(&self) -> String {
        self.kind.to_ascii_lowercase()
    }
}
