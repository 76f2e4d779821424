//! The AWS side: sessions, error classification, and the meter and the pace of every call. Knows no service's resources.

mod arn;
mod assume;
mod cache;
mod failure;
mod identity;
mod meter;
pub mod pace;
pub mod policy;
mod session;
mod sessions;
pub mod wire;

pub use arn::Arn;
pub use failure::{failure, unless_absent, unmade};
pub use identity::Account;
pub use meter::{AwsCall, CallObserver, Meter};
pub use session::{Session, Settings};
pub use sessions::Sessions;
