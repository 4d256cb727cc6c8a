//! Clocks: words, lights, pauses, and that more time never makes anything due earlier.

use jiff::SignedDuration;
use proptest::prelude::*;
use yiwang_contracts::ClockKind;
use yiwang_kernel::Timestamp;

use super::{Explanations, compute::compute, explain, light, refresh, state, summary, sweep};
use crate::lifecycle::escalations;
use crate::model::{Clock, ClockState, FixedDue, Light, Pause, PauseReason};
use crate::testing::{Rulebook, World, monday, person};

fn clock(limit: &str, calendar: &str, started_at: Timestamp) -> Clock {
    Clock {
        calendar: calendar.to_owned(),
        ..super::blank(ClockKind::Handle, None, started_at, limit.parse().unwrap())
    }
}

fn computed(mut clock: Clock, pauses: &[Pause]) -> Clock {
    compute(&mut clock, pauses, &Rulebook::new());
    clock
}

fn at(text: &str) -> Timestamp {
    format!("{text}+08:00").parse().unwrap()
}

fn pause(from: Timestamp, hours: Option<i64>) -> Pause {
    let until = hours.map(|hours| from + SignedDuration::from_hours(hours));
    Pause {
        reason: PauseReason::Suspension,
        from,
        until,
    }
}

#[test]
fn the_light_turns_at_its_parts_of_the_limit() {
    let clock = computed(clock("10h", "always", monday()), &[]);
    for (minutes, expected) in [
        (0, Light::Green),
        (419, Light::Green),
        (420, Light::Yellow),
        (539, Light::Yellow),
        (540, Light::Orange),
        (600, Light::Orange),
        (601, Light::Red),
    ] {
        let now = monday() + SignedDuration::from_mins(minutes);
        assert_eq!(light(&clock, now), expected, "after {minutes} minutes");
    }
}

#[test]
fn working_hours_count_and_are_explained() {
    let clock = computed(clock("4wh", "office", at("2026-11-23T16:30:00")), &[]);
    assert_eq!(clock.due_at, Some(at("2026-11-24T11:30:00")));
    let words = explain(&clock, &[], &Rulebook::new(), &Explanations::default());
    assert!(
        words.zh.contains("4 个工作小时") && words.zh.contains("截止"),
        "{}",
        words.zh
    );
    assert!(words.en.is_some_and(|en| en.contains("4 working hours")));
    let longer = computed(Clock { extra: 4, ..clock }, &[]);
    assert_eq!(longer.due_at, Some(at("2026-11-24T17:30:00")));
    assert!(
        explain(&longer, &[], &Rulebook::new(), &Explanations::default())
            .zh
            .contains("含延期")
    );
}

#[test]
fn a_clock_tells_how_it_stands() {
    let clock = computed(clock("1h", "always", monday()), &[]);
    let after = |minutes| monday() + SignedDuration::from_mins(minutes);
    let stopped = |minutes, done| Clock {
        stopped_at: Some(after(minutes)),
        done,
        ..clock.clone()
    };
    let stands = [pause(monday(), None)];
    let table = [
        (clock.clone(), 10, ClockState::Running),
        (clock.clone(), 61, ClockState::Breached),
        (stopped(60, true), 90, ClockState::Met),
        (stopped(61, true), 90, ClockState::Breached),
        (stopped(30, false), 90, ClockState::Stopped),
    ];
    for (clock, minutes, expected) in table {
        assert_eq!(state(&clock, &[], after(minutes)), expected, "{clock:?}");
    }
    let held = computed(clock.clone(), &stands);
    assert_eq!(state(&held, &stands, after(10)), ClockState::Suspended);
    assert_eq!(light(&held, after(1000)), Light::None);
}

#[test]
fn a_due_instant_set_by_hand_moves_by_what_was_paused_since() {
    let due_at = monday() + SignedDuration::from_hours(10);
    let fixed = Some(FixedDue {
        due_at,
        set_at: monday(),
    });
    let clock = Clock {
        fixed,
        ..clock("5wd", "office", monday())
    };
    let earlier = pause(monday() - SignedDuration::from_hours(5), Some(3));
    let later = pause(monday() + SignedDuration::from_hours(1), Some(4));
    assert_eq!(computed(clock.clone(), &[]).due_at, Some(due_at));
    assert_eq!(computed(clock.clone(), &[earlier]).due_at, Some(due_at));
    let moved = computed(clock.clone(), &[later, later]).due_at;
    assert_eq!(
        moved,
        Some(due_at + SignedDuration::from_hours(4)),
        "the same pause counts once"
    );
    assert_eq!(computed(clock, &[pause(monday(), None)]).due_at, None);
}

