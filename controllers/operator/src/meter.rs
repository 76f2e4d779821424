//! AWS calls into the metrics.

use cairn_aws::{Account, AwsCall, CallObserver};
use cairn_core::scope::Region;
use cairn_runtime::metrics::Metrics;

/// Counts AWS calls in the metrics of the process.
#[derive(Clone, Debug)]
pub(crate) struct Metered(pub(crate) Metrics);

impl CallObserver for Metered {
    fn called(&self, call: AwsCall<'_>) {
        let outcome = match call.status {
            Some(200..400) => "ok".to_owned(),
            Some(status) => status.to_string(),
            None => "error".to_owned(),
        };
        self.0.aws_request(call.service, call.operation, &outcome, call.latency);
    }

    fn identified(&self, account: &Account, region: &Region) {
        self.0.aws_identity(&account.id, &account.caller, region.as_str());
    }
}
