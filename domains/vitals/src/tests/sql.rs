//! Indicators by SQL: asked by the clock, taken by passes, computed again for the past.

use serde_json::{Value, json};
use yiwang_contracts::{
    PackTarget as _, SqlAnswer, SqlFault, SqlFaultKind, SqlFigure, SqlQuestion,
};
use yiwang_kernel::{Fault as _, from_micros, micros};

use crate::service::{IndicatorView, SeriesQuery, Standing};
use crate::store::values::Step;
use crate::testing::{CITY, EAST, Ground, WEST, entries, everybody, feed_indicator, grounds, pack};

/// Worse when it is larger, of the city and its towns.
fn by_sql(sql: &str, rollup: Option<&str>) -> Value {
    let mut entry = feed_indicator("C09", "x.y");
    entry["formula"] = json!({ "sql": { "sql": sql } });
    entry["grain"] = json!({ "time": "hour", "space": "town" });
    entry["refresh"] = json!("1h");
    entry["lag_allowed"] = json!("3h");
    if let Some(rollup) = rollup {
        entry["rollup"] = json!(rollup);
    }
    entry
}

async fn with(ground: &Ground, entry: Value) {
    let mut all = entries();
    all.push(entry);
    ground.install(&all).await;
}

fn figure(area: Option<&str>, value: f64, weight: Option<f64>) -> SqlFigure {
    SqlFigure {
        area: area.map(str::to_owned),
        value: Some(value),
        weight,
        at: None,
    }
}

fn says(ground: &Ground, lake: fn(&SqlQuestion) -> SqlAnswer) {
    *ground.hub.lake.lock().unwrap() = Some(lake);
}

async fn ask_and_pass(ground: &Ground) -> usize {
    let asked = ground.service.ask_lake(ground.now()).await.unwrap();
    ground.pass().await;
    asked
}

async fn shown(ground: &Ground, area: &str) -> IndicatorView {
    let views = ground
        .service
        .indicators(everybody(), Some(area), ground.now());
    let mut views = views.await.unwrap();
    views.retain(|view| view.code == "C09");
    views.remove(0)
}

type Answering = fn(&SqlQuestion) -> SqlAnswer;

#[tokio::test]
async fn each_area_has_its_row_and_is_asked_no_more_often_than_its_refresh() {
    for ground in grounds().await {
        with(&ground, by_sql("SELECT 1", None)).await;
        ground.pass().await;
        let view = shown(&ground, CITY).await;
        assert_eq!((view.state, view.value), (Standing::Stale, None));
        assert!(view.waiting_reason.is_some(), "it was not asked yet");
        says(&ground, |_| {
            Ok(vec![
                figure(None, 15.0, None),
                figure(Some(WEST), 60.0, None),
            ])
        });
        assert_eq!(ask_and_pass(&ground).await, 1);
        let city = shown(&ground, CITY).await;
        assert_eq!(
            (city.value, city.state, city.waiting_reason),
            (Some(15.0), Standing::Attention, None)
        );
        assert_eq!(shown(&ground, WEST).await.state, Standing::Alarm);
        // Of a town without a row there is nothing to say; that is no zero.
        let east = shown(&ground, EAST).await;
        assert_eq!((east.state, east.value), (Standing::Nothing, None));
        ground.wait(3_599);
        assert_eq!(ask_and_pass(&ground).await, 0);
        ground.wait(1);
        says(&ground, |_| Ok(vec![figure(Some(CITY), 5.0, None)]));
        assert_eq!(ask_and_pass(&ground).await, 1);
        assert_eq!(shown(&ground, CITY).await.value, Some(5.0));
        assert_eq!(shown(&ground, WEST).await.state, Standing::Nothing);
        let asked = ground.hub.asked.lock().unwrap().clone();
        assert_eq!(
            asked.last().unwrap().at,
            micros(ground.now()),
            "{}",
            ground.test.name
        );
        // A restart knows the numbers before it asks again.
        let ground = ground.again().await;
        ground.pass().await;
        assert_eq!(shown(&ground, CITY).await.value, Some(5.0));
    }
}

