//! The functions of the language, by area. Each module has its rows of the table and what runs them.

pub(crate) mod compare;
pub(crate) mod composition;
pub(crate) mod conditions;
pub(crate) mod convert;
pub(crate) mod encodings;
pub(crate) mod extremes;
pub(crate) mod format_text;
pub(crate) mod formats;
mod json_edit;
pub(crate) mod lists;
pub(crate) mod math;
pub(crate) mod net;
mod number_text;
pub(crate) mod operators;
pub(crate) mod optionals;
pub(crate) mod orders;
mod pattern;
mod precedence;
pub(crate) mod quantities;
pub(crate) mod regexes;
pub(crate) mod sets;
pub(crate) mod strings;
pub(crate) mod times;
pub(crate) mod urls;
pub(crate) mod versions;

pub use pattern::pattern_matches;
