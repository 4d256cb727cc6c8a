//! Deadlines, one line each, and what they say of themselves.

use insta::assert_snapshot;
use yiwang_worktime::{Calendar, Explanation, Unit};

use crate::office::{at, limit, office, show, span};

/// Due instants of `start | limit | spans`, in the office calendar.
fn due(start: &str, text: &str, spans: &[&str]) -> String {
    let spans: Vec<_> = spans.iter().map(|text| span(text)).collect();
    office()
        .due(at(start), limit(text), &spans)
        .map_or_else(|| "held".into(), show)
}

#[test]
fn natural_units_count_every_moment() {
    assert_eq!(due("2026-02-14 16:30", "30m", &[]), "2026-02-14 17:00");
    assert_eq!(
        due("2026-02-14 16:30:20", "24h", &[]),
        "2026-02-15 16:30:20"
    );
    assert_eq!(due("2026-02-14 16:30", "7d", &[]), "2026-02-21 16:30");
    assert_eq!(due("2026-02-14 16:30", "0m", &[]), "2026-02-14 16:30");
}

#[test]
fn natural_units_leave_out_what_is_suspended() {
    let start = "2026-02-14 16:30";
    let night = "2026-02-14 20:00 .. 2026-02-15 08:00";
    assert_eq!(due(start, "3h", &[night]), "2026-02-14 19:30");
    assert_eq!(
        due(start, "3h", &["2026-02-14 16:00 .. 2026-02-14 17:00"]),
        "2026-02-14 20:00"
    );
    assert_eq!(due(start, "4h", &[night]), "2026-02-15 08:30");
    // Used up just as the clock stops.
    assert_eq!(due(start, "210m", &[night]), "2026-02-14 20:00");
    let overlapping = [
        "2026-02-15 06:00 .. 2026-02-15 10:00",
        night,
        "2026-02-14 21:00 .. 2026-02-14 22:00",
        "2026-02-15 10:00 .. 2026-02-15 11:00",
        "2026-02-15 12:00 .. 2026-02-15 11:30",
    ];
    assert_eq!(due(start, "4h", &overlapping), "2026-02-15 11:30");
    assert_eq!(
        due(start, "0h", &["2026-02-14 16:00 .. 2026-02-14 17:00"]),
        "2026-02-14 17:00"
    );
}

#[test]
fn working_hours_count_working_time() {
    assert_eq!(due("2026-02-14 16:30", "4wh", &[]), "2026-02-24 11:30");
    assert_eq!(due("2026-02-14 16:30", "240wm", &[]), "2026-02-24 11:30");
    assert_eq!(due("2026-02-14 16:30", "241wm", &[]), "2026-02-24 13:31");
    assert_eq!(due("2026-03-02 07:00", "3wh", &[]), "2026-03-02 11:30");
    assert_eq!(due("2026-03-02 12:00", "1wm", &[]), "2026-03-02 13:31");
    assert_eq!(due("2026-02-14 18:00", "0wh", &[]), "2026-02-24 08:30");
    assert_eq!(
        due("2026-03-02 10:00:30", "2wh", &[]),
        "2026-03-02 14:00:30"
    );
}

#[test]
fn working_days_begin_the_day_after_the_start() {
    for start in [
        "2026-03-02 00:00",
        "2026-03-02 09:00",
        "2026-03-02 23:59:59",
    ] {
        assert_eq!(due(start, "1wd", &[]), "2026-03-03 17:30");
        assert_eq!(due(start, "5wd", &[]), "2026-03-09 17:30");
    }
    assert_eq!(
        due("2026-03-07 12:00", "1wd", &[]),
        "2026-03-09 17:30",
        "from a Saturday"
    );
    assert_eq!(
        due("2026-02-13 10:00", "1wd", &[]),
        "2026-02-14 17:30",
        "to an adjusted workday"
    );
    assert_eq!(
        due("2026-02-14 10:00", "1wd", &[]),
        "2026-02-24 17:30",
        "over the holidays"
    );
    assert_eq!(due("2026-02-14 18:00", "0wd", &[]), "2026-02-24 08:30");
}

