//! Many alarms that are one: storms, agreements, what explains others, what comes and goes.

use serde_json::{Value, json};
use yiwang_kernel::PageRequest;
use yiwang_rules::Severity;

use crate::alarm::AlarmKind;
use crate::service::{AlarmQuery, AlarmView};
use crate::testing::{Watch, actor, bureau, everybody, flood_with, watches};

fn stormy() -> Value {
    flood_with(&json!({ "grouping": {
        "area": "town", "members": 3, "within": "10m", "quiet": "30m",
        "severe_from": [{ "members": 100, "severity": "I" }],
    } }))
}

async fn flooded(watch: &Watch, gauges: usize) {
    for gauge in 0..gauges {
        watch.gauge(&format!("G{gauge:03}"), 2, "320281001003");
    }
    watch.install(vec![stormy()], Vec::new()).await;
    for gauge in 0..gauges {
        watch.read_at(&format!("G{gauge:03}"), "level", 0, 4.0);
    }
    watch.settle().await;
}

fn open(alarms: &[AlarmView]) -> Vec<&AlarmView> {
    alarms.iter().filter(|alarm| alarm.is_open).collect()
}

#[tokio::test]
async fn five_hundred_gauges_are_one_alarm_and_one_case() {
    for watch in watches().await {
        flooded(&watch, 500).await;
        let storm = watch.only().await;
        assert_eq!(storm.kind, AlarmKind::Storm);
        assert_eq!((storm.members, storm.members_open), (500, 500));
        assert_eq!(
            (storm.severity, storm.device.as_str()),
            (Severity::I, "320281001")
        );
        let numbers = watch
            .service
            .numbers(&everybody(), watch.now())
            .await
            .unwrap();
        assert_eq!(numbers.open, 1);
        assert_eq!(watch.desk.titles().len(), 1, "{:?}", watch.desk.titles());
        let events = watch.events().await;
        assert!(events.len() < 20, "{} events", events.len());
        let page = PageRequest {
            limit: Some(300),
            cursor: None,
        };
        let first = watch
            .service
            .members(&everybody(), storm.id, Some(true), &page, watch.now())
            .await
            .unwrap();
        assert_eq!(first.items.len(), 300);
        assert!(first.next.is_some());
        let all = AlarmQuery {
            members: true,
            ..AlarmQuery::default()
        };
        assert_eq!(watch.alarms_of(&everybody(), all).await.len(), 500);
        // They end, and after a while the storm does.
        let watch = watch.restarted().await;
        watch.wait(5);
        for gauge in 0..500 {
            watch.read_at(&format!("G{gauge:03}"), "level", 0, 1.0);
        }
        watch.settle().await;
        let calm = watch.only().await;
        assert_eq!(
            (calm.is_open, calm.members, calm.members_open),
            (true, 500, 0)
        );
        watch.wait(31);
        watch.settle().await;
        let over = watch.only().await;
        assert_eq!(
            (over.id, over.ended_by.as_deref()),
            (storm.id, Some("quiet"))
        );
        let notes = watch.desk.notes();
        assert_eq!(
            notes.len(),
            2,
            "that it is severe, and that it is over: {notes:?}"
        );
        assert!(notes[0].contains("500 处") && notes[1].starts_with("告警已解除"));
    }
}

#[tokio::test]
async fn what_comes_one_by_one_becomes_a_storm_with_the_case_of_the_first() {
    for watch in watches().await {
        for gauge in ["A", "B", "C", "D"] {
            watch.gauge(gauge, 2, "320281001003");
        }
        watch.gauge("E", 3, "320281001003");
        watch.install(vec![stormy()], Vec::new()).await;
        for gauge in ["A", "B", "E"] {
            watch.level(gauge, 4.0).await;
            watch.wait(1);
        }
        assert_eq!(watch.alarms().await.len(), 3);
        watch.level("C", 4.0).await;
        let watch = watch.restarted().await;
        watch.wait(1);
        watch.level("D", 7.0).await;
        let alarms = watch.alarms().await;
        let storm = alarms
            .iter()
            .find(|alarm| alarm.kind == AlarmKind::Storm)
            .unwrap();
        assert_eq!(
            (alarms.len(), storm.members, storm.severity),
            (2, 4, Severity::II)
        );
        // Two were cases before anybody could know; the storm has one of them, and makes no other.
        assert_eq!(watch.desk.titles().len(), 3);
        assert_eq!(
            storm.case.as_ref().map(|case| case.number.as_str()),
            Some("YW1")
        );
        assert!(
            watch.desk.notes()[0].contains("已归入告警风暴"),
            "{:?}",
            watch.desk.notes()
        );
        // Who sees a village only sees the members, not the town's storm.
        let villager = actor(&["alerting.read"], None, Some("320281001003"));
        let seen = watch.alarms_of(&villager, AlarmQuery::default()).await;
        assert!(seen.iter().all(|alarm| alarm.kind == AlarmKind::Single));
        assert_eq!(seen.len(), 5);
        assert_eq!(
            watch
                .alarms_of(&bureau(3), AlarmQuery::default())
                .await
                .len(),
            1
        );
        // A verdict on the storm is one on its members.
        let (me, now) = (everybody(), watch.now());
        let judged =
            watch
                .service
                .judge_alarm(&me, storm.id, crate::Verdict::True, None, None, now);
        judged.await.unwrap();
        let rule = watch
            .service
            .rule(&me, "flood", now)
            .await
            .unwrap()
            .remove(0);
        assert_eq!((rule.alarms, rule.found_true), (5, 4));
    }
}

