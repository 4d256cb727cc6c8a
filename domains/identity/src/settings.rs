//! The policy of accounts and sessions. Figures come from the configuration; what is named here bounds work.

use jiff::SignedDuration;
use yiwang_runtime::Config;

/// Sessions of one demo account, which many people share.
pub(crate) const SESSIONS_PER_DEMO_ACCOUNT_MAX: usize = 500;
/// How long another process on the same database may go on with a session that was ended.
pub(crate) const REVALIDATE_AFTER: SignedDuration = SignedDuration::from_secs(5);
/// How often the last use of sessions and tokens is written down.
pub(crate) const TOUCH_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// Unknown names whose failures are remembered.
pub(crate) const UNKNOWN_NAMES_MAX: usize = 10_000;
/// Rows of one multi-row statement.
pub(crate) const INSERT_CHUNK: usize = 500;
/// Units of one type-ahead answer.
pub(crate) const SEARCH_MAX: usize = 200;
/// How long a bearer token may live.
pub(crate) const TOKEN_DAYS_MAX: i64 = 366;

/// What the operator may set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentitySettings {
    pub password: PasswordPolicy,
    pub lockout: LockoutPolicy,
    pub session: SessionPolicy,
    pub hash: HashPolicy,
    /// The cookie goes over https only.
    pub cookie_secure: bool,
    /// Demo accounts are listed and their passwords do not age.
    pub demo: bool,
}

/// What makes a password good enough, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordPolicy {
    pub length_min: usize,
    pub length_max: usize,
    /// How many of lower case, upper case, digits and others must appear.
    pub kinds_min: usize,
    /// How many earlier passwords may not come back.
    pub history: usize,
    /// `None`: a password does not age.
    pub age_max: Option<SignedDuration>,
}

/// When an account closes for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockoutPolicy {
    pub failures_max: u32,
    pub locked_for: SignedDuration,
}

/// When a session ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionPolicy {
    pub idle: SignedDuration,
    pub absolute: SignedDuration,
    /// Sessions of one person at once; the oldest ends when there is one more.
    pub per_user_max: usize,
    /// Sessions held in memory; the longest unseen make room.
    pub cache_max: usize,
}

/// How passwords are hashed (argon2id), and how much of that at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashPolicy {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
    /// Jobs that run at the same moment.
    pub at_once_max: usize,
    /// Jobs that may wait for their turn; more are shed.
    pub waiting_max: usize,
}

impl Default for IdentitySettings {
    fn default() -> Self {
        Self {
            password: PasswordPolicy {
                length_min: 8,
                length_max: 128,
                kinds_min: 3,
                history: 5,
                age_max: Some(SignedDuration::from_hours(90 * 24)),
            },
            lockout: LockoutPolicy {
                failures_max: 5,
                locked_for: SignedDuration::from_mins(30),
            },
            session: SessionPolicy {
                idle: SignedDuration::from_mins(30),
                absolute: SignedDuration::from_hours(12),
                per_user_max: 10,
                cache_max: 20_000,
            },
            hash: HashPolicy::default(),
            cookie_secure: false,
            demo: false,
        }
    }
}

impl Default for HashPolicy {
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            passes: 2,
            lanes: 1,
            at_once_max: 2,
            waiting_max: 32,
        }
    }
}

impl From<&Config> for IdentitySettings {
    fn from(config: &Config) -> Self {
        let (password, session) = (&config.password, &config.session);
        let days = |days: u32| SignedDuration::from_hours(i64::from(days) * 24);
        let plain = Self::default();
        Self {
            password: PasswordPolicy {
                length_min: password.length_min as usize,
                kinds_min: password.kinds_min as usize,
                history: password.history as usize,
                age_max: (password.age_days_max > 0).then(|| days(password.age_days_max)),
                ..plain.password
            },
            lockout: LockoutPolicy {
                failures_max: password.lockout_failures,
                locked_for: SignedDuration::from_mins(i64::from(password.lockout_minutes)),
            },
            session: SessionPolicy {
                idle: SignedDuration::from_mins(i64::from(session.idle_minutes)),
                absolute: SignedDuration::from_hours(i64::from(session.absolute_hours)),
                per_user_max: session.per_user_max as usize,
                cache_max: session.cache_max as usize,
            },
            hash: HashPolicy {
                at_once_max: password.checks_at_once_max as usize,
                waiting_max: password.checks_waiting_max as usize,
                ..plain.hash
            },
            cookie_secure: config.server.public_url.starts_with("https://"),
            demo: config.demo.enabled,
        }
    }
}
