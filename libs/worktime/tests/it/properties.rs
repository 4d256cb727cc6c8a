//! What holds for every calendar, start, limit and suspension.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use yiwang_worktime::{Calendar, CalendarSpec, Explanation, Limit, Span, Unit};

use crate::office::{OFFICE, office, spec};

const MICROSECOND: SignedDuration = SignedDuration::from_micros(1);

fn with_seasons() -> Calendar {
    let mut calendar: CalendarSpec = spec(OFFICE);
    calendar.seasons = serde_json::from_str(
        r#"[{"from": "11-20", "to": "02-10", "shifts": ["09:00-12:00", "12:00-16:01"]}]"#,
    )
    .unwrap();
    Calendar::new(calendar).unwrap()
}

fn sanitation() -> Calendar {
    let mut calendar = spec(OFFICE);
    calendar.shifts = vec!["06:00-22:00".parse().unwrap()];
    calendar.weekdays = yiwang_worktime::Weekday::ALL.to_vec();
    calendar.workdays.clear();
    Calendar::new(calendar).unwrap()
}

fn calendars() -> impl Strategy<Value = Calendar> {
    let always = Calendar::round_the_clock("always");
    prop::sample::select(vec![office(), with_seasons(), sanitation(), always])
}

/// Any microsecond from late 2025 to early 2027.
fn instants() -> impl Strategy<Value = Timestamp> {
    (1_764_000_000_000_000_i64..1_800_000_000_000_000)
        .prop_map(|micros| Timestamp::from_microsecond(micros).unwrap())
}

fn limits() -> impl Strategy<Value = Limit> {
    prop_oneof![
        (0..5000_u32).prop_map(|amount| Limit {
            amount,
            unit: Unit::Minute
        }),
        (0..200_u32).prop_map(|amount| Limit {
            amount,
            unit: Unit::Hour
        }),
        (0..40_u32).prop_map(|amount| Limit {
            amount,
            unit: Unit::Day
        }),
        (0..5000_u32).prop_map(|amount| Limit {
            amount,
            unit: Unit::WorkingMinute
        }),
        (0..100_u32).prop_map(|amount| Limit {
            amount,
            unit: Unit::WorkingHour
        }),
        (0..40_u32).prop_map(|amount| Limit {
            amount,
            unit: Unit::WorkingDay
        }),
    ]
}

fn spans() -> impl Strategy<Value = Vec<Span>> {
    let length = prop_oneof![
        5 => (0..864_000_000_000_i64).prop_map(Some),
        1 => Just(None),
    ];
    let span = (instants(), length).prop_map(|(from, length)| {
        let until = length.map(|micros| from + SignedDuration::from_micros(micros));
        Span { from, until }
    });
    prop::collection::vec(span, 0..5)
}

/// Spans near the start, so that they matter.
fn cases() -> impl Strategy<Value = (Calendar, Timestamp, Limit, Vec<Span>)> {
    (calendars(), instants(), limits(), spans(), 0..400_i64).prop_map(
        |(calendar, start, limit, mut spans, hours)| {
            for span in &mut spans {
                let length = span.until.map(|until| until.duration_since(span.from));
                let spread = span.from.as_microsecond() % (hours + 1) * 3_600_000_000;
                span.from = start + SignedDuration::from_micros(spread - 86_400_000_000);
                span.until = length.map(|length| span.from + length);
            }
            (calendar, start, limit, spans)
        },
    )
}

/// The midnight after an instant, where working days begin to count.
fn next_midnight(at: Timestamp) -> Timestamp {
    let day = (at.as_microsecond() + 28_800_000_000).div_euclid(86_400_000_000) + 1;
    Timestamp::from_microsecond(day * 86_400_000_000 - 28_800_000_000).unwrap()
}

/// What a limit of anything but working days is worth.
fn flat(limit: Limit) -> Option<SignedDuration> {
    let minutes = match limit.unit {
        Unit::Minute | Unit::WorkingMinute => 1,
        Unit::Hour | Unit::WorkingHour => 60,
        Unit::Day => 1440,
        Unit::WorkingDay => return (limit.amount == 0).then_some(SignedDuration::ZERO),
    };
    Some(SignedDuration::from_mins(i64::from(limit.amount) * minutes))
}

