//! An alarm from its beginning to its end: restarts, late readings, cases, people, rights.

use serde_json::json;
use yiwang_contracts::{AlarmFigures, CaseRef, EventScope, NewEvent};
use yiwang_kernel::{Fault as _, PageRequest};
use yiwang_rules::Severity;

use crate::service::{AlarmQuery, AlarmView};
use crate::testing::{Watch, actor, bureau, case, everybody, flood, flood_with, watches};
use crate::{AlertingError, Verdict};

async fn with_gauge() -> Vec<Watch> {
    let watches = watches().await;
    for watch in &watches {
        watch.gauge("P1", 2, "320281001003");
        watch.install(vec![flood()], Vec::new()).await;
    }
    watches
}

/// The desk says that a case has come to a status.
async fn case_is(watch: &Watch, case: &CaseRef, status: &str) {
    let event = NewEvent {
        kind: "incident.changed".to_owned(),
        subject_id: case.id.0,
        at: watch.now(),
        scope: EventScope {
            action: "incident.read".to_owned(),
            orgs: Vec::new(),
            area: None,
            secrecy: 1,
        },
        body: json!({ "status": status }),
    };
    let written = watch.test.db.write(move |tx| {
        tx.publish(event.clone());
        Box::pin(std::future::ready(Ok::<_, AlertingError>(())))
    });
    written.await.unwrap();
    watch.settle().await;
}

fn stands(alarm: &AlarmView) -> (Severity, bool) {
    (alarm.severity, alarm.is_open)
}

#[tokio::test]
async fn an_alarm_is_raised_worsens_and_ends_and_its_case_is_told() {
    for watch in with_gauge().await {
        watch.level("P1", 4.0).await;
        let raised = watch.only().await;
        assert_eq!(stands(&raised), (Severity::III, true));
        assert_eq!(raised.explanation["condition"], "level > slow");
        assert_eq!(watch.desk.titles(), ["积水：站P1"]);
        watch.wait(1);
        watch.level("P1", 7.0).await;
        let worse = watch.only().await;
        assert_eq!(stands(&worse), (Severity::II, true));
        assert_eq!(worse.explanation["condition"], "level > 6");
        watch.wait(1);
        watch.level("P1", 1.0).await;
        let ended = watch.only().await;
        assert_eq!((ended.id, ended.is_open), (raised.id, false));
        assert_eq!(watch.desk.notes().len(), 1);
        let log = watch.log(&ended).await;
        assert_eq!(log, ["raised", "case_opened", "escalated", "ended"]);
        let detail = watch
            .service
            .alarm(&everybody(), ended.id, watch.now())
            .await
            .unwrap();
        let at = async |seconds: i64| {
            let at = ended.opened_at + jiff::SignedDuration::from_secs(seconds);
            let query = AlarmQuery {
                at: Some(at),
                ..AlarmQuery::default()
            };
            watch.alarms_of(&everybody(), query).await.len()
        };
        let open_for = ended.ended_at.unwrap().duration_since(ended.opened_at);
        let last = open_for.as_secs();
        assert_eq!(
            (
                at(-1).await,
                at(0).await,
                at(last - 1).await,
                at(last).await
            ),
            (0, 1, 1, 0)
        );
        let picture = detail.picture.unwrap();
        assert_eq!(picture.series[0].property, "level");
        assert_eq!(
            (
                picture.thresholds[0].name.as_str(),
                picture.thresholds[0].value
            ),
            ("slow", 3.0)
        );
        assert_eq!(picture.levels.len(), 2);
    }
}

#[tokio::test]
async fn one_case_for_a_rule_and_device_until_it_is_closed() {
    for watch in with_gauge().await {
        for _ in 0..2 {
            watch.level("P1", 4.0).await;
            watch.wait(1);
            watch.level("P1", 1.0).await;
            watch.wait(1);
        }
        assert_eq!(watch.desk.titles().len(), 1);
        assert!(watch.alarms().await.iter().all(|alarm| alarm.is_case_open));
        case_is(&watch, &case(1), "closed").await;
        assert!(watch.alarms().await.iter().all(|alarm| !alarm.is_case_open));
        watch.level("P1", 4.0).await;
        assert_eq!(watch.desk.titles().len(), 2);
    }
}

