//! The past: kept, foretold from, and computed again.

use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_kernel::Fault as _;

use crate::service::SeriesQuery;
use crate::store::values::Step;
use crate::testing::{entries, everybody, feed_indicator, g06, grounds};

#[tokio::test]
async fn a_past_that_is_sent_is_usual_and_foretold() {
    let ground = grounds().await.remove(0);
    let mut indicator = feed_indicator("C01", "water.pressure");
    indicator["baseline"] = json!({ "same_weekday": { "weeks": 3, "spread_min": 1 } });
    ground.install(&[indicator, g06()]).await;
    let now = ground.now();
    let hour = |back: i64| now - SignedDuration::from_hours(back);
    let value =
        |back: i64| 20.0 + (((1_000 - back) % 24) as f64 / 24.0 * std::f64::consts::TAU).sin();
    let values: Vec<Value> = (0..=24 * 27)
        .map(|back| json!({ "time": hour(back), "value": value(back) }))
        .collect();
    let answer = ground
        .send_all("water.pressure", &Value::Array(values))
        .await;
    assert_eq!(answer.stored, 24 * 27 + 1);
    ground.pass().await;
    let views = ground.service.indicators(everybody(), None, now).await;
    let views = views.unwrap();
    let own = views.iter().find(|view| view.code == "C01").unwrap();
    assert!((own.usual.unwrap() - value(0)).abs() < 0.1);
    assert_eq!(own.trend.iter().flatten().count(), 24);
    let query = SeriesQuery {
        from: Some(hour(48)),
        step: Some(Step::Hour),
        ..SeriesQuery::default()
    };
    let series = ground.service.series(everybody(), "C01", &query, now);
    let series = series.await.unwrap();
    assert_eq!((series.points.len(), series.forecast.len()), (49, 24));
    assert!(series.points.last().unwrap().usual.is_some());
    let first = &series.forecast[0];
    assert!(first.p10 <= first.p50 && first.p50 <= first.p90);
    assert!((first.p50 - value(-1)).abs() < 1.0, "{first:?}");
}

#[tokio::test]
async fn a_changed_formula_is_a_new_version_and_changes_the_past_from_its_day() {
    for ground in grounds().await {
        let begin = ground.now();
        ground.send("water.pressure", 5.0).await;
        ground.pass().await;
        ground.wait(3_600);
        let changed = ground.now();
        ground
            .install(&[feed_indicator("C01", "water.other"), g06()])
            .await;
        ground.wait(60);
        let other = json!([
            { "time": begin, "value": 70.0 },
            { "time": ground.now(), "value": 80.0 },
        ]);
        ground.send_all("water.other", &other).await;
        ground.pass().await;
        let detail = ground
            .service
            .indicator(everybody(), "C01", None, ground.now());
        let detail = detail.await.unwrap();
        assert_eq!((detail.now.version, detail.versions.len()), (2, 2));
        assert!(detail.versions[0].valid_from >= changed);
        let again = ground
            .service
            .recompute(everybody(), "C01", begin, ground.now());
        let again = again.await.unwrap();
        assert_eq!((again.values, again.versions), (2, vec![1, 2]));
        let query = SeriesQuery {
            step: Some(Step::FiveMinutes),
            ..SeriesQuery::default()
        };
        let series = ground
            .service
            .series(everybody(), "C01", &query, ground.now());
        let points: Vec<(f64, i64)> = series
            .await
            .unwrap()
            .points
            .iter()
            .map(|point| (point.value, point.version))
            .collect();
        assert_eq!(points, [(5.0, 1), (80.0, 2)], "{}", ground.test.name);
    }
}

#[tokio::test]
async fn the_past_of_devices_is_not_computed_again() {
    let ground = grounds().await.remove(0);
    let mut online = feed_indicator("C02", "water.pressure");
    online["formula"] = json!({ "devices": { "state": "online", "aggregate": "share" } });
    let mut all = entries();
    all.push(online);
    ground.install(&all).await;
    let from = ground.now() - SignedDuration::from_hours(1);
    let refused = ground
        .service
        .recompute(everybody(), "C02", from, ground.now());
    assert_eq!(refused.await.unwrap_err().code(), "vitals.not_stored");
    let far = ground.now() - SignedDuration::from_hours(24 * 41);
    let refused = ground
        .service
        .recompute(everybody(), "C01", far, ground.now());
    assert_eq!(refused.await.unwrap_err().code(), "vitals.invalid");
    let of_cases = ground
        .service
        .recompute(everybody(), "G06", from, ground.now());
    assert_eq!(of_cases.await.unwrap().versions, [1]);
}
