//! Roles that are assumed.

use std::{collections::BTreeMap, fmt, time::Duration};

/// The session's name where nobody gives one.
const SESSION_NAME: &str = "cairn";
/// How long a session is good where nobody says; AWS's own default.
const SESSION_DURATION: Duration = Duration::from_hours(1);

/// The ARN of an IAM role.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoleArn(String);

impl RoleArn {
    /// Checks the form of a role's ARN: `arn:<partition>:iam::<account>:role/<path and name>`.
    ///
    /// # Errors
    /// A sentence that names what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<_> = text.splitn(6, ':').collect();
        let well_formed = match parts.as_slice() {
            ["arn", partition, "iam", "", account, resource] => {
                partition.starts_with("aws")
                    && is_account(account)
                    && resource.strip_prefix("role/").is_some_and(is_role)
            }
            _ => false,
        };
        if well_formed {
            Ok(Self(text.into()))
        } else {
            Err(format!("`{text}` is no ARN of an IAM role; those look like arn:aws:iam::111122223333:role/name"))
        }
    }

    /// The whole ARN.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The account that the role belongs to, and acts in.
    #[must_use]
    pub fn account(&self) -> &str {
        self.part(4)
    }

    /// The partition: `aws`, `aws-cn`, ….
    #[must_use]
    pub fn partition(&self) -> &str {
        self.part(1)
    }

    /// The name without its path, as it stands in the ARNs of sessions.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    fn part(&self, number: usize) -> &str {
        self.0.split(':').nth(number).unwrap_or_default()
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text is the id of an AWS account: twelve digits.
pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_role(path_and_name: &str) -> bool {
    let name = path_and_name.rsplit('/').next().unwrap_or_default();
    let in_name = |b: u8| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b);
    (1..=64).contains(&name.len()) && name.bytes().all(in_name) && path_and_name.bytes().all(|b| b.is_ascii_graphic())
}

/// A role with everything that makes its sessions different. Equal roles share their sessions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Role {
    /// The role.
    pub arn: RoleArn,
    /// External id that its trust policy asks for.
    pub external_id: Option<String>,
    /// Name of the session: 2 to 64 characters of those that AWS allows.
    pub session_name: String,
    /// Tags of the session.
    pub session_tags: BTreeMap<String, String>,
    /// For how long a session is good: 15 minutes to 12 hours, in whole seconds.
    pub duration: Duration,
}

impl Role {
    /// A role of which nothing is said but its ARN.
    #[must_use]
    pub fn plain(arn: RoleArn) -> Self {
        Self {
            arn,
            external_id: None,
            session_name: SESSION_NAME.into(),
            session_tags: BTreeMap::new(),
            duration: SESSION_DURATION,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_an_arn() {
        let arn = RoleArn::parse("arn:aws-cn:iam::111122223333:role/teams/a/deployer").unwrap();
        assert_eq!((arn.account(), arn.partition(), arn.name()), ("111122223333", "aws-cn", "deployer"));
        assert_eq!(RoleArn::parse("arn:aws:iam::111122223333:role/plain").unwrap().name(), "plain");
    }

    #[test]
    fn what_is_no_role_is_refused() {
        for bad in [
            "",
            "deployer",
            "arn:aws:iam::111122223333:user/a",
            "arn:aws:iam::1111:role/a",
            "arn:aws:iam::11112222333x:role/a",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role/a b",
            "arn:aws:iam::111122223333:role/path/",
            "arn:aws:iam:eu-west-1:111122223333:role/a",
            "arn:aws:sts::111122223333:assumed-role/a/b",
            "arn:other:iam::111122223333:role/a",
        ] {
            assert!(RoleArn::parse(bad).unwrap_err().contains(bad), "{bad}");
        }
    }
}
