//! Which time is working time, and what is refused.

use insta::assert_snapshot;
use jiff::civil::Date;
use yiwang_worktime::{Calendar, CalendarFault, CalendarSpec, DayKind, Limit};

use crate::office::{OFFICE, at, limit, office, show, spec};

/// `OFFICE` with other lines, as a JSON object merged over it.
fn office_with(changes: &str) -> CalendarSpec {
    let mut spec: serde_json::Value = serde_json::from_str(OFFICE).unwrap();
    let changes: serde_json::Value = serde_json::from_str(changes).unwrap();
    for (field, value) in changes.as_object().unwrap() {
        spec[field] = value.clone();
    }
    serde_json::from_value(spec).unwrap()
}

fn hours(calendar: &Calendar, date: &str) -> String {
    let shifts = calendar.shifts(date.parse().unwrap());
    shifts
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn the_year_2026_has_248_working_days() {
    let calendar = office();
    let of_month = |month| {
        let first = Date::constant(2026, month, 1);
        calendar.working_days(first..=first.last_of_month())
    };
    let months: Vec<_> = (1..=12).map(of_month).collect();
    assert_eq!(months, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]);
    let year = Date::constant(2026, 1, 1)..=Date::constant(2026, 12, 31);
    assert_eq!(calendar.working_days(year), 248);
}

#[test]
fn a_date_is_normal_a_holiday_or_an_adjusted_workday() {
    let calendar = office();
    let kind = |date: &str| calendar.day_kind(date.parse().unwrap());
    assert_eq!(kind("2026-02-13"), DayKind::Normal);
    assert_eq!(kind("2026-02-14"), DayKind::AdjustedWorkday);
    assert_eq!(kind("2026-02-15"), DayKind::Holiday);
    assert_eq!(kind("1980-01-01"), DayKind::Normal);
    assert_eq!(kind("2999-01-01"), DayKind::Normal);
}

#[test]
fn working_time_begins_with_a_shift_and_ends_before_its_end() {
    let calendar = office();
    for (instant, working, next) in [
        ("2026-02-14 08:29:59", false, "2026-02-14 08:30"),
        ("2026-02-14 08:30", true, "2026-02-14 08:30"),
        ("2026-02-14 11:29:59", true, "2026-02-14 11:29:59"),
        ("2026-02-14 11:30", false, "2026-02-14 13:30"),
        ("2026-02-14 17:30", false, "2026-02-24 08:30"),
        ("2026-02-20 10:00", false, "2026-02-24 08:30"),
    ] {
        assert_eq!(calendar.is_working(at(instant)), working, "{instant}");
        assert_eq!(
            show(calendar.next_working_instant(at(instant))),
            next,
            "{instant}"
        );
    }
}

#[test]
fn seasons_change_the_shifts_and_may_wrap_the_year() {
    let calendar = Calendar::new(office_with(
        r#"{"seasons": [
            {"from": "07-01", "to": "09-30", "shifts": ["08:30-11:30", "14:00-18:00"]},
            {"from": "12-15", "to": "01-15", "shifts": ["09:00-16:00"]}
        ]}"#,
    ))
    .unwrap();
    assert_eq!(hours(&calendar, "2026-06-30"), "08:30-11:30 13:30-17:30");
    assert_eq!(hours(&calendar, "2026-07-01"), "08:30-11:30 14:00-18:00");
    assert_eq!(
        hours(&calendar, "2026-09-20"),
        "08:30-11:30 14:00-18:00",
        "an adjusted workday"
    );
    assert_eq!(hours(&calendar, "2026-09-26"), "", "a holiday");
    assert_eq!(hours(&calendar, "2026-09-30"), "08:30-11:30 14:00-18:00");
    assert_eq!(hours(&calendar, "2026-12-14"), "08:30-11:30 13:30-17:30");
    assert_eq!(hours(&calendar, "2026-12-15"), "09:00-16:00");
    assert_eq!(hours(&calendar, "2026-01-15"), "09:00-16:00");
    assert_eq!(hours(&calendar, "2026-01-16"), "08:30-11:30 13:30-17:30");
    let due = |start, text| show(calendar.due(at(start), limit(text), &[]).unwrap());
    assert_eq!(due("2026-06-30 09:00", "1wd"), "2026-07-01 18:00");
    assert_eq!(due("2026-12-14 16:30", "2wh"), "2026-12-15 10:00");
    assert_eq!(due("2026-12-31 15:00", "2wh"), "2027-01-01 10:00");
}

