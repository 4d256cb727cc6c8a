//! The past of devices, alarms and what is derived, computed again: it is what the passes knew then.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_contracts::{AlarmFacts, DeviceHeard, DeviceHearing, LastValue, Quality, Sample};
use yiwang_kernel::{Fault as _, micros};

use crate::facts::{HOUR, MINUTE};
use crate::store::values::{self, Step};
use crate::testing::{CITY, EAST, Ground, WEST, everybody, feed_indicator, grounds};

const DEVICES: [(&str, &str, i64); 3] = [("w1", WEST, 10), ("w2", WEST, 15), ("e1", EAST, 40)];
const HOURS: i64 = 9;

fn over(code: &str, space: &str, formula: Value) -> Value {
    let mut indicator = feed_indicator(code, "water.pressure");
    indicator["formula"] = formula;
    indicator["grain"]["space"] = space.into();
    indicator["lag_allowed"] = "2h".into();
    indicator
}

fn indicators() -> Vec<Value> {
    let gauges = |rest: Value| {
        let mut all = json!({ "profiles": ["gauge"], "property": "level" });
        for (name, value) in rest.as_object().unwrap() {
            all[name] = value.clone();
        }
        all
    };
    let mean = gauges(json!({ "window": "3h", "per_device": "mean", "aggregate": "mean" }));
    let highest = gauges(
        json!({ "window": "1h", "per_device": "mean", "highest_within": "4h", "aggregate": "max" }),
    );
    let last = gauges(
        json!({ "aggregate": "share", "max_age": "1h", "where": { "op": ">", "value": 20 } }),
    );
    let any = gauges(json!({ "aggregate": "sum" }));
    let open = json!({ "alarms": { "state": "open" } });
    vec![
        feed_indicator("C01", "water.pressure"),
        over("C02", "town", json!({ "window": mean })),
        over("C03", "town", json!({ "window": highest })),
        over("C04", "town", json!({ "last": last })),
        over("C05", "county", json!({ "last": any })),
        over("C06", "town", open.clone()),
        over(
            "C07",
            "town",
            json!({ "alarms": { "state": "unacknowledged", "per": "rate", "profiles": ["gauge"] } }),
        ),
        over(
            "C08",
            "county",
            json!({ "derived": { "expr": "c01 + 10.0 * open + other", "uses": ["C01"],
            "facts": { "open": open, "other": { "feed": { "feed": "water.other" } } } } }),
        ),
    ]
}

/// Every forty minutes an alarm is raised; after fifty it is acknowledged, and every second ends after 110.
fn of_alarms(ground: &Ground, number: i64) {
    let now = ground.now();
    let mut alarms = ground.hub.alarms.lock().unwrap();
    for (place, alarm) in alarms.iter_mut().enumerate() {
        let age = now.duration_since(alarm.raised_at);
        if age >= SignedDuration::from_mins(50) {
            alarm.acknowledged_at.get_or_insert(now);
        }
        if place % 2 == 0 && age >= SignedDuration::from_mins(110) {
            alarm.ended_at.get_or_insert(now);
        }
    }
    if number % 4 == 1 {
        let (device, area, _) = DEVICES[(number % 3) as usize];
        alarms.push(AlarmFacts {
            rule: "high".to_owned(),
            severity: 2,
            profile: "gauge".to_owned(),
            device: device.to_owned(),
            area: Some(area.into()),
            org: None,
            raised_at: now,
            acknowledged_at: None,
            ended_at: None,
        });
    }
}

/// Ten minutes of the city: readings that are not all believed, alarms that come, are acknowledged and end.
async fn step(ground: &Ground, number: i64) {
    let now = ground.now();
    for (device, area, every) in DEVICES {
        let minutes = number * 10;
        if minutes % every >= 10 {
            continue;
        }
        let value = f64::from(u8::try_from((minutes * 7 + every) % 50).unwrap());
        let quality = if number % 5 == 2 {
            Quality::Fault
        } else {
            Quality::Good
        };
        let sample = Sample {
            time: micros(now),
            received: micros(now),
            value,
            text: None,
            quality,
        };
        ground
            .hub
            .readings
            .lock()
            .unwrap()
            .push((device.to_owned(), sample));
        let mut last = ground.hub.last.lock().unwrap();
        let known = last.iter().position(|own| *own.device == *device);
        let mut own = known.map_or_else(
            || LastValue {
                device: device.into(),
                area: Some(area.into()),
                attributes: Vec::new(),
                last: None,
            },
            |place| last.remove(place),
        );
        if quality.is_believed() {
            own.last = Some((micros(now), value));
        }
        last.push(own);
    }
    of_alarms(ground, number);
    ground
        .send("water.pressure", 30.0 + (number % 7) as f64)
        .await;
    if number % 2 == 0 {
        ground.send("water.other", (number % 11) as f64).await;
    }
    ground.pass().await;
}

