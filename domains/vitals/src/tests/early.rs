//! Warnings ahead, how good they were, and a past that completes itself.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::service::SeriesQuery;
use crate::store::values::Step;
use crate::testing::{Ground, case, everybody, feed_indicator, g06, grounds};

/// Between 0 and 30 each day, highest at 12 o'clock UTC.
fn wave(at: yiwang_kernel::Timestamp) -> f64 {
    let hour = (yiwang_kernel::micros(at) / 3_600_000_000 % 24) as f64;
    15.0 + 15.0 * ((hour - 12.0) / 24.0 * std::f64::consts::TAU).cos()
}

async fn send_past(ground: &Ground, days: i64) {
    let values: Vec<Value> = (0..=24 * days)
        .map(|back| ground.now() - SignedDuration::from_hours(back))
        .map(|at| json!({ "time": at, "value": wave(at) }))
        .collect();
    ground
        .send_all("water.pressure", &Value::Array(values))
        .await;
}

/// Waits until the wave is at its lowest.
fn wait_for_morning(ground: &Ground) {
    let seconds = yiwang_kernel::micros(ground.now()) / 1_000_000 % 86_400;
    ground.wait(86_400 - seconds + 600);
}

#[tokio::test]
async fn what_is_to_come_is_warned_of_once_and_held_to_account() {
    for ground in grounds().await {
        wait_for_morning(&ground);
        send_past(&ground, 40).await;
        ground.pass().await;
        let given = ground.service.look_ahead(ground.now()).await.unwrap();
        assert_eq!(given, 1, "{}", ground.test.name);
        assert_eq!(ground.service.look_ahead(ground.now()).await.unwrap(), 0);
        let listed = || {
            ground
                .service
                .early_warnings(everybody(), None, ground.now())
        };
        let warning = listed().await.unwrap().remove(0);
        let shown = serde_json::to_value(&warning).unwrap();
        assert_eq!(
            (&shown["outcome"], &shown["grade"]),
            (&json!("pending"), &json!("warning"))
        );
        assert!(warning.expected_at > warning.at);
        assert!(
            ground
                .events()
                .await
                .iter()
                .any(|(kind, _)| kind == "vital.warned")
        );
        ground.wait(8 * 3_600);
        ground.send("water.pressure", 22.0).await;
        ground.pass().await;
        let shown = serde_json::to_value(&listed().await.unwrap()[0]).unwrap();
        assert_eq!(shown["outcome"], "right");
        // The indicator of cases has no past that it could be tried on.
        assert_eq!(ground.service.try_on_past(ground.now()).await.unwrap(), 2);
        assert_eq!(ground.service.try_on_past(ground.now()).await.unwrap(), 0);
        let scores = ground.service.early_scores(everybody(), ground.now());
        let scores = scores.await.unwrap();
        let own = scores
            .iter()
            .find(|score| score.indicator == "C01")
            .unwrap();
        assert_eq!((own.given.right, own.given.lead_minutes), (1, Some(480)));
        assert_eq!(own.given.false_alarm_rate, Some(0.0));
        let short = scores.iter().find(|score| score.indicator == "G06");
        assert_eq!(short.unwrap().tried, None);
        let tried = own.tried.as_ref().unwrap();
        assert!(tried.right > 8 && tried.false_alarms <= 1, "{tried:?}");
        assert!(tried.lead_minutes.unwrap() >= 60, "{tried:?}");
    }
}

#[tokio::test]
async fn a_past_that_is_sent_gets_scores_and_an_index() {
    for ground in grounds().await {
        let mut relative = feed_indicator("C01", "water.pressure");
        relative["baseline"] = json!({ "same_weekday": { "weeks": 3, "spread_min": 1 } });
        relative["thresholds"][0]["on"] = json!("deviation");
        ground.install(&[relative, g06()]).await;
        ground
            .tell(case(1, true, ground.now() - SignedDuration::from_hours(40)))
            .await;
        send_past(&ground, 30).await;
        ground.pass().await;
        // More may be on its way.
        assert_eq!(ground.service.complete_past(ground.now()).await.unwrap(), 0);
        ground.wait(60);
        let mut runs = 0;
        while ground.service.complete_past(ground.now()).await.unwrap() > 0 {
            runs += 1;
            assert!(runs < 20);
        }
        let query = SeriesQuery {
            from: Some(ground.now() - SignedDuration::from_hours(30)),
            step: Some(Step::Hour),
            ..SeriesQuery::default()
        };
        for code in ["C01", "index", "index.C", "G06"] {
            let series = ground
                .service
                .series(everybody(), code, &query, ground.now());
            let points = series.await.unwrap().points;
            assert!(points.len() >= 28, "{code}: {} points", points.len());
            assert!(
                points
                    .iter()
                    .rev()
                    .skip(2)
                    .all(|point| point.score.is_some()),
                "{code}"
            );
        }
    }
}
