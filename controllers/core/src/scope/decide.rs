//! The decision.

use std::collections::BTreeMap;

use cairn_crds::{
    Groups, Kind,
    annotation::{ANNOTATIONS, DEFAULT_REGION, Form, OWNER_ACCOUNT_ID, REGION},
    status::AckResourceMetadata,
};

use super::{
    AccountMap, Namespace, RegionSources, Role, Scope, Selector, Unscoped, decide_region,
    role::is_account,
    selector::{Selected, select},
};
use crate::template::{Slot, Template};

/// The object for which a scope is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its kind.
    pub kind: &'a Kind,
    /// Its namespace.
    pub namespace: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its labels.
    pub labels: &'a BTreeMap<String, String>,
    /// Its annotations.
    pub annotations: &'a BTreeMap<String, String>,
    /// The region that a field of its spec names.
    pub region: Option<&'a str>,
    /// Where its resource already is, from its status.
    pub recorded: Option<&'a AckResourceMetadata>,
}

impl Subject<'_> {
    /// A text with what the object has for its placeholders. Only trusted ones can stand in it.
    pub(super) fn fill(&self, template: &Template) -> String {
        template.render(|slot| match slot {
            Slot::Namespace => self.namespace,
            Slot::Name => self.name,
            Slot::Kind => self.kind.kind,
            Slot::Service => self.kind.home.service(),
            Slot::Version | Slot::ManagedBy | Slot::KroVersion => "",
        })
    }
}

/// What the operator brings along.
#[derive(Clone, Copy, Debug)]
pub struct OperatorScope<'a> {
    /// Group names.
    pub groups: &'a Groups,
    /// The region of `--aws-region`.
    pub region: Option<&'a str>,
    /// The account of the operator's own credentials, once that is known.
    pub account: Option<&'a str>,
}

/// The rules from which roles come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Roles {
    /// The operator may not read them: it works in single namespaces.
    NotOffered,
    /// What there is.
    Offered {
        /// Every `IAMRoleSelector`.
        selectors: Vec<Selector>,
        /// ACK's map from accounts to roles.
        accounts: AccountMap,
    },
}

/// Decides where an object belongs.
///
/// Of a selector that matches and the namespace's `owner-account-id` (ACK refuses to start with both) the selector wins,
/// because it says more; but where they name different accounts nobody can tell which is meant, and nothing is done.
///
/// # Errors
/// [`Unscoped`], in words that name what has to change.
pub fn decide(
    subject: &Subject<'_>,
    namespace: &Namespace,
    roles: &Roles,
    operator: &OperatorScope<'_>,
) -> Result<Scope, Unscoped> {
    let groups = operator.groups;
    let region = decide_region(RegionSources {
        spec: subject.region,
        annotation: subject.annotations.get(&REGION.name(groups, "")).map(String::as_str),
        namespace: namespace.annotation(groups, &DEFAULT_REGION),
        default: operator.region,
        recorded: subject.recorded.map(|recorded| recorded.region.as_str()),
    })?;
    let role = Question { subject, namespace, operator }.role(roles)?;
    let partition = role.as_ref().map_or(region.partition(), |role| role.arn.partition());
    if let Some(role) = role.as_ref().filter(|_| partition != region.partition()) {
        return Err(Unscoped::NotAllowed(format!(
            "the role {} is of partition {partition}, but the region {region} is of {}",
            role.arn,
            region.partition()
        )));
    }
    stays(subject, role.as_ref(), operator)?;
    Ok(Scope { region, role })
}

/// Checks that the resource is in the account that the scope leads to, as far as that is known before asking AWS.
fn stays(subject: &Subject<'_>, role: Option<&Role>, operator: &OperatorScope<'_>) -> Result<(), Unscoped> {
    let recorded = subject.recorded.map(|recorded| recorded.owner_account_id.as_str());
    let (wanted, whence) = match role {
        Some(role) => (Some(role.arn.account()), format!("the role {} is of account {}", role.arn, role.arn.account())),
        None => (operator.account, "no role is given, and the operator itself is of another account".to_owned()),
    };
    match (recorded, wanted) {
        (Some(recorded), Some(wanted)) if recorded != wanted => Err(Unscoped::Moved(format!(
            "the resource is in account {recorded} and cannot be moved to {wanted} ({whence}); set the namespace's role \
             back to one of {recorded}, or create another object"
        ))),
        _ => Ok(()),
    }
}

/// One object, for which a role is sought.
#[derive(Clone, Copy)]
struct Question<'a> {
    subject: &'a Subject<'a>,
    namespace: &'a Namespace,
    operator: &'a OperatorScope<'a>,
}