#[test]
fn suspended_working_time_moves_working_limits_by_as_much() {
    let monday = "2026-03-02 09:00";
    // Two and a half hours of Tuesday are lost.
    let tuesday = "2026-03-03 09:00 .. 2026-03-03 12:00";
    assert_eq!(due(monday, "1wd", &[tuesday]), "2026-03-04 11:00");
    assert_eq!(due(monday, "2wd", &[tuesday]), "2026-03-05 11:00");
    assert_eq!(due(monday, "8wh", &[tuesday]), "2026-03-03 14:30");
    // Nights and weekends cost nothing.
    assert_eq!(
        due(monday, "1wd", &["2026-03-02 17:30 .. 2026-03-03 08:30"]),
        "2026-03-03 17:30"
    );
    // The day of the start does not count, nor does what is lost on it.
    assert_eq!(
        due(monday, "1wd", &["2026-03-02 09:00 .. 2026-03-03 00:00"]),
        "2026-03-03 17:30"
    );
    // A whole week, its weekend with it.
    let week = "2026-03-03 00:00 .. 2026-03-10 00:00";
    assert_eq!(due(monday, "1wd", &[week]), "2026-03-10 17:30");
    // After the end nothing matters.
    assert_eq!(
        due(monday, "1wd", &["2026-03-03 17:30 .."]),
        "2026-03-03 17:30"
    );
    assert_eq!(due(monday, "1wd", &["2026-03-03 17:29 .."]), "held");
}

#[test]
fn an_open_suspension_holds_the_clock() {
    assert_eq!(
        due("2026-03-02 09:00", "4h", &["2026-03-02 10:00 .."]),
        "held"
    );
    assert_eq!(
        due("2026-03-02 09:00", "0h", &["2026-03-02 08:00 .."]),
        "held"
    );
    assert_eq!(
        due("2026-03-02 09:00", "1h", &["2026-03-02 10:00 .."]),
        "2026-03-02 10:00"
    );
}

#[test]
fn parts_of_a_limit_are_parts_of_its_running_time() {
    let calendar = office();
    let start = at("2026-03-02 10:00");
    let fraction = |text, part| show(calendar.fraction(start, limit(text), &[], part).unwrap());
    assert_eq!(fraction("10h", 0.7), "2026-03-02 17:00");
    assert_eq!(fraction("10wh", 0.7), "2026-03-03 10:00");
    assert_eq!(fraction("10wh", 0.0), "2026-03-02 10:00");
    assert_eq!(fraction("2wd", 0.5), "2026-03-03 17:30");
    assert_eq!(fraction("1wd", 0.5), "2026-03-03 14:00");
    assert_eq!(fraction("1wd", 1.0), "2026-03-03 17:30");
    let stop = [span("2026-03-02 15:00 .. 2026-03-03 15:00")];
    let warnings = |now| {
        let parts = [0.9, 0.7, 0.5];
        let warnings = calendar.next_warnings(start, limit("10h"), &stop, at(now), &parts);
        warnings.into_iter().map(show).collect::<Vec<_>>()
    };
    assert_eq!(
        warnings("2026-03-02 14:00"),
        ["2026-03-02 15:00", "2026-03-03 17:00", "2026-03-03 19:00"]
    );
    assert_eq!(warnings("2026-03-03 17:00"), ["2026-03-03 19:00"]);
    let open = [span("2026-03-02 15:00 ..")];
    let parts = [0.5, 0.7];
    let held = calendar.next_warnings(start, limit("10h"), &open, start, &parts);
    assert_eq!(
        held.into_iter().map(show).collect::<Vec<_>>(),
        ["2026-03-02 15:00"]
    );
}

#[test]
fn elapsed_time_is_what_has_run() {
    let calendar = office();
    let (from, to) = (at("2026-02-14 16:30"), at("2026-02-24 11:30"));
    let stop = [span("2026-02-24 09:00 .. 2026-02-24 10:00")];
    let minutes = |unit, spans| calendar.elapsed_minutes(from, to, spans, unit);
    assert_eq!(minutes(Unit::WorkingHour, &[]), 240);
    assert_eq!(minutes(Unit::WorkingDay, &stop), 180);
    assert_eq!(minutes(Unit::Minute, &[]), 9 * 1440 + 1140);
    assert_eq!(minutes(Unit::Day, &stop), 9 * 1440 + 1080);
    assert_eq!(calendar.elapsed_minutes(to, from, &[], Unit::Minute), 0);
    let open = [span("2026-02-14 17:00 ..")];
    assert_eq!(minutes(Unit::WorkingMinute, &open), 30);
}

