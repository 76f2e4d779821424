//! URLs as Kubernetes reads them: absolute, or a path from the root, by Go's `url.ParseRequestURI`; and then by
//! `url.Parse`, which knows of fragments.

use std::collections::BTreeMap;

/// A URL in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    text: String,
    scheme: String,
    authority: String,
    path: String,
    query: String,
}

impl Url {
    /// Reads a URL.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let whole = Self::request(text)?;
        match text.split_once('#') {
            Some((before, _)) => Some(Self { text: whole.text, ..Self::request(before)? }),
            None => Some(whole),
        }
    }

    /// Reads the URL of a request, which has no fragment: `#` belongs to the path or the query.
    fn request(text: &str) -> Option<Self> {
        if text.is_empty() || text.chars().any(|c| c.is_ascii_control()) || !escapes_valid(text.split('?').next()?) {
            return None;
        }
        let (scheme, rest) = split_scheme(text)?;
        if scheme.is_empty() && !rest.starts_with('/') {
            return None;
        }
        let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
        let opaque = !scheme.is_empty() && !before.starts_with('/');
        let (authority, path) =
            match before.strip_prefix("//").filter(|_| !scheme.is_empty() || !before.starts_with("///")) {
                Some(after) => after.find('/').map_or((after, ""), |at| after.split_at(at)),
                None => ("", if opaque { "" } else { before }),
            };
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        if !host_valid(host) {
            return None;
        }
        let own = str::to_owned;
        Some(Self {
            text: own(text),
            scheme: scheme.to_ascii_lowercase(),
            authority: own(host),
            path: own(path),
            query: own(query),
        })
    }

    /// The text as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The scheme in lower case.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Host and port.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.authority
    }

    /// The host without port and brackets.
    #[must_use]
    pub fn hostname(&self) -> &str {
        if let Some(bracketed) = self.authority.strip_prefix('[') {
            return bracketed.split(']').next().unwrap_or_default();
        }
        self.authority.rsplit_once(':').map_or(self.authority.as_str(), |(host, _)| host)
    }

    /// The port as written, or nothing.
    #[must_use]
    pub fn port(&self) -> &str {
        let after = self.authority.rsplit(']').next().unwrap_or_default();
        after.rsplit_once(':').map(|(_, port)| port).unwrap_or_default()
    }

    /// The path with everything escaped that has to be.
    #[must_use]
    pub fn escaped_path(&self) -> String {
        let keep = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@%!'()*[]".contains(byte);
        let mut out = String::new();
        for byte in self.path.bytes() {
            if keep(&byte) {
                out.push(char::from(byte));
            } else {
                out.extend(['%', hex_digit(byte >> 4), hex_digit(byte & 15)]);
            }
        }
        out
    }

    /// The query's values by name.
    #[must_use]
    pub fn query(&self) -> BTreeMap<String, Vec<String>> {
        let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for pair in self.query.split('&').filter(|pair| !pair.is_empty() && !pair.contains(';')) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if let (Some(name), Some(value)) = (unescape(name), unescape(value)) {
                out.entry(name).or_default().push(value);
            }
        }
        out
    }
}

fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).unwrap_or(text.len());
    let after = text.get(end..)?;
    match after.strip_prefix(':') {
        Some(_) if end == 0 => None,
        Some(rest) if text.starts_with(|c: char| c.is_ascii_alphabetic()) => Some((text.get(..end)?, rest)),
        _ => Some(("", text)),
    }
}

fn host_valid(host: &str) -> bool {
    let port = if host.starts_with('[') {
        let Some((inside, after)) = host.split_once(']') else { return false };
        if inside.is_empty() {
            return false;
        }
        after
    } else {
        host.find(':').and_then(|at| host.get(at..)).unwrap_or_default()
    };
    let port_valid = port.is_empty() || port.strip_prefix(':').is_some_and(|p| p.bytes().all(|b| b.is_ascii_digit()));
    port_valid && host.chars().all(in_host) && (host.starts_with('[') || host_escapes_valid(host))
}

/// What Go lets stand in a host; beyond ASCII it looks at nothing.
fn in_host(c: char) -> bool {
    !c.is_ascii() || c.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:[]<>\"%".contains(c)
}

/// Outside of an address in brackets, only bytes beyond ASCII may be escaped, and `%` itself.
fn host_escapes_valid(host: &str) -> bool {
    let beyond = |digit: char| digit.to_digit(16).is_some_and(|digit| digit >= 8);
    host.split('%').skip(1).all(|code| code.starts_with("25") || code.starts_with(beyond))
}

fn escapes_valid(text: &str) -> bool {
    text.split('%').skip(1).all(|rest| rest.get(..2).is_some_and(|code| code.bytes().all(|b| b.is_ascii_hexdigit())))
}

fn unescape(text: &str) -> Option<String> {
    if !escapes_valid(text) {
        return None;
    }
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let code = [bytes.next()?, bytes.next()?];
                out.push(u8::from_str_radix(std::str::from_utf8(&code).ok()?, 16).ok()?);
            }
            other => out.push(other),
        }
    }
    Some(String::from_utf8_lossy(&out).into_owned())
}

fn hex_digit(value: u8) -> char {
    char::from_digit(value.into(), 16).unwrap_or('0').to_ascii_uppercase()
}
