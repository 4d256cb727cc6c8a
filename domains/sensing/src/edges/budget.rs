//! How much a connection may send: a bucket that fills at a steady rate. Pure; time is a parameter.

/// A bucket of messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    per_second: f64,
    burst: f64,
    left: f64,
    /// Microseconds since 1970 UTC.
    at: i64,
}

impl Budget {
    pub(crate) fn new(per_second: f64, burst: f64, now: i64) -> Self {
        Self {
            per_second,
            burst,
            left: burst,
            at: now,
        }
    }

    /// Takes `count` out, into debt if need be; answers how long nothing more may be read, in microseconds.
    pub(crate) fn take(&mut self, count: u32, now: i64) -> i64 {
        let passed = (now - self.at).max(0) as f64 / 1e6;
        self.left = (self.left + passed * self.per_second).min(self.burst) - f64::from(count);
        self.at = now;
        if self.left >= 0.0 {
            0
        } else {
            (-self.left / self.per_second * 1e6).ceil() as i64
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_any_time_no_more_than_the_burst_and_the_rate() {
        let mut budget = Budget::new(10.0, 20.0, 0);
        assert_eq!(budget.take(20, 0), 0);
        let mut now = budget.take(1, 0);
        assert_eq!(now, 100_000);
        let mut taken = 21;
        while now < 10_000_000 {
            now += budget.take(1, now).max(1);
            taken += 1;
        }
        assert!((119..=122).contains(&taken), "{taken}");
        let owed = budget.take(1, now);
        let gone_back = budget.take(1, 0);
        assert!(gone_back >= owed, "a clock that went back gives nothing");
    }
}
