//! Kinds that all services share, in the group that is the suffix itself.

mod field_export;
mod reference;
mod reference_grant;
mod role_selector;
mod tag;

pub use field_export::*;
pub use reference::*;
pub use reference_grant::*;
pub use role_selector::*;
pub use tag::*;
