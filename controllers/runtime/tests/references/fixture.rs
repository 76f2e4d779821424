//! Kinds on the public descriptor: `Net`, which is found again by its tag, `Job`, whose creation takes a token, and `Shot`,
//! which takes neither tags nor a token and is found again in a list.

use std::collections::BTreeMap;

use cairn_core::{
    api::{AckResourceMetadata, Home, Kind, Reach},
    failure::Failure,
    listed::{Listed, Place},
    observed::{Desired, Existence, Present, Reading},
    owner::{OWNER_TAG, Owner},
    plan::{Action, Step},
    reference::{ReferenceRule, SecretRule, Secrets},
    rules::{Birth, Gone, KindRules, Naming, PartRules, Rule},
    scope::Scope,
    tags::Tags,
};
use cairn_runtime::kind::{Created, Creation, ManagedKind, ScopedClient};
use cairn_testkit::Process;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::cloud::{Cloud, refused};

const fn kind(kind: &'static str, plural: &'static str) -> Kind {
    Kind {
        home: Home::Service("test"),
        reach: Reach::Namespaced,
        kind,
        plural,
        description: "Something of a test.",
        columns: &[],
        spec: || json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}),
        status: || json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}),
    }
}

pub(crate) static NET: Kind = kind("Net", "nets");
pub(crate) static JOB: Kind = kind("Job", "jobs");
pub(crate) static SHOT: Kind = kind("Shot", "shots");

/// All of them.
pub(crate) const ALL: [&Kind; 3] = [&NET, &JOB, &SHOT];

const fn part(field: &'static str, birth: Birth) -> PartRules {
    PartRules {
        field,
        rule: Rule::Whole,
        get: "Describe",
        put: "Modify",
        delete: Some("Modify"),
        birth,
        ..PartRules::DEFAULT
    }
}

const fn reference(path: &'static str, fills: &'static str) -> ReferenceRule {
    ReferenceRule { path, fills, service: "test", kind: "Net", takes: "status.id" }
}

const KEY: ReferenceRule = ReferenceRule {
    path: "keyRef",
    fills: "keyARN",
    service: "kms",
    kind: "Key",
    takes: "status.ackResourceMetadata.arn",
};

const REFERENCES: &[ReferenceRule] = &[reference("netRef", "netID"), reference("netRefs", "netIDs"), KEY];

const fn rules(kind: &'static str, naming: Naming, parts: &'static [PartRules]) -> KindRules {
    KindRules {
        service: "test",
        kind,
        naming,
        identifiers: &["id"],
        locate: "Describe",
        tags: "tags",
        tag: "Tag",
        untag: None,
        list_tags: None,
        create: "Create",
        delete: "Delete",
        asynchronous: false,
        gone: Gone::MadeAgain,
        arrange: KindRules::AS_THEY_ARE,
        parts,
        references: REFERENCES,
        secrets: &[SecretRule { path: "password" }, SecretRule { path: "login.password" }],
        permissions: &[],
        resources: &[],
    }
}

static NET_RULES: KindRules = rules(
    "Net",
    Naming::Tagged,
    &[
        part("size", Birth::Included),
        part("netID", Birth::Included),
        part("netIDs", Birth::Included),
        part("keyARN", Birth::Included),
        part("password", Birth::Apart),
        PartRules { rule: Rule::Document, ..part("login", Birth::Apart) },
    ],
);

const AT_ONCE: &[PartRules] = &[
    part("size", Birth::Included),
    part("netID", Birth::Included),
    part("netIDs", Birth::Included),
    part("keyARN", Birth::Included),
    part("password", Birth::Included),
    PartRules { rule: Rule::Document, ..part("login", Birth::Included) },
];

static JOB_RULES: KindRules = rules("Job", Naming::Token, AT_ONCE);

static SHOT_RULES: KindRules = KindRules { tags: "", tag: "", ..rules("Shot", Naming::Listed, AT_ONCE) };

/// Where every shot is listed.
pub(crate) fn place() -> Place {
    Place { parent: "base".into(), name: "nightly".into() }
}

/// One of the kinds, as one process sees it.
#[derive(Clone)]
pub(crate) struct Fixture {
    pub(crate) cloud: Cloud,
    pub(crate) process: Process,
    pub(crate) kind: &'static Kind,
}

/// Fields are kept as they are; references are the engine's to follow.
#[derive(Deserialize)]
pub(crate) struct Spec(Map<String, Value>);

impl ScopedClient for Fixture {
    fn metadata(&self, identity: Option<&str>) -> AckResourceMetadata {
        let (arn, region) = (identity.map(|id| format!("arn:aws:test:::{id}")), "eu-west-1".to_owned());
        AckResourceMetadata { arn, owner_account_id: "111122223333".into(), region, partition: None }
    }

    fn emulated(&self) -> bool {
        false
    }

    fn confirm_create(&self) -> bool {
        false
    }
}

impl Fixture {
    fn is_tagged(&self) -> bool {
        self.rules().naming == Naming::Tagged
    }
}

impl ManagedKind for Fixture {
    type Spec = Spec;
    type Client = Self;

