//! The region of an object.

use super::Unscoped;

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

/// The sources of a region, from the strongest to the weakest.
#[derive(Clone, Copy, Debug, Default)]
pub struct RegionSources<'a> {
    /// A field of the spec.
    pub spec: Option<&'a str>,
    /// The object's annotation `<suffix>/region`.
    pub annotation: Option<&'a str>,
    /// The namespace's annotation `<suffix>/default-region`.
    pub namespace: Option<&'a str>,
    /// The operator's `--aws-region`.
    pub default: Option<&'a str>,
    /// The region in which the object's resource already is, from its status.
    pub recorded: Option<&'a str>,
}

/// Decides the region of an object.
///
/// # Errors
/// [`Unscoped::Invalid`] and [`Unscoped::Moved`], in words that name the source.
pub fn decide_region(sources: RegionSources<'_>) -> Result<Region, Unscoped> {
    let named = [
        ("spec", sources.spec),
        ("annotation region", sources.annotation),
        ("the namespace's annotation default-region", sources.namespace),
        ("--aws-region", sources.default),
    ];
    let Some((source, name)) = named.into_iter().find_map(|(source, name)| Some((source, name?))) else {
        return Err(Unscoped::Invalid(
            "no AWS region: set it on the object by the annotation region, on its namespace by default-region, or for \
             the operator by --aws-region"
                .into(),
        ));
    };
    let region = Region::parse(canonical(name)).map_err(|why| Unscoped::Invalid(format!("{source}: {why}")))?;
    match sources.recorded {
        Some(recorded) if recorded != region.as_str() => Err(Unscoped::Moved(format!(
            "the resource is in {recorded} and cannot be moved to {region} (from {source}); set the region back, or \
             create another object"
        ))),
        _ => Ok(region),
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
            namespace: Some("ap-south-1"),
            default: Some("us-east-1"),
            recorded: None,
        };
        let region = |sources| decide_region(sources).map(|region| region.to_string());
        assert_eq!(region(all), Ok("eu-central-1".into()));
        assert_eq!(region(RegionSources { spec: None, ..all }), Ok("eu-west-1".into()));
        assert_eq!(region(RegionSources { spec: None, annotation: None, ..all }), Ok("ap-south-1".into()));
        let flag = RegionSources { default: Some("us-east-1"), ..RegionSources::default() };
        assert_eq!(region(flag), Ok("us-east-1".into()));
        assert_eq!(region(RegionSources { spec: Some("EU"), ..all }), Ok("eu-west-1".into()));
        assert!(matches!(region(RegionSources::default()), Err(Unscoped::Invalid(_))));
    }

    #[test]
    fn a_bad_region_names_its_source_and_does_not_give_way_to_a_weaker_one() {
        let cases = [
            (RegionSources { annotation: Some("Ireland"), ..RegionSources::default() }, "annotation region"),
            (RegionSources { namespace: Some("Ireland"), ..RegionSources::default() }, "default-region"),
        ];
        for (sources, named) in cases {
            let sources = RegionSources { default: Some("us-east-1"), ..sources };
            let Err(Unscoped::Invalid(why)) = decide_region(sources) else { panic!("accepted") };
            assert!(why.contains(named) && why.contains("Ireland"), "{why}");
        }
    }

    #[test]
    fn a_resource_does_not_move() {
        let sources =
            RegionSources { default: Some("us-east-1"), recorded: Some("eu-west-1"), ..RegionSources::default() };
        assert!(matches!(decide_region(sources), Err(Unscoped::Moved(_))));
        assert!(decide_region(RegionSources { recorded: Some("us-east-1"), ..sources }).is_ok());
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
