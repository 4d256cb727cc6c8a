use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::Expr;
use datafusion::prelude::{col, lit};
use serde_json::{Value, json};
use yiwang_contracts::{Series, Span};
use yiwang_kernel::Timestamp;

use super::filters::Narrowed;
use super::*;
use crate::compact::Effort;
use crate::table::ALWAYS;
use crate::testing::{DAY, HOUR, Shore, at, deleted, event, point};
use crate::want::Wanted;
use crate::zone::Zone;

/// Two devices with a value each hour for three days, 0, 1, 2 …; the last hours, a late value and a deletion are in
/// segments.
fn lake() -> (Shore, Lake) {
    let shore = Shore::new();
    let lake = shore.open();
    let begin = shore.now();
    for hour in 0..72 {
        let device = |device| {
            point(
                &Series::new(device, "level"),
                begin + hour * HOUR,
                hour as f64,
            )
        };
        lake.append_points(&[device("d0"), device("d1")]).unwrap();
        shore.wait(HOUR);
        if hour % 10 == 5 {
            lake.compact(Effort::Due).unwrap();
        }
    }
    let d0 = Series::new("d0", "level");
    lake.append_points(&[point(&d0, begin + HOUR / 2, 1_000.0), deleted(&d0, begin)])
        .unwrap();
    lake.append_events(&[event(1, begin), event(2, begin)])
        .unwrap();
    (shore, lake)
}

async fn ask(
    lake: &Lake,
    limits: QueryLimits,
    sql: &str,
    limit: usize,
) -> Result<Answer, QueryError> {
    Queries::new(limits)
        .unwrap()
        .run(lake, sql, limit, None)
        .await
}

async fn rows(lake: &Lake, sql: &str) -> Value {
    let answer = ask(lake, QueryLimits::default(), sql, 100).await;
    let answer = answer.unwrap_or_else(|fault| panic!("{sql}: {fault}"));
    json!(answer.rows)
}

#[tokio::test]
async fn sql_sees_what_is_in_files_and_in_segments_each_once() {
    let (_shore, lake) = lake();
    let count = "SELECT count(*), count(DISTINCT device), max(value) FROM observations";
    assert_eq!(rows(&lake, count).await, json!([[144, 2, 1_000.0]]));
    let by_day =
        "SELECT day, count(*) FROM observations WHERE device = 'd0' GROUP BY day ORDER BY day";
    assert_eq!(
        rows(&lake, by_day).await,
        json!([
            ["2026-11-23", 15],
            ["2026-11-24", 24],
            ["2026-11-25", 24],
            ["2026-11-26", 9]
        ])
    );
    let first = "SELECT time, value, quality, text FROM observations WHERE device IN ('d0', 'x') ORDER BY time LIMIT 2";
    assert_eq!(
        rows(&lake, first).await,
        json!([
            ["2026-11-23T01:30:00Z", 1_000.0, 0, null],
            ["2026-11-23T02:00:00Z", 1.0, 0, null]
        ])
    );
    let hours = "SELECT start, sum, count, total FROM observations_1h WHERE device = 'd0' ORDER BY start LIMIT 2";
    assert_eq!(
        rows(&lake, hours).await,
        json!([
            ["2026-11-23T01:00:00Z", 1_000.0, 1, 1],
            ["2026-11-23T02:00:00Z", 1.0, 1, 1]
        ])
    );
    let days = "SELECT month, device, sum(total) FROM observations_1d GROUP BY month, device ORDER BY device";
    assert_eq!(
        rows(&lake, days).await,
        json!([["2026-11", "d0", 72], ["2026-11", "d1", 72]])
    );
    let events = "SELECT seq, kind, body FROM events ORDER BY seq";
    assert_eq!(
        rows(&lake, events).await,
        json!([
            [1, "incident.kind_1", "{\"seq\":1}"],
            [2, "incident.kind_2", "{\"seq\":2}"]
        ])
    );
    let joined = "SELECT o.device, count(*) FROM observations o JOIN observations_1d d ON o.device = d.device \
        WHERE o.time >= '2026-11-24T00:00:00Z' AND o.time < '2026-11-24T02:00:00Z' GROUP BY o.device ORDER BY 1";
    assert_eq!(rows(&lake, joined).await, json!([["d0", 8], ["d1", 8]]));
}