    fn kind(&self) -> &'static Kind {
        self.kind
    }

    fn rules(&self) -> &'static KindRules {
        match self.kind.kind {
            "Net" => &NET_RULES,
            "Job" => &JOB_RULES,
            _ => &SHOT_RULES,
        }
    }

    fn place(&self, _: &Spec) -> Option<Place> {
        Some(place())
    }

    fn desired(&self, Spec(spec): &Spec) -> Result<Desired, String> {
        if let Some(left) = spec.keys().find(|field| field.ends_with("Ref") || field.ends_with("Refs")) {
            return Err(format!("{left} was left in the spec"));
        }
        let declared = |part: &PartRules| Some((part.field, spec.get(part.field)?.clone()));
        Ok(Desired { parts: self.rules().parts.iter().filter_map(declared).collect(), ..Desired::default() })
    }

    fn status(&self, _: &Self, identity: &str) -> Map<String, Value> {
        Map::from_iter([("id".to_owned(), json!(identity))])
    }

    fn tags_as_declared(&self, tags: &Tags) -> Value {
        json!(tags)
    }

    async fn connect(&self, _: &Scope) -> Result<Self, Failure> {
        Ok(self.clone())
    }

    async fn find(&self, _: &Self, owner: &Owner) -> Result<Option<String>, Failure> {
        if !self.is_tagged() {
            return Ok(None);
        }
        let (kind, tag) = (self.kind.kind, owner.tag());
        self.cloud.call(&self.process, "Find", move |cloud| Ok(cloud.tagged(kind, OWNER_TAG, &tag))).await
    }

    async fn list(&self, _: &Self, asked: &Place) -> Result<Vec<Listed>, Failure> {
        assert_eq!(*asked, place());
        let kind = self.kind.kind;
        self.cloud.call(&self.process, "List", move |cloud| Ok(cloud.listed(kind))).await
    }

    async fn locate(&self, _: &Self, identity: &str) -> Result<Existence, Failure> {
        let (id, parts) = (identity.to_owned(), self.rules().parts);
        let look = move |cloud: &mut crate::cloud::State| {
            let Some(found) = cloud.shown(&id) else { return Ok(Existence::Absent) };
            // As with AWS, what is secret is not told.
            let told = |field: &str| match (field, found.fields.get(field)) {
                ("password", _) => None,
                ("login", Some(login)) => Some(json!({"user": login["user"]})),
                (_, value) => value.cloned(),
            };
            Ok(Existence::Present(Present {
                tags: Some(found.tags.clone()),
                parts: parts.iter().map(|part| (part.field, told(part.field))).collect(),
                ..Present::default()
            }))
        };
        self.cloud.call(&self.process, "Describe", look).await
    }

    async fn read(&self, _: &Self, _: &str, _: &Present, field: &'static str) -> Reading {
        Err(refused("Read", "NotImplemented", field))
    }

    async fn create(&self, _: &Self, creation: Creation<'_>) -> Result<Created, Failure> {
        assert_eq!(creation.identity, None, "AWS gives the id");
        let fields: BTreeMap<_, _> = creation
            .parts
            .iter()
            .map(|(field, value)| ((*field).to_owned(), revealed(value, creation.secrets)))
            .collect();
        let (kind, token, tags, naming) =
            (self.kind.kind, creation.token.to_owned(), creation.tags.clone(), self.rules().naming);
        let make = move |cloud: &mut crate::cloud::State| match naming {
            Naming::Tagged => Ok(cloud.make(kind, tags, fields)),
            Naming::Listed => Ok(cloud.make(kind, Tags::new(), fields)),
            _ => cloud.make_once(&token, kind, tags, fields),
        };
        let identity = self.cloud.call(&self.process, "Create", make).await?;
        Ok(Created { identity, incarnation: None })
    }

    async fn apply(&self, client: &Self, identity: &str, step: &Step) -> Result<(), Failure> {
        self.apply_with(client, identity, step, &Secrets::default()).await
    }

    async fn apply_with(&self, _: &Self, identity: &str, step: &Step, secrets: &Secrets) -> Result<(), Failure> {
        let (id, field) = (identity.to_owned(), step.field.to_owned());
        let change: Box<dyn FnOnce(&mut crate::cloud::Resource) + Send> = match &step.action {
            Action::Put { value } => {
                let value = revealed(value, secrets);
                if value.to_string().contains("refused-by-aws") {
                    return Err(refused(step.operation, "InvalidParameterValue", &format!("{value} is too short")));
                }
                Box::new(move |resource| drop(resource.fields.insert(field, value)))
            }
            Action::Clear => Box::new(move |resource| drop(resource.fields.remove(&field))),
            Action::Tag(change) => {
                let tags = change.all.clone();
                Box::new(move |resource| resource.tags = tags)
            }
            Action::Create { .. } | Action::Untag(_) | Action::ClearEntry { .. } => panic!("{step:?}"),
        };
        self.cloud.call(&self.process, step.operation, move |cloud| cloud.change(&id, change)).await
    }

    async fn delete(&self, _: &Self, identity: &str) -> Result<(), Failure> {
        let id = identity.to_owned();
        self.cloud.call(&self.process, "Delete", move |cloud| cloud.delete(&id)).await
    }
}

/// A value with the contents of Secrets in their places.
fn revealed(value: &Value, secrets: &Secrets) -> Value {
    match value {
        Value::String(_) => secrets.text(value).map_or_else(|| value.clone(), Into::into),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), revealed(value, secrets))).collect(),
        other => other.clone(),
    }
}
