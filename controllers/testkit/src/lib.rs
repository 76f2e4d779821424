//! An in-process Kubernetes API server and an in-process AWS, for tests.
//!
//! Both are driven through the real clients (`kube` and the AWS SDK), open no sockets, take time only from tokio and
//! identities only from counters: under `tokio::time::pause` a run is a pure function of its inputs. What a fake does
//! not simulate it refuses with an error that says so, rather than guess.
//!
//! ```no_run
//! # async fn example() {
//! use cairn_testkit::{Fault, Matcher, api::ApiServer, aws::Aws};
//!
//! let api = ApiServer::new();
//! let client = api.client();
//! let aws = Aws::new();
//! let http = aws.http_client();
//! aws.fail(Matcher::operation("CreateBucket").nth(1), Fault::StatusAfterCommit(500));
//! let crash = aws.crash_after("CreateBucket");
//! # drop((client, http));
//! let call = crash.await;
//! assert_eq!(call.operation, "CreateBucket");
//! # }
//! ```

pub mod api;
pub mod aws;
mod clock;
mod fault;
mod process;
mod sync;
mod traffic;

pub use clock::Clock;
pub use fault::{Fault, FaultGuard, Matcher};
pub use process::Process;
