//! What is told of a decision, and why it was made.

use std::sync::Arc;

use crate::{
    judge::change,
    operands::Operand,
    program::{Truth, Values},
    rule_set::{CompiledRule, RuleSet},
    state::{Head, ObjectState},
    transition::{Change, Explanation, Reading, Sink, Told},
};

impl RuleSet {
    /// Tells what has changed between two heads of a rule.
    pub(crate) fn tell(
        &self,
        state: &ObjectState,
        rule: usize,
        (before, after): (Head, Head),
        (opened_before, began): (i64, i64),
        sink: &mut Sink<'_>,
    ) {
        let Some(plan) = self.plans.get(rule) else {
            return;
        };
        let at = state.at;
        if let Some(change) = change(before, after, began) {
            // Of an alarm that has just ended the word says when it ended.
            let opened = match change {
                Change::Cleared { .. } => opened_before,
                _ => state.word(plan.opened as usize),
            };
            let explanation = self.explain(state, rule, after);
            sink.tell(Told {
                rule,
                change,
                alarm: after.alarm(),
                opened,
                at,
                explanation,
            });
        }
        if before.is_decided() && before.is_unknown() != after.is_unknown() {
            let change = if after.is_unknown() {
                Change::Unknown
            } else {
                Change::Known
            };
            sink.tell(Told {
                rule,
                change,
                alarm: after.alarm(),
                opened: at,
                at,
                explanation: self.explain(state, rule, after),
            });
        }
    }

    /// The condition that matters where the rule stands, and what it read.
    pub(crate) fn explain(&self, state: &ObjectState, rule: usize, head: Head) -> Explanation {
        let Some(card) = self.rules.get(rule) else {
            return Explanation {
                rule: "".into(),
                version: 0,
                condition: "".into(),
                readings: Vec::new(),
            };
        };
        let (condition, reads) = deciding(card, head);
        Explanation {
            rule: Arc::clone(&card.id),
            version: card.version,
            condition,
            readings: self.readings(state, reads),
        }
    }

    fn readings(&self, state: &ObjectState, reads: &[Operand]) -> Vec<Reading> {
        let values = Values {
            bank: &state.bank,
            table: self.eras.table(&state.era),
        };
        let readings = reads.iter().map(|operand| {
            let names = if operand.is_table() {
                &self.table_names
            } else {
                &self.bank_names
            };
            let value = values.read(*operand);
            Reading {
                name: names
                    .get(operand.index())
                    .map_or_else(|| "".into(), Arc::clone),
                value: Some(value).filter(|value| !value.is_nan()),
            }
        });
        readings.collect()
    }
}

/// The condition that matters where a rule stands: that of the highest latch, what has ended the alarm, or what is
/// not known.
fn deciding(card: &CompiledRule, head: Head) -> (Arc<str>, &[Operand]) {
    let clear = card
        .clear
        .as_ref()
        .map(|clear| (Arc::clone(clear), card.clear_reads.as_slice()));
    let of_level = |level: usize| {
        let level = card.levels.get(level);
        level.map(|level| (Arc::clone(&level.when), level.reads.as_slice()))
    };
    let levels = 0..card.levels.len();
    let unknown = levels
        .clone()
        .find(|level| head.level(*level) == Truth::Unknown);
    let of_rank = levels.clone().find(|level| {
        let severity = card.levels.get(*level).map(|level| level.severity.rank());
        severity == Some(head.rank())
    });
    let decided = if head.is_unknown() {
        unknown.and_then(of_level).or(clear)
    } else {
        let standing = head.highest().or(of_rank).and_then(of_level);
        standing.or(clear).or_else(|| of_level(0))
    };
    decided.unwrap_or_else(|| ("".into(), &[]))
}