#[tokio::test]
async fn a_condition_on_time_means_the_same_however_it_is_written() {
    let (_shore, lake) = lake();
    for condition in [
        "time BETWEEN '2026-11-24T00:00:00Z' AND '2026-11-24T01:00:00Z'",
        "time >= TIMESTAMP '2026-11-24 00:00:00' AND time <= TIMESTAMP '2026-11-24 01:00:00'",
        "'2026-11-24T00:00:00Z' <= time AND '2026-11-24T01:00:00.000001Z' > time",
        "date_trunc('hour', time) IN ('2026-11-24T00:00:00Z', '2026-11-24T01:00:00Z')",
        "day = '2026-11-24' AND time < '2026-11-24T02:00:00Z' AND NOT time < '2026-11-24T00:00:00Z'",
        "to_timestamp_seconds(1795478400) <= time AND time <= to_timestamp_millis(1795482000000)",
    ] {
        let sql = format!("SELECT count(*) FROM observations WHERE {condition}");
        assert_eq!(rows(&lake, &sql).await, json!([[4]]), "{condition}");
    }
}

#[tokio::test]
async fn nothing_but_a_select_is_answered() {
    let (_shore, lake) = lake();
    for (sql, code) in [
        (
            "INSERT INTO observations SELECT * FROM observations",
            "lake.not_a_select",
        ),
        ("DELETE FROM observations", "lake.not_a_select"),
        ("DROP TABLE observations", "lake.not_a_select"),
        ("CREATE TABLE x AS SELECT 1", "lake.not_a_select"),
        (
            "CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'",
            "lake.not_a_select",
        ),
        ("COPY observations TO '/tmp/x.parquet'", "lake.not_a_select"),
        (
            "SET datafusion.execution.batch_size = 1",
            "lake.not_a_select",
        ),
        ("EXPLAIN SELECT 1", "lake.not_a_select"),
        ("SELECT 1; SELECT 2", "lake.bad_query"),
        ("SELECT * FROM '/etc/passwd'", "lake.bad_query"),
        ("SELECT * FROM information_schema.tables", "lake.bad_query"),
        ("SELECT nothing FROM observations", "lake.bad_query"),
        ("SELEC 1", "lake.bad_query"),
        ("", "lake.bad_query"),
        ("SELECT CAST('x' AS INT)", "lake.bad_query"),
    ] {
        let refused = ask(&lake, QueryLimits::default(), sql, 9)
            .await
            .unwrap_err();
        assert_eq!(refused.code(), code, "{sql}: {refused}");
        assert_eq!(refused.kind(), FaultKind::Invalid, "{sql}");
    }
    let long = format!("SELECT '{}'", "x".repeat(SQL_BYTES_MAX));
    let refused = ask(&lake, QueryLimits::default(), &long, 9)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "lake.query_too_long");
}

#[tokio::test]
async fn rows_memory_and_time_are_bounded() {
    let (_shore, lake) = lake();
    let all = "SELECT * FROM observations";
    let answer = ask(&lake, QueryLimits::default(), all, 10).await.unwrap();
    assert_eq!((answer.rows.len(), answer.is_cut), (10, true));
    assert_eq!(answer.columns[2].kind, "Timestamp(µs, \"+00:00\")");
    let few = QueryLimits {
        rows_max: 3,
        ..QueryLimits::default()
    };
    let answer = ask(&lake, few, all, 10).await.unwrap();
    assert_eq!((answer.rows.len(), answer.is_cut), (3, true));
    let answer = ask(&lake, QueryLimits::default(), "SELECT 1 LIMIT 10", 1)
        .await
        .unwrap();
    assert!(!answer.is_cut);

    let numbers = "SELECT count(*) FROM (SELECT value, count(*) FROM generate_series(1, 300000) GROUP BY value)";
    let little = QueryLimits {
        memory_bytes: 1 << 20,
        ..QueryLimits::default()
    };
    let refused = ask(&lake, little, numbers, 10).await.unwrap_err();
    assert_eq!(refused.code(), "lake.query_out_of_memory", "{refused}");

    let endless =
        "SELECT count(*) FROM generate_series(1, 1000000000) a, generate_series(1, 1000000000) b";
    let short = QueryLimits {
        seconds: 1,
        ..QueryLimits::default()
    };
    let refused = ask(&lake, short, endless, 10).await.unwrap_err();
    assert_eq!(refused.code(), "lake.query_out_of_time", "{refused}");

    let none = QueryLimits {
        at_once_max: 0,
        ..QueryLimits::default()
    };
    let refused = ask(&lake, none, all, 10).await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.kind()),
        ("lake.busy", FaultKind::Unavailable)
    );
}

