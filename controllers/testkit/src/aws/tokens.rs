//! How AWS limits the rate of calls: a bucket of tokens. Source: "Request throttling for the Amazon EC2 API".

use tokio::time::Instant;

/// The tokens of one second.
#[derive(Debug)]
pub(super) struct Tokens {
    per_second: f64,
    left: f64,
    at: Instant,
}

impl Tokens {
    /// As many as there can be.
    pub(super) fn full(per_second: f64) -> Self {
        Self { per_second, left: per_second.max(1.0), at: Instant::now() }
    }

    /// Takes a token, if there is one.
    pub(super) fn take(&mut self) -> bool {
        let refilled = self.left + self.at.elapsed().as_secs_f64() * self.per_second;
        self.left = refilled.min(self.per_second.max(1.0));
        self.at = Instant::now();
        let taken = self.left >= 1.0;
        if taken {
            self.left -= 1.0;
        }
        taken
    }
}
