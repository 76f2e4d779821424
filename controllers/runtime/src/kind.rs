//! What a service crate supplies for each kind. It holds no lifecycle: that is the engine's.

use std::{
    collections::BTreeMap,
    future::{self, Future},
};

use cairn_core::{
    api::{AckResourceMetadata, Kind},
    failure::Failure,
    listed::{Listed, Place},
    observed::{Desired, Existence, Present, Reading},
    owner::Owner,
    plan::Step,
    reference::Secrets,
    rules::KindRules,
    scope::Scope,
    tags::Tags,
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What a creating call is to make.
#[derive(Clone, Copy, Debug)]
pub struct Creation<'a> {
    /// Name of the resource; `None` where AWS gives it one.
    pub identity: Option<&'a str>,
    /// Idempotency token: the same for every attempt to make the same resource.
    pub token: &'a str,
    /// UID of the object, which no other object ever has.
    pub uid: &'a str,
    /// The tags that it carries from its first moment.
    pub tags: &'a Tags,
    /// Parts that go into the call, by field.
    pub parts: &'a BTreeMap<&'static str, Value>,
    /// What the parts have from Secrets.
    pub secrets: &'a Secrets,
}

/// What a creating call made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Name of the resource, or the id that AWS gave it.
    pub identity: String,
    /// AWS's own id of the very resource, where it has one beside the name.
    pub incarnation: Option<String>,
}

/// A resource whose object is being deleted, just before it is deleted itself.
#[derive(Clone, Copy, Debug)]
pub struct Departure<'a> {
    /// Name of the resource.
    pub identity: &'a str,
    /// What AWS has.
    pub present: &'a Present,
    /// What was declared when last recorded: paths by field of the spec.
    pub declared: &'a BTreeMap<String, Vec<String>>,
    /// The object as an owner.
    pub owner: &'a Owner,
    /// UID of the object, which no other object ever has.
    pub uid: &'a str,
    /// The groups are ACK's, whose users expect what ACK does.
    pub like_ack: bool,
}