#[test]
fn half_days_have_shifts_of_their_own() {
    let calendar = Calendar::new(office_with(
        r#"{"half_days": {"2026-02-13": ["08:30-11:30"], "2026-03-07": ["09:00-10:00"]}}"#,
    ))
    .unwrap();
    assert_eq!(hours(&calendar, "2026-02-13"), "08:30-11:30");
    assert_eq!(hours(&calendar, "2026-03-07"), "09:00-10:00", "a Saturday");
    let due = |start, text| show(calendar.due(at(start), limit(text), &[]).unwrap());
    assert_eq!(due("2026-02-12 10:00", "1wd"), "2026-02-13 11:30");
    assert_eq!(due("2026-02-13 10:30", "2wh"), "2026-02-14 09:30");
    assert_eq!(due("2026-03-06 10:00", "1wd"), "2026-03-07 10:00");
}

#[test]
fn sanitation_works_sixteen_hours_on_every_day() {
    let calendar = Calendar::new(spec(
        r#"{"name": "sanitation", "title": {"zh": "环卫作业时间"}, "kind": "weekly",
            "weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
            "shifts": ["06:00-22:00"]}"#,
    ))
    .unwrap();
    let due = |start, text| show(calendar.due(at(start), limit(text), &[]).unwrap());
    assert_eq!(due("2026-02-20 21:00", "2wh"), "2026-02-21 07:00");
    assert_eq!(due("2026-02-20 21:00", "1wd"), "2026-02-21 22:00");
}

#[test]
fn round_the_clock_counts_every_minute() {
    let calendar = Calendar::round_the_clock("always");
    assert_eq!((calendar.name(), calendar.version()), ("always", 1));
    let same = Calendar::new(calendar.spec().clone()).unwrap();
    assert_eq!(same, calendar);
    let due = |start, text| show(calendar.due(at(start), limit(text), &[]).unwrap());
    assert_eq!(due("2026-02-20 23:30", "45wm"), "2026-02-21 00:15");
    assert_eq!(
        due("2026-02-20 23:30", "30wh"),
        due("2026-02-20 23:30", "30h")
    );
    assert_eq!(due("2026-02-20 23:30", "1wd"), "2026-02-22 00:00");
}

