use serde_json::{Value, json};
use yiwang_contracts::{Series, SqlFaultKind};
use yiwang_kernel::AreaCode;

use super::*;
use crate::compact::Effort;
use crate::testing::{DAY, HOUR, Shore, at, event, point};

const HEARD: &str = "SELECT substr(d.area, 1, 9) AS area, count(DISTINCT o.start) * 100.0 / 24 AS value, count(*) AS weight \
    FROM devices d LEFT JOIN observations_1h o ON o.device = d.device AND o.start >= :now - INTERVAL '24 hours' \
    WHERE d.profile = 'gauge' GROUP BY 1 ORDER BY 1";

/// From the 23rd, nine in the morning: d0 speaks each hour, d1 in the first six.
fn lake() -> (Shore, Lake, i64) {
    let shore = Shore::new();
    let lake = shore.open();
    let begin = shore.now();
    for hour in 0..48 {
        let value = |code: &str| {
            point(
                &Series::new(code, "level"),
                begin + hour * HOUR,
                hour as f64,
            )
        };
        lake.append_points(&[value("d0")]).unwrap();
        if hour < 6 {
            lake.append_points(&[value("d1")]).unwrap();
        }
        shore.wait(HOUR);
        if hour % 10 == 5 {
            lake.compact(Effort::Due).unwrap();
        }
    }
    lake.append_events(&[event(1, begin), event(2, begin + 30 * HOUR)])
        .unwrap();
    (shore, lake, begin)
}

fn places() -> Vec<DevicePlace> {
    let place = |device: &str, profile: &str, area: &str, limit: f64| DevicePlace {
        device: device.into(),
        profile: profile.into(),
        area: Some(AreaCode::from(area)),
        attributes: vec![("limit".to_owned(), limit)],
    };
    vec![
        place("d0", "gauge", "320281001003", 40.0),
        place("d1", "gauge", "320281002001", 4.0),
        place("d2", "lamp", "320281002001", 0.0),
    ]
}

async fn ask_with(lake: &Lake, limits: QueryLimits, sql: &str, at: i64) -> SqlAnswer {
    let queries = Queries::new(limits).unwrap();
    let question = SqlQuestion {
        sql: sql.into(),
        at,
    };
    let places = Places::of(&places()).unwrap();
    queries.figures(lake, &question, &places).await
}

async fn ask(lake: &Lake, sql: &str, at: i64) -> Value {
    let answer = ask_with(lake, QueryLimits::default(), sql, at).await;
    let figures = answer.unwrap_or_else(|fault| panic!("{sql}: {fault}"));
    let row = |figure: &SqlFigure| json!([figure.area, figure.value, figure.weight, figure.at]);
    figures.iter().map(row).collect()
}

#[tokio::test]
async fn a_question_sees_the_lake_as_it_was() {
    let (_shore, lake, begin) = lake();
    // An hour that is not over is not there, and what came later neither.
    assert_eq!(
        ask(&lake, HEARD, begin + 24 * HOUR).await,
        json!([
            ["320281001", 100.0, 24.0, null],
            ["320281002", 25.0, 6.0, null]
        ])
    );
    assert_eq!(
        ask(&lake, HEARD, begin + 12 * HOUR + HOUR / 2).await,
        json!([
            ["320281001", 50.0, 12.0, null],
            ["320281002", 25.0, 6.0, null]
        ])
    );
    let newest = "SELECT max(value) AS value, max(time) AS time FROM observations";
    let then = begin + 10 * HOUR;
    assert_eq!(
        ask(&lake, newest, then).await,
        json!([[null, 10.0, null, then]])
    );
    // A day counts once it is over: the 23rd has 15 hours, the 24th is whole.
    let days = "SELECT count(*) AS value FROM observations_1d WHERE device = 'd0'";
    let midnight = at("2026-11-25T00:00:00+08:00");
    assert_eq!(
        ask(&lake, days, midnight - 1).await,
        json!([[null, 1.0, null, null]])
    );
    assert_eq!(
        ask(&lake, days, midnight).await,
        json!([[null, 2.0, null, null]])
    );
    let events = "SELECT count(*) AS value FROM events";
    assert_eq!(
        ask(&lake, events, begin + 29 * HOUR).await,
        json!([[null, 1.0, null, null]])
    );
    assert_eq!(
        ask(&lake, events, begin + 30 * HOUR).await,
        json!([[null, 2.0, null, null]])
    );
}

#[tokio::test]
async fn the_instants_that_a_text_may_name_are_those_of_the_city() {
    let (_shore, lake, _) = lake();
    let now = at("2026-11-24T00:30:00+08:00");
    for (name, begun) in [
        (":now", now),
        (":hour", at("2026-11-24T00:00:00+08:00")),
        (":day", at("2026-11-24T00:00:00+08:00")),
        (":month", at("2026-11-01T00:00:00+08:00")),
        (":year", at("2026-01-01T00:00:00+08:00")),
    ] {
        let sql = format!("SELECT 1 AS value, {name} AS time");
        assert_eq!(
            ask(&lake, &sql, now).await,
            json!([[null, 1.0, null, begun]]),
            "{name}"
        );
    }
    let today = "SELECT count(*) AS value FROM observations WHERE time >= :day";
    assert_eq!(
        ask(&lake, today, at("2026-11-24T03:00:00+08:00")).await[0][1],
        json!(4.0)
    );
    let local =
        "SELECT date_part('hour', max(start) + INTERVAL '8 hours') AS value FROM observations_1h";
    assert_eq!(
        ask(&lake, local, at("2026-11-24T03:30:00+08:00")).await[0][1],
        json!(2.0)
    );
}

