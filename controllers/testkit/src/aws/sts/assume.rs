//! `AssumeRole`, with the limits that its API reference gives.

use std::{collections::BTreeMap, time::Duration};

use super::{
    super::{world::World, xml::Element},
    Refusal, RoleSeed,
    session::{Session, SessionView, caller},
};

/// Every parameter that is understood; tags beside.
const KNOWN: [&str; 6] = ["Action", "Version", "RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId"];
const MOST_TAGS: usize = 50;
const SHORTEST: u64 = 900;
const LONGEST: u64 = 43_200;
/// A role that is assumed by a role is good for no longer.
const LONGEST_IN_A_CHAIN: Duration = Duration::from_hours(1);

/// What is asked for.
struct Request {
    role: String,
    name: String,
    external_id: Option<String>,
    tags: BTreeMap<String, String>,
    duration: Duration,
}

pub(super) fn assume(world: &mut World, access_key: &str, parameters: &[(String, String)]) -> Result<Element, Refusal> {
    let request = Request::read(parameters)?;
    let partition = request.role.split(':').nth(1).unwrap_or_default();
    let caller = caller(world, access_key, partition);
    let role = world.roles.get(&request.role);
    let role = role.ok_or_else(|| Refusal::denied(&caller, "sts:AssumeRole", &request.role))?;
    let principal = world.sessions.get(access_key).map_or(&caller, |session| &session.view.role);
    trust(role, &request, principal, &world.account(access_key), &caller)?;
    check_duration(role, &request, world.sessions.contains_key(access_key))?;
    open(world, request)
}

fn open(world: &mut World, request: Request) -> Result<Element, Refusal> {
    let malformed = || Refusal::invalid(format!("{} is invalid", request.role));
    let mut parts = request.role.splitn(6, ':').skip(1);
    let (partition, account) = (parts.next().ok_or_else(malformed)?, parts.nth(2).ok_or_else(malformed)?);
    let role = request.role.rsplit('/').next().unwrap_or_default();
    let arn = format!("arn:{partition}:sts::{account}:assumed-role/{role}/{}", request.name);
    let began = world.clock.now();
    let expires = began.checked_add(request.duration).unwrap_or(jiff::Timestamp::MAX);
    let account = account.to_owned();
    let Request { role, name, external_id, tags, .. } = request;
    let view = SessionView { role, arn: arn.clone(), name: name.clone(), external_id, tags, began, expires };
    let key = world.next_session_key();
    let token = format!("token-of-{key}");
    let credentials = Element::new("Credentials")
        .with("AccessKeyId", &key)
        .with("SecretAccessKey", &format!("secret-of-{key}"))
        .with("SessionToken", &token)
        .with("Expiration", &expires.to_string());
    let user = Element::new("AssumedRoleUser").with("AssumedRoleId", &format!("{key}:{name}")).with("Arn", &arn);
    world.open_session(&key, &account, Session { view, token });
    Ok(Element::new("AssumeRoleResult").child(credentials).child(user))
}

/// What the role's trust policy says to the request.
fn trust(role: &RoleSeed, request: &Request, principal: &str, account: &str, caller: &str) -> Result<(), Refusal> {
    let trusted = role.trusted.iter().any(|trusted| trusted == account || trusted == principal);
    let external_id = role.external_id.is_none() || role.external_id == request.external_id;
    let tags = role.required_tags.iter().all(|(key, value)| request.tags.get(key) == Some(value));
    if !(trusted && external_id && tags) {
        return Err(Refusal::denied(caller, "sts:AssumeRole", &role.arn));
    }
    if !request.tags.is_empty() && !role.tagging {
        return Err(Refusal::denied(caller, "sts:TagSession", &role.arn));
    }
    Ok(())
}

fn check_duration(role: &RoleSeed, request: &Request, chained: bool) -> Result<(), Refusal> {
    if chained && request.duration > LONGEST_IN_A_CHAIN {
        let message =
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
        return Err(Refusal::invalid(message));
    }
    if request.duration > role.longest_session {
        let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
        return Err(Refusal::invalid(message));
    }
    Ok(())
}

impl Request {
    fn read(parameters: &[(String, String)]) -> Result<Self, Refusal> {
        let get = |name: &str| parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        if let Some((key, _)) = parameters.iter().find(|(key, _)| !KNOWN.contains(&key.as_str()) && !is_tag(key)) {
            return Err(Refusal::unsupported(&format!("the parameter {key} of AssumeRole")));
        }
        let request = Self {
            role: get("RoleArn").unwrap_or_default(),
            name: get("RoleSessionName").unwrap_or_default(),
            external_id: get("ExternalId"),
            tags: tags(parameters)?,
            duration: duration(get("DurationSeconds"))?,
        };
        request.check()?;
        Ok(request)
    }

    fn check(&self) -> Result<(), Refusal> {
        let role = self.role.splitn(6, ':').collect::<Vec<_>>();
        if !matches!(role.as_slice(), ["arn", _, "iam", "", _, role] if role.starts_with("role/")) {
            return Err(Refusal::invalid(format!("{} is invalid", self.role)));
        }
        check_text("roleSessionName", &self.name, 2, 64, "_+=,.@-")?;
        self.external_id.as_deref().map_or(Ok(()), |id| check_text("externalId", id, 2, 1224, "_+=,.@:/-"))
    }
}

fn check_text(member: &str, text: &str, least: usize, most: usize, punctuation: &str) -> Result<(), Refusal> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || punctuation.contains(c);
    if (least..=most).contains(&text.len()) && text.chars().all(allowed) {
        return Ok(());
    }
    Err(Refusal::invalid(format!(
        "1 validation error detected: Value '{text}' at '{member}' failed to satisfy constraint"
    )))
}

fn duration(given: Option<String>) -> Result<Duration, Refusal> {
    let Some(given) = given else { return Ok(Duration::from_hours(1)) };
    match given.parse() {
        Ok(seconds @ SHORTEST..=LONGEST) => Ok(Duration::from_secs(seconds)),
        _ => Err(Refusal::invalid(format!("1 validation error detected: Value '{given}' at 'durationSeconds'"))),
    }
}

fn is_tag(key: &str) -> bool {
    let rest = key.strip_prefix("Tags.member.").and_then(|rest| rest.split_once('.'));
    rest.is_some_and(|(_, field)| field == "Key" || field == "Value")
}

fn tags(parameters: &[(String, String)]) -> Result<BTreeMap<String, String>, Refusal> {
    let value_of = |number: &str| {
        let name = format!("Tags.member.{number}.Value");
        parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let keys = parameters.iter().filter_map(|(key, value)| {
        let number = key.strip_prefix("Tags.member.")?.strip_suffix(".Key")?;
        Some((value.clone(), value_of(number)))
    });
    let tags: Vec<_> = keys.collect();
    let distinct: std::collections::BTreeSet<_> = tags.iter().map(|(key, _)| key.to_lowercase()).collect();
    let fits = |(key, value): &(String, String)| {
        (1..=128).contains(&key.chars().count())
            && value.chars().count() <= 256
            && !key.to_lowercase().starts_with("aws:")
    };
    if tags.len() > MOST_TAGS || distinct.len() < tags.len() || !tags.iter().all(fits) {
        return Err(Refusal::invalid("1 validation error detected: tags"));
    }
    Ok(tags.into_iter().collect())
}
