//! What the judge did, as counters for /metrics.

use std::sync::atomic::{AtomicU64, Ordering};

use yiwang_http::{Counter, Metrics};

use crate::judge::JudgeState;

/// The judge's own counts, shown.
pub(crate) struct Meter {
    messages: Counter,
    readings: Counter,
    transitions: Counter,
    behind: Counter,
}

impl Meter {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        let counter = |name, help| {
            metrics.describe(name, help);
            metrics.counter(name, &[])
        };
        Self {
            messages: counter(
                "alerting_messages_judged_total",
                "Messages of devices that the rules have judged.",
            ),
            readings: counter(
                "alerting_readings_judged_total",
                "Readings that the rules have judged.",
            ),
            transitions: counter(
                "alerting_transitions_total",
                "Changes of alarms that the rules said.",
            ),
            behind: counter(
                "alerting_groups_behind_total",
                "Groups of readings that the rules took from the history because they were behind.",
            ),
        }
    }

    pub(crate) fn show(&self, state: &JudgeState) {
        let pairs: [(&Counter, &AtomicU64); 4] = [
            (&self.messages, &state.messages),
            (&self.readings, &state.readings),
            (&self.transitions, &state.transitions),
            (&self.behind, &state.behind),
        ];
        for (counter, count) in pairs {
            counter.raise_to(count.load(Ordering::Relaxed));
        }
    }
}
