//! The calendar of 2026, as the official notice of 2025-11-04 has it, and shorthands.

use jiff::Timestamp;
use yiwang_worktime::{Calendar, CalendarSpec, Limit, Span};

/// Office hours with the holidays of 2026.
pub(crate) const OFFICE: &str = r#"{
    "name": "office",
    "title": {"zh": "机关工作时间", "en": "Office hours"},
    "version": 3,
    "kind": "weekly",
    "weekdays": ["mon", "tue", "wed", "thu", "fri"],
    "shifts": ["08:30-11:30", "13:30-17:30"],
    "holidays": [
        "2026-01-01..2026-01-03", "2026-02-15..2026-02-23", "2026-04-04..2026-04-06",
        "2026-05-01..2026-05-05", "2026-06-19..2026-06-21", "2026-09-25..2026-09-27",
        "2026-10-01..2026-10-07"
    ],
    "workdays": [
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"
    ],
    "days_known_until": "2026-12-31"
}"#;

pub(crate) fn spec(json: &str) -> CalendarSpec {
    serde_json::from_str(json).unwrap()
}

pub(crate) fn office() -> Calendar {
    Calendar::new(spec(OFFICE)).unwrap()
}

/// `2026-02-14 16:30` at UTC+8.
pub(crate) fn at(text: &str) -> Timestamp {
    let (date, time) = text.split_once(' ').unwrap();
    let seconds = if time.len() == 5 { ":00" } else { "" };
    format!("{date}T{time}{seconds}+08:00").parse().unwrap()
}

/// The other way round.
pub(crate) fn show(at: Timestamp) -> String {
    let offset = jiff::tz::Offset::constant(8);
    let local = offset.to_datetime(at);
    let text = format!("{} {}", local.date(), local.time());
    text.strip_suffix(":00").map(str::to_owned).unwrap_or(text)
}

pub(crate) fn limit(text: &str) -> Limit {
    text.parse().unwrap()
}

/// `2026-03-02 10:00 .. 2026-03-03 11:00`, or `2026-03-02 10:00 ..` while open.
pub(crate) fn span(text: &str) -> Span {
    let (from, until) = text.split_once("..").unwrap();
    let until = (!until.trim().is_empty()).then(|| at(until.trim()));
    Span {
        from: at(from.trim()),
        until,
    }
}
