//! Vehicles among fences.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::ConnectionTrait as _;
use serde_json::json;
use yiwang_contracts::{Actor, DeviceBrief, Point, Quality, Series};
use yiwang_kernel::{Fault as _, FaultKind, PageRequest, Uuid, micros};
use yiwang_testkit::org;

use crate::fence::CreateFence;
use crate::store::fences::EventsWanted;
use crate::testing::{Ground, actor, everybody, grounds};

impl Ground {
    fn truck(&self, code: &str, unit: u128) {
        let mut register = self.register.0.lock().unwrap();
        register.0 += 1;
        let id = Uuid::from_u128(u128::from(register.0 as u64));
        register.1.push(Arc::new(DeviceBrief {
            id,
            code: code.into(),
            name: format!("车{code}"),
            profile: "muck-truck".into(),
            org: Some(org(unit)),
            area: None,
            secrecy: 1,
            position: None,
            place: None,
            group: None,
            attributes: Vec::new(),
            is_active: true,
        }));
    }

    /// The truck says where it is, a second later than before.
    fn drive(&self, code: &str, lon: f64, lat: f64) {
        let time = micros(self.wait(10));
        let point = |property: &str, value| Point {
            series: Series::new(code, property),
            time,
            received: time,
            value,
            text: None,
            quality: Quality::Good,
        };
        let points = [point("lon", lon), point("lat", lat), point("speed", 30.0)];
        self.memory.0.lock().unwrap().extend_from_slice(&points);
        self.observer.observe(&points.into(), self.now());
    }

    async fn run(&self, sql: &'static str) {
        let ran = self.test.db.write(move |tx| {
            Box::pin(async move {
                tx.execute_unprepared(sql).await?;
                Ok::<_, yiwang_store::StoreError>(())
            })
        });
        ran.await.unwrap();
    }

    async fn events(&self, actor: &Actor) -> Vec<String> {
        let (wanted, page) = (EventsWanted::default(), PageRequest::default());
        let events = self.service.fence_events(actor, &wanted, &page, self.now());
        let events = events.await.unwrap().items.into_iter().rev();
        events
            .map(|event| format!("{} {}", event.device, event.kind))
            .collect()
    }