#[tokio::test]
async fn what_is_damaged_fails_the_query_and_is_never_passed_over() {
    let (shore, lake) = lake();
    lake.compact(Effort::All).unwrap();
    lake.reader.forget();
    let day = shore.root().join("observations/day=2026-11-24");
    let part = std::fs::read_dir(day)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    std::fs::write(part, b"PAR1 not really PAR1").unwrap();
    let sql = "SELECT count(*) FROM observations";
    let failed = ask(&lake, QueryLimits::default(), sql, 9)
        .await
        .unwrap_err();
    assert_eq!(failed.code(), "lake.query_failed");
    assert!(failed.to_string().contains("day=2026-11-24"), "{failed}");
}

#[test]
fn conditions_are_taken_at_most_as_narrowly_as_they_are_meant() {
    let zone = Zone::minutes(480);
    let us = |value: i64| {
        lit(ScalarValue::TimestampMicrosecond(
            Some(value),
            Some("+00:00".into()),
        ))
    };
    let ns = |value: i64| lit(ScalarValue::TimestampNanosecond(Some(value), None));
    let time = || Expr::Column(Column::from_name("time"));
    let span = |from, to| Span { from, to };
    for (condition, expected) in [
        (time().gt_eq(us(5)), span(5, ALWAYS.to)),
        (time().gt(us(5)), span(5, ALWAYS.to)),
        (time().lt(us(5)), span(ALWAYS.from, 5)),
        (time().lt_eq(us(5)), span(ALWAYS.from, 6)),
        (time().eq(us(5)), span(5, 6)),
        (us(5).lt(time()), span(5, ALWAYS.to)),
        (time().lt(ns(5_001)), span(ALWAYS.from, 6)),
        (time().lt(ns(5_000)), span(ALWAYS.from, 5)),
        (time().gt(ns(5_999)), span(5, ALWAYS.to)),
        (time().between(us(3), us(9)), span(3, 10)),
        (time().not_between(us(3), us(9)), ALWAYS),
        (time().gt(us(3)).and(time().lt(us(9))), span(3, 9)),
        (time().gt(us(3)).or(time().lt(us(9))), ALWAYS),
        (time().not_eq(us(3)), ALWAYS),
        (col("value").gt(us(3)), ALWAYS),
    ] {
        let narrowed = Narrowed::by(std::slice::from_ref(&condition), zone, "time");
        assert_eq!(narrowed.span, expected, "{condition}");
    }
    let day = Narrowed::by(
        &[col("day").eq(lit(ScalarValue::Date32(Some(20_780))))],
        zone,
        "time",
    );
    assert_eq!(day.span.to - day.span.from, DAY);
    assert_eq!(day.span.from, at("2026-11-22T16:00:00Z"));
    let devices = |conditions: &[Expr]| match Narrowed::by(conditions, zone, "time").wanted() {
        Wanted::Devices(devices) => devices.iter().map(ToString::to_string).collect(),
        _ => vec!["all".to_owned()],
    };
    let device = || col("device");
    assert_eq!(devices(&[device().eq(lit("b"))]), ["b"]);
    assert_eq!(
        devices(&[device().in_list(vec![lit("b"), lit("a")], false)]),
        ["a", "b"]
    );
    assert_eq!(devices(&[device().in_list(vec![lit("b")], true)]), ["all"]);
    assert_eq!(devices(&[device().not_eq(lit("b"))]), ["all"]);
    assert_eq!(
        devices(&[device().eq(lit("b")).or(device().eq(lit("c")))]),
        ["all"]
    );
    assert_eq!(
        devices(&[device().eq(lit("b")), device().eq(lit("c"))]),
        Vec::<String>::new()
    );
    let year: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
    assert_eq!(year.as_second(), 1_795_478_400);
}
