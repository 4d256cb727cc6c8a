//! Who sits where: the accounts of the seats and of the units, and their sessions.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::config::Accounts;
use crate::decide::Seat;

/// Sign-ins at once, and the pause between more of them: people at the same address want to sign in too.
const SIGN_INS_AT_ONCE: u32 = 24;
const SIGN_IN_PAUSE: Duration = Duration::from_millis(1_250);

/// Accounts with their sessions.
#[derive(Debug)]
pub(crate) struct Staff {
    accounts: Accounts,
    /// Account of the officer who works for a unit, by the unit's id.
    officers: BTreeMap<String, String>,
    unknown: BTreeSet<String>,
    tokens: BTreeMap<String, String>,
    spare: u32,
    next_at: Instant,
}

impl Staff {
    pub(crate) fn new(accounts: Accounts) -> Self {
        Self {
            accounts,
            officers: BTreeMap::new(),
            unknown: BTreeSet::new(),
            tokens: BTreeMap::new(),
            spare: SIGN_INS_AT_ONCE,
            next_at: Instant::now(),
        }
    }

    /// Each unit's tasks are worked on by an officer of the unit right under the city that it belongs to.
    pub(crate) fn learn_units(&mut self, units: &[Value]) {
        let field =
            |unit: &Value, name: &str| unit.get(name).and_then(Value::as_str).map(str::to_owned);
        let known: BTreeMap<String, (String, Option<String>)> = units
            .iter()
            .filter_map(|unit| {
                let above = field(unit, "parent_id");
                Some((field(unit, "id")?, (field(unit, "code")?, above)))
            })
            .collect();
        for id in known.keys() {
            let (mut at, mut top) = (Some(id), None);
            // No tree is deeper than it has units.
            for _ in 0..known.len() {
                let Some((code, above)) = at.and_then(|id| known.get(id)) else {
                    break;
                };
                if above.is_some() {
                    top = Some(code);
                }
                at = above.as_ref();
            }
            if let Some(code) = top {
                let account = format!("{code}{}", self.accounts.officer_suffix);
                self.officers.insert(id.clone(), account);
            }
        }
    }

    /// The account of a seat; `None` for those who are not signed in.
    pub(crate) fn account(&self, seat: &Seat) -> Option<&str> {
        let accounts = &self.accounts;
        Some(match seat {
            Seat::Intake => &accounts.intake,
            Seat::Dispatcher => &accounts.dispatcher,
            Seat::Verifier => &accounts.verifier,
            Seat::Duty => &accounts.duty,
            Seat::Supervisor => &accounts.supervisor,
            Seat::Integrator => &accounts.integrator,
            Seat::Grid => &accounts.grid,
            Seat::Unit(id) => self
                .officers
                .get(id)
                .filter(|account| !self.unknown.contains(*account))
                .unwrap_or(&accounts.handler),
            Seat::Public => return None,
        })
    }

    pub(crate) fn password(&self) -> &str {
        self.accounts.password.reveal()
    }

    pub(crate) fn token(&self, seat: &Seat) -> Option<&str> {
        self.tokens.get(self.account(seat)?).map(String::as_str)
    }

    /// Does the seat have to sign in first?
    pub(crate) fn is_out(&self, seat: &Seat) -> bool {
        self.account(seat).is_some() && self.token(seat).is_none()
    }

    /// May somebody sign in now? Takes the turn if so.
    pub(crate) fn take_turn(&mut self) -> bool {
        let now = Instant::now();
        if now >= self.next_at + SIGN_IN_PAUSE && self.spare < SIGN_INS_AT_ONCE {
            let turns = (now - self.next_at).as_millis() / SIGN_IN_PAUSE.as_millis();
            self.spare = (self.spare + turns as u32).min(SIGN_INS_AT_ONCE);
            self.next_at = now;
        }
        let may = self.spare > 0;
        self.spare = self.spare.saturating_sub(1);
        may
    }

    pub(crate) fn signed_in(&mut self, seat: &Seat, token: String) {
        if let Some(account) = self.account(seat).map(str::to_owned) {
            self.tokens.insert(account, token);
        }
    }

    /// The session of the seat is over.
    pub(crate) fn signed_out(&mut self, seat: &Seat) {
        if let Some(account) = self.account(seat).map(str::to_owned) {
            self.tokens.remove(&account);
        }
    }

    /// The server does not know the account. True when another one takes its place.
    pub(crate) fn not_known(&mut self, seat: &Seat) -> bool {
        let account = self.account(seat).map(str::to_owned);
        match account {
            Some(account) if account != self.accounts.handler && matches!(seat, Seat::Unit(_)) => {
                self.unknown.insert(account)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn staff() -> Staff {
        let mut staff = Staff::new(Accounts::default());
        staff.learn_units(&[
            json!({"id": "1", "code": "jy", "parent_id": null}),
            json!({"id": "2", "code": "cgj", "parent_id": "1"}),
            json!({"id": "3", "code": "cgj-sz", "parent_id": "2"}),
            json!({"id": "4", "code": "cgj-sz-ps", "parent_id": "3"}),
            json!({"id": "5", "code": "320281001", "parent_id": "1"}),
        ]);
        staff
    }

    #[test]
    fn units_have_officers() {
        let staff = staff();
        let table = [
            ("2", "cgj.1"),
            ("4", "cgj.1"),
            ("5", "320281001.1"),
            ("1", "handler"),
            ("9", "handler"),
        ];
        for (unit, account) in table {
            assert_eq!(
                staff.account(&Seat::Unit(unit.to_owned())),
                Some(account),
                "{unit}"
            );
        }
        assert_eq!(staff.account(&Seat::Public), None);
    }

    #[tokio::test(start_paused = true)]
    async fn sessions_are_by_account_and_an_unknown_officer_is_replaced() {
        let mut staff = staff();
        let (bureau, town) = (Seat::Unit("3".to_owned()), Seat::Unit("5".to_owned()));
        staff.signed_in(&bureau, "t".to_owned());
        assert!(!staff.is_out(&Seat::Unit("4".to_owned())) && staff.is_out(&town));
        assert!(staff.not_known(&town));
        assert_eq!(staff.account(&town), Some("handler"));
        assert!(!staff.not_known(&town) && !staff.not_known(&Seat::Duty));
        staff.signed_out(&bureau);
        assert!(staff.is_out(&bureau) && !staff.is_out(&Seat::Public));
    }

    #[tokio::test(start_paused = true)]
    async fn sign_ins_are_spread() {
        let mut staff = staff();
        let taken = (0..40).filter(|_| staff.take_turn()).count();
        assert_eq!(taken as u32, SIGN_INS_AT_ONCE);
        tokio::time::advance(SIGN_IN_PAUSE * 2).await;
        let taken = (0..40).filter(|_| staff.take_turn()).count();
        assert_eq!(taken, 2);
    }
}
