//! The real controllers on virtual time, against an API server and an AWS in this process.

// Helpers of tests may fail loudly, as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod ack;
mod ack_facts;
mod adoption;
mod backups;
mod beside;
mod bucket_places;
mod bucket_references;
mod buckets;
mod budgets;
mod control;
mod controls;
mod crashes;
mod directory;
mod emptying;
mod exports;
mod failures;
mod fairness;
mod graphs;
mod harness;
mod leases;
mod logs;
mod namespaces;
mod ownership;
mod pacing;
mod parts;
mod points;
mod regrets;
mod spec;
mod tables;