#[tokio::test]
async fn devices_have_places_and_limits_of_their_own() {
    let (_shore, lake, begin) = lake();
    let over = "SELECT d.area AS area, count(DISTINCT o.start) AS value FROM observations_1h o \
        JOIN devices d ON d.device = o.device \
        JOIN device_attributes a ON a.device = o.device AND a.name = 'limit' WHERE o.max > a.value \
        GROUP BY d.area ORDER BY d.area";
    assert_eq!(
        ask(&lake, over, begin + 2 * DAY).await,
        json!([
            ["320281001003", 7.0, null, null],
            ["320281002001", 1.0, null, null]
        ])
    );
}

#[tokio::test]
async fn what_is_not_known_is_no_number_and_what_cannot_be_is_told() {
    let (_shore, lake, begin) = lake();
    let unknown =
        "SELECT '320281' AS area, max(value) AS value FROM observations WHERE device = 'x'";
    assert_eq!(
        ask(&lake, unknown, begin).await,
        json!([["320281", null, null, null]])
    );
    let not_a_number = "SELECT 0.0 / 0.0 AS value";
    assert_eq!(
        ask(&lake, not_a_number, begin).await,
        json!([[null, null, null, null]])
    );
    for (sql, kind) in [
        ("SELECT 1.0 / 0.0 AS value", SqlFaultKind::Value),
        ("SELECT 1 AS value, -1 AS weight", SqlFaultKind::Value),
        ("SELECT 1 / 0 AS value", SqlFaultKind::Text),
        (
            "SELECT a.value AS value FROM observations a, observations b, observations c LIMIT 20000",
            SqlFaultKind::Rows,
        ),
    ] {
        let fault = ask_with(&lake, QueryLimits::default(), sql, begin + 2 * DAY).await;
        let fault = fault.expect_err(sql);
        assert_eq!(fault.kind, kind, "{sql}: {fault}");
    }
}

#[tokio::test]
async fn a_question_stays_within_limits_of_time_and_memory() {
    let (_shore, lake, begin) = lake();
    let endless = "SELECT count(*) AS value FROM observations a, observations b, observations c, observations d, observations e";
    let limits = QueryLimits {
        seconds: 1,
        ..QueryLimits::default()
    };
    let late = ask_with(&lake, limits, endless, begin + 2 * DAY).await;
    assert_eq!(late.unwrap_err().kind, SqlFaultKind::Time);
    let limits = QueryLimits {
        memory_bytes: 1 << 10,
        ..QueryLimits::default()
    };
    let sorted = "SELECT value FROM observations ORDER BY value";
    let large = ask_with(&lake, limits, sorted, begin + 2 * DAY).await;
    assert_eq!(large.unwrap_err().kind, SqlFaultKind::Memory);
}

#[test]
fn a_text_is_looked_at_without_data() {
    let zone = Zone::minutes(480);
    for good in [
        HEARD,
        "SELECT 1 AS value",
        "WITH x AS (SELECT max(value) AS value FROM observations WHERE time > :month) SELECT value, NULL AS area FROM x",
    ] {
        assert_eq!(check(good, zone), Ok(()), "{good}");
    }
    let columns = SqlFaultKind::Columns;
    let text = SqlFaultKind::Text;
    for (bad, kind, word) in [
        ("SELECT 1", columns, "no use for the column"),
        ("SELECT 'x' AS value", columns, "must be a number"),
        (
            "SELECT 1 AS value, 320281 AS area",
            columns,
            "must be a text",
        ),
        (
            "SELECT 1 AS value, 'now' AS time",
            columns,
            "must be an instant",
        ),
        ("SELECT 'a' AS area", columns, "value is missing"),
        (
            "SELECT 1 AS value, device FROM observations",
            columns,
            "column device",
        ),
        (
            "SELECT 1 AS value WHERE :tomorrow > :now",
            text,
            ":tomorrow",
        ),
        (
            "SELECT max(nothing) AS value FROM observations",
            text,
            "nothing",
        ),
        ("SELECT count(*) AS value FROM incident", text, "incident"),
        ("DELETE FROM observations", text, ""),
        ("EXPLAIN SELECT 1 AS value", text, "SELECT"),
        ("SELECT 1 AS value; SELECT 2 AS value", text, ""),
        ("SELEC 1 AS value", text, ""),
        ("COPY observations TO 'x.csv'", text, ""),
    ] {
        let fault = check(bad, zone).expect_err(bad);
        assert_eq!(fault.kind, kind, "{bad}: {fault}");
        assert!(fault.message.contains(word), "{bad}: {fault}");
    }
}
