//! The kind `AccountPublicAccessBlock`.

use cairn_aws::{unless_absent, unmade};
use cairn_core::{
    api::Kind,
    failure::Failure,
    iam::Permission,
    observed::{Desired, Existence, Present, Reading},
    owner::Owner,
    plan::{Action, Step},
    rules::{Gone, KindRules, Naming, PartRules, Removal},
    scope::Scope,
};
use cairn_crds::s3control::{ACCOUNT_PUBLIC_ACCESS_BLOCK, AccountPublicAccessBlockSpec};
use cairn_runtime::kind::{Created, Creation, ManagedKind};

use crate::{
    client::{S3Control, Scoped, fetch, send},
    wire::{decode, encode},
};

const FIELD: &str = "publicAccessBlockConfiguration";
const GET: &str = "GetPublicAccessBlock";
const PUT: &str = "PutPublicAccessBlock";

/// How the setting behaves. An account that nobody has told anything has none.
pub static RULES: KindRules = KindRules {
    service: "s3control",
    kind: "AccountPublicAccessBlock",
    naming: Naming::Setting,
    identifiers: &[],
    locate: GET,
    tags: "",
    tag: "",
    untag: None,
    list_tags: None,
    create: "",
    delete: "",
    asynchronous: false,
    gone: Gone::MadeAgain,
    arrange: KindRules::AS_THEY_ARE,
    // It is a protection: only an explicit `false` takes any of it away.
    parts: &[PartRules { field: FIELD, removal: Removal::Keep, get: GET, put: PUT, ..PartRules::DEFAULT }],
    references: &[],
    secrets: &[],
    // Source: the service authorization reference for Amazon S3, which knows no resources for these actions.
    permissions: &[
        Permission { operation: GET, actions: &["s3:GetAccountPublicAccessBlock"] },
        Permission { operation: PUT, actions: &["s3:PutAccountPublicAccessBlock"] },
    ],
    resources: &["*"],
};

/// What is refused to the public in whole accounts.
#[derive(Clone, Debug)]
pub struct AccountPublicAccessBlockKind {
    control: S3Control,
}

impl AccountPublicAccessBlockKind {
    /// Settings that are reached by `control`.
    #[must_use]
    pub fn new(control: S3Control) -> Self {
        Self { control }
    }
}

impl ManagedKind for AccountPublicAccessBlockKind {
    type Spec = AccountPublicAccessBlockSpec;
    type Client = Scoped;

    fn kind(&self) -> &'static Kind {
        &ACCOUNT_PUBLIC_ACCESS_BLOCK
    }

    fn rules(&self) -> &'static KindRules {
        &RULES
    }

    /// The account: the setting is the same in all its regions.
    fn own_name(&self, client: &Scoped, _: &Owner) -> Result<Option<String>, String> {
        Ok(Some(client.account().into()))
    }

    fn desired(&self, spec: &AccountPublicAccessBlockSpec) -> Result<Desired, String> {
        let block = serde_json::to_value(&spec.public_access_block_configuration).map_err(|error| error.to_string())?;
        Ok(Desired { parts: [(FIELD, block)].into(), ..Desired::default() })
    }

    async fn connect(&self, scope: &Scope) -> Result<Scoped, Failure> {
        self.control.connect(scope, |_, _| None).await
    }

    async fn locate(&self, client: &Scoped, _: &str) -> Result<Existence, Failure> {
        let answer = fetch!(client, get_public_access_block, GET);
        let answer = unless_absent(answer, &["NoSuchPublicAccessBlockConfiguration"])?;
        let block = answer.and_then(|answer| answer.public_access_block_configuration).map(|block| encode(&block));
        Ok(Existence::Present(Present { parts: [(FIELD, block)].into(), ..Present::default() }))
    }

    async fn read(&self, _: &Scoped, _: &str, _: &Present, field: &'static str) -> Reading {
        Err(unknown(field))
    }

    async fn create(&self, _: &Scoped, _: Creation<'_>) -> Result<Created, Failure> {
        Err(unknown("spec"))
    }

    async fn apply(&self, client: &Scoped, _: &str, step: &Step) -> Result<(), Failure> {
        let Action::Put { value } = &step.action else { return Err(unknown(step.field)) };
        let block = decode(PUT, value)?;
        send!(client, put_public_access_block.public_access_block_configuration(block), PUT).map(drop)
    }

    async fn delete(&self, _: &Scoped, _: &str) -> Result<(), Failure> {
        Err(unknown("spec"))
    }
}

/// Something that is never asked of a setting: a defect that tests rule out.
fn unknown(field: &str) -> Failure {
    unmade(field, &"no such part of the setting")
}