#[tokio::test]
async fn a_restart_neither_doubles_nor_loses() {
    for watch in with_gauge().await {
        watch.level("P1", 4.0).await;
        let before = watch.only().await;
        // What comes while nobody judges is found in the history.
        let watch = watch.restarted().await;
        watch.settle().await;
        assert_eq!(watch.only().await, before);
        watch.wait(5);
        watch.read_at("P1", "level", 3, 7.0);
        let watch = watch.restarted().await;
        watch.settle().await;
        let after = watch.only().await;
        assert_eq!((after.id, after.severity), (before.id, Severity::II));
        watch.wait(1);
        watch.level("P1", 1.0).await;
        let watch = watch.restarted().await;
        watch.settle().await;
        assert!(!watch.only().await.is_open);
        assert_eq!(watch.desk.titles().len(), 1);
    }
}

#[tokio::test]
async fn late_readings_move_an_alarm_and_a_restart_knows_it() {
    for watch in with_gauge().await {
        watch.level("P1", 1.0).await;
        watch.wait(20);
        watch.level("P1", 4.0).await;
        let raised = watch.only().await;
        watch.read_at("P1", "level", 10, 5.0);
        watch.settle().await;
        let moved = watch.only().await;
        assert_eq!(moved.id, raised.id);
        assert_eq!(
            moved.opened_at,
            watch.now() - jiff::SignedDuration::from_mins(10)
        );
        assert!(watch.log(&moved).await.contains(&"revised".to_owned()));
        let watch = watch.restarted().await;
        watch.settle().await;
        assert_eq!(watch.only().await, moved);
        // What began it and what kept it were never so.
        watch.read_at("P1", "level", 10, 1.0);
        watch.read_at("P1", "level", 0, 1.0);
        watch.settle().await;
        let gone = watch.only().await;
        assert!(!gone.is_open);
        assert_eq!(gone.ended_by.as_deref(), Some("retracted"));
        // And so once more after all.
        watch.read_at("P1", "level", 0, 4.0);
        watch.settle().await;
        let open = |alarm: &&AlarmView| alarm.is_open;
        assert_eq!(watch.alarms().await.iter().filter(open).count(), 1);
    }
}

#[tokio::test]
async fn an_alarm_that_ended_too_early_goes_on() {
    for watch in with_gauge().await {
        watch.level("P1", 4.0).await;
        watch.wait(10);
        watch.level("P1", 1.0).await;
        let ended = watch.only().await;
        assert!(!ended.is_open);
        watch.read_at("P1", "level", 0, 4.0);
        watch.settle().await;
        let goes_on = watch.only().await;
        assert_eq!((goes_on.id, goes_on.is_open), (ended.id, true));
        assert!(watch.log(&goes_on).await.contains(&"resumed".to_owned()));
        let watch = watch.restarted().await;
        watch.settle().await;
        assert!(watch.only().await.is_open);
    }
}

#[tokio::test]
async fn rules_change_under_an_open_alarm() {
    for watch in with_gauge().await {
        watch.level("P1", 4.0).await;
        let before = watch.only().await;
        // Another rule beside it changes nothing.
        let mut beside = flood_with(&json!({ "case": null }));
        beside.as_object_mut().unwrap().remove("case");
        beside["rule"]["id"] = json!("high");
        beside["rule"]["params"]["slow"] = json!(50);
        watch.install(vec![flood(), beside], Vec::new()).await;
        watch.settle().await;
        assert_eq!(watch.only().await.version, before.version);
        // A threshold above what stands ends it, by the rule.
        let mut higher = flood();
        higher["rule"]["params"]["slow"] = json!(5);
        watch.wait(1);
        watch.install(vec![higher], Vec::new()).await;
        watch.settle().await;
        let ended = watch.only().await;
        assert_eq!(
            (ended.id, ended.ended_by.as_deref()),
            (before.id, Some("rule"))
        );
        watch.level("P1", 5.5).await;
        let again = watch.alarms().await.remove(0);
        assert_eq!((again.is_open, again.rule_version), (true, 2));
    }
}

#[tokio::test]
async fn a_device_that_is_gone_or_out_of_scope_has_no_open_alarm() {
    for watch in with_gauge().await {
        let scoped = flood_with(&json!({ "scope": { "areas": ["320281001"] } }));
        watch.install(vec![scoped], Vec::new()).await;
        watch.level("P1", 4.0).await;
        watch
            .register
            .change("P1", |device| device.area = Some("320281004".into()));
        watch.settle().await;
        assert_eq!(watch.only().await.ended_by.as_deref(), Some("rule"));
        watch
            .register
            .change("P1", |device| device.area = Some("320281001".into()));
        watch.wait(1);
        watch.level("P1", 1.0).await;
        watch.level("P1", 4.0).await;
        watch.register.remove("P1");
        watch.settle().await;
        assert!(watch.alarms().await.iter().all(|alarm| !alarm.is_open));
    }
}