#[tokio::test]
async fn devices_of_a_group_agree_or_there_is_no_alarm() {
    for watch in watches().await {
        for gauge in ["A", "B", "C"] {
            watch.device(gauge, "gauge", 2, "320281001003", Some("G1"));
        }
        let mut rule = flood_with(&json!({}));
        rule["rule"]["agreement"] = json!({ "members": 2, "within": "10m" });
        watch.install(vec![rule], Vec::new()).await;
        watch.level("A", 4.0).await;
        assert_eq!(watch.alarms().await, []);
        let watch = watch.restarted().await;
        watch.wait(1);
        watch.level("B", 7.0).await;
        let agreed = watch.only().await;
        assert_eq!(
            (agreed.kind, agreed.device.as_str()),
            (AlarmKind::Agreement, "G1")
        );
        assert_eq!((agreed.severity, agreed.members), (Severity::III, 2));
        assert_eq!(watch.desk.titles(), ["积水：G1"]);
        watch.level("A", 1.0).await;
        assert!(watch.only().await.is_open, "a word counts for a while");
        watch.wait(11);
        watch.settle().await;
        assert!(!watch.only().await.is_open);
    }
}

#[tokio::test]
async fn a_gateway_explains_the_silence_behind_it() {
    for watch in watches().await {
        watch.device("W", "gateway", 2, "320281001003", Some("S1"));
        watch.device("A", "gauge", 2, "320281001003", Some("S1"));
        watch.gauge("B", 2, "320281001003");
        let silent = |id: &str, profile: &str| {
            json!({ "profile": profile, "rule": { "id": id, "name": { "zh": id }, "uses": ["level"],
                "levels": [{ "severity": "III", "missing": "10m" }] },
                "case": { "item": "x", "from": "III" } })
        };
        let mut gauge = silent("gauge-silent", "gauge");
        gauge["explained_by"] = json!(["gateway-silent"]);
        watch
            .install(vec![gauge, silent("gateway-silent", "gateway")], Vec::new())
            .await;
        for device in ["W", "A", "B"] {
            watch.read_at(device, "level", 0, 1.0);
        }
        watch.settle().await;
        watch.wait(11);
        watch.settle().await;
        let alarms = watch.alarms().await;
        let of = |code: &str| alarms.iter().find(|alarm| alarm.device == code).unwrap();
        assert_eq!(of("A").suppressed_ref, Some(of("W").id.0));
        assert_eq!(of("B").suppressed_by, None);
        assert_eq!(watch.desk.titles().len(), 2);
        let numbers = watch
            .service
            .numbers(&everybody(), watch.now())
            .await
            .unwrap();
        assert_eq!((numbers.open, numbers.suppressed), (2, 1));
        // The gateway is back and the gauge is not.
        watch.read_at("W", "level", 0, 1.0);
        watch.settle().await;
        let alarms = watch.alarms().await;
        let open = open(&alarms);
        assert!(open.iter().all(|alarm| alarm.suppressed_by.is_none()));
        assert_eq!(watch.desk.titles().len(), 3);
    }
}

#[tokio::test]
async fn what_comes_and_goes_is_marked() {
    for watch in watches().await {
        watch.gauge("A", 2, "320281001003");
        let rule = flood_with(&json!({ "chatter": { "raises": 3, "within": "1h" } }));
        watch.install(vec![rule], Vec::new()).await;
        for _ in 0..3 {
            watch.level("A", 4.0).await;
            watch.wait(1);
            watch.level("A", 1.0).await;
            watch.wait(1);
        }
        let marks: Vec<bool> = watch
            .alarms()
            .await
            .iter()
            .map(|alarm| alarm.is_chattering)
            .collect();
        assert_eq!(marks, [true, false, false]);
    }
}
