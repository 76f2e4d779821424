//! `get` and `list`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    failure::{Failure, Outcome},
    present::Form,
    request::{Answer, Request},
    selector::Selector,
    store::{Store, Tables},
};

pub(super) fn get(store: &Store, request: &Request) -> Outcome<Answer> {
    let target = &request.target;
    target.check_subresource()?;
    let name = target.required_name()?;
    let (_, tables) = source(store, request)?;
    let key = (target.namespace_key().to_owned(), name.to_owned());
    let found = tables.get(&target.kind.id()).and_then(|table| table.get(&key));
    let object = found.ok_or_else(|| Failure::not_found(target, name))?;
    Ok(Answer::json(200, Form::of(request).object(object)))
}

/// The state that a read sees: the cache when an old state will do, the storage otherwise.
pub(super) fn source<'a>(store: &'a Store, request: &Request) -> Outcome<(u64, &'a Tables)> {
    let Some(asked) = request.query.number("resourceVersion")? else {
        return Ok(store.current());
    };
    if asked > store.revision() {
        return Err(Failure::too_new(asked, store.revision()));
    }
    if request.query.get("resourceVersionMatch") == Some("Exact") {
        return exact(store, asked);
    }
    let (revision, tables) = store.cached();
    // A cache that is behind waits for what was asked for; it is not worth the wait here.
    Ok(if asked > revision { store.current() } else { (revision, tables) })
}

fn exact(store: &Store, asked: u64) -> Outcome<(u64, &Tables)> {
    if asked == store.revision() {
        return Ok(store.current());
    }
    if asked < store.compacted() {
        return Err(Failure::expired(too_old(asked, store)));
    }
    Err(Failure::unsupported("resourceVersionMatch=Exact for a past revision"))
}

pub(super) fn too_old(asked: u64, store: &Store) -> String {
    format!("too old resource version: {asked} ({})", store.compacted())
}

/// What a selector finds, in the order of the storage.
pub(super) fn select(tables: &Tables, request: &Request, selector: &Selector) -> Vec<Arc<Value>> {
    let rows = tables.get(&request.target.kind.id()).into_iter().flatten();
    rows.map(|(_, object)| object).filter(|object| selector.matches(object)).cloned().collect()
}

pub(super) fn list(store: &mut Store, request: &Request) -> Outcome<Answer> {
    if let Some(token) = request.query.get("continue") {
        return next_page(store, request, token);
    }
    let selector = Selector::new(&request.target, &request.query)?;
    let (revision, tables) = source(store, request)?;
    let items = select(tables, request, &selector);
    // The cache answers whole lists, whatever the limit.
    let limit = if request.query.get("resourceVersion") == Some("0") { None } else { limit(request)? };
    let page = limit.filter(|limit| items.len() > *limit).map(|_| store.pages.open(revision, items.clone()));
    Ok(page_answer(request, revision, &items, 0, limit, page))
}

fn limit(request: &Request) -> Outcome<Option<usize>> {
    let limit = request.query.number("limit")?;
    Ok(limit.and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit > 0))
}

fn next_page(store: &Store, request: &Request, token: &str) -> Outcome<Answer> {
    let malformed = || Failure::bad_request("continue key is not valid");
    let (id, offset) = token.split_once('.').ok_or_else(malformed)?;
    let id = id.parse().map_err(|_| malformed())?;
    let offset = offset.parse().map_err(|_| malformed())?;
    let (revision, items) = store.pages.get(id).ok_or_else(|| {
        Failure::expired("The provided continue parameter is too old to display a consistent list result.")
    })?;
    Ok(page_answer(request, *revision, items, offset, limit(request)?, Some(id)))
}

fn page_answer(
    request: &Request,
    revision: u64,
    items: &[Arc<Value>],
    offset: usize,
    limit: Option<usize>,
    page: Option<u64>,
) -> Answer {
    let form = Form::of(request);
    let rest = items.get(offset..).unwrap_or_default();
    let shown = rest.iter().take(limit.unwrap_or(usize::MAX));
    let shown: Vec<Value> = shown.map(|object| form.item(object)).collect();
    let mut metadata = json!({ "resourceVersion": revision.to_string() });
    let remaining = rest.len() - shown.len();
    if let (Some(page), true) = (page, remaining > 0) {
        metadata["continue"] = json!(format!("{page}.{}", offset + shown.len()));
        metadata["remainingItemCount"] = json!(remaining);
    }
    Answer::json(200, form.list(&metadata, &shown))
}