#[tokio::test]
async fn where_larger_areas_roll_up_the_city_follows_from_towns_and_what_lies_in_none() {
    for ground in grounds().await {
        with(&ground, by_sql("SELECT 1", Some("mean"))).await;
        says(&ground, |_| {
            Ok(vec![
                figure(Some(WEST), 10.0, Some(3.0)),
                figure(Some(EAST), 50.0, Some(1.0)),
            ])
        });
        ask_and_pass(&ground).await;
        assert_eq!(shown(&ground, CITY).await.value, Some(20.0));
        ground.wait(3_600);
        says(&ground, |_| {
            Ok(vec![
                figure(Some(WEST), 10.0, Some(3.0)),
                figure(None, 50.0, Some(1.0)),
            ])
        });
        ask_and_pass(&ground).await;
        assert_eq!(shown(&ground, CITY).await.value, Some(20.0));
        assert_eq!(shown(&ground, EAST).await.state, Standing::Nothing);
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_answer_is_shown_and_counted_and_is_no_number() {
    let ground = grounds().await.remove(0);
    with(&ground, by_sql("SELECT 1", None)).await;
    let answers: [(Answering, &str); 5] = [
        (
            |_| Ok(vec![figure(Some("320281999"), 1.0, None)]),
            "unknown_area",
        ),
        (
            |_| Ok(vec![figure(None, 1.0, None), figure(Some(CITY), 1.0, None)]),
            "area_twice",
        ),
        (
            |_| {
                Err(SqlFault {
                    kind: SqlFaultKind::Time,
                    message: "stopped after 30 seconds".to_owned(),
                })
            },
            "out_of_time",
        ),
        (
            |_| {
                Err(SqlFault {
                    kind: SqlFaultKind::Rows,
                    message: "more than 10000 rows".to_owned(),
                })
            },
            "too_many_rows",
        ),
        (
            |_| {
                Err(SqlFault {
                    kind: SqlFaultKind::Columns,
                    message: "the column value is missing".to_owned(),
                })
            },
            "columns",
        ),
    ];
    for (failed, (lake, code)) in answers.into_iter().enumerate() {
        says(&ground, lake);
        ask_and_pass(&ground).await;
        let view = shown(&ground, CITY).await;
        assert_eq!((view.value, view.state), (None, Standing::Stale), "{code}");
        let detail = ground
            .service
            .indicator(everybody(), "C09", None, ground.now());
        let question = detail.await.unwrap().question.unwrap();
        let fault = question.fault.unwrap();
        assert_eq!((fault.code, question.failed), (code, failed as u64 + 1));
        assert_eq!(view.waiting_reason, Some(fault.message));
        ground.wait(3_600);
    }
    // A number that was there stays until it is too old, beside the reason why there is no newer one.
    says(&ground, |_| Ok(vec![figure(None, 7.0, None)]));
    ask_and_pass(&ground).await;
    ground.wait(3_600);
    says(&ground, answers_nothing);
    ask_and_pass(&ground).await;
    let view = shown(&ground, CITY).await;
    assert_eq!((view.value, view.state), (Some(7.0), Standing::Normal));
    assert!(view.waiting_reason.is_some());
    ground.wait(3 * 3_600);
    ask_and_pass(&ground).await;
    assert_eq!(shown(&ground, CITY).await.state, Standing::Stale);
}

fn answers_nothing(_: &SqlQuestion) -> SqlAnswer {
    Err(SqlFault {
        kind: SqlFaultKind::Failed,
        message: "a file is gone".to_owned(),
    })
}

#[tokio::test]
async fn an_indicator_of_the_city_alone_takes_no_row_of_a_town() {
    let ground = grounds().await.remove(0);
    let mut entry = by_sql("SELECT 1", None);
    entry["grain"]["space"] = json!("county");
    with(&ground, entry).await;
    says(&ground, |_| Ok(vec![figure(Some(WEST), 1.0, None)]));
    ask_and_pass(&ground).await;
    let detail = ground
        .service
        .indicator(everybody(), "C09", None, ground.now());
    let fault = detail.await.unwrap().question.unwrap().fault.unwrap();
    assert_eq!(fault.code, "area_level");
}

#[tokio::test]
async fn what_no_question_may_be_is_told_when_the_pack_is_checked() {
    let ground = grounds().await.remove(0);
    let mut often = by_sql("SELECT bad", None);
    often["refresh"] = json!("5s");
    let found = ground.service.check(&pack(&[often]), &[]);
    let told: Vec<&str> = found.iter().map(|fault| fault.code.as_str()).collect();
    assert_eq!(told, ["vitals.refresh", "vitals.sql_columns"]);
}

#[tokio::test]
async fn the_past_is_asked_again_as_it_was() {
    for ground in grounds().await {
        with(&ground, by_sql("SELECT 1", Some("sum"))).await;
        let begin = ground.now();
        ground.wait(4 * 3_600);
        says(&ground, |question| {
            let hour = (question.at / 3_600_000_000 % 24) as f64;
            Ok(vec![
                figure(Some(WEST), hour, None),
                figure(Some(EAST), 1.0, None),
            ])
        });
        let again = ground
            .service
            .recompute(everybody(), "C09", begin, ground.now());
        let again = again.await.unwrap();
        let hours = ground.hub.asked.lock().unwrap().len();
        assert_eq!((hours, again.values), (5, 15), "{}", ground.test.name);
        let query = SeriesQuery {
            step: Some(Step::Hour),
            ..SeriesQuery::default()
        };
        let series = ground
            .service
            .series(everybody(), "C09", &query, ground.now());
        let points = series.await.unwrap().points;
        let first = (micros(begin) / 3_600_000_000 % 24) as f64;
        assert_eq!(
            points.iter().map(|point| point.value).collect::<Vec<f64>>(),
            [0.0, 1.0, 2.0, 3.0, 4.0].map(|hour| first + hour + 1.0)
        );
        says(&ground, answers_nothing);
        let refused = ground
            .service
            .recompute(everybody(), "C09", begin, ground.now());
        assert_eq!(refused.await.unwrap_err().code(), "vitals.not_answered");
        let far = from_micros(micros(ground.now()) - 30 * 86_400_000_000);
        let refused = ground
            .service
            .recompute(everybody(), "C09", far, ground.now());
        assert_eq!(refused.await.unwrap_err().code(), "vitals.invalid");
    }
}