#[test]
fn a_limit_taken_back_from_its_end_gives_the_latest_start() {
    let calendar = office();
    let start = |due, text, spans: &[&str]| {
        let spans: Vec<_> = spans.iter().map(|text| span(text)).collect();
        show(calendar.subtract(at(due), limit(text), &spans))
    };
    assert_eq!(start("2026-02-24 11:30", "4wh", &[]), "2026-02-14 16:30");
    assert_eq!(start("2026-02-24 08:00", "1wh", &[]), "2026-02-14 16:30");
    assert_eq!(start("2026-02-24 11:30", "4h", &[]), "2026-02-24 07:30");
    assert_eq!(start("2026-02-24 11:30", "0wh", &[]), "2026-02-24 11:30");
    assert_eq!(start("2026-02-24 17:30", "1wd", &[]), "2026-02-23 00:00");
    assert_eq!(start("2026-02-24 17:29", "1wd", &[]), "2026-02-13 00:00");
    assert_eq!(start("2026-03-09 17:30", "5wd", &[]), "2026-03-02 00:00");
    let stop = "2026-03-09 09:00 .. 2026-03-09 10:00";
    assert_eq!(
        start("2026-03-09 17:30", "5wd", &[stop]),
        "2026-03-01 00:00"
    );
    assert_eq!(
        start("2026-03-09 17:30", "8wh", &[stop]),
        "2026-03-06 15:30"
    );
}

#[test]
fn what_lies_past_the_known_holidays_is_an_estimate() {
    let calendar = office();
    let beyond = |start, text| calendar.deadline(at(start), limit(text), &[]).beyond_known;
    assert!(!beyond("2026-12-30 10:00", "1wd"));
    assert!(beyond("2026-12-31 10:00", "1wd"));
    assert!(beyond("2026-12-31 17:00", "1wh"));
    assert!(!beyond("2026-12-31 16:30", "1wh"));
    assert!(!beyond("2026-12-31 16:30", "10d"));
    let held = calendar.deadline(
        at("2026-12-31 16:00"),
        limit("2wh"),
        &[span("2027-01-01 08:00 ..")],
    );
    assert_eq!((held.due, held.beyond_known), (None, true));
}

/// The words of a deadline in both languages.
fn words(start: &str, text: &str, spans: &[&str]) -> String {
    let spans: Vec<_> = spans.iter().map(|text| span(text)).collect();
    let explanation = office()
        .deadline(at(start), limit(text), &spans)
        .explanation;
    let json = serde_json::to_string(&explanation).unwrap();
    assert!(json.len() < 450, "{json}");
    assert_eq!(
        serde_json::from_str::<Explanation>(&json).unwrap(),
        explanation
    );
    format!("{}\n{}", explanation.zh(), explanation.en())
}

