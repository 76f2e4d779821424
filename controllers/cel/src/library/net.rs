//! IP addresses and networks.

use std::net::IpAddr;

use crate::decl::{Outcome, Row, function, method, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::{Cidr, Handle, Value, parse_ip};

/// The rows of the table.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    function("ip(string) -> ip", "The address that a text writes.", ip),
    function("isIP(string) -> bool", "Whether a text writes an address.", is_ip),
    function("ip.isCanonical(string) -> bool", "Whether a text writes an address in its one canonical way.", is_canonical),
    function("string(ip) -> string", "The address in its canonical way.", to_string),
    method("ip.family() -> int", "4 or 6.", family),
    method("ip.isUnspecified() -> bool", "Whether it is 0.0.0.0 or ::.", is_unspecified),
    method("ip.isLoopback() -> bool", "Whether it is a loopback address.", is_loopback),
    method("ip.isLinkLocalMulticast() -> bool", "Whether it is a link-local multicast address.", is_link_multicast),
    method("ip.isLinkLocalUnicast() -> bool", "Whether it is a link-local unicast address.", is_link_unicast),
    method("ip.isGlobalUnicast() -> bool", "Whether it is a global unicast address, private ones included.", is_global),
    function("cidr(string) -> cidr", "The network that a text writes.", cidr),
    function("isCIDR(string) -> bool", "Whether a text writes a network.", is_cidr),
    function("string(cidr) -> string", "The network as text.", to_string),
    method("cidr.containsIP(ip) -> bool", "Whether an address is in the network.", contains_ip),
    method("cidr.containsIP(string) -> bool", "Whether an address is in the network.", contains_ip),
    method("cidr.containsCIDR(cidr) -> bool", "Whether a whole network is in the network.", contains_cidr),
    method("cidr.containsCIDR(string) -> bool", "Whether a whole network is in the network.", contains_cidr),
    method("cidr.ip() -> ip", "The address, with the bits after the prefix.", cidr_ip),
    method("cidr.masked() -> cidr", "The network with the bits after the prefix cleared.", masked),
    method("cidr.prefixLength() -> int", "The length of the prefix.", prefix_length),
];

fn ip<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("ip", args) };
    parse_ip(text).map(|ip| Value::Opaque(Handle::Ip(ip))).map_err(EvalError::value)
}

fn is_ip<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("isIP", args) };
    Ok(Value::Bool(parse_ip(text).is_ok()))
}

fn is_canonical<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("ip.isCanonical", args) };
    let ip = parse_ip(text).map_err(EvalError::value)?;
    Ok(Value::Bool(ip.to_string() == **text))
}

fn to_string<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Opaque(handle @ (Handle::Ip(_) | Handle::Cidr(_)))] => Ok(Value::text(handle.text())),
        _ => no_overload("string", args),
    }
}

fn family<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Opaque(Handle::Ip(ip))] = args else { return no_overload("family", args) };
    Ok(Value::Int(if ip.is_ipv4() { 4 } else { 6 }))
}

fn tested<'a>(name: &str, args: &[Value<'a>], test: fn(&IpAddr) -> bool) -> Outcome<'a> {
    let [Value::Opaque(Handle::Ip(ip))] = args else { return no_overload(name, args) };
    Ok(Value::Bool(test(ip)))
}

fn is_unspecified<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    tested("isUnspecified", args, IpAddr::is_unspecified)
}

fn is_loopback<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    tested("isLoopback", args, IpAddr::is_loopback)
}

fn link_multicast(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.octets().starts_with(&[224, 0, 0]),
        IpAddr::V6(ip) => ip.segments().first().is_some_and(|first| first & 0xff0f == 0xff02),
    }
}

fn link_unicast(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.segments().first().is_some_and(|first| first & 0xffc0 == 0xfe80),
    }
}

/// Go's meaning: anything that is none of the others, so private addresses too.
fn global(ip: &IpAddr) -> bool {
    let broadcast = matches!(ip, IpAddr::V4(ip) if ip.is_broadcast());
    !(broadcast || ip.is_unspecified() || ip.is_loopback() || ip.is_multicast() || link_unicast(ip))
}

fn is_link_multicast<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    tested("isLinkLocalMulticast", args, link_multicast)
}

fn is_link_unicast<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    tested("isLinkLocalUnicast", args, link_unicast)
}

fn is_global<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    tested("isGlobalUnicast", args, global)
}

fn cidr<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("cidr", args) };
    Cidr::parse(text).map(|cidr| Value::Opaque(Handle::Cidr(cidr))).map_err(EvalError::value)
}

fn is_cidr<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("isCIDR", args) };
    Ok(Value::Bool(Cidr::parse(text).is_ok()))
}

fn contains_ip<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let (cidr, ip) = match args {
        [Value::Opaque(Handle::Cidr(cidr)), Value::Opaque(Handle::Ip(ip))] => (cidr, *ip),
        [Value::Opaque(Handle::Cidr(cidr)), Value::String(text)] => (cidr, parse_ip(text).map_err(EvalError::value)?),
        _ => return no_overload("containsIP", args),
    };
    Ok(Value::Bool(cidr.contains_ip(ip)))
}

fn contains_cidr<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let (cidr, other) = match args {
        [Value::Opaque(Handle::Cidr(cidr)), Value::Opaque(Handle::Cidr(other))] => (cidr, *other),
        [Value::Opaque(Handle::Cidr(cidr)), Value::String(text)] => {
            (cidr, Cidr::parse(text).map_err(EvalError::value)?)
        }
        _ => return no_overload("containsCIDR", args),
    };
    Ok(Value::Bool(cidr.contains(other)))
}

fn cidr_ip<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Opaque(Handle::Cidr(cidr))] = args else { return no_overload("ip", args) };
    Ok(Value::Opaque(Handle::Ip(cidr.ip)))
}

fn masked<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Opaque(Handle::Cidr(cidr))] = args else { return no_overload("masked", args) };
    Ok(Value::Opaque(Handle::Cidr(cidr.masked())))
}

fn prefix_length<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Opaque(Handle::Cidr(cidr))] = args else { return no_overload("prefixLength", args) };
    Ok(Value::Int(cidr.prefix.into()))
}