#[test]
fn another_offset_moves_the_working_day() {
    let calendar = Calendar::new(office_with(r#"{"utc_offset_minutes": 360}"#)).unwrap();
    // Urumqi keeps office hours two hours later than the clock of Beijing.
    assert_eq!(
        show(calendar.next_working_instant(at("2026-03-02 06:00"))),
        "2026-03-02 10:30"
    );
}

#[test]
fn a_spec_is_read_and_written_in_its_short_forms() {
    let spec = spec(OFFICE);
    assert_eq!(spec.holidays[0].to_string(), "2026-01-01..2026-01-03");
    assert_eq!(spec.workdays[0].to_string(), "2026-01-04");
    let json = serde_json::to_value(&spec).unwrap();
    let mut expected: serde_json::Value = serde_json::from_str(OFFICE).unwrap();
    expected["utc_offset_minutes"] = 480.into();
    assert_eq!(json, expected);
}

#[test]
fn a_spec_that_cannot_be_read_says_how_it_is_written() {
    let fault = |changes: &str| {
        let mut spec: serde_json::Value = serde_json::from_str(OFFICE).unwrap();
        let changes: serde_json::Value = serde_json::from_str(changes).unwrap();
        for (field, value) in changes.as_object().unwrap() {
            spec[field] = value.clone();
        }
        serde_json::from_value::<CalendarSpec>(spec)
            .unwrap_err()
            .to_string()
    };
    for changes in [
        r#"{"shifts": ["8:30-11:30"]}"#,
        r#"{"shifts": ["22:00-06:00"]}"#,
        r#"{"shifts": ["08:30-24:01"]}"#,
        r#"{"shifts": ["08:60-09:00"]}"#,
        r#"{"shifts": ["+8:30-11:30"]}"#,
    ] {
        assert!(
            fault(changes).starts_with("a shift is written 08:30-11:30"),
            "{changes}"
        );
    }
    for changes in [
        r#"{"holidays": ["2026-02-29"]}"#,
        r#"{"holidays": ["2026-02-03..2026-02-01"]}"#,
        r#"{"workdays": ["2026-1-4"]}"#,
        r#"{"workdays": ["2026-01-04T00:00"]}"#,
    ] {
        assert!(
            fault(changes).starts_with("days are written 2026-01-04"),
            "{changes}"
        );
    }
    let season = r#"{"seasons": [{"from": "02-30", "to": "03-01", "shifts": []}]}"#;
    assert!(fault(season).starts_with("a day of the year is written 07-01"));
    assert!(fault(r#"{"holiday": []}"#).starts_with("unknown field `holiday`"));
}

#[test]
fn all_faults_of_a_spec_are_found_at_once() {
    let spec = office_with(
        r#"{"name": " ", "utc_offset_minutes": 900, "weekdays": [],
            "shifts": ["08:30-11:30", "11:00-17:30"],
            "seasons": [
                {"from": "07-01", "to": "09-30", "shifts": []},
                {"from": "09-30", "to": "10-31", "shifts": ["09:00-16:00"]}
            ],
            "half_days": {"2026-02-14": ["08:30-11:30"]},
            "holidays": ["2026-01-04"]}"#,
    );
    let faults = spec.faults();
    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_snapshot!(lines.join("\n"), @r"
    a calendar needs a name
    utc_offset_minutes must be within -720..=840, not 900
    a weekly calendar needs at least one working weekday
    the calendar has shifts that overlap or are out of order: 08:30-11:30 and 11:00-17:30
    the season 07-01 to 09-30 has no shifts
    two seasons hold 09-30
    2026-01-04 is listed as holidays and as workdays
    2026-02-14 is listed as workdays and as half_days
    ");
    assert_eq!(Calendar::new(spec), Err(CalendarFault::NoName));
}

#[test]
fn a_round_the_clock_spec_says_nothing_else() {
    let spec = office_with(r#"{"kind": "always"}"#);
    let lines: Vec<_> = spec.faults().iter().map(ToString::to_string).collect();
    assert_snapshot!(lines.join("\n"), @r"
    a calendar of kind always has no weekdays
    a calendar of kind always has no shifts
    a calendar of kind always has no holidays
    a calendar of kind always has no workdays
    a calendar of kind always has no days_known_until
    ");
    let spec = office_with(r#"{"holidays": ["1026-01-01"]}"#);
    assert_snapshot!(Calendar::new(spec).unwrap_err(), @"1026-01-01 lies outside the years 1990 to 2100");
}

#[test]
fn what_is_probably_not_meant_is_a_warning() {
    let calendar = Calendar::new(office_with(
        r#"{"workdays": ["2026-01-04", "2026-01-05"], "holidays": ["2027-01-01"]}"#,
    ))
    .unwrap();
    let lines: Vec<_> = calendar
        .warnings()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_snapshot!(lines.join("\n"), @r"
    2026-01-05 is listed under workdays, but its weekday is worked anyway
    2027-01-01 is listed, but the days are said to be known only until 2026-12-31
    ");
    assert!(office().warnings().is_empty());
}

#[test]
fn short_forms_are_strings_in_schemas() {
    let schema = serde_json::to_value(schemars::schema_for!(CalendarSpec)).unwrap();
    assert_eq!(schema["properties"]["half_days"]["type"], "object");
    assert_eq!(schema["$defs"]["Shift"]["type"], "string");
    let schema = serde_json::to_value(schemars::schema_for!(Limit)).unwrap();
    assert_eq!(schema["pattern"], "^[0-9]+(m|h|d|wm|wh|wd)$");
    assert_eq!(<Limit as utoipa::ToSchema>::name(), "Limit");
    let schema = serde_json::to_value(<Limit as utoipa::PartialSchema>::schema()).unwrap();
    assert_eq!(schema["type"], "string");
}
