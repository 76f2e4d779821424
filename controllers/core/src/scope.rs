//! Where in AWS an object belongs: decided from values, before anything is asked of AWS.

/// An AWS region that looks like one, for example `eu-west-1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Region(String);

impl Region {
    /// Checks the form of a region's name; whether AWS has it, only AWS can tell.
    ///
    /// # Errors
    /// A sentence that names what is wrong.
    pub fn parse(name: &str) -> Result<Self, String> {
        let parts: Vec<_> = name.split('-').collect();
        let letters = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
        let well_formed = parts.len() >= 3
            && parts[..parts.len() - 1].iter().all(letters)
            && parts.last().is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        if well_formed {
            Ok(Self(name.into()))
        } else {
            Err(format!("`{name}` is no AWS region; regions look like eu-west-1"))
        }
    }

    /// The name, for example `eu-west-1`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The partition that the region belongs to, by the prefixes of AWS's own `partitions.json`.
    #[must_use]
    pub fn partition(&self) -> &'static str {
        const PREFIXES: &[(&str, &str)] = &[
            ("cn-", "aws-cn"),
            ("us-gov-", "aws-us-gov"),
            ("us-isob-", "aws-iso-b"),
            ("us-isof-", "aws-iso-f"),
            ("us-iso-", "aws-iso"),
            ("eu-isoe-", "aws-iso-e"),
            ("eusc-", "aws-eusc"),
        ];
        PREFIXES.iter().find(|(prefix, _)| self.0.starts_with(prefix)).map_or("aws", |(_, partition)| partition)
    }
}

impl std::fmt::Display for Region {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where in AWS an object belongs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope {
    /// The region.
    pub region: Region,
}

/// The sources of a region, from the strongest to the weakest.
#[derive(Clone, Copy, Debug, Default)]
pub struct RegionSources<'a> {
    /// A field of the spec.
    pub spec: Option<&'a str>,
    /// The object's annotation `<suffix>/region`.
    pub annotation: Option<&'a str>,
    /// The operator's `--aws-region`.
    pub default: Option<&'a str>,
    /// The region in which the object's resource already is, from its status.
    pub recorded: Option<&'a str>,
}

/// Why there is no scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unscoped {
    /// A source holds no region, or there is no source at all.
    Invalid(String),
    /// The resource exists in another region than the one wanted now.
    Moved(String),
}

/// Decides the scope of an object.
///
/// # Errors
/// [`Unscoped`], in words that name the source.
pub fn decide(sources: RegionSources<'_>) -> Result<Scope, Unscoped> {
    let named = [("spec", sources.spec), ("annotation region", sources.annotation), ("--aws-region", sources.default)];
    let Some((source, name)) = named.into_iter().find_map(|(source, name)| Some((source, name?))) else {
        return Err(Unscoped::Invalid(
            "no AWS region: set it on the object by the region annotation, or for the operator by --aws-region".into(),
        ));
    };
    let region = Region::parse(canonical(name)).map_err(|why| Unscoped::Invalid(format!("{source}: {why}")))?;
    match sources.recorded {
        Some(recorded) if recorded != region.as_str() => Err(Unscoped::Moved(format!(
            "the resource is in {recorded} and cannot be moved to {region} (from {source}); set the region back, or \
             create another object"
        ))),
        _ => Ok(Scope { region }),
    }
}

/// Checks that a resource is not suddenly looked for in another account, where it would seem to be gone.
///
/// # Errors
/// A sentence that names both accounts.
pub fn same_account(recorded: Option<&str>, current: &str) -> Result<(), String> {
    match recorded {
        Some(recorded) if recorded != current => Err(format!(
            "the resource is in account {recorded}, but the operator's credentials are of account {current}; give the \
             operator credentials of {recorded}, or create another object"
        )),
        _ => Ok(()),
    }
}

/// `EU` is S3's oldest name for Ireland, still accepted as a location constraint.
fn canonical(name: &str) -> &str {
    if name == "EU" { "eu-west-1" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_source_wins() {
        let all = RegionSources {
            spec: Some("eu-central-1"),
            annotation: Some("eu-west-1"),
            default: Some("us-east-1"),
            recorded: None,
        };
        let region = |sources| decide(sources).map(|scope| scope.region.to_string());
        assert_eq!(region(all), Ok("eu-central-1".into()));
        assert_eq!(region(RegionSources { spec: None, ..all }), Ok("eu-west-1".into()));
        assert_eq!(region(RegionSources { spec: None, annotation: None, ..all }), Ok("us-east-1".into()));
        assert_eq!(region(RegionSources { spec: Some("EU"), ..all }), Ok("eu-west-1".into()));
        assert!(matches!(region(RegionSources::default()), Err(Unscoped::Invalid(_))));
    }

    #[test]
    fn a_bad_region_names_its_source() {
        let bad = RegionSources { annotation: Some("Ireland"), ..RegionSources::default() };
        let Err(Unscoped::Invalid(why)) = decide(bad) else { panic!("accepted") };
        assert!(why.contains("annotation") && why.contains("Ireland"), "{why}");
    }

    #[test]
    fn a_resource_does_not_move() {
        let sources =
            RegionSources { default: Some("us-east-1"), recorded: Some("eu-west-1"), ..RegionSources::default() };
        assert!(matches!(decide(sources), Err(Unscoped::Moved(_))));
        assert!(decide(RegionSources { recorded: Some("us-east-1"), ..sources }).is_ok());
    }

    #[test]
    fn a_resource_is_not_looked_for_in_another_account() {
        assert!(same_account(None, "111122223333").is_ok());
        assert!(same_account(Some("111122223333"), "111122223333").is_ok());
        let why = same_account(Some("111122223333"), "444455556666").unwrap_err();
        assert!(why.contains("111122223333") && why.contains("444455556666"));
    }

    #[test]
    fn partitions_follow_the_prefix() {
        let cases = [
            ("eu-west-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("us-iso-east-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eusc-de-east-1", "aws-eusc"),
        ];
        for (region, partition) in cases {
            assert_eq!(Region::parse(region).unwrap().partition(), partition, "{region}");
        }
        for bad in ["", "eu", "eu-west", "eu-west-", "EU-west-1", "eu west 1", "eu--1"] {
            assert!(Region::parse(bad).is_err(), "{bad}");
        }
    }
}
