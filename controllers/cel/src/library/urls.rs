//! URLs.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::decl::{Outcome, Row, function, method, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::{Handle, Key, Map, Text, Url, Value};

/// The rows of the table.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    function("url(string) -> url", "The URL that a text writes: absolute, or a path from the root.", url),
    function("isURL(string) -> bool", "Whether a text writes such a URL.", is_url),
    method("url.getScheme() -> string", "The scheme, or an empty text.", scheme),
    method("url.getHost() -> string", "Host and port, an IPv6 address in brackets.", host),
    method("url.getHostname() -> string", "The host without port and brackets.", hostname),
    method("url.getPort() -> string", "The port, or an empty text.", port),
    method("url.getEscapedPath() -> string", "The path, escaped.", path),
    method("url.getQuery() -> map(string, list(string))", "The values of the query by name.", query),
];

fn url<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("url", args) };
    meter.text(text.len())?;
    let parsed = Url::parse(text).ok_or_else(|| EvalError::value("the text is not a URL"))?;
    Ok(Value::Opaque(Handle::Url(Arc::new(parsed))))
}

fn is_url<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("isURL", args) };
    meter.text(text.len())?;
    Ok(Value::Bool(Url::parse(text).is_some()))
}

fn part<'a>(name: &str, args: &[Value<'a>], read: impl Fn(&Url) -> Value<'a>) -> Outcome<'a> {
    let [Value::Opaque(Handle::Url(url))] = args else { return no_overload(name, args) };
    Ok(read(url))
}

fn scheme<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getScheme", args, |url| Value::text(url.scheme()))
}

fn host<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getHost", args, |url| Value::text(url.host()))
}

fn hostname<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getHostname", args, |url| Value::text(url.hostname()))
}

fn port<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getPort", args, |url| Value::text(url.port()))
}

fn path<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getEscapedPath", args, |url| Value::text(url.escaped_path()))
}

fn query<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    part("getQuery", args, |url| {
        let entries = url.query().into_iter();
        let entries: BTreeMap<_, _> =
            entries.map(|(name, values)| (Key::String(Text::Shared(name.into())), Value::texts(values))).collect();
        Value::Map(Map::new(entries))
    })
}