#[tokio::test]
async fn what_may_not_be_seen_is_neither_listed_nor_counted() {
    for watch in with_gauge().await {
        watch.gauge("P2", 3, "320281004001");
        watch.settle().await;
        watch.level("P1", 4.0).await;
        watch.level("P2", 4.0).await;
        let theirs = bureau(3);
        let seen = watch.alarms_of(&theirs, AlarmQuery::default()).await;
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].device, "P2");
        let numbers = watch.service.numbers(&theirs, watch.now()).await.unwrap();
        assert_eq!((numbers.open, numbers.by_severity), (1, [0, 0, 1, 0]));
        let rules = watch.service.rules(&theirs, watch.now()).await.unwrap();
        assert_eq!(rules[0].alarms, 1);
        let page = PageRequest::default();
        let found = watch
            .service
            .feedback(&theirs, None, None, &page, watch.now())
            .await;
        assert_eq!(found.unwrap().items.len(), 1);
        let other = watch
            .alarms()
            .await
            .into_iter()
            .find(|alarm| alarm.device == "P1")
            .unwrap();
        let hidden = watch
            .service
            .alarm(&theirs, other.id, watch.now())
            .await
            .unwrap_err();
        assert_eq!(hidden.code(), "alerting.not_found");
        let reader = actor(&["alerting.read"], None, None);
        let denied = watch
            .service
            .acknowledge(&reader, other.id, None, None, watch.now())
            .await;
        assert_eq!(denied.unwrap_err().code(), "alerting.denied");
        let nobody = actor(&[], None, None);
        let page = PageRequest::default();
        let refused = watch
            .service
            .alarms(&nobody, AlarmQuery::default(), &page, watch.now())
            .await;
        assert_eq!(refused.unwrap_err().code(), "alerting.denied");
    }
}

#[tokio::test]
async fn two_people_and_a_verdict() {
    for watch in with_gauge().await {
        watch.level("P1", 4.0).await;
        let seen = watch.only().await;
        let (me, now) = (everybody(), watch.now());
        let taken = watch
            .service
            .acknowledge(&me, seen.id, None, Some(seen.version), now)
            .await
            .unwrap();
        assert_eq!(taken.acknowledged_by.as_deref(), Some("somebody"));
        let late = watch
            .service
            .judge_alarm(&me, seen.id, Verdict::False, None, Some(seen.version), now)
            .await
            .unwrap_err();
        assert_eq!(late.code(), "alerting.version_conflict");
        let judged = watch
            .service
            .judge_alarm(&me, seen.id, Verdict::False, None, Some(taken.version), now)
            .await;
        judged.unwrap();
        let rule = watch
            .service
            .rule(&me, "flood", now)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(
            (rule.found_true, rule.found_false, rule.precision),
            (0, 1, Some(0.0))
        );
        let page = PageRequest::default();
        let by_device = watch
            .service
            .feedback(&me, None, Some("P1"), &page, now)
            .await
            .unwrap();
        assert_eq!(by_device.items[0].precision, Some(0.0));
    }
}

#[tokio::test]
async fn who_counts_alarms_hears_of_those_that_were_open_since_then_and_of_their_instants() {
    for watch in with_gauge().await {
        watch.level("P1", 4.0).await;
        let raised = watch.only().await.opened_at;
        watch.wait(60);
        let between = watch.now();
        watch.wait(60);
        watch.level("P1", 1.0).await;
        let ended = watch.only().await.ended_at.unwrap();
        watch.wait(60);
        let counted = async |since| {
            AlarmFigures::alarms(&*watch.service, since, 10)
                .await
                .unwrap()
        };
        let known = counted(between).await;
        let instants: Vec<_> = known
            .iter()
            .map(|alarm| (alarm.raised_at, alarm.acknowledged_at, alarm.ended_at))
            .collect();
        assert_eq!(
            instants,
            [(raised, None, Some(ended))],
            "{}",
            watch.test.name
        );
        assert_eq!(counted(watch.now()).await, []);
    }
}
