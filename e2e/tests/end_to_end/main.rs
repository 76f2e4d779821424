//! Cairn on a real control plane, with real clients, against an AWS that this project did not write.
//!
//! Tests share one cluster and one operator, each in a namespace of its own, unless they do something to the operator,
//! to the release or to AWS as a whole: those have a cluster of their own.

mod admission;
mod adoption;
mod annotations;
mod backups;
mod chart;
mod composition;
mod control;
mod exports;
mod fixture;
mod from_ack;
mod from_kro;
mod graphs;
mod lifecycle;
mod ownership;
mod pages;
mod parts;
mod processes;
mod protection;
mod rbac;
mod scaled_tables;
mod table_exports;
mod tables;
mod trouble;
