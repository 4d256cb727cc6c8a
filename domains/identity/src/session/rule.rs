//! When a session has ended by itself. Pure.

use yiwang_kernel::Timestamp;

use crate::settings::SessionPolicy;

/// The instants that decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionTimes {
    pub last_seen_at: Timestamp,
    /// The end that no use moves.
    pub expires_at: Timestamp,
}

impl SessionTimes {
    pub(crate) fn starting(policy: &SessionPolicy, now: Timestamp) -> Self {
        let expires_at = now
            .saturating_add(policy.absolute)
            .unwrap_or(Timestamp::MAX);
        Self {
            last_seen_at: now,
            expires_at,
        }
    }

    pub(crate) fn is_live(self, policy: &SessionPolicy, now: Timestamp) -> bool {
        now < self.expires_at && now.duration_since(self.last_seen_at) < policy.idle
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::IdentitySettings;

    #[test]
    fn idle_and_absolute_ends() {
        let policy = IdentitySettings::default().session;
        let at = |minute: i64| Timestamp::from_second(1_800_000_000 + minute * 60).unwrap();
        let times = SessionTimes::starting(&policy, at(0));
        let table = [
            // last seen, now, live
            (0, 0, true),
            (0, 29, true),
            (0, 30, false),
            (100, 129, true),
            (719, 719, true),
            (719, 720, false),
        ];
        for (seen, now, live) in table {
            let times = SessionTimes {
                last_seen_at: at(seen),
                ..times
            };
            assert_eq!(
                times.is_live(&policy, at(now)),
                live,
                "seen {seen}, now {now}"
            );
        }
    }
}
