//! What a service crate supplies for each kind. It holds no lifecycle: that is the engine's.

use std::future::Future;

use cairn_core::{
    api::{AckResourceMetadata, Kind},
    failure::Failure,
    observed::{Desired, Existence, Reading},
    plan::Step,
    rules::KindRules,
    scope::Scope,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A kind of AWS resource.
///
/// The methods that speak to AWS make exactly the calls that their name says, once each; the engine decides which and
/// when.
pub trait ManagedKind: Send + Sync + 'static {
    /// The spec. It refuses fields that it does not know.
    type Spec: DeserializeOwned + Send + Sync;
    /// What is needed to speak to AWS in one scope.
    type Client: ScopedClient;

    /// Names and schemas of the kind.
    fn kind(&self) -> &'static Kind;

    /// How the parts of the kind behave.
    fn rules(&self) -> &'static KindRules;

    /// Name of the resource in AWS.
    fn identity(&self, spec: &Self::Spec) -> String;

    /// The region that a field of the spec names.
    fn region<'s>(&self, spec: &'s Self::Spec) -> Option<&'s str>;

    /// What the spec declares.
    ///
    /// # Errors
    /// A sentence that names the field, for what no schema can check.
    fn desired(&self, spec: &Self::Spec) -> Result<Desired, String>;

    /// The kind's own fields of the status.
    fn status(&self, client: &Self::Client, identity: &str) -> Map<String, Value>;

    /// Opens, or finds again, what is needed to speak to AWS in a scope.
    fn connect(&self, scope: &Scope) -> impl Future<Output = Result<Self::Client, Failure>> + Send;

    /// Asks AWS whether the resource exists and which tags it carries.
    fn locate(&self, client: &Self::Client, identity: &str) -> impl Future<Output = Result<Existence, Failure>> + Send;

    /// Asks AWS for one part.
    fn read(&self, client: &Self::Client, identity: &str, field: &'static str) -> impl Future<Output = Reading> + Send;

    /// Carries out one step of a plan.
    fn apply(
        &self,
        client: &Self::Client,
        identity: &str,
        step: &Step,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Deletes the resource.
    fn delete(&self, client: &Self::Client, identity: &str) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// What the engine has to know of a connection to AWS.
pub trait ScopedClient: Clone + Send + Sync + 'static {
    /// Where the resource of that name lives.
    fn metadata(&self, identity: &str) -> AckResourceMetadata;

    /// The endpoint is overridden, so that it may be an emulator.
    fn emulated(&self) -> bool;

    /// A creating call that succeeds does not prove that it created.
    fn confirm_create(&self) -> bool;
}
