//! Values of the Kubernetes libraries.

mod cidr;
mod quantity;
mod url;

use std::cmp::Ordering;
use std::net::IpAddr;
use std::sync::Arc;

pub(crate) use cidr::{Cidr, parse_ip};
pub use quantity::Quantity;
pub use url::Url;

use crate::types::Opaque;

/// A validator of text that Kubernetes names, as `format.named()` gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named(pub(crate) &'static str);

/// A value of a Kubernetes library.
#[derive(Debug, Clone)]
pub enum Handle {
    /// A URL.
    Url(Arc<Url>),
    /// An IP address.
    Ip(IpAddr),
    /// A network.
    #[allow(private_interfaces, reason = "read through the functions of the language only")]
    Cidr(Cidr),
    /// A quantity.
    Quantity(Arc<Quantity>),
    /// A semantic version.
    Semver(Arc<semver::Version>),
    /// A named format.
    #[allow(private_interfaces, reason = "read through the functions of the language only")]
    Format(Named),
}

impl Handle {
    /// Which type it is of.
    #[must_use]
    pub fn kind(&self) -> Opaque {
        match self {
            Self::Url(_) => Opaque::Url,
            Self::Ip(_) => Opaque::Ip,
            Self::Cidr(_) => Opaque::Cidr,
            Self::Quantity(_) => Opaque::Quantity,
            Self::Semver(_) => Opaque::Semver,
            Self::Format(_) => Opaque::Format,
        }
    }

    /// The order of two of them, where they have one: quantities by amount, versions by precedence without their build.
    #[must_use]
    pub fn order(a: &Self, b: &Self) -> Option<Ordering> {
        match (a, b) {
            (Self::Quantity(a), Self::Quantity(b)) => Some(a.compare(**b)),
            (Self::Semver(a), Self::Semver(b)) => Some(a.cmp_precedence(b)),
            _ => None,
        }
    }

    /// Whether two of them are equal: quantities by amount, versions without their build.
    #[must_use]
    pub fn same(a: &Self, b: &Self) -> bool {
        match (a, b) {
            (Self::Url(a), Self::Url(b)) => a.text() == b.text(),
            (Self::Ip(a), Self::Ip(b)) => a == b,
            (Self::Cidr(a), Self::Cidr(b)) => a == b,
            (Self::Format(a), Self::Format(b)) => a == b,
            _ => Self::order(a, b).is_some_and(Ordering::is_eq),
        }
    }

    /// As text, in the notation it is read from.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Url(url) => url.text().to_owned(),
            Self::Ip(ip) => ip.to_string(),
            Self::Cidr(cidr) => cidr.to_string(),
            Self::Quantity(quantity) => quantity.to_string(),
            Self::Semver(version) => version.to_string(),
            Self::Format(format) => format.0.to_owned(),
        }
    }
}
