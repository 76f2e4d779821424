//! AWS calls and their pace into the metrics.

use std::time::Duration;

use cairn_aws::{Account, AwsCall, CallObserver, pace::Lane};
use cairn_core::scope::Region;
use cairn_runtime::{
    metrics::{AwsLimiter, Metrics},
    stopwatch::{self, AwsAttempt},
};

/// Counts AWS calls in the metrics of the process.
#[derive(Clone, Debug)]
pub struct Metered(pub Metrics);

impl CallObserver for Metered {
    fn called(&self, call: AwsCall<'_>) {
        let outcome = match call.status {
            Some(200..400) => "ok".to_owned(),
            Some(status) => status.to_string(),
            None => "error".to_owned(),
        };
        self.0.aws_request(call.service, call.operation, &outcome, call.latency);
        let AwsCall { service, operation, status, request_id, latency } = call;
        stopwatch::aws_answered(AwsAttempt { service, operation, status, request_id, latency });
    }

    fn identified(&self, account: &Account, region: &Region) {
        self.0.aws_identity(&account.id, &account.caller, region.as_str());
    }

    fn waited(&self, lane: &Lane, waited: Duration) {
        self.0.aws_waited(limiter(lane), waited);
    }

    fn throttled(&self, lane: &Lane) {
        self.0.aws_throttled(limiter(lane));
    }

    fn paced(&self, lane: &Lane, rate: Option<f64>) {
        self.0.aws_rate_limit(limiter(lane), rate);
    }

    fn region(&self, region: &str, service: &str, answers: bool) {
        self.0.aws_region_down(region, service, !answers);
    }
}

fn limiter(lane: &Lane) -> AwsLimiter<'_> {
    let Lane { account, region, service, access } = lane;
    AwsLimiter { account, region, service, access: access.as_str() }
}