impl<'a> Question<'a> {
    fn role(self, roles: &Roles) -> Result<Option<Role>, Unscoped> {
        self.refuse_what_is_not_offered()?;
        let account = self.account()?;
        let Roles::Offered { selectors, accounts } = roles else { return self.without_roles(account) };
        let selected = select(selectors, self.subject, self.namespace, self.operator.groups);
        match selected.map_err(Unscoped::NotAllowed)? {
            Selected::One(selector) => self.by_selector(selector, account).map(Some),
            Selected::Nothing => self.by_account(accounts, account),
            Selected::NotByLabels(names) => match self.mapped(accounts, account)? {
                Some(role) => Ok(Some(role)),
                None => Err(self.not_by_labels(&names)),
            },
        }
    }

    /// Refuses annotations of ACK that would lead elsewhere.
    fn refuse_what_is_not_offered(self) -> Result<(), Unscoped> {
        let groups = self.operator.groups;
        for row in ANNOTATIONS {
            if let Form::NotOffered { instead } = row.form
                && self.namespace.annotation(groups, row).is_some()
            {
                return Err(Unscoped::NotAllowed(format!(
                    "{} has the annotation {}, which is not offered: {instead}, and remove the annotation",
                    self.place(),
                    row.name(groups, "")
                )));
            }
        }
        Ok(())
    }

    /// The account that the namespace says it belongs to.
    fn account(self) -> Result<Option<&'a str>, Unscoped> {
        match self.namespace.annotation(self.operator.groups, &OWNER_ACCOUNT_ID) {
            Some(account) if !is_account(account) => Err(Unscoped::NotAllowed(format!(
                "{} has the annotation {}: `{account}` is no AWS account; those are twelve digits",
                self.place(),
                self.owner_annotation()
            ))),
            account => Ok(account),
        }
    }

    fn by_selector(self, selector: &Selector, account: Option<&str>) -> Result<Role, Unscoped> {
        let role = selector.role(self.subject).map_err(Unscoped::NotAllowed)?;
        match account.filter(|account| *account != role.arn.account()) {
            Some(account) => Err(Unscoped::NotAllowed(format!(
                "{} belongs to account {account} by its annotation {}, but IAMRoleSelector {} gives it a role of account \
                 {}; let both name the same account, or remove one",
                self.place(),
                self.owner_annotation(),
                selector.name(),
                role.arn.account()
            ))),
            None => Ok(role),
        }
    }

    /// The role that the map gives for the account.
    fn mapped(self, accounts: &AccountMap, account: Option<&str>) -> Result<Option<Role>, Unscoped> {
        let Some(account) = account else { return Ok(None) };
        let arn = accounts.role(self.subject.kind.home.service(), account).map_err(Unscoped::NotAllowed)?;
        Ok(arn.map(Role::plain))
    }

    /// The role that the map gives for the account; none for the operator's own account.
    fn by_account(self, accounts: &AccountMap, account: Option<&str>) -> Result<Option<Role>, Unscoped> {
        if let Some(role) = self.mapped(accounts, account)? {
            return Ok(Some(role));
        }
        self.own_account_or(account, |account| accounts.missing(account))
    }

    fn without_roles(self, account: Option<&str>) -> Result<Option<Role>, Unscoped> {
        self.own_account_or(account, |_| {
            "an operator that works in single namespaces (--watch-namespace) assumes no roles".into()
        })
    }

    fn own_account_or(
        self,
        account: Option<&str>,
        otherwise: impl FnOnce(&str) -> String,
    ) -> Result<Option<Role>, Unscoped> {
        let key = self.owner_annotation();
        match (account, self.operator.account) {
            (None, _) => Ok(None),
            (Some(account), Some(own)) if account == own => Ok(None),
            (Some(account), None) => Err(Unscoped::Unknown(format!(
                "{} belongs to account {account} by its annotation {key}, and it is not known yet whether that is the \
                 operator's own",
                self.place()
            ))),
            (Some(account), Some(own)) => Err(Unscoped::NotAllowed(format!(
                "{} belongs to account {account} by its annotation {key}, the operator to {own}, and {}",
                self.place(),
                otherwise(account)
            ))),
        }
    }

    fn not_by_labels(self, names: &[&str]) -> Unscoped {
        Unscoped::NotAllowed(format!(
            "{} has its roles from IAMRoleSelectors ({}), and this object's labels match the resourceLabelSelector of \
             none; give it the labels of one, or the namespace a selector that asks for no labels",
            self.place(),
            names.join(", ")
        ))
    }

    fn owner_annotation(self) -> String {
        OWNER_ACCOUNT_ID.name(self.operator.groups, "")
    }

    fn place(self) -> String {
        format!("namespace {}", self.subject.namespace)
    }
}
