//! The decisions of Cairn's lifecycle engine, as pure functions over values: no I/O, no async, no client.
//!
//! Each module answers one question about a managed resource. [`plan`] is the centre: it turns what is declared, what
//! is remembered and what AWS has into a [`plan::Plan`], which is the one value that is executed, printed and tested.

pub mod ack_conditions;
pub mod adoption;
pub mod condition;
pub mod controls;
pub mod default_tags;
pub mod deletion;
pub mod digest;
pub mod failure;
pub mod grant;
pub mod holders;
pub mod iam;
pub mod leaf;
pub mod listed;
pub mod meaning;
pub mod observed;
pub mod others;
pub mod owner;
pub mod part;
pub mod plan;
pub mod record;
pub mod reference;
pub mod rules;
pub mod schedule;
pub mod scope;
pub mod status;
pub mod tags;
pub mod template;

/// The API types that decisions are made on.
pub mod api {
    pub use cairn_crds::{
        Groups, Home, Kind, Reach, VERSION, annotation,
        shared::{IAM_ROLE_SELECTOR, REFERENCE_GRANT, ReferenceGrantSpec},
        status::{
            AckResourceMetadata, CommonStatus, Intent, Listing, OtherWrite, Ownership, PlannedStep, PublishedPlan,
            Record,
        },
    };
}
