//! How fast AWS may be called, and how long calls wait for that.

use std::{sync::atomic::AtomicU64, time::Duration};

use prometheus_client::metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram};

use super::{
    Metrics, Word, latency,
    sheet::{Form, Sheet, labels},
};

labels!(Limiter {
    account: Word,
    region: Word,
    service: Word,
    access: &'static str,
});

labels!(Region { region: Word, service: Word });

/// Calls to AWS that are limited together.
#[derive(Clone, Copy, Debug)]
pub struct AwsLimiter<'a> {
    /// Twelve-digit account id; empty while it is not known.
    pub account: &'a str,
    /// Region.
    pub region: &'a str,
    /// Service, for example `s3`.
    pub service: &'a str,
    /// `read` or `mutate`.
    pub access: &'static str,
}

#[derive(Clone)]
pub(super) struct Families {
    waits: Family<Limiter, Histogram, fn() -> Histogram>,
    throttles: Family<Limiter, Counter>,
    limits: Family<Limiter, Gauge<f64, AtomicU64>>,
    down: Family<Region, Gauge>,
}

impl Families {
    pub(super) fn new() -> Self {
        Self {
            waits: Family::new_with_constructor(latency),
            throttles: Family::default(),
            limits: Family::default(),
            down: Family::default(),
        }
    }

    pub(super) fn register(&self, to: &mut Sheet) {
        let meaning = "Time that attempts waited for their turn before they were sent to AWS, or were not sent";
        to.family("aws_wait_duration", Form::Histogram, meaning, &self.waits);
        to.family("aws_throttles", Form::Counter, "Attempts that AWS throttled", &self.throttles);
        let meaning = "Attempts a second that are sent at most; +Inf: no limit";
        to.family("aws_rate_limit", Form::Gauge, meaning, &self.limits);
        to.family("aws_region_down", Form::Gauge, "Whether a region of a service does not answer", &self.down);
    }
}

impl Metrics {
    /// Counts for how long one attempt waited for its turn.
    pub fn aws_waited(&self, limiter: AwsLimiter<'_>, waited: Duration) {
        self.inner.families.pace.waits.get_or_create(&self.limiter(limiter)).observe(waited.as_secs_f64());
    }

    /// Counts one attempt that AWS throttled.
    pub fn aws_throttled(&self, limiter: AwsLimiter<'_>) {
        self.inner.families.pace.throttles.get_or_create(&self.limiter(limiter)).inc();
    }

    /// Shows how many attempts a second are sent at most; `None` for no limit.
    pub fn aws_rate_limit(&self, limiter: AwsLimiter<'_>, rate: Option<f64>) {
        self.inner.families.pace.limits.get_or_create(&self.limiter(limiter)).set(rate.unwrap_or(f64::INFINITY));
    }

    /// Shows whether a region of a service does not answer.
    pub fn aws_region_down(&self, region: &str, service: &str, down: bool) {
        let labels = Region { region: self.word(region), service: self.word(service) };
        self.inner.families.pace.down.get_or_create(&labels).set(i64::from(down));
    }

    fn limiter(&self, limiter: AwsLimiter<'_>) -> Limiter {
        let AwsLimiter { account, region, service, access } = limiter;
        Limiter { account: self.word(account), region: self.word(region), service: self.word(service), access }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_shown_by_limiter_and_region() {
        let metrics = Metrics::new();
        let limiter = AwsLimiter { account: "111122223333", region: "eu-west-1", service: "s3", access: "read" };
        metrics.aws_throttled(limiter);
        metrics.aws_waited(limiter, Duration::from_millis(200));
        metrics.aws_rate_limit(limiter, Some(2.5));
        metrics.aws_rate_limit(AwsLimiter { access: "mutate", ..limiter }, None);
        metrics.aws_region_down("eu-west-1", "s3", true);
        let text = metrics.encode();
        let of = |access| format!(r#"account="111122223333",region="eu-west-1",service="s3",access="{access}""#);
        for line in [
            format!("cairn_aws_throttles_total{{{}}} 1", of("read")),
            format!("cairn_aws_wait_duration_seconds_sum{{{}}} 0.2", of("read")),
            format!("cairn_aws_rate_limit{{{}}} 2.5", of("read")),
            format!("cairn_aws_rate_limit{{{}}} inf", of("mutate")),
            r#"cairn_aws_region_down{region="eu-west-1",service="s3"} 1"#.to_owned(),
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