    /// Waits until the guard has seen as many events.
    async fn until(&self, count: usize) -> Vec<String> {
        for _ in 0..500 {
            let events = self.events(&everybody()).await;
            if events.len() >= count {
                return events;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.events(&everybody()).await
    }
}

fn site() -> CreateFence {
    serde_json::from_value(json!({ "name": "工地", "plan": {
        "outline": { "kind": "circle", "centre": [120.28, 31.91], "radius_m": 200 },
        "concerns": { "tags": ["muck-truck"] },
        "rules": { "enter": true, "leave": true, "overspeed": { "kmh": 20 } } } }))
    .unwrap()
}

#[tokio::test]
async fn a_truck_is_seen_coming_and_going() {
    for ground in grounds().await {
        ground.truck("V1", 2);
        let all = everybody();
        let made = ground.service.create_fence(&all, site(), ground.now());
        let fence = made.await.unwrap();
        ground.service.follow_fences(ground.now()).await.unwrap();
        for lon in [120.270, 120.276, 120.2795, 120.2801] {
            ground.drive("V1", lon, 31.91);
        }
        assert_eq!(ground.until(2).await, ["V1 entered", "V1 overspeed"]);
        let other = actor(&["sensing.read"], Some(3), None);
        assert_eq!(ground.events(&other).await, [""; 0]);

        let ground = ground.again().await;
        ground.service.follow_fences(ground.now()).await.unwrap();
        for lon in [120.2803, 120.286, 120.292] {
            ground.drive("V1", lon, 31.91);
        }
        let told = ground.until(4).await;
        assert_eq!(
            told,
            ["V1 entered", "V1 overspeed", "V1 speed_kept", "V1 left"]
        );
        let events = ground.test.db.events_after(0, 100).await.unwrap();
        let kinds: Vec<&str> = events
            .iter()
            .map(|event| event.kind.as_str())
            .filter(|kind| kind.starts_with("fence."))
            .collect();
        assert_eq!(kinds.len(), 4, "{kinds:?}");
        assert_eq!(events.last().unwrap().subject_id, fence.id.0);
    }
}

#[tokio::test]
async fn what_moves_is_told_once_to_whoever_may_see_it() {
    let ground = grounds().await.swap_remove(0);
    ground.truck("V1", 2);
    ground.truck("V2", 3);
    let reader = actor(&["sensing.read"], Some(2), None);
    let waits = ground
        .service
        .moving(&reader, 0, Duration::from_secs(20), ground.now());
    ground.drive("V2", 120.3, 31.9);
    ground.drive("V1", 120.27, 31.91);
    let first = waits.await.unwrap();
    let moved: Vec<&str> = first.moved.iter().map(|moving| &*moving.device).collect();
    assert_eq!(moved, ["V1"]);
    let nothing = ground
        .service
        .moving(&reader, first.revision, Duration::ZERO, ground.now());
    let nothing = nothing.await.unwrap();
    assert_eq!(nothing.moved, []);
    assert!(nothing.revision >= first.revision);
}

#[tokio::test]
async fn a_trail_is_where_it_went() {
    let ground = grounds().await.swap_remove(0);
    ground.truck("V1", 2);
    let from = ground.now();
    for step in 0..10 {
        ground.drive("V1", 120.27 + f64::from(step) / 1e3, 31.91);
    }
    let span = (from, ground.wait(1));
    let reader = actor(&["sensing.read"], Some(2), None);
    let trails = ground.service.trail(&reader, "V1", span, ground.now());
    let trails = trails.await.unwrap();
    assert_eq!((trails.len(), trails[0].fixes), (1, 10));
    assert!(
        (trails[0].length_km - 0.85).abs() < 0.01,
        "{}",
        trails[0].length_km
    );
    let other = actor(&["sensing.read"], Some(3), None);
    let hidden = ground.service.trail(&other, "V1", span, ground.now()).await;
    assert_eq!(hidden.unwrap_err().kind(), FaultKind::NotFound);
}

#[tokio::test]
async fn a_fence_that_cannot_be_is_refused() {
    for ground in grounds().await {
        let all = everybody();
        let mut bad = site();
        bad.plan = serde_json::from_value(json!({ "outline":
            { "kind": "circle", "centre": [120.28, 31.91], "radius_m": -1.0 } }))
        .unwrap();
        let refused = ground.service.create_fence(&all, bad, ground.now()).await;
        assert_eq!(refused.unwrap_err().fields()[0].path, "/plan");
        let reader = actor(&["geo.read"], None, None);
        let denied = ground
            .service
            .create_fence(&reader, site(), ground.now())
            .await;
        assert_eq!(denied.unwrap_err().kind(), FaultKind::Denied);

        let made = ground.service.create_fence(&all, site(), ground.now());
        let made = made.await.unwrap();
        let off = serde_json::from_value(json!({ "is_on": false })).unwrap();
        let changed = ground
            .service
            .update_fence(&all, made.id, off, Some(1), ground.now());
        assert_eq!(changed.await.unwrap().version, 2);
        let again = serde_json::from_value(json!({ "name": "甲" })).unwrap();
        let late = ground
            .service
            .update_fence(&all, made.id, again, Some(1), ground.now());
        assert_eq!(late.await.unwrap_err().kind(), FaultKind::Conflict);
        ground
            .service
            .remove_fence(&all, made.id, ground.now())
            .await
            .unwrap();
        assert_eq!(ground.service.fences(&all, ground.now()).await.unwrap(), []);
    }
}

#[tokio::test]
async fn what_cannot_be_written_is_told_when_it_can() {
    for ground in grounds().await {
        ground.truck("V1", 2);
        let all = everybody();
        let made = ground.service.create_fence(&all, site(), ground.now());
        made.await.unwrap();
        ground.service.follow_fences(ground.now()).await.unwrap();
        ground
            .run("ALTER TABLE geo_fence_event RENAME TO geo_fence_event_away")
            .await;
        for lon in [120.270, 120.276, 120.2795, 120.2801] {
            ground.drive("V1", lon, 31.91);
        }
        let (seen, now) = (ground.service.positions.changes(), ground.now());
        let first = ground.service.moving(&all, 3, Duration::from_secs(20), now);
        assert_eq!(first.await.unwrap().moved.len(), 1, "it was looked at");
        assert!(*seen.borrow() >= 4);
        ground
            .run("ALTER TABLE geo_fence_event_away RENAME TO geo_fence_event")
            .await;
        assert_eq!(ground.until(2).await, ["V1 entered", "V1 overspeed"]);
    }
}
