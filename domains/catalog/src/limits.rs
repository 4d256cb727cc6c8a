//! Which limits apply: per step the most specific row wins, the longer item code first, then a grade.
//!
//! Within a row, limits whose time-of-day condition holds beat those of the same step without one. A
//! row none of whose limits for a step hold at that time of day leaves the step to the next row. A row
//! may give several limits for one step (stages); all of them apply, in the order written, and start together unless a
//! line says that it follows the one before it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::{Offset, TimeZone};
use yiwang_contracts::{ClockKind, Grade};
use yiwang_kernel::Timestamp;

use crate::model::{ANY, LimitEntry, LimitLine, Segment, Timeline, prefixes};

/// All rows of limits with all their versions.
#[derive(Debug, Default)]
pub struct LimitTable {
    /// By the item they name ([`ANY`] where they name none), then by their id.
    rows: BTreeMap<String, BTreeMap<String, Timeline<LimitEntry>>>,
}

/// One limit that applies, with the row it came from.
#[derive(Debug, Clone, Copy)]
pub struct Applied<'a> {
    pub row: &'a LimitEntry,
    pub line: &'a LimitLine,
}

impl LimitTable {
    pub fn insert(&mut self, id: &str, segment: Segment<Arc<LimitEntry>>) {
        let item = segment.value.item.clone().unwrap_or_else(|| ANY.to_owned());
        let rows = self.rows.entry(item).or_default();
        rows.entry(id.to_owned()).or_default().push(segment);
    }

    /// The limits of an item at a grade for clocks that start at `at`. `offset` gives the minutes from
    /// UTC of a calendar, whose civil time the conditions are read in.
    pub fn applied(
        &self,
        item: Option<&str>,
        grade: Grade,
        at: Timestamp,
        offset: impl Fn(&str) -> i32,
    ) -> Vec<Applied<'_>> {
        let mut rows = self.matching(item, grade, at);
        rows.sort_by_key(|row| std::cmp::Reverse(specificity(row)));
        let mut applied: BTreeMap<ClockKind, Vec<Applied<'_>>> = BTreeMap::new();
        for row in rows {
            let steps: BTreeSet<ClockKind> = row.limits.iter().map(|line| line.step).collect();
            for step in steps
                .into_iter()
                .filter(|step| !applied.contains_key(step))
                .collect::<Vec<_>>()
            {
                let lines = held(row, step, at, &offset);
                if !lines.is_empty() {
                    applied.insert(step, lines);
                }
            }
        }
        applied.into_values().flatten().collect()
    }

    /// What may apply at one time of day or another: per step, row by row down to the first limit
    /// without a condition.
    pub fn overview(&self, item: &str, grade: Grade, at: Timestamp) -> Vec<Applied<'_>> {
        let mut rows = self.matching(Some(item), grade, at);
        rows.sort_by_key(|row| std::cmp::Reverse(specificity(row)));
        let mut settled = BTreeSet::new();
        let mut applied = Vec::new();
        for row in rows {
            let open = row
                .limits
                .iter()
                .filter(|line| !settled.contains(&line.step));
            applied.extend(open.map(|line| Applied { row, line }));
            settled.extend(
                row.limits
                    .iter()
                    .filter(|line| !line.is_conditional())
                    .map(|line| line.step),
            );
        }
        applied.sort_by_key(|applied| applied.line.step);
        applied
    }

    fn matching(&self, item: Option<&str>, grade: Grade, at: Timestamp) -> Vec<&LimitEntry> {
        let items = item.into_iter().flat_map(prefixes).chain([ANY]);
        items
            .filter_map(|item| self.rows.get(item))
            .flat_map(BTreeMap::values)
            .filter_map(|row| row.at(at))
            .map(|segment| &*segment.value)
            .filter(|row| row.grade.is_none_or(|own| own == grade))
            .filter(|row| item.is_some() || row.item.is_none())
            .collect()
    }
}

/// The order of rows; a tie goes to the row whose id is greater, and is a finding of the check.
fn specificity(row: &LimitEntry) -> (usize, bool, &str) {
    let depth = row
        .item
        .as_deref()
        .map_or(0, |item| item.split('.').count());
    (depth, row.grade.is_some(), row.id.as_str())
}

