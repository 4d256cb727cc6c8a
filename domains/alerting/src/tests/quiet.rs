//! Maintenance windows, shelves, and people who are called when nobody takes note.

use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_kernel::{Fault as _, PageRequest};

use crate::service::{CreateShelf, CreateWindow, UpdateWindow};
use crate::testing::{Watch, bureau, everybody, flood, watches};
use crate::{SuppressedBy, WindowKind};

async fn with_two_bureaus() -> Vec<Watch> {
    let watches = watches().await;
    for watch in &watches {
        watch.gauge("P1", 2, "320281001003");
        watch.gauge("P2", 3, "320281004001");
        let escalation = json!({ "severity": "III", "steps": [
            { "after": "10m", "to": "duty" }, { "after": "30m", "to": "leader" }] });
        watch.install(vec![flood()], vec![escalation]).await;
    }
    watches
}

fn window(watch: &Watch, target: Value, minutes: i64) -> CreateWindow {
    let ends_at = watch.now() + SignedDuration::from_mins(minutes);
    let body =
        json!({ "target": target, "starts_at": watch.now(), "ends_at": ends_at, "reason": "清淤" });
    serde_json::from_value(body).unwrap()
}

fn shelf(watch: &Watch, target: Value, minutes: i64) -> CreateShelf {
    let until = watch.now() + SignedDuration::from_mins(minutes);
    let body = json!({ "target": target, "until": until, "reason": "已知" });
    serde_json::from_value(body).unwrap()
}

#[tokio::test]
async fn an_alarm_within_a_window_is_kept_and_calls_nobody_until_it_is_over() {
    for watch in with_two_bureaus().await {
        let (me, now) = (everybody(), watch.now());
        let create = window(&watch, json!({ "areas": ["320281001"] }), 60);
        let made = watch.service.create_window(&me, create, now).await.unwrap();
        assert_eq!((made.devices, made.is_active), (1, true));
        watch.level("P1", 4.0).await;
        let alarm = watch.only().await;
        assert_eq!(alarm.suppressed_by, Some(SuppressedBy::Maintenance));
        assert_eq!(alarm.suppressed_ref, Some(made.id.0));
        assert_eq!(watch.desk.titles().len(), 0);
        watch.wait(59);
        watch.settle().await;
        assert_eq!(watch.only().await.unattended, 0);
        watch.wait(2);
        watch.settle().await;
        assert_eq!(watch.only().await.suppressed_by, None);
        assert_eq!(watch.desk.titles().len(), 1);
        assert_eq!(watch.audit.actions(), ["maintenance.create"]);
    }
}

#[tokio::test]
async fn windows_are_of_those_who_may_and_change_by_their_version() {
    for watch in with_two_bureaus().await {
        let now = watch.now();
        let (mine, theirs, page) = (bureau(2), bureau(3), PageRequest::default());
        let create = window(&watch, json!({ "areas": ["320281"] }), 60);
        let refused = watch.service.create_window(&mine, create, now).await;
        assert_eq!(refused.unwrap_err().code(), "alerting.denied");
        let create = window(&watch, json!({ "devices": ["P2"] }), 60);
        let unknown = watch
            .service
            .create_window(&mine, create, now)
            .await
            .unwrap_err();
        assert_eq!(unknown.fields()[0].path, "/target/devices/0");
        let wrong = window(&watch, json!({}), -5);
        let wrong = watch
            .service
            .create_window(&mine, wrong, now)
            .await
            .unwrap_err();
        assert_eq!(wrong.fields().len(), 2);
        let create = window(&watch, json!({ "devices": ["P1"] }), 60);
        let made = watch
            .service
            .create_window(&mine, create, now)
            .await
            .unwrap();
        let kind = WindowKind::Maintenance;
        let listed = watch
            .service
            .windows(&theirs, kind, None, &page, now)
            .await
            .unwrap();
        assert_eq!(listed.items, []);
        let hidden = watch
            .service
            .window(&theirs, made.id, now)
            .await
            .unwrap_err();
        assert_eq!(hidden.code(), "alerting.no_window");
        let update: UpdateWindow = serde_json::from_value(json!({ "reason": "延长" })).unwrap();
        let changed = watch
            .service
            .update_window(&mine, made.id, update.clone(), Some(1), now)
            .await
            .unwrap();
        assert_eq!((changed.version, changed.reason.as_str()), (2, "延长"));
        let late = watch
            .service
            .update_window(&mine, made.id, update, Some(1), now)
            .await;
        assert_eq!(late.unwrap_err().code(), "alerting.version_conflict");
        let ended = watch
            .service
            .cancel_window(&mine, made.id, kind, None, now)
            .await
            .unwrap();
        assert!(!ended.is_active);
        let listed = watch
            .service
            .windows(&mine, kind, Some(false), &page, now)
            .await
            .unwrap();
        assert_eq!(listed.items, []);
        watch.level("P1", 4.0).await;
        assert_eq!(watch.only().await.suppressed_by, None);
    }
}

