//! Kubernetes' own kinds with their schemas, from the types of `k8s-openapi`.
//!
//! These are the stable versions that an API server serves by default. What that crate does not carry over from the
//! published schemas is missing here too: the types of lists (`x-kubernetes-list-type` and its keys), merge keys,
//! defaults and enumerations. Integers or texts (`x-kubernetes-int-or-string`) are there.

use std::any::TypeId;
use std::collections::BTreeMap;

use k8s_openapi::api::{
    admissionregistration::v1 as admissionregistration, apps::v1 as apps, authentication::v1 as authentication,
    authorization::v1 as authorization, autoscaling::v1 as autoscaling_v1, autoscaling::v2 as autoscaling_v2,
    batch::v1 as batch, certificates::v1 as certificates, coordination::v1 as coordination, core::v1 as core,
    discovery::v1 as discovery, events::v1 as events, flowcontrol::v1 as flowcontrol, networking::v1 as networking,
    node::v1 as node, policy::v1 as policy, rbac::v1 as rbac, resource::v1 as resource, scheduling::v1 as scheduling,
    storage::v1 as storage,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1 as apiextensions;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1 as apiregistration;
use k8s_openapi::{ClusterResourceScope, Resource};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::Value;

use crate::Reach;

/// One kind of Kubernetes.
#[derive(Clone, Debug)]
pub struct BuiltIn {
    /// Group and version as objects have them, for example `apps/v1`.
    pub api_version: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The name in paths of the API.
    pub plural: &'static str,
    /// Whether its objects are in namespaces.
    pub reach: Reach,
    /// Whether its objects are kept, so that they can be applied; others are only questions.
    pub is_kept: bool,
    /// The `OpenAPI` schema; what it refers to by `$ref` is among the definitions.
    pub schema: Value,
}

/// Every kind, and the schemas that theirs refer to, by the last part of the reference.
#[must_use]
pub fn kinds() -> (Vec<BuiltIn>, BTreeMap<String, Value>) {
    let settings = SchemaSettings::openapi3().with(|settings| settings.meta_schema = None);
    let mut generator = settings.into_generator();
    let found = stable(&mut generator);
    let definitions = generator.take_definitions(true).into_iter().collect();
    (found, definitions)
}

fn of<T: Resource<Scope: 'static> + JsonSchema>(generator: &mut SchemaGenerator, is_kept: bool) -> BuiltIn {
    let cluster = TypeId::of::<T::Scope>() == TypeId::of::<ClusterResourceScope>();
    BuiltIn {
        api_version: T::API_VERSION,
        kind: T::KIND,
        plural: T::URL_PATH_SEGMENT,
        reach: if cluster { Reach::Cluster } else { Reach::Namespaced },
        is_kept,
        schema: generator.subschema_for::<T>().to_value(),
    }
}

/// The kinds of a list of types: those that are kept, and those that are only questions.
macro_rules! table {
    ($generator:ident, kept: [$($kept:ty),* $(,)?], questions: [$($question:ty),* $(,)?]) => {
        vec![$(of::<$kept>($generator, true),)* $(of::<$question>($generator, false),)*]
    };
}

fn stable(generator: &mut SchemaGenerator) -> Vec<BuiltIn> {
    table!(
        generator,
        kept: [
            admissionregistration::MutatingWebhookConfiguration, admissionregistration::ValidatingAdmissionPolicy,
            admissionregistration::ValidatingAdmissionPolicyBinding,
            admissionregistration::ValidatingWebhookConfiguration, apiextensions::CustomResourceDefinition,
            apiregistration::APIService, apps::ControllerRevision, apps::DaemonSet, apps::Deployment, apps::ReplicaSet,
            apps::StatefulSet, autoscaling_v1::HorizontalPodAutoscaler, autoscaling_v2::HorizontalPodAutoscaler,
            batch::CronJob, batch::Job, certificates::CertificateSigningRequest, coordination::Lease, core::ConfigMap,
            core::Endpoints, core::Event, core::LimitRange, core::Namespace, core::Node, core::PersistentVolume,
            core::PersistentVolumeClaim, core::Pod, core::PodTemplate, core::ReplicationController,
            core::ResourceQuota, core::Secret, core::Service, core::ServiceAccount, discovery::EndpointSlice,
            events::Event, flowcontrol::FlowSchema, flowcontrol::PriorityLevelConfiguration, networking::Ingress,
            networking::IngressClass, networking::IPAddress, networking::NetworkPolicy, networking::ServiceCIDR,
            node::RuntimeClass, policy::PodDisruptionBudget, rbac::ClusterRole, rbac::ClusterRoleBinding, rbac::Role,
            rbac::RoleBinding, resource::DeviceClass, resource::ResourceClaim, resource::ResourceClaimTemplate,
            resource::ResourceSlice, scheduling::PriorityClass, storage::CSIDriver, storage::CSINode,
            storage::CSIStorageCapacity, storage::StorageClass, storage::VolumeAttachment,
            storage::VolumeAttributesClass,
        ],
        questions: [
            authentication::SelfSubjectReview, authentication::TokenReview, authorization::LocalSubjectAccessReview,
            authorization::SelfSubjectAccessReview, authorization::SelfSubjectRulesReview,
            authorization::SubjectAccessReview, core::Binding, core::ComponentStatus,
        ]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part<'v>(schema: &'v Value, definitions: &'v BTreeMap<String, Value>, path: &[&str]) -> &'v Value {
        let follow = |schema: &'v Value| match schema["$ref"].as_str().or(schema["allOf"][0]["$ref"].as_str()) {
            Some(reference) => &definitions[reference.rsplit('/').next().unwrap()],
            None => schema,
        };
        path.iter().fold(follow(schema), |schema, name| match *name {
            "*" => follow(&schema["items"]),
            name => follow(&schema["properties"][name]),
        })
    }

    #[test]
    fn kinds_have_their_schemas() {
        let (kinds, definitions) = kinds();
        let find = |version: &str, kind: &str| {
            kinds.iter().find(|found| found.api_version == version && found.kind == kind).unwrap()
        };
        let deployment = find("apps/v1", "Deployment");
        assert_eq!((deployment.plural, deployment.reach, deployment.is_kept), ("deployments", Reach::Namespaced, true));
        assert_eq!(part(&deployment.schema, &definitions, &["spec", "replicas"])["type"], "integer");
        let ports = ["spec", "template", "spec", "containers", "*", "livenessProbe", "httpGet", "port"];
        assert_eq!(part(&deployment.schema, &definitions, &ports)["x-kubernetes-int-or-string"], true);
        assert_eq!(find("v1", "Namespace").reach, Reach::Cluster);
        assert!(!find("authentication.k8s.io/v1", "TokenReview").is_kept);
        assert!(find("autoscaling/v2", "HorizontalPodAutoscaler").api_version != "autoscaling/v1");
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let (kinds, definitions) = kinds();
        let mut open: Vec<&Value> = kinds.iter().map(|kind| &kind.schema).chain(definitions.values()).collect();
        let mut count = 0;
        while let Some(part) = open.pop() {
            match part {
                Value::Object(fields) => {
                    if let Some(Value::String(reference)) = fields.get("$ref") {
                        assert!(definitions.contains_key(reference.rsplit('/').next().unwrap()), "{reference}");
                        count += 1;
                    }
                    open.extend(fields.values());
                }
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
        assert!(count > 500, "only {count} references");
    }
}
