//! kro's own functions, with the same results bit for bit where names depend on them.

use std::collections::BTreeMap;

use md5::Md5;
use sha2::{Digest as _, Sha256};

use super::json_edit::{go_text, owned};
use super::lists::{insert_at, remove_at, set_at};
use crate::decl::{Outcome, Row, function, method, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::{Map, Value};

/// The rows of the table.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    function("random.seededString(int, string) -> string", "So many characters of 0-9 and a-z that depend on a seed only. They repeat after eight.", seeded_string),
    function("random.seededInt(int, int, string) -> int", "A number from the first up to, not including, the second that depends on a seed only.", seeded_int),
    method("map(string, A).merge(map(string, A)) -> map(string, A)", "Both maps in one; the second wins.", merge),
    method("map(string, dyn).deepMerge(map(string, dyn)) -> map(string, dyn)", "Both maps in one, maps within them too; the second wins.", deep_merge),
    function("lists.setAtIndex(list(A), int, A) -> list(A)", "The list with one element replaced.", set_at),
    function("lists.insertAtIndex(list(A), int, A) -> list(A)", "The list with an element put in before a position, or at the end.", insert_at),
    function("lists.removeAtIndex(list(A), int) -> list(A)", "The list without the element at a position.", remove_at),
    function("json.marshal(dyn) -> string", "A value as JSON text.", marshal),
    function("json.unmarshal(string) -> dyn", "The value of JSON text.", unmarshal),
    function("hash.sha256(string) -> bytes", "The SHA-256 of a text.", sha256),
    function("hash.md5(string) -> bytes", "The MD5 of a text.", md5),
    function("hash.fnv64a(string) -> bytes", "The 64-bit FNV-1a of a text.", fnv64a),
    function("omit() -> dyn", "Leaves the field or element that it fills out.", omit),
];

const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

fn seeded_string<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Int(length), Value::String(seed)] = args else { return no_overload("random.seededString", args) };
    let length = usize::try_from(*length).ok().filter(|length| *length > 0);
    let length = length.ok_or_else(|| EvalError::value("length must be greater than 0"))?;
    meter.text(seed.len())?;
    meter.text(length)?;
    let hash = Sha256::digest(seed.as_bytes());
    let words: Vec<u32> =
        hash.chunks_exact(4).filter_map(|word| word.try_into().ok().map(u32::from_be_bytes)).collect();
    let letter = |word: &u32| ALPHABET.get(usize::try_from(word % 36).unwrap_or_default()).copied().map(char::from);
    Ok(Value::text(words.iter().cycle().take(length).filter_map(letter).collect::<String>()))
}

fn seeded_int<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Int(min), Value::Int(max), Value::String(seed)] = args else {
        return no_overload("random.seededInt", args);
    };
    if min >= max {
        return Err(EvalError::value("min must be less than max"));
    }
    meter.text(seed.len())?;
    let hash = Sha256::digest(seed.as_bytes());
    let first = hash.first_chunk::<8>().copied().map(u64::from_be_bytes).unwrap_or_default();
    let width = max.wrapping_sub(*min).cast_unsigned();
    Ok(Value::Int(min.wrapping_add((first % width).cast_signed())))
}

fn merge<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Map(a), Value::Map(b)] = args else { return no_overload("merge", args) };
    meter.elements(a.len() + b.len())?;
    Ok(Value::Map(Map::new(a.entries().chain(b.entries()).collect())))
}

fn deep_merge<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Map(a), Value::Map(b)] = args else { return no_overload("deepMerge", args) };
    merged(meter, a, b).map(Value::Map)
}

fn merged<'a>(meter: &mut Meter, a: &Map<'a>, b: &Map<'a>) -> Result<Map<'a>, Box<EvalError>> {
    meter.elements(a.len() + b.len())?;
    let mut out: BTreeMap<_, _> = a.entries().collect();
    for (key, value) in b.entries() {
        let value = match (out.get(&key), value) {
            (Some(Value::Map(old)), Value::Map(new)) => Value::Map(meter.deeper(|meter| merged(meter, old, &new))?),
            (_, value) => value,
        };
        out.insert(key, value);
    }
    Ok(Map::new(out))
}

fn marshal<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [value] = args else { return no_overload("json.marshal", args) };
    weigh(meter, value)?;
    Ok(Value::text(go_text(&value.to_json()?)))
}

/// Pays for every part of a value before it is turned into text.
fn weigh(meter: &mut Meter, value: &Value<'_>) -> Result<(), Box<EvalError>> {
    meter.elements(1)?;
    match value {
        Value::String(text) => meter.text(text.len()),
        Value::List(list) => list.iter().try_for_each(|item| meter.deeper(|meter| weigh(meter, &item))),
        Value::Map(map) => map.entries().try_for_each(|(_, item)| meter.deeper(|meter| weigh(meter, &item))),
        Value::Optional(Some(inner)) => meter.deeper(|meter| weigh(meter, inner)),
        _ => Ok(()),
    }
}

fn unmarshal<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("json.unmarshal", args) };
    meter.text(text.len())?;
    let json = serde_json::from_str(text).map_err(|error| EvalError::value(format!("invalid JSON: {error}")))?;
    owned(meter, json)
}

fn hashed<'a>(meter: &mut Meter, name: &str, args: &[Value<'a>], hash: impl Fn(&[u8]) -> Vec<u8>) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload(name, args) };
    meter.text(text.len())?;
    Ok(Value::Bytes(hash(text.as_bytes()).into()))
}

fn sha256<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    hashed(meter, "hash.sha256", args, |bytes| Sha256::digest(bytes).to_vec())
}

fn md5<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    hashed(meter, "hash.md5", args, |bytes| Md5::digest(bytes).to_vec())
}

fn fnv64a<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    hashed(meter, "hash.fnv64a", args, |bytes| {
        let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        hash.to_be_bytes().to_vec()
    })
}

fn omit<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [] = args else { return no_overload("omit", args) };
    Ok(Value::Omit)
}