/// `None`, held, is later than any instant.
fn later(due: Option<Timestamp>) -> Timestamp {
    due.unwrap_or(Timestamp::MAX)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_elapses_until_the_end_is_the_limit((calendar, start, limit, spans) in cases()) {
        if let Some(due) = calendar.due(start, limit, &spans) {
            let origin = if flat(limit).is_some() { start } else { next_midnight(start) };
            let ran = calendar.elapsed(origin, due, &spans, limit.unit);
            let worth = flat(limit).unwrap_or_else(|| {
                let unsuspended = calendar.due(start, limit, &[]).unwrap();
                calendar.elapsed(origin, unsuspended, &[], limit.unit)
            });
            prop_assert_eq!(ran, worth);
            if limit.amount > 0 {
                let before = calendar.elapsed(origin, due - MICROSECOND, &spans, limit.unit);
                prop_assert_eq!(before, worth - MICROSECOND, "the first such instant");
            }
        }
    }

    #[test]
    fn a_later_start_ends_no_earlier(
        (calendar, start, limit, spans) in cases(), micros in 0..900_000_000_000_i64
    ) {
        let spans = if flat(limit).is_some() { spans } else { Vec::new() };
        let later_start = start + SignedDuration::from_micros(micros);
        let (due, later_due) = (calendar.due(start, limit, &spans), calendar.due(later_start, limit, &spans));
        prop_assert!(later(due) <= later(later_due));
    }

    #[test]
    fn a_longer_limit_ends_no_earlier((calendar, start, limit, spans) in cases(), more in 0..9_u32) {
        let longer = Limit { amount: limit.amount + more, ..limit };
        let (due, later_due) = (calendar.due(start, limit, &spans), calendar.due(start, longer, &spans));
        prop_assert!(later(due) <= later(later_due));
    }

    #[test]
    fn more_suspension_ends_no_earlier((calendar, start, limit, spans) in cases(), fewer in 0..5_usize) {
        let due = calendar.due(start, limit, &spans[fewer.min(spans.len())..]);
        prop_assert!(later(due) <= later(calendar.due(start, limit, &spans)));
    }

    #[test]
    fn subtracting_gives_the_latest_start_in_time((calendar, due, limit, spans) in cases()) {
        prop_assume!(limit.amount > 0);
        let start = calendar.subtract(due, limit, &spans);
        let end = calendar.due(start, limit, &spans);
        prop_assert!(end.is_some_and(|end| end <= due), "{:?} is in time", end);
        let step = if flat(limit).is_some() { MICROSECOND } else { SignedDuration::from_hours(24) };
        let end = calendar.due(start + step, limit, &spans);
        prop_assert!(later(end) > due, "{:?} is late", end);
    }

    #[test]
    fn subtracting_undoes_adding((calendar, start, limit, spans) in cases()) {
        prop_assume!(limit.amount > 0);
        // Working days of unequal length may make one end of two starts unreachable by the later.
        let spans = if flat(limit).is_some() { spans } else { Vec::new() };
        if let Some(due) = calendar.due(start, limit, &spans) {
            let latest = calendar.subtract(due, limit, &spans);
            prop_assert_eq!(calendar.due(latest, limit, &spans), Some(due));
            if flat(limit).is_some() {
                prop_assert!(latest >= start);
            }
        }
    }

    #[test]
    fn parts_come_in_order_and_the_whole_is_the_end((calendar, start, limit, spans) in cases()) {
        let parts = [0.0, 0.5, 0.7, 0.9, 1.0];
        let at = parts.map(|part| calendar.fraction(start, limit, &spans, part));
        prop_assert!(at.windows(2).all(|pair| later(pair[0]) <= later(pair[1])));
        let deadline = calendar.deadline(start, limit, &spans);
        prop_assert_eq!(at[4], deadline.due);
        let warnings = calendar.next_warnings(start, limit, &spans, start, &parts);
        let expected: Vec<_> = at.into_iter().flatten().filter(|at| *at > start).collect();
        prop_assert_eq!(warnings, expected);
    }

    #[test]
    fn an_explanation_is_small_and_survives_storage((calendar, start, limit, spans) in cases()) {
        let explanation = calendar.deadline(start, limit, &spans).explanation;
        let json = serde_json::to_string(&explanation).unwrap();
        prop_assert!(json.len() < 600, "{}", json);
        let stored: Explanation = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(stored.zh(), explanation.zh());
        prop_assert!(stored.zh().contains("截止") && !stored.en().is_empty());
    }
}
