//! What a simulator is told.

use anyhow::ensure;
use yiwang_kernel::{Masked, Timestamp};

/// Password of every demo account.
pub const DEMO_PASSWORD: &str = "yiwang-demo";

/// The fastest that simulated time may run.
pub const SPEED_MAX: f64 = 3_600.0;

/// How a simulator lives.
#[derive(Debug, Clone)]
pub struct SimulatorConfig {
    /// Where the server is, e.g. `http://127.0.0.1:8080`.
    pub base_url: String,
    /// The same seed gives the same people, words and decisions for the same answers.
    pub seed: u64,
    /// 1 is real time, 60 an hour a minute; 0 stops the simulator.
    pub speed: f64,
    /// The simulated instant to begin with. Without it: now at speed 1, else 08:30 of today.
    pub begins: Option<Timestamp>,
    /// Reports of an average simulated day.
    pub cases_per_day: f64,
    /// Open cases to have at once, so that the first page is useful.
    pub backlog: u32,
    /// Who the officers sign in as.
    pub accounts: Accounts,
    /// The ways by which citizens report, each taken in turn by chance; none means REST only.
    pub report_through: Vec<Channel>,
}

/// A way in for reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
    /// The officers' own API.
    Rest,
    /// Open311 GeoReport v2 with this key, for citizens' apps.
    Open311 {
        /// The key that the server's configuration knows.
        api_key: Masked,
    },
    /// Signed pushes of a hotline platform.
    Webhook {
        /// The channel that the server's configuration names; its source should be `hotline`.
        channel: String,
        /// What the pushes are signed with.
        secret: Masked,
    },
}

/// The accounts of the seats. All have one password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// Password of all of them.
    pub password: Masked,
    /// Takes in, answers, accepts.
    pub intake: String,
    /// Registers, dispatches, decides, closes.
    pub dispatcher: String,
    /// Works for units that have no officer of their own.
    pub handler: String,
    /// An officer of a unit signs in with the code of the unit right under the city, and this: `cgj.1`.
    pub officer_suffix: String,
    /// Looks whether it was done.
    pub verifier: String,
    /// Decides what the dispatcher asked for; takes the secret cases.
    pub duty: String,
    /// Sends cards.
    pub supervisor: String,
    /// The machines: collectors' devices, sensors, cameras, other platforms.
    pub integrator: String,
    /// A grid worker, who settles part of what is found on the own beat.
    pub grid: String,
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            password: Masked::new(DEMO_PASSWORD),
            intake: "intake".to_owned(),
            dispatcher: "dispatcher".to_owned(),
            handler: "handler".to_owned(),
            officer_suffix: ".1".to_owned(),
            verifier: "verifier".to_owned(),
            duty: "duty".to_owned(),
            supervisor: "supervisor".to_owned(),
            integrator: "integrator".to_owned(),
            grid: "grid".to_owned(),
        }
    }
}

impl Default for SimulatorConfig {
    fn default() -> Self {
        Self {
            base_url: "http://127.0.0.1:8080".to_owned(),
            seed: 20_281,
            speed: 30.0,
            begins: None,
            cases_per_day: 1_500.0,
            backlog: 160,
            accounts: Accounts::default(),
            report_through: vec![Channel::Rest],
        }
    }
}

impl SimulatorConfig {
    /// The usual life of the demo city, at this server.
    pub fn new(base_url: String, seed: u64) -> Self {
        Self {
            base_url,
            seed,
            ..Self::default()
        }
    }

    pub(crate) fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.base_url.starts_with("http://"),
            "the server's address must begin with http://, not {}",
            self.base_url
        );
        ensure!(
            self.speed.is_finite() && (0.0..=SPEED_MAX).contains(&self.speed),
            "the speed must be between 0 and {SPEED_MAX}, not {}",
            self.speed
        );
        ensure!(
            self.cases_per_day.is_finite() && (0.0..=1e6).contains(&self.cases_per_day),
            "the cases a day must be between 0 and a million, not {}",
            self.cases_per_day
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_is_refused() {
        let check = |change: fn(&mut SimulatorConfig)| {
            let mut config = SimulatorConfig::default();
            change(&mut config);
            config.check().is_ok()
        };
        assert!(check(|_| ()));
        assert!(check(|config| config.speed = 0.0));
        assert!(!check(|config| config.speed = -1.0));
        assert!(!check(|config| config.speed = f64::NAN));
        assert!(!check(|config| config.cases_per_day = f64::INFINITY));
        assert!(!check(|config| config.base_url = "ftp://x".to_owned()));
    }
}