fn held(
    row: &LimitEntry,
    step: ClockKind,
    at: Timestamp,
    offset: impl Fn(&str) -> i32,
) -> Vec<Applied<'_>> {
    let holds = |line: &LimitLine| {
        let zone = Offset::from_seconds(offset(&line.calendar) * 60)
            .map_or(TimeZone::UTC, TimeZone::fixed);
        line.holds_at(zone.to_datetime(at).time())
    };
    let lines: Vec<&LimitLine> = row
        .limits
        .iter()
        .filter(|line| line.step == step && holds(line))
        .collect();
    let conditional = lines.iter().any(|line| line.is_conditional());
    lines
        .into_iter()
        .filter(|line| line.is_conditional() == conditional)
        .map(|line| Applied { row, line })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn table(rows: &[serde_json::Value]) -> LimitTable {
        let mut table = LimitTable::default();
        for row in rows {
            let entry: LimitEntry = serde_json::from_value(row.clone()).unwrap();
            let id = entry.id.clone();
            let (from, to) = crate::model::validity(entry.valid_from, entry.valid_to);
            table.insert(
                &id,
                Segment {
                    version: 1,
                    from,
                    to,
                    value: Arc::new(entry),
                },
            );
        }
        table
    }

    /// `step=limit` of what applies, in order.
    fn words(table: &LimitTable, item: Option<&str>, grade: Grade, at: &str) -> String {
        let applied = table.applied(item, grade, at.parse().unwrap(), |_| 480);
        let word = |applied: &Applied<'_>| {
            format!(
                "{}={}",
                serde_json::to_value(applied.line.step)
                    .unwrap()
                    .as_str()
                    .unwrap(),
                applied.line.limit
            )
        };
        applied.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    fn line(step: &str, limit: &str) -> serde_json::Value {
        json!({"step": step, "limit": limit, "calendar": "office"})
    }

    const NOON: &str = "2026-11-23T04:00:00Z";

    #[test]
    fn the_most_specific_row_wins_step_by_step() {
        let table = table(&[
            json!({"id": "all", "limits": [line("accept", "2wh"), line("handle", "5wd")]}),
            json!({"id": "iii", "grade": "iii", "limits": [line("handle", "1wd"), line("sign", "2wh")]}),
            json!({"id": "tree", "item": "05", "limits": [line("handle", "2wd")]}),
            json!({"id": "tree-iii", "item": "05", "grade": "iii", "limits": [line("handle", "3wh")]}),
            json!({"id": "fall", "item": "05.02", "limits": [line("handle", "4h")]}),
        ]);
        for (item, grade, expected) in [
            (None, Grade::IV, "accept=2wh handle=5wd"),
            (None, Grade::III, "accept=2wh sign=2wh handle=1wd"),
            (Some("05.01"), Grade::IV, "accept=2wh handle=2wd"),
            (Some("05.01"), Grade::III, "accept=2wh sign=2wh handle=3wh"),
            (
                Some("05.02.01"),
                Grade::III,
                "accept=2wh sign=2wh handle=4h",
            ),
            (Some("06"), Grade::IV, "accept=2wh handle=5wd"),
        ] {
            assert_eq!(
                words(&table, item, grade, NOON),
                expected,
                "{item:?} {grade:?}"
            );
        }
    }

    #[test]
    fn the_time_of_day_chooses_among_limits() {
        let day = json!({"step": "register", "limit": "30m", "calendar": "office", "from": "08:00", "until": "20:00"});
        let table = table(&[
            json!({"id": "all", "limits": [line("register", "2wh"), day]}),
            json!({"id": "road", "item": "01.04", "limits": [
                {"step": "register", "limit": "10m", "calendar": "office", "from": "08:00", "until": "12:00"}]}),
        ]);
        for (item, at, expected) in [
            ("02", "2026-11-23T00:00:00Z", "register=30m"),
            ("02", "2026-11-23T12:00:00Z", "register=2wh"),
            ("01.04", "2026-11-23T01:00:00Z", "register=10m"),
            ("01.04", "2026-11-23T05:00:00Z", "register=30m"),
            ("01.04", "2026-11-22T20:00:00Z", "register=2wh"),
        ] {
            assert_eq!(
                words(&table, Some(item), Grade::IV, at),
                expected,
                "{item} {at}"
            );
        }
        let overview = table.overview("01.04", Grade::IV, NOON.parse().unwrap());
        let limits: Vec<String> = overview
            .iter()
            .map(|applied| applied.line.limit.to_string())
            .collect();
        assert_eq!(limits, ["10m", "2wh", "30m"]);
    }

    #[test]
    fn stages_apply_together_and_dates_choose_the_row() {
        let stages = [
            line("handle", "4wh"),
            line("handle", "7wd"),
            line("handle", "20wd"),
        ];
        let table = table(&[
            json!({"id": "old", "item": "03", "valid_to": "2026-01-01", "limits": [line("handle", "15wd")]}),
            json!({"id": "new", "item": "03", "valid_from": "2026-01-01", "limits": stages}),
        ]);
        assert_eq!(
            words(&table, Some("03.01"), Grade::IV, NOON),
            "handle=4wh handle=7wd handle=20wd"
        );
        assert_eq!(
            words(&table, Some("03.01"), Grade::IV, "2025-12-31T15:59:59Z"),
            "handle=15wd"
        );
        assert_eq!(
            words(&table, Some("03.01"), Grade::IV, "2025-12-31T16:00:00Z"),
            "handle=4wh handle=7wd handle=20wd"
        );
    }
}
