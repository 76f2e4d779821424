//! The AWS side: sessions, error classification, and the meter and the pace of every call. Knows no service's resources.

mod arn;
mod failure;
mod meter;
pub mod pace;
pub mod policy;
mod session;

pub use arn::Arn;
pub use failure::{failure, unless_absent};
pub use meter::{AwsCall, CallObserver, Meter};
pub use session::{Account, Session, Sessions, Settings};
