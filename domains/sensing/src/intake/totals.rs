//! Readings by edge and by what became of them, for the page and for `/metrics`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use yiwang_http::{Counter, Metrics};

use crate::protocol::Protocol;
use crate::slot::{CountsView, locked};

const METRIC: &str = "sensing_readings_total";

/// All edges of the node.
#[derive(Clone)]
pub struct Totals(Arc<[EdgeTotals]>);

/// One edge's counts since the start.
pub struct EdgeTotals {
    pub edge: Protocol,
    metrics: Metrics,
    pub received: Counter,
    pub stored: Counter,
    pub duplicate: Counter,
    pub late: Counter,
    /// Messages taken in.
    pub messages: Counter,
    reasons: Mutex<BTreeMap<(&'static str, &'static str), Counter>>,
}

impl Totals {
    pub(super) fn new(metrics: &Metrics) -> Self {
        metrics.describe(
            METRIC,
            "Readings by edge and outcome: received = stored + duplicate + refused + shed.",
        );
        metrics.describe("sensing_messages_total", "Messages taken in, by edge.");
        let of = |edge: Protocol| {
            let counter =
                |outcome| metrics.counter(METRIC, &[("edge", edge.as_str()), ("outcome", outcome)]);
            EdgeTotals {
                edge,
                metrics: metrics.clone(),
                received: counter("received"),
                stored: counter("stored"),
                duplicate: counter("duplicate"),
                late: counter("late"),
                messages: metrics.counter("sensing_messages_total", &[("edge", edge.as_str())]),
                reasons: Mutex::default(),
            }
        };
        Self(Protocol::ALL.into_iter().map(of).collect())
    }

    pub fn of(&self, edge: Protocol) -> &EdgeTotals {
        self.0
            .iter()
            .find(|each| each.edge == edge)
            .expect("there is one for each protocol")
    }

    pub fn all(&self) -> &[EdgeTotals] {
        &self.0
    }
}

impl EdgeTotals {
    pub(crate) fn refuse(&self, code: &'static str, readings: u64) {
        self.reason("refused", code).add(readings);
    }

    pub(crate) fn shed(&self, code: &'static str, readings: u64) {
        self.reason("shed", code).add(readings);
    }

    fn reason(&self, outcome: &'static str, code: &'static str) -> Counter {
        let mut reasons = locked(&self.reasons);
        let labels = [
            ("edge", self.edge.as_str()),
            ("outcome", outcome),
            ("reason", code),
        ];
        reasons
            .entry((outcome, code))
            .or_insert_with(|| self.metrics.counter(METRIC, &labels))
            .clone()
    }

    pub fn view(&self) -> CountsView {
        let of = |outcome: &str| {
            let reasons = locked(&self.reasons);
            let those = reasons.iter().filter(|((each, _), _)| *each == outcome);
            those
                .map(|((_, code), counter)| (*code, counter.value()))
                .collect()
        };
        CountsView {
            received: self.received.value(),
            stored: self.stored.value(),
            duplicate: self.duplicate.value(),
            late: self.late.value(),
            refused: of("refused"),
            shed: of("shed"),
        }
    }
}
