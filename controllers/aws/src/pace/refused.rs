//! Calls that were not sent.

use std::{error::Error, fmt, sync::Arc};

use cairn_core::failure::{Class, Failure};

/// Why a call was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The region does not answer.
    Down {
        /// The region.
        region: Arc<str>,
        /// The service that does not answer there.
        service: Arc<str>,
    },
    /// AWS throttles, and the turn of the call did not come in time.
    NoTurn,
}

impl Refused {
    pub(crate) fn class(&self) -> Class {
        match self {
            Self::Down { .. } => Class::Unreachable,
            Self::NoTurn => Class::Throttled,
        }
    }

    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Down { .. } => "RegionDown",
            Self::NoTurn => "NoTurn",
        }
    }

    /// What it means for an operation, which certainly had no effect.
    pub(crate) fn failure(&self, operation: &str) -> Failure {
        Failure {
            operation: operation.into(),
            code: self.code().into(),
            message: self.to_string(),
            request_id: None,
            class: self.class(),
            ambiguous: false,
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Down { region, service } => write!(
                f,
                "{service} in {region} does not answer; this goes on by itself as soon as it does, nobody has to do \
                 anything"
            ),
            Self::NoTurn => f.write_str("AWS throttles this account, and the call had to wait too long for its turn"),
        }
    }
}

impl Error for Refused {}
