//! What a simulator has done so far, in numbers.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// Distinct codes and names that are counted by themselves; what comes after counts as `other`.
const NAMES_MAX: usize = 64;

/// Counters since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Reports that the server took.
    pub reports: u64,
    /// Commands that were carried out, by name.
    pub commands: BTreeMap<String, u64>,
    /// Cases that came to their end while the simulator looked after them.
    pub finished: u64,
    /// Cases it looks after now.
    pub open: u64,
    /// What the server refused, by its code.
    pub refused: BTreeMap<String, u64>,
    /// Somebody else was quicker; the case was read again.
    pub conflicts: u64,
    /// The server was busy or not there; tried again later.
    pub delayed: u64,
    /// Sign-ins, the first ones included.
    pub sign_ins: u64,
    /// Cases given up after several refusals, or that the accounts may not see.
    pub left: u64,
    /// Reports that were not made because there was too much to do.
    pub skipped: u64,
}

impl Status {
    pub(crate) fn count_command(&mut self, name: &str) {
        count(&mut self.commands, name);
    }

    pub(crate) fn count_refused(&mut self, code: &str) {
        count(&mut self.refused, code);
    }

    /// Everything that was refused.
    pub fn refused_total(&self) -> u64 {
        self.refused.values().sum()
    }

    /// All commands together.
    pub fn commands_total(&self) -> u64 {
        self.commands.values().sum()
    }
}

fn count(names: &mut BTreeMap<String, u64>, name: &str) {
    let known = names.contains_key(name) || names.len() < NAMES_MAX;
    let name = if known { name } else { "other" };
    *names.entry(name.to_owned()).or_default() += 1;
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} reports, {} commands, {} finished, {} open",
            self.reports,
            self.commands_total(),
            self.finished,
            self.open
        )?;
        let rest = [
            ("refused", self.refused_total()),
            ("conflicts", self.conflicts),
            ("delayed", self.delayed),
            ("left", self.left),
            ("skipped", self.skipped),
        ];
        for (name, count) in rest.into_iter().filter(|(_, count)| *count > 0) {
            write!(f, ", {count} {name}")?;
        }
        for (code, count) in &self.refused {
            write!(f, " [{code} {count}]")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_matters() {
        let mut status = Status {
            reports: 3,
            open: 2,
            ..Status::default()
        };
        status.count_command("accept");
        status.count_refused("incident.denied");
        assert_eq!(
            status.to_string(),
            "3 reports, 1 commands, 0 finished, 2 open, 1 refused [incident.denied 1]"
        );
    }

    #[test]
    fn names_are_bounded() {
        let mut status = Status::default();
        for code in 0..200 {
            status.count_refused(&format!("code.{code}"));
        }
        assert_eq!(status.refused.len(), NAMES_MAX + 1);
        assert_eq!(status.refused_total(), 200);
    }
}
