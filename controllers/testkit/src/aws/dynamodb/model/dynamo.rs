//! Everything there is in DynamoDB.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;
use serde_json::Value;

use super::{
    backup::Backup,
    context::{Caller, Context},
    encryption,
    failure::{Failure, Outcome},
    request::Request,
    scaling::{ScalableTarget, Scaling, ScalingRequest},
    settings::Settings,
    table::{Table, TableStatus},
    transfer::{Export, Import},
};

/// Where a table is: whose and where, and its name.
type Place = (Caller, String);

/// What was asked for of tables and is not part of them, by ARN.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    pub(super) backups: BTreeMap<String, Arc<Backup>>,
    pub(super) exports: BTreeMap<String, Arc<Export>>,
    pub(super) imports: BTreeMap<String, Arc<Import>>,
}

/// DynamoDB: all tables of all accounts and regions, at the time of the last request.
///
/// A clone is cheap, and is what there was when it was made.
#[derive(Clone, Debug, Default)]
pub struct Dynamo {
    settings: Arc<Settings>,
    tables: BTreeMap<Place, Arc<Table>>,
    /// The tables in which something is under way.
    busy: BTreeSet<Place>,
    pub(super) records: Records,
    pub(super) scaling: Scaling,
    numbers: u64,
}

impl Dynamo {
    /// An empty DynamoDB.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings: Arc::new(settings), ..Self::default() }
    }

    /// How long things take and what there may be.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The same, to be turned; what is under way goes on as it was.
    pub fn settings_mut(&mut self) -> &mut Settings {
        Arc::make_mut(&mut self.settings)
    }

    /// Does what `caller` asks at `now`, and answers in the JSON of the wire.
    ///
    /// # Errors
    ///
    /// What DynamoDB refuses; nothing has changed then, but that time has passed.
    pub fn handle(&mut self, caller: &Caller, request: &Request, now: Timestamp) -> Outcome<Value> {
        let context = self.enter(caller, now);
        request.run(self, &context)
    }

    /// The same for a request to Application Auto Scaling.
    ///
    /// # Errors
    ///
    /// What Application Auto Scaling refuses; nothing has changed then, but that time has passed.
    pub fn scale(&mut self, caller: &Caller, request: &ScalingRequest, now: Timestamp) -> Outcome<Value> {
        let context = self.enter(caller, now);
        request.run(self, &context)
    }

    /// ARN of the KMS key that is given by id, ARN, alias or alias ARN.
    ///
    /// # Errors
    ///
    /// There is no such key where the caller is.
    pub fn key(&mut self, caller: &Caller, key: &str, now: Timestamp) -> Outcome<String> {
        encryption::key_arn(&self.enter(caller, now), key)
    }

    fn enter(&mut self, caller: &Caller, now: Timestamp) -> Context {
        self.settle(now);
        Context { caller: caller.clone(), now, settings: Arc::clone(&self.settings) }
    }

    /// The table of `caller` as it is at `now`, whatever reads would show.
    #[must_use]
    pub fn table(&self, caller: &Caller, name: &str, now: Timestamp) -> Option<Table> {
        self.get(caller, name).map(|table| table.at(now)).filter(|table| !table.gone)
    }

    /// All tables of all accounts and regions as they are at `now`.
    #[must_use]
    pub fn tables(&self, now: Timestamp) -> Vec<Table> {
        self.tables.values().map(|table| table.at(now)).filter(|table| !table.gone).collect()
    }

    /// Puts a table there behind everybody's back, or replaces the one in its place.
    pub fn put(&mut self, table: Table) {
        let place = (table.home.clone(), table.name.clone());
        if table.pending.is_empty() {
            self.busy.remove(&place);
        } else {
            self.busy.insert(place.clone());
        }
        if table.gone {
            self.tables.remove(&place);
        } else {
            self.tables.insert(place, Arc::new(table));
        }
    }

    /// Makes a table vanish behind everybody's back.
    pub fn remove(&mut self, caller: &Caller, name: &str) {
        let place = (caller.clone(), name.to_owned());
        self.busy.remove(&place);
        self.tables.remove(&place);
    }

    /// Ends what ends until `now`.
    pub fn settle(&mut self, now: Timestamp) {
        let due = |table: &Table| table.next_change().is_some_and(|at| at <= now);
        let tables = self.busy.iter().filter_map(|place| self.tables.get(place));
        for table in tables.filter(|table| due(table)).map(|table| table.at(now)).collect::<Vec<_>>() {
            self.put(table);
        }
    }

    pub(super) fn get(&self, caller: &Caller, name: &str) -> Option<&Table> {
        self.tables.get(&(caller.clone(), name.to_owned())).map(Arc::as_ref)
    }

    /// The caller's tables, by name.
    pub(super) fn tables_of<'a>(&'a self, caller: &'a Caller) -> impl Iterator<Item = &'a Table> {
        let first = (caller.clone(), String::new());
        let own = self.tables.range(first..).take_while(move |((home, _), _)| home == caller);
        own.map(|(_, table)| table.as_ref())
    }

    /// The caller's tables that are created, updated or deleted.
    pub(super) fn changing<'a>(&'a self, caller: &'a Caller) -> impl Iterator<Item = &'a Table> {
        let busy = self.busy.iter().filter(move |(home, _)| home == caller);
        let tables = busy.filter_map(|place| self.tables.get(place)).map(Arc::as_ref);
        tables.filter(|table| table.status != TableStatus::Active)
    }

    /// The caller's table of this name or ARN, for a write.
    pub(super) fn found(&self, context: &Context, reference: &str) -> Outcome<&Table> {
        let name = context.caller.table_name(reference)?;
        let table = self.get(&context.caller, &name);
        table.ok_or_else(|| Failure::not_found(format!("Table: {name} not found")))
    }

    /// The same for a read, which may not see it yet.
    pub(super) fn seen(&self, context: &Context, reference: &str) -> Outcome<&Table> {
        let table = self.found(context, reference)?;
        if table.is_seen(context) {
            return Ok(table);
        }
        Err(Failure::not_found(format!("Table: {} not found", table.name)))
    }

    /// A `TableId` that was never given.
    pub(super) fn next_id(&mut self) -> String {
        format!("00000000-0000-4000-8000-{:012x}", self.next_number())
    }

    /// A number that was never given.
    pub(super) fn next_number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// All backups of all accounts and regions.
    pub fn backups(&self) -> impl Iterator<Item = &Backup> {
        self.records.backups.values().map(Arc::as_ref)
    }

    /// All exports of all accounts and regions.
    pub fn exports(&self) -> impl Iterator<Item = &Export> {
        self.records.exports.values().map(Arc::as_ref)
    }

    /// All imports of all accounts and regions.
    pub fn imports(&self) -> impl Iterator<Item = &Import> {
        self.records.imports.values().map(Arc::as_ref)
    }

    /// All scalable targets of all accounts and regions.
    pub fn scalable_targets(&self) -> impl Iterator<Item = &ScalableTarget> {
        self.scaling.all()
    }
}
