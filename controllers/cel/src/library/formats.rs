//! The named formats of Kubernetes, and what is wrong with a text that is not in one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;

use crate::decl::{Outcome, Row, function, method, no_overload};
use crate::meter::Meter;
use crate::time::Timestamp;
use crate::value::{Handle, Named, Url, Value};

/// The names, and one function for each.
macro_rules! formats {
    ($(($name:literal, $eval:ident)),*) => {
        /// The rows of the table.
        pub(crate) const ROWS: &[Row] = &[
            function("format.named(string) -> optional(format)", "The format of a name, if there is one.", named),
            method("format.validate(string) -> optional(list(string))", "What is wrong with a text, or nothing.", validate),
            $(
                function(concat!("format.", $name, "() -> format"), concat!("The format `", $name, "`."), $eval),
            )*
        ];

        const NAMES: &[&str] = &[$($name),*];

        $(
            fn $eval<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
                let [] = args else { return no_overload(concat!("format.", $name), args) };
                Ok(Value::Opaque(Handle::Format(Named($name))))
            }
        )*
    };
}

formats![
    ("dns1123Label", dns1123_label),
    ("dns1123Subdomain", dns1123_subdomain),
    ("dns1035Label", dns1035_label),
    ("qualifiedName", qualified_name),
    ("dns1123LabelPrefix", dns1123_label_prefix),
    ("dns1123SubdomainPrefix", dns1123_subdomain_prefix),
    ("dns1035LabelPrefix", dns1035_label_prefix),
    ("labelValue", label_value),
    ("uri", uri),
    ("uuid", uuid),
    ("byte", byte),
    ("date", date),
    ("datetime", datetime)
];

fn named<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(name)] = args else { return no_overload("format.named", args) };
    let found = NAMES.iter().find(|known| ***known == **name);
    Ok(found.map_or(Value::Optional(None), |name| Value::some(Value::Opaque(Handle::Format(Named(name))))))
}

fn validate<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Opaque(Handle::Format(format)), Value::String(text)] = args else {
        return no_overload("validate", args);
    };
    meter.text(text.len())?;
    let errors = errors(format.0, text);
    Ok(if errors.is_empty() { Value::Optional(None) } else { Value::some(Value::texts(errors)) })
}

const LABEL: &str = "must be lower case letters, digits and '-', and start and end with a letter or digit";
const SUBDOMAIN: &str = "must be labels of lower case letters, digits and '-', joined by '.'";
const LABEL_1035: &str =
    "must be lower case letters, digits and '-', start with a letter and end with a letter or digit";
const NAME: &str = "must be letters, digits, '-', '_' and '.', and start and end with a letter or digit";

/// What is wrong with a text.
fn errors(format: &str, text: &str) -> Vec<String> {
    let masked = masked(text);
    let plain = |wrong: bool, message: &str| if wrong { vec![message.to_owned()] } else { Vec::new() };
    match format {
        "dns1123Label" => sized(text, 63, is_label(text), LABEL),
        "dns1123LabelPrefix" => sized(&masked, 63, is_label(&masked), LABEL),
        "dns1035Label" => sized(text, 63, is_label_1035(text), LABEL_1035),
        "dns1035LabelPrefix" => sized(&masked, 63, is_label_1035(&masked), LABEL_1035),
        "dns1123Subdomain" => sized(text, 253, text.split('.').all(is_label), SUBDOMAIN),
        "dns1123SubdomainPrefix" => sized(&masked, 253, masked.split('.').all(is_label), SUBDOMAIN),
        "labelValue" => sized(text, 63, text.is_empty() || is_name(text), NAME),
        "qualifiedName" => qualified(text),
        "uri" => plain(Url::parse(text).is_none(), "is not a URI"),
        "uuid" => plain(!is_uuid(text), "does not match the UUID format"),
        "byte" => plain(STANDARD.decode(text).is_err(), "invalid base64"),
        "date" => plain(text.len() != 10 || text.parse::<Date>().is_err(), "invalid date"),
        _ => plain(Timestamp::parse(&text.to_ascii_uppercase()).is_none(), "invalid datetime"),
    }
}

fn sized(text: &str, most: usize, matches: bool, message: &str) -> Vec<String> {
    let long = (text.len() > most).then(|| format!("must be no more than {most} characters"));
    long.into_iter().chain((!matches).then(|| message.to_owned())).collect()
}

/// A prefix may end with `-`, because something will be appended.
fn masked(text: &str) -> String {
    match text.strip_suffix('-').and_then(|rest| rest.get(..rest.len().saturating_sub(1))) {
        Some(rest) if text.len() > 1 => format!("{rest}a"),
        _ => text.to_owned(),
    }
}

fn framed(text: &str, ends: fn(u8) -> bool, middle: fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    bytes.first().copied().is_some_and(ends)
        && bytes.last().copied().is_some_and(ends)
        && bytes.iter().copied().all(middle)
}

fn is_label(text: &str) -> bool {
    let end = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    framed(text, end, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_label_1035(text: &str) -> bool {
    is_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase())
}

fn is_name(text: &str) -> bool {
    framed(text, |byte| byte.is_ascii_alphanumeric(), |byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn qualified(text: &str) -> Vec<String> {
    let (prefix, name) = match text.split('/').collect::<Vec<_>>().as_slice() {
        [name] => (None, *name),
        [prefix, name] => (Some(*prefix), *name),
        _ => return vec!["must be a name with an optional DNS subdomain and '/' before it".to_owned()],
    };
    let mut out = Vec::new();
    if let Some(prefix) = prefix {
        let wrong = sized(prefix, 253, prefix.split('.').all(is_label), SUBDOMAIN);
        out.extend(wrong.into_iter().map(|message| format!("prefix part {message}")));
    }
    if name.is_empty() {
        out.push("name part must be non-empty".to_owned());
    }
    out.extend(sized(name, 63, is_name(name), NAME).into_iter().map(|message| format!("name part {message}")));
    out
}

fn is_uuid(text: &str) -> bool {
    let mut rest = text;
    for (index, length) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        rest = if index > 0 { rest.strip_prefix('-').unwrap_or(rest) } else { rest };
        let Some((digits, after)) = rest.split_at_checked(length) else { return false };
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return false;
        }
        rest = after;
    }
    rest.is_empty()
}