#[test]
fn a_consultation_holds_the_dispatch_clock_only() {
    let hold = Pause {
        reason: PauseReason::Consultation,
        ..pause(monday(), Some(10))
    };
    let handle = computed(clock("1h", "always", monday()), &[hold]);
    let dispatch = Clock {
        kind: ClockKind::Dispatch,
        ..clock("1h", "always", monday())
    };
    let dispatch = computed(dispatch, &[hold]);
    assert_eq!(
        handle.due_at,
        Some(monday() + SignedDuration::from_hours(1))
    );
    assert_eq!(
        dispatch.due_at,
        Some(monday() + SignedDuration::from_hours(11))
    );
}

#[test]
fn a_sweep_says_each_thing_once_and_names_the_next() {
    let world = World::new();
    let mut incident = world.fresh(monday());
    let mut turns = Vec::new();
    while let Some(next) = summary(&incident, *turns.last().unwrap_or(&monday())).sweep_at {
        let swept = sweep(&incident, next);
        assert_eq!(swept.breaches.len(), usize::from(turns.len() == 2));
        incident = swept.incident;
        let escalated = escalations(&incident, next, &world.at(&person(1), next));
        assert_eq!(escalated.len(), usize::from(turns.len() == 2));
        if let Some(last) = escalated.last() {
            incident = last.decision.incident.clone();
        }
        turns.push(next);
        assert!(turns.len() < 10, "it never comes to rest");
    }
    let minutes: Vec<i64> = turns
        .iter()
        .map(|turn| turn.duration_since(monday()).as_mins())
        .collect();
    assert_eq!(minutes, [21, 27, 30]);
    assert_eq!(incident.light, Light::Red);
    refresh(&mut incident, &world.catalog);
    assert_eq!(incident.calendar_version, 1);
}

fn limits() -> impl Strategy<Value = String> {
    (
        1..40_u32,
        prop::sample::select(vec!["m", "h", "d", "wm", "wh", "wd"]),
    )
        .prop_map(|(amount, unit)| format!("{amount}{unit}"))
}

fn pauses() -> impl Strategy<Value = Vec<Pause>> {
    let one = (-50..400_i64, 0..200_i64);
    prop::collection::vec(one, 0..4).prop_map(|list| {
        list.into_iter()
            .map(|(from, hours)| pause(monday() + SignedDuration::from_hours(from), Some(hours)))
            .collect()
    })
}

proptest! {
    #[test]
    fn more_time_never_makes_it_due_earlier(
        limit in limits(),
        calendar in prop::sample::select(vec!["office", "always"]),
        pauses in pauses(),
        more in pauses(),
        extra in 0..20_u32,
        later in 0..10_000_i64,
    ) {
        let start = monday();
        let base = computed(clock(&limit, calendar, start), &pauses);
        let due = base.due_at.unwrap();
        prop_assert!(due >= start);
        let (yellow, orange) = (base.yellow_at.unwrap(), base.orange_at.unwrap());
        prop_assert!(start <= yellow && yellow <= orange && orange <= due, "{yellow} {orange} {due}");
        let extended = computed(Clock { extra, ..clock(&limit, calendar, start) }, &pauses);
        prop_assert!(extended.due_at.unwrap() >= due);
        let paused: Vec<Pause> = pauses.iter().chain(&more).copied().collect();
        prop_assert!(computed(clock(&limit, calendar, start), &paused).due_at.unwrap() >= due);
        let later = start + SignedDuration::from_mins(later);
        prop_assert!(computed(clock(&limit, calendar, later), &pauses).due_at.unwrap() >= due);
        let now = start + SignedDuration::from_mins(extra.into());
        prop_assert!(light(&base, now) <= light(&base, later.max(now)));
    }
}
