//! Kinds that all services share, group `<suffix>`.

mod field_export;
mod reference_grant;

pub use field_export::*;
pub use reference_grant::*;
