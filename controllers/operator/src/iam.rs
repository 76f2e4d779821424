//! `cairn iam policy`: the least that the operator's role needs, from the table that plans are made of.

use std::io::Write;

use cairn_core::{iam, rules::KindRules};

use crate::{Outcome, cli::PolicyArgs};

/// The rules of every kind that stands for a resource in AWS.
pub(crate) static MANAGED: &[&KindRules] = &[&cairn_s3::bucket::RULES, &cairn_dynamodb::table::RULES];

/// A kind that there is not.
#[derive(Debug, thiserror::Error)]
#[error("--kinds: there is no kind `{kind}`; kinds are {known}")]
struct UnknownKind {
    kind: String,
    known: String,
}

/// Prints the policy as JSON.
pub(crate) fn print(args: &PolicyArgs) -> Outcome {
    let policy = iam::policy(&chosen(&args.kinds)?, &args.partition);
    writeln!(std::io::stdout(), "{policy:#}")?;
    Ok(())
}

fn chosen(names: &[String]) -> Result<Vec<&'static KindRules>, UnknownKind> {
    if let Some(kind) = names.iter().find(|name| MANAGED.iter().all(|rules| rules.kind != **name)) {
        let known = MANAGED.iter().map(|rules| rules.kind).collect::<Vec<_>>().join(", ");
        return Err(UnknownKind { kind: kind.clone(), known });
    }
    let wanted = |rules: &&&KindRules| names.is_empty() || names.iter().any(|name| name == rules.kind);
    Ok(MANAGED.iter().filter(wanted).copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_in_the_policy_unless_some_are_named() {
        let all: Vec<_> = chosen(&[]).unwrap().iter().map(|rules| rules.kind).collect();
        let managed: Vec<_> = cairn_crds::managed().map(|kind| kind.kind).collect();
        assert_eq!(all, managed);
        assert_eq!(chosen(&["Bucket".into()]).unwrap().len(), 1);
        assert!(chosen(&["Bukket".into()]).unwrap_err().to_string().contains("`Bukket`"));
    }
}
