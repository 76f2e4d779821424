//! `get` and `list`.

use std::{ops::Bound, sync::Arc};

use serde_json::{Value, json};

use super::{
    failure::{Failure, Outcome},
    listing::{Listing, Match},
    object,
    present::Form,
    request::{Answer, Request},
    selector::Selector,
    store::{self, Key, Store, Table},
    target::Part,
    write,
};

pub(crate) fn get(store: &Store, request: &Request) -> Outcome<Answer> {
    let target = &request.target;
    let name = target.required_name()?;
    // Unlike a list, it takes no notice of what is no version until the storage does.
    let asked = request.query.number("resourceVersion").map_err(Failure::unforeseen)?;
    if let Some(asked) = asked.filter(|asked| *asked > store.revision()) {
        return Err(Failure::too_new(asked, store.revision()));
    }
    let (revision, cached) = store.cached();
    let tables = if asked.is_some_and(|asked| asked <= revision) { cached } else { store.current().1 };
    let found = tables.get(&target.kind.id()).and_then(|table| table.get(&store::key(target.namespace_key(), name)));
    let object = found.ok_or_else(|| Failure::not_found(&target.kind, name))?;
    if target.part == Part::Scale {
        return write::get_scale(request, object);
    }
    Ok(Answer::json(200, Form::of(request).object(object)))
}

pub(crate) fn list(store: &Store, request: &Request) -> Outcome<Answer> {
    Ok(Answer::json(200, page(store, request)?.show(&Form::of(request))))
}

/// A list, or a part of one.
#[derive(Debug)]
pub(crate) struct Page {
    revision: u64,
    pub(crate) items: Vec<Arc<Value>>,
    /// Where the next part starts.
    token: Option<String>,
    /// How many objects follow, as far as that is known.
    remaining: Option<usize>,
}

impl Page {
    pub(crate) fn show(&self, form: &Form) -> Value {
        let shown: Vec<Value> = self.items.iter().map(|object| form.item(object)).collect();
        let mut metadata = json!({ "resourceVersion": self.revision.to_string() });
        if let Some(token) = &self.token {
            metadata["continue"] = json!(token);
        }
        if let Some(remaining) = self.remaining {
            metadata["remainingItemCount"] = json!(remaining);
        }
        form.list(metadata, &shown)
    }
}

/// Where a list goes on: after this key, at this revision; none for the present one.
struct Continue {
    revision: Option<u64>,
    after: Key,
}

impl Continue {
    fn write(&self) -> String {
        let revision = self.revision.map_or(json!(-1), |revision| json!(revision));
        aws_smithy_types::base64::encode(json!({ "rv": revision, "start": self.after }).to_string())
    }

    fn read(token: &str) -> Option<Self> {
        let token: Value = serde_json::from_slice(&aws_smithy_types::base64::decode(token).ok()?).ok()?;
        let revision = token["rv"].as_i64()?;
        Some(Self { revision: u64::try_from(revision).ok(), after: token["start"].as_str()?.to_owned() })
    }
}

/// The part of a list that a request asks for.
pub(crate) fn page(store: &Store, request: &Request) -> Outcome<Page> {
    let listing = Listing::of_list(&request.target, &request.query)?;
    if let Some(token) = &listing.token {
        return next_page(store, request, &listing, token);
    }
    let (revision, table) = state(store, request, &listing)?;
    // The cache answers whole lists, whatever the limit.
    let limit = if listing.revision == Some(0) { 0 } else { listing.limit };
    Ok(cut(&table, revision, None, limit, &listing.selector))
}

fn next_page(store: &Store, request: &Request, listing: &Listing, token: &str) -> Outcome<Page> {
    if listing.revision.is_some_and(|revision| revision > 0) {
        return Err(Failure::bad_request("specifying resource version is not allowed when using continue"));
    }
    let start = Continue::read(token).ok_or_else(|| Failure::bad_request("continue key is not valid"))?;
    let revision = start.revision.unwrap_or(store.revision());
    if revision < store.compacted() {
        let token = Continue { revision: None, after: start.after }.write();
        return Err(Failure::expired_list(&token));
    }
    let table = store.past(&request.target.kind, revision);
    Ok(cut(&table, revision, Some(start.after), listing.limit, &listing.selector))
}

/// The objects of a kind in the state that is asked for, and its revision.
fn state(store: &Store, request: &Request, listing: &Listing) -> Outcome<(u64, Table)> {
    let kind = &request.target.kind;
    let table = |tables: &store::Tables| tables.get(&kind.id()).cloned().unwrap_or_default();
    let (current, tables) = store.current();
    let Some(asked) = listing.revision else {
        return Ok((current, table(tables)));
    };
    if asked > current {
        return Err(Failure::too_new(asked, current));
    }
    let exact = listing.precision == Some(Match::Exact) || (listing.precision.is_none() && listing.limit > 0);
    if exact && asked > 0 {
        if asked < store.compacted() {
            return Err(Failure::expired(too_old(asked, store)));
        }
        return Ok((asked, store.past(kind, asked)));
    }
    let (revision, cached) = store.cached();
    // A cache that is behind waits for what was asked for; it is not worth the wait here.
    Ok(if asked > revision { (current, table(tables)) } else { (revision, table(cached)) })
}

pub(crate) fn too_old(asked: u64, store: &Store) -> String {
    format!("too old resource version: {asked} ({})", store.compacted())
}

fn cut(table: &Table, revision: u64, after: Option<Key>, limit: usize, selector: &Selector) -> Page {
    let start = after.map_or(Bound::Unbounded, Bound::Excluded);
    let prefix = selector.namespace().map(|namespace| store::key(namespace, ""));
    let inside = |key: &Key| prefix.as_ref().is_none_or(|prefix| key.starts_with(prefix));
    let mut rows = table.range((start, Bound::Unbounded)).filter(|(key, _)| inside(key));
    let (mut items, mut last) = (Vec::new(), None);
    for (key, object) in rows.by_ref() {
        if selector.matches(object) {
            items.push(Arc::clone(object));
            last = Some(key);
        }
        if limit > 0 && items.len() >= limit {
            break;
        }
    }
    let remaining = rows.count();
    let token = last.filter(|_| remaining > 0);
    Page {
        revision,
        items,
        token: token.map(|after| Continue { revision: Some(revision), after: after.clone() }.write()),
        remaining: token.filter(|_| selector.is_open()).map(|_| remaining),
    }
}

/// What a selector finds, in the order of the storage.
pub(crate) fn select(table: Option<&Table>, selector: &Selector) -> Vec<Arc<Value>> {
    let rows = table.into_iter().flatten();
    rows.map(|(_, object)| object).filter(|object| selector.matches(object)).cloned().collect()
}

/// Whether an object is in a namespace; all are in none.
pub(crate) fn is_in(namespace: Option<&str>, object: &Value) -> bool {
    namespace.is_none_or(|namespace| object::namespace(object) == namespace)
}