type Told = BTreeMap<(String, &'static str), Vec<(i64, f64)>>;

/// Indicator, area, and what was known of them at this hour.
async fn note(ground: &Ground, told: &mut Told) {
    for area in [CITY, WEST, EAST] {
        let views = ground
            .service
            .indicators(everybody(), Some(area), ground.now())
            .await
            .unwrap();
        for view in views {
            if let (Some(at), Some(value)) = (view.at, view.value) {
                let own = told.entry((view.code, area)).or_default();
                // Of one time the number that was computed last stays.
                own.retain(|(known, _)| *known != micros(at));
                own.push((micros(at), value));
            }
        }
    }
}

#[tokio::test]
async fn what_is_computed_again_is_what_was_known_then() {
    for ground in grounds().await {
        let heard = DEVICES.map(|(_, area, _)| DeviceHeard {
            profile: Arc::from("gauge"),
            area: Some(area.into()),
            hearing: DeviceHearing::Online,
        });
        *ground.hub.heard.lock().unwrap() = heard.to_vec();
        ground.install(&indicators()).await;
        let over = micros(ground.now()).rem_euclid(HOUR);
        ground.wait((HOUR - over) / 1_000_000);
        let from = ground.now();
        let mut told = Told::new();
        for number in 0..=HOURS * 6 {
            if number > 0 {
                ground.wait(600);
            }
            step(&ground, number).await;
            if number % 6 == 0 {
                note(&ground, &mut told).await;
            }
        }
        for code in ["C02", "C03", "C04", "C05", "C06", "C07", "C08"] {
            let again = ground
                .service
                .recompute(everybody(), code, from, ground.now());
            assert_eq!(again.await.unwrap().versions, [1], "{code}");
            let of_code = told.iter().filter(|((own, _), _)| own == code);
            let mut compared = 0;
            for ((_, area), known) in of_code {
                let span = (micros(from), micros(ground.now()) + 1);
                let step = Step::FiveMinutes;
                let rows = values::series(ground.test.db.read(), (code, area), step, span, 1_000);
                let rows = rows.await.unwrap();
                let again: Vec<(i64, f64)> =
                    rows.iter().map(|row| (row.of_at, row.value)).collect();
                assert_eq!(&again, known, "{code} of {area} on {}", ground.test.name);
                compared += known.len();
            }
            assert!(compared >= 7, "{code}: {compared}");
        }
    }
}

#[tokio::test]
async fn what_would_be_too_much_is_refused_with_what_to_do() {
    let ground = grounds().await.remove(0);
    let all = || indicators().into_iter().take(3).collect::<Vec<_>>();
    ground.install(&all()).await;
    let device = |number: usize| LastValue {
        device: format!("d{number}").into(),
        area: Some(WEST.into()),
        attributes: Vec::new(),
        last: None,
    };
    *ground.hub.last.lock().unwrap() = (0..600).map(device).collect();
    let from = ground.now() - SignedDuration::from_hours(24 * 39);
    let refused = ground
        .service
        .recompute(everybody(), "C02", from, ground.now())
        .await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.fields()[0].code, "vitals.recompute.devices");
    let near = ground.now() - SignedDuration::from_hours(24);
    ground
        .service
        .recompute(everybody(), "C02", near, ground.now())
        .await
        .unwrap();
    let reading = |number: i64| {
        let time = micros(ground.now()) - number * MINUTE / 60;
        let sample = Sample {
            time,
            received: time,
            value: 1.0,
            text: None,
            quality: Quality::Good,
        };
        ("d0".to_owned(), sample)
    };
    *ground.hub.last.lock().unwrap() = vec![device(0)];
    *ground.hub.readings.lock().unwrap() = (0..200_001).map(reading).collect();
    let refused = ground
        .service
        .recompute(everybody(), "C02", from, ground.now())
        .await;
    assert_eq!(
        refused.unwrap_err().fields()[0].code,
        "vitals.recompute.readings"
    );
}
