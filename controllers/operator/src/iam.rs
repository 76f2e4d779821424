//! `cairn iam policy`: the least that the operator's role needs, from the table that plans are made of.

use std::io::Write;

use cairn_core::{iam, rules::KindRules};

use crate::{Outcome, cli::PolicyArgs};

/// The rules of every kind that stands for a resource in AWS.
pub(crate) static MANAGED: &[&KindRules] = &[
    &cairn_s3::bucket::RULES,
    &cairn_dynamodb::table::RULES,
    &cairn_dynamodb::backup::RULES,
    &cairn_dynamodb::export::RULES,
    &cairn_s3control::access_point::RULES,
    &cairn_s3control::account::RULES,
];

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
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_is_in_the_policy_unless_some_are_named() {
        let all: Vec<_> = chosen(&[]).unwrap().iter().map(|rules| rules.kind).collect();
        let managed: Vec<_> = cairn_crds::managed().map(|kind| kind.kind).collect();
        assert_eq!(all, managed);
        assert_eq!(chosen(&["Bucket".into()]).unwrap().len(), 1);
        assert!(chosen(&["Bukket".into()]).unwrap_err().to_string().contains("`Bukket`"));
    }

    #[test]
    fn the_chart_lets_the_operator_read_what_objects_refer_to() {
        let file = include_str!("../../../charts/cairn/files/references.yaml");
        let listed: Vec<serde_json::Value> = serde_saphyr::from_str(file).unwrap();
        let text = |target: &serde_json::Value, field: &str| target[field].as_str().unwrap().to_owned();
        let listed: BTreeSet<_> = listed.iter().map(|target| (text(target, "service"), text(target, "kind"))).collect();
        let ours =
            |service: &str, kind: &str| MANAGED.iter().any(|rules| (rules.service, rules.kind) == (service, kind));
        let rules = MANAGED.iter().flat_map(|rules| rules.references);
        let others = rules.filter(|rule| !ours(rule.service, rule.kind));
        let wanted: BTreeSet<_> = others.map(|rule| (rule.service.to_owned(), rule.kind.to_owned())).collect();
        assert_eq!(listed, wanted);
    }

    #[test]
    fn what_objects_refer_to_is_in_the_schemas() {
        for rules in MANAGED {
            let kind = cairn_crds::managed().find(|kind| kind.kind == rules.kind).unwrap();
            for path in rules.references.iter().map(|rule| rule.path).chain(rules.secrets.iter().map(|rule| rule.path))
            {
                let below = |schema: serde_json::Value, name: &str| {
                    let object = if schema["items"].is_null() { schema } else { schema["items"].clone() };
                    object["properties"][name].clone()
                };
                let schema = path.split('.').fold((kind.spec)(), below);
                assert!(!schema.is_null(), "{}: {path}", rules.kind);
            }
        }
    }
}