/// One thing that comes before a deletion, which is tried again when that is done.
#[derive(Clone, Debug, PartialEq)]
pub struct Before {
    /// The call to make; `None` where AWS is at it.
    pub step: Option<Step>,
    /// What is done, in words.
    pub words: String,
    /// The kind's own fields of the status that tell of it.
    pub status: Map<String, Value>,
}

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

    /// Name of the resource in AWS; `None` for kinds to whose resources AWS gives an id.
    fn identity(&self, _spec: &Self::Spec) -> Option<String> {
        None
    }

    /// The name of a resource whose spec gives none and to which AWS gives none; `None` for kinds that have no such name.
    /// It never changes for the same object in the same scope.
    ///
    /// # Errors
    /// Why AWS would not take the name, and what helps.
    fn own_name(&self, _client: &Self::Client, _owner: &Owner) -> Result<Option<String>, String> {
        Ok(None)
    }

    /// Where AWS lists what the spec asks for, for kinds whose resources are found again there.
    fn place(&self, _spec: &Self::Spec) -> Option<Place> {
        None
    }

    /// The name or id of the resource that ACK managed, of which it left this ARN.
    fn left_by_ack(&self, spec: &Self::Spec, _arn: Option<&str>) -> Option<String> {
        self.identity(spec)
    }

    /// The region that a field of the spec names.
    fn region<'s>(&self, _spec: &'s Self::Spec) -> Option<&'s str> {
        None
    }

    /// What the spec declares.
    ///
    /// # Errors
    /// A sentence that names the field, for what no schema can check.
    fn desired(&self, spec: &Self::Spec) -> Result<Desired, String>;

    /// The kind's own fields of the status that follow from the name alone. What AWS tells comes with
    /// [`ManagedKind::locate`].
    fn status(&self, _client: &Self::Client, _identity: &str) -> Map<String, Value> {
        Map::new()
    }

    /// Tags in the form in which the spec declares them.
    fn tags_as_declared(&self, _tags: &Tags) -> Value {
        Value::Null
    }

    /// Opens, or finds again, what is needed to speak to AWS in a scope.
    fn connect(&self, scope: &Scope) -> impl Future<Output = Result<Self::Client, Failure>> + Send;

    /// Puts what is declared into the terms in which AWS tells it, where AWS has to be asked for them.
    fn translate(
        &self,
        _client: &Self::Client,
        _desired: &mut Desired,
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        future::ready(Ok(()))
    }

    /// Asks AWS for the id of the resource that carries the owner's tag, for kinds to whose resources AWS gives an id.
    fn find(
        &self,
        _client: &Self::Client,
        _owner: &Owner,
    ) -> impl Future<Output = Result<Option<String>, Failure>> + Send {
        future::ready(Ok(None))
    }

    /// Asks AWS for all resources at a place, for kinds whose resources are found again there.
    fn list(
        &self,
        _client: &Self::Client,
        _place: &Place,
    ) -> impl Future<Output = Result<Vec<Listed>, Failure>> + Send {
        future::ready(Ok(Vec::new()))
    }

    /// Asks AWS whether the resource exists, and takes what the answer tells beside.
    fn locate(&self, client: &Self::Client, identity: &str) -> impl Future<Output = Result<Existence, Failure>> + Send;

    /// Asks AWS for the tags of a resource that exists. Only called where the rules name an operation for it.
    fn tags(&self, _client: &Self::Client, _identity: &str) -> impl Future<Output = Result<Tags, Failure>> + Send {
        future::ready(Ok(Tags::new()))
    }

    /// Asks AWS for one part. `present` is what [`ManagedKind::locate`] found just before.
    fn read(
        &self,
        client: &Self::Client,
        identity: &str,
        present: &Present,
        field: &'static str,
    ) -> impl Future<Output = Reading> + Send;

    /// Creates the resource.
    fn create(
        &self,
        client: &Self::Client,
        creation: Creation<'_>,
    ) -> impl Future<Output = Result<Created, Failure>> + Send;

    /// Carries out one step of a plan, which is not its creation.
    fn apply(
        &self,
        client: &Self::Client,
        identity: &str,
        step: &Step,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// As [`ManagedKind::apply`], for kinds whose rules name Secrets: what stands for one in the step's value is in
    /// `secrets`.
    fn apply_with(
        &self,
        client: &Self::Client,
        identity: &str,
        step: &Step,
        _secrets: &Secrets,
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        self.apply(client, identity, step)
    }

    /// When it makes sense to send a step again that AWS refused because of a quota, as far as AWS says.
    fn again_at(&self, _failure: &Failure) -> Option<Timestamp> {
        None
    }

    /// Whether the spec asks for what is in the resource to be deleted before it.
    fn empties(&self, _spec: &Self::Spec) -> bool {
        false
    }

    /// Deletes some of what is in the resource; tells how much that was, `None` when nothing was left. Only called where
    /// [`ManagedKind::empties`] and AWS refused to delete the resource because of what is in it.
    fn empty(
        &self,
        _client: &Self::Client,
        _identity: &str,
    ) -> impl Future<Output = Result<Option<u64>, Failure>> + Send {
        future::ready(Ok(None))
    }

    /// What comes next before the resource is deleted; `None` when nothing is left. It reads at most: the step is for the
    /// engine to carry out. `spec` is `None` where the object's spec cannot be understood.
    fn before_delete(
        &self,
        _client: &Self::Client,
        _spec: Option<&Self::Spec>,
        _departure: Departure<'_>,
    ) -> impl Future<Output = Result<Option<Before>, Failure>> + Send {
        future::ready(Ok(None))
    }

    /// Ends what outlives a resource that was gone before its object was deleted: what [`ManagedKind::before_delete`] would
    /// have ended. `declared` is [`Departure::declared`]. Ending what has ended is no error.
    fn end_what_outlives(
        &self,
        _client: &Self::Client,
        _identity: &str,
        _declared: &BTreeMap<String, Vec<String>>,
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        future::ready(Ok(()))
    }

    /// Deletes the resource.
    fn delete(&self, client: &Self::Client, identity: &str) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// What the engine has to know of a connection to AWS.
pub trait ScopedClient: Clone + Send + Sync + 'static {
    /// Where the resource of that name lives, or will once it has one.
    fn metadata(&self, identity: Option<&str>) -> AckResourceMetadata;

    /// The endpoint is overridden, so that it may be an emulator.
    fn emulated(&self) -> bool;

    /// A creating call that succeeds does not prove that it created.
    fn confirm_create(&self) -> bool;
}