#[test]
fn words_of_working_hours() {
    assert_snapshot!(words("2026-02-14 16:30", "4wh", &[]), @r"
    自 2026-02-14 16:30 起 4 个工作小时：02-14 1 小时，02-15 至 02-23 放假，02-24 3 小时；截止 02-24 11:30
    4 working hours from 2026-02-14 16:30: 1 h on 02-14, holiday from 02-15 to 02-23, 3 h on 02-24; due 02-24 11:30
    ");
    assert_snapshot!(words("2026-02-14 18:00", "0wh", &[]), @r"
    自 2026-02-14 18:00 起 0 个工作小时：02-14 已过工作时间，02-15 至 02-23 放假；截止 02-24 08:30
    0 working hours from 2026-02-14 18:00: 02-14 after hours, holiday from 02-15 to 02-23; due 02-24 08:30
    ");
    assert_snapshot!(words("2026-02-27 17:00:20", "20wh", &[]), @r"
    自 2026-02-27 17:00 起 20 个工作小时：02-27 30 分钟，02-28 7 小时，03-01 休息，03-02 7 小时，03-03 5 小时 30 分钟；截止 03-03 16:00
    20 working hours from 2026-02-27 17:00: 30 min on 02-27, 7 h on 02-28, off on 03-01, 7 h on 03-02, 5 h 30 min on 03-03; due 03-03 16:00
    ");
    assert_snapshot!(words("2026-12-31 17:00", "90wm", &[]), @r"
    自 2026-12-31 17:00 起 90 个工作分钟：12-31 30 分钟，2027-01-01 1 小时；截止 2027-01-01 09:30（届时的放假安排尚未公布，公布后重新计算）
    90 working minutes from 2026-12-31 17:00: 30 min on 12-31, 1 h on 2027-01-01; due 2027-01-01 09:30 (the holidays of that time are not published yet; to be computed again then)
    ");
    let spans = [
        "2026-03-03 09:00 .. 2026-03-04 10:00",
        "2026-03-02 18:00 .. 2026-03-03 07:00",
    ];
    assert_snapshot!(words("2026-03-02 16:00", "8wh", &spans), @r"
    自 2026-03-02 16:00 起 8 个工作小时：03-02 1 小时 30 分钟，03-03 30 分钟，03-03 09:00 至 03-04 10:00 暂停（不计 8 小时），03-04 5 小时 30 分钟，03-05 30 分钟；截止 03-05 09:00
    8 working hours from 2026-03-02 16:00: 1 h 30 min on 03-02, 30 min on 03-03, stopped from 03-03 09:00 to 03-04 10:00 (8 h not counted), 5 h 30 min on 03-04, 30 min on 03-05; due 03-05 09:00
    ");
    assert_snapshot!(words("2026-03-02 16:00", "8wh", &["2026-03-03 09:00 .."]), @r"
    自 2026-03-02 16:00 起 8 个工作小时：03-02 1 小时 30 分钟，03-03 30 分钟；03-03 09:00 起暂停，剩余 6 小时，恢复后确定截止时间
    8 working hours from 2026-03-02 16:00: 1 h 30 min on 03-02, 30 min on 03-03; stopped since 03-03 09:00, 6 h left, due once it goes on
    ");
}

#[test]
fn words_of_working_days() {
    assert_snapshot!(words("2026-02-13 10:00", "5wd", &[]), @r"
    自 2026-02-13 10:00 起 5 个工作日：02-13 当日不计，02-14 1 个工作日，02-15 至 02-23 放假，02-24 至 02-27 4 个工作日；截止 02-27 17:30
    5 working days from 2026-02-13 10:00: 02-13 not counted, 1 working day on 02-14, holiday from 02-15 to 02-23, 4 working days from 02-24 to 02-27; due 02-27 17:30
    ");
    assert_snapshot!(words("2026-03-02 10:00", "15wd", &[]), @r"
    自 2026-03-02 10:00 起 15 个工作日：03-02 当日不计，03-03 至 03-06 4 个工作日，03-07 至 03-08 休息，03-09 至 03-13 5 个工作日，03-14 至 03-15 休息，03-16 至 03-20 5 个工作日，03-21 至 03-22 休息，03-23 1 个工作日；截止 03-23 17:30
    15 working days from 2026-03-02 10:00: 03-02 not counted, 4 working days from 03-03 to 03-06, off from 03-07 to 03-08, 5 working days from 03-09 to 03-13, off from 03-14 to 03-15, 5 working days from 03-16 to 03-20, off from 03-21 to 03-22, 1 working day on 03-23; due 03-23 17:30
    ");
    let stop = "2026-03-03 09:00 .. 2026-03-04 10:00";
    assert_snapshot!(words("2026-03-02 10:00", "3wd", &[stop]), @r"
    自 2026-03-02 10:00 起 3 个工作日（合 21 小时）：03-02 当日不计，03-03 30 分钟，03-03 09:00 至 03-04 10:00 暂停（不计 8 小时），03-04 5 小时 30 分钟，03-05 至 03-06 2 天 14 小时，03-07 至 03-08 休息，03-09 1 小时；截止 03-09 09:30
    3 working days (21 h) from 2026-03-02 10:00: 03-02 not counted, 30 min on 03-03, stopped from 03-03 09:00 to 03-04 10:00 (8 h not counted), 5 h 30 min on 03-04, 14 h from 03-05 to 03-06, off from 03-07 to 03-08, 1 h on 03-09; due 03-09 09:30
    ");
    assert_snapshot!(words("2026-03-02 10:00", "3wd", &["2026-03-03 09:00 .."]), @r"
    自 2026-03-02 10:00 起 3 个工作日（合 21 小时）：03-02 当日不计，03-03 30 分钟；03-03 09:00 起暂停，剩余 20 小时 30 分钟，恢复后确定截止时间
    3 working days (21 h) from 2026-03-02 10:00: 03-02 not counted, 30 min on 03-03; stopped since 03-03 09:00, 20 h 30 min left, due once it goes on
    ");
    assert_snapshot!(words("2026-03-02 10:00", "200wd", &[stop]), @r"
    自 2026-03-02 10:00 起 200 个工作日（合 1400 小时）：03-02 当日不计，03-03 至 12-21 计入 202 天，共 1400 小时，暂停 1 次（不计 8 小时）；截止 12-21 09:30
    200 working days (1400 h) from 2026-03-02 10:00: 03-02 not counted, 202 days counted from 03-03 to 12-21, 1400 h in all, stopped once (8 h not counted); due 12-21 09:30
    ");
}

#[test]
fn words_of_natural_time() {
    assert_snapshot!(words("2026-03-02 10:00", "45m", &[]), @r"
    自 2026-03-02 10:00 起 45 分钟；截止 03-02 10:45
    45 minutes from 2026-03-02 10:00; due 03-02 10:45
    ");
    let stop = "2026-03-02 15:00 .. 2026-03-03 15:00";
    assert_snapshot!(words("2026-03-02 10:00", "24h", &[stop]), @r"
    自 2026-03-02 10:00 起 24 小时：03-02 15:00 至 03-03 15:00 暂停（不计 24 小时）；截止 03-04 10:00
    24 hours from 2026-03-02 10:00: stopped from 03-02 15:00 to 03-03 15:00 (24 h not counted); due 03-04 10:00
    ");
    assert_snapshot!(words("2026-12-30 10:00", "7d", &["2026-12-31 12:00 .."]), @r"
    自 2026-12-30 10:00 起 7 天；12-31 12:00 起暂停，剩余 142 小时，恢复后确定截止时间
    7 days from 2026-12-30 10:00; stopped since 12-31 12:00, 142 h left, due once it goes on
    ");
}

#[test]
fn words_round_the_clock() {
    let calendar = Calendar::round_the_clock("always");
    let explain = |text| {
        calendar
            .deadline(at("2026-03-02 10:00"), limit(text), &[])
            .explanation
    };
    assert_snapshot!(explain("24wh").zh(), @"自 2026-03-02 10:00 起 24 个工作小时；截止 03-03 10:00");
    assert_snapshot!(explain("1wd").zh(), @"自 2026-03-02 10:00 起 1 个工作日：03-02 当日不计；截止 03-04 00:00");
}

#[test]
fn a_stored_explanation_is_small() {
    let explanation = office()
        .deadline(at("2026-02-14 16:30"), limit("4wh"), &[])
        .explanation;
    assert_snapshot!(serde_json::to_string(&explanation).unwrap(), @r#"{"s":1771086600,"l":"4wh","p":[{"w":[20498,1,60]},{"h":[20499,9]},{"w":[20508,1,180]}],"e":{"d":1771932600}}"#);
}

#[test]
fn endless_limits_end_where_counting_ends() {
    let calendar = office();
    for unit in ["m", "h", "d", "wm", "wh", "wd"] {
        let mut limit = limit(&format!("1{unit}"));
        limit.amount = u32::MAX;
        let due = calendar.due(at("2026-03-02 10:00"), limit, &[]).unwrap();
        assert!(due > at("4026-03-02 10:00"), "{unit}");
        calendar.subtract(at("2026-03-02 10:00"), limit, &[]);
    }
}
