//! IP addresses and networks, with what Kubernetes refuses: zones, IPv4 in IPv6, leading zeros.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Reads an address as Kubernetes' `ip()` does.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn parse_ip(text: &str) -> Result<IpAddr, String> {
    if text.contains('%') {
        return Err(format!("IP address {text:?} with zone value is not allowed"));
    }
    let ip: IpAddr = text.parse().map_err(|_| format!("IP address {text:?} cannot be parsed"))?;
    match ip {
        IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some() => {
            Err(format!("IPv4-mapped IPv6 address {text:?} is not allowed"))
        }
        ip => Ok(ip),
    }
}

/// A network: an address and the length of its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cidr {
    pub(crate) ip: IpAddr,
    pub(crate) prefix: u8,
}

impl Cidr {
    /// Reads `address/length`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let invalid = || format!("network address {text:?} cannot be parsed");
        let (ip, length) = text.split_once('/').ok_or_else(invalid)?;
        let canonical = length.len() == 1 || !length.starts_with(['0', '+']);
        let prefix: u8 = length.parse().ok().filter(|_| canonical).ok_or_else(invalid)?;
        let ip = parse_ip(ip)?;
        if prefix > Self::bits(ip) {
            return Err(invalid());
        }
        Ok(Self { ip, prefix })
    }

    fn bits(ip: IpAddr) -> u8 {
        if ip.is_ipv4() { 32 } else { 128 }
    }

    fn number(ip: IpAddr) -> u128 {
        match ip {
            IpAddr::V4(ip) => u128::from(u32::from(ip)) << 96,
            IpAddr::V6(ip) => u128::from(ip),
        }
    }

    fn mask(self) -> u128 {
        u128::MAX.checked_shl(128 - u32::from(self.prefix)).unwrap_or_default()
    }

    /// The network with the bits after the prefix cleared.
    pub(crate) fn masked(self) -> Self {
        let number = Self::number(self.ip) & self.mask();
        let ip = match self.ip {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::from(u32::try_from(number >> 96).unwrap_or_default())),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from(number)),
        };
        Self { ip, prefix: self.prefix }
    }

    /// Whether an address lies in the network.
    pub(crate) fn contains_ip(self, ip: IpAddr) -> bool {
        self.ip.is_ipv4() == ip.is_ipv4() && (Self::number(self.ip) ^ Self::number(ip)) & self.mask() == 0
    }

    /// Whether a network lies in the network.
    pub(crate) fn contains(self, other: Self) -> bool {
        self.prefix <= other.prefix && self.contains_ip(other.masked().ip)
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.ip, self.prefix)
    }
}
