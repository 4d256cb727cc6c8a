//! Lock-out: an account closes for a while after too many wrong passwords in a row. Pure.

use yiwang_kernel::Timestamp;

use crate::settings::LockoutPolicy;

/// What is remembered of an account's wrong passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Lockout {
    pub failures: u32,
    pub locked_until: Option<Timestamp>,
}

impl Lockout {
    /// Until when the account is closed, if it is at `now`.
    pub(crate) fn closed_until(self, now: Timestamp) -> Option<Timestamp> {
        self.locked_until.filter(|until| now < *until)
    }

    /// One more wrong password at `now`. A lock that has run out starts the count anew; one that holds is
    /// not made longer, so that nobody can keep another out for ever with one guess a minute.
    #[must_use]
    pub(crate) fn after_failure(self, policy: &LockoutPolicy, now: Timestamp) -> Self {
        if self.closed_until(now).is_some() {
            return self;
        }
        let before = if self.locked_until.is_some() {
            0
        } else {
            self.failures
        };
        let failures = before.saturating_add(1);
        let locked_until = (failures >= policy.failures_max).then(|| {
            now.saturating_add(policy.locked_for)
                .unwrap_or(Timestamp::MAX)
        });
        Self {
            failures,
            locked_until,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::IdentitySettings;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
    }

    #[test]
    fn closes_at_the_fifth_failure_for_thirty_minutes() {
        let policy = IdentitySettings::default().lockout;
        let mut lockout = Lockout::default();
        let table = [
            // minute of the failure, failures after it, closed until
            (0, 1, None),
            (1, 2, None),
            (2, 3, None),
            (3, 4, None),
            (4, 5, Some(at(34))),
            (20, 5, Some(at(34))),
            (33, 5, Some(at(34))),
            (34, 1, None),
            (35, 2, None),
        ];
        for (minute, failures, until) in table {
            lockout = lockout.after_failure(&policy, at(minute));
            assert_eq!(lockout.failures, failures, "minute {minute}");
            assert_eq!(lockout.closed_until(at(minute)), until, "minute {minute}");
        }
    }
}
