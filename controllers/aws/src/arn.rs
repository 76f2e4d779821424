//! Amazon Resource Names, right in every partition.

use std::fmt;

/// The parts of an ARN. Parts that a service leaves empty are empty here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`, ….
    pub partition: &'a str,
    /// Service namespace, for example `s3`.
    pub service: &'a str,
    /// Region.
    pub region: &'a str,
    /// Twelve-digit account id.
    pub account: &'a str,
    /// The rest, which may hold colons.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes an ARN apart; `None` when the text is none.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next();
        (next()? == "arn").then_some(())?;
        Some(Self { partition: next()?, service: next()?, region: next()?, account: next()?, resource: next()? })
    }
}

impl fmt::Display for Arn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_writes() {
        for text in
            ["arn:aws:s3:::bucket", "arn:aws-cn:sts::111122223333:assumed-role/a/b", "arn:aws:sns:eu-west-1:1:a:b"]
        {
            assert_eq!(Arn::parse(text).map(|arn| arn.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Arn::parse("bucket"), None);
        assert_eq!(Arn::parse("arn:aws:s3"), None);
    }
}