#[tokio::test]
async fn a_shelf_takes_what_is_open_and_what_comes_and_gives_it_back() {
    for watch in with_two_bureaus().await {
        let (me, now) = (everybody(), watch.now());
        watch.level("P1", 4.0).await;
        let create = shelf(&watch, json!({ "rules": ["flood"] }), 60);
        let made = watch.service.create_shelf(&me, create, now).await.unwrap();
        watch.wait(1);
        watch.level("P2", 4.0).await;
        let shelved = watch.alarms().await;
        assert!(
            shelved
                .iter()
                .all(|alarm| alarm.shelved_until == Some(made.ends_at))
        );
        assert_eq!(
            watch.desk.titles().len(),
            1,
            "the first had its case before"
        );
        watch.wait(60);
        watch.settle().await;
        assert!(
            watch
                .alarms()
                .await
                .iter()
                .all(|alarm| alarm.shelved_until.is_none())
        );
        assert_eq!(watch.desk.titles().len(), 2);
        // One alarm by itself, and a shelf that is cancelled.
        let create = shelf(&watch, json!({ "devices": ["P1"] }), 60);
        let now = watch.now();
        let made = watch.service.create_shelf(&me, create, now).await.unwrap();
        assert_eq!(
            watch
                .alarms()
                .await
                .iter()
                .filter(|alarm| alarm.shelved_until.is_some())
                .count(),
            1
        );
        let kind = WindowKind::Shelf;
        watch
            .service
            .cancel_window(&me, made.id, kind, None, now)
            .await
            .unwrap();
        assert!(
            watch
                .alarms()
                .await
                .iter()
                .all(|alarm| alarm.shelved_until.is_none())
        );
    }
}

#[tokio::test]
async fn an_alarm_that_is_shelved_by_itself_comes_back() {
    for watch in with_two_bureaus().await {
        let (me, now) = (everybody(), watch.now());
        watch.level("P1", 4.0).await;
        let until = now + SignedDuration::from_mins(5);
        let id = watch.only().await.id;
        let shelved = watch
            .service
            .shelve(&me, id, until, "已知".to_owned(), None, now);
        shelved.await.unwrap();
        watch.wait(6);
        watch.settle().await;
        let back = watch.only().await;
        assert_eq!(back.shelved_until, None);
        assert!(watch.log(&back).await.ends_with(&["unshelved".to_owned()]));
    }
}

#[tokio::test]
async fn who_comes_next_is_called_when_nobody_takes_note() {
    for watch in with_two_bureaus().await {
        watch.level("P1", 4.0).await;
        watch.level("P2", 4.0).await;
        let other = watch
            .alarms()
            .await
            .into_iter()
            .find(|alarm| alarm.device == "P2")
            .unwrap();
        let me = everybody();
        let noted = watch
            .service
            .acknowledge(&me, other.id, None, None, watch.now());
        noted.await.unwrap();
        watch.wait(11);
        watch.settle().await;
        watch.settle().await;
        let calls = |events: Vec<yiwang_contracts::Event>| -> Vec<String> {
            let calls = events
                .into_iter()
                .filter(|event| event.kind == "alarm.unattended");
            calls
                .map(|event| event.body["more"]["to"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(calls(watch.events().await), ["duty"]);
        let watch = watch.restarted().await;
        watch.wait(20);
        watch.settle().await;
        assert_eq!(calls(watch.events().await), ["duty", "leader"]);
        let waiting = watch
            .alarms()
            .await
            .into_iter()
            .find(|alarm| alarm.device == "P1")
            .unwrap();
        assert_eq!(waiting.unattended, 2);
    }
}
