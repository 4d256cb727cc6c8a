//! Drafts: written, tried on history, published, withdrawn.

use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_contracts::CaseSeen;
use yiwang_kernel::{Fault as _, PageRequest};

use crate::service::{
    BacktestRequest, CreateRuleDraft, PublishRuleDraft, UpdateRuleDraft, WithdrawRule,
};
use crate::testing::{Watch, actor, bureau, case, everybody, flood, position, watches};
use crate::{AlertingError, RuleDraftState};

async fn with_history() -> Vec<Watch> {
    let watches = watches().await;
    for watch in &watches {
        watch.gauge("P1", 2, "320281001003");
        watch.gauge("P2", 3, "320281004001");
        watch.install(vec![flood()], Vec::new()).await;
        // An hour ago P1 stood at 4 for ten minutes, P2 at 2.
        for minute in (0..60).rev() {
            let level = if (40..50).contains(&minute) { 4.0 } else { 1.0 };
            watch.read_at("P1", "level", minute, level);
            watch.read_at("P2", "level", minute, 2.0);
        }
        watch.settle().await;
    }
    watches
}

/// The one alarm of the gauge that always stood at 2.
async fn of_p2(watch: &Watch) -> crate::service::AlarmView {
    let mut alarms = watch.alarms().await;
    alarms.retain(|alarm| alarm.device == "P2");
    assert_eq!(alarms.len(), 1);
    alarms.remove(0)
}

fn from_rule(code: &str) -> CreateRuleDraft {
    CreateRuleDraft {
        from: Some(code.to_owned()),
        ..CreateRuleDraft::default()
    }
}

fn because(note: &str) -> PublishRuleDraft {
    PublishRuleDraft {
        valid_from: None,
        note: note.to_owned(),
    }
}

/// A draft of the rule with another threshold.
async fn drafted(watch: &Watch, slow: f64) -> crate::DraftId {
    let (me, now) = (everybody(), watch.now());
    let draft = watch
        .service
        .create_draft(&me, from_rule("flood"), now)
        .await
        .unwrap();
    let mut entry = draft.entry.clone();
    entry["rule"]["params"]["slow"] = json!(slow);
    let update = UpdateRuleDraft { entry };
    let id = draft.draft.id;
    let changed = watch
        .service
        .update_draft(&me, id, update, Some(1), now)
        .await
        .unwrap();
    assert!(changed.is_right, "{:?}", changed.findings);
    id
}

async fn tried(
    watch: &Watch,
    request: &Value,
) -> Result<crate::service::BacktestAnswer, AlertingError> {
    let mut whole =
        json!({ "from": watch.now() - SignedDuration::from_hours(2), "to": watch.now() });
    for (key, value) in request.as_object().unwrap() {
        whole[key] = value.clone();
    }
    let request: BacktestRequest = serde_json::from_value(whole).unwrap();
    watch
        .service
        .backtest(&everybody(), request, watch.now())
        .await
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once_with_its_place() {
    for watch in with_history().await {
        let (me, now) = (everybody(), watch.now());
        let blank = watch
            .service
            .create_draft(&me, CreateRuleDraft::default(), now)
            .await
            .unwrap();
        assert!(!blank.is_right && !blank.findings.is_empty());
        let mut entry = flood();
        entry["rule"]["levels"][0]["when"] = json!("levl > slow");
        entry["rule"]["levels"][1]["when"] = json!("level >");
        entry["explained_by"] = json!(["flood"]);
        let found = watch.service.examine(&me, &entry, now).unwrap();
        assert!(!found.is_right);
        let at = |pointer: &str| found.findings.iter().find(|each| each.pointer == pointer);
        let name = at("/rule/levels/0/when").unwrap();
        assert_eq!(
            name.place
                .map(|place| (place.line, place.column, place.length)),
            Some((1, 1, 4))
        );
        assert!(name.hint.is_some() && name.code.starts_with("alerting.rules."));
        assert!(at("/rule/levels/1/when").is_some() && at("/explained_by").is_some());
        let refused = watch
            .service
            .publish_draft(&me, blank.draft.id, because("x"), None, now)
            .await
            .unwrap_err();
        assert_eq!(refused.code(), "alerting.faulty");
        let reader = actor(&["alerting.read"], None, None);
        let denied = watch
            .service
            .create_draft(&reader, from_rule("flood"), now)
            .await;
        assert_eq!(denied.unwrap_err().code(), "alerting.denied");
    }
}

#[tokio::test]
async fn a_draft_goes_before_the_pack_until_it_is_withdrawn() {
    for watch in with_history().await {
        let (me, now) = (everybody(), watch.now());
        let id = drafted(&watch, 1.5).await;
        let theirs = watch
            .service
            .publish_draft(&bureau(2), id, because("x"), None, now)
            .await;
        assert_eq!(
            theirs.unwrap_err().code(),
            "alerting.denied",
            "the other bureau's gauge too"
        );
        let versions = watch
            .service
            .publish_draft(&me, id, because("汛期"), Some(2), now)
            .await
            .unwrap();
        let local = &versions[0];
        assert_eq!(
            (local.pack.as_str(), local.is_current, local.overrides),
            ("local", true, Some(1))
        );
        assert_eq!(
            (versions[1].is_current, versions[1].overridden_by),
            (false, Some(2))
        );
        watch.settle().await;
        let raised = of_p2(&watch).await;
        assert_eq!((raised.device.as_str(), raised.rule_version), ("P2", 2));
        // The pack's next version waits behind it.
        let mut newer = flood();
        newer["rule"]["params"]["slow"] = json!(3.5);
        watch.install(vec![newer], Vec::new()).await;
        let versions = watch.service.rule(&me, "flood", now).await.unwrap();
        assert!(
            versions
                .iter()
                .any(|row| row.is_current && row.pack == "local")
        );
        let watch = watch.restarted().await;
        watch.settle().await;
        assert!(of_p2(&watch).await.is_open);
        watch.wait(1);
        let withdraw = WithdrawRule {
            reason: "过季".to_owned(),
        };
        let now = watch.now();
        let versions = watch
            .service
            .withdraw(&me, "flood", withdraw.clone(), now)
            .await
            .unwrap();
        let current: Vec<_> = versions.iter().filter(|row| row.is_current).collect();
        assert_eq!((current.len(), current[0].entry.rule.version), (1, 3));
        watch.settle().await;
        assert_eq!(of_p2(&watch).await.ended_by.as_deref(), Some("rule"));
        let again = watch.service.withdraw(&me, "flood", withdraw, now).await;
        assert_eq!(again.unwrap_err().code(), "alerting.not_now");
        assert_eq!(
            watch.audit.actions(),
            [
                "alarm_rule.draft",
                "alarm_rule.publish",
                "alarm_rule.withdraw"
            ]
        );
        let page = PageRequest::default();
        let wanted = (Some("flood"), Some(RuleDraftState::Published));
        let drafts = watch.service.drafts(&me, wanted, &page, now).await.unwrap();
        assert_eq!(drafts.items[0].published, Some(2));
    }
}

#[tokio::test]
async fn a_date_to_come_is_waited_for() {
    for watch in with_history().await {
        let (me, now) = (everybody(), watch.now());
        let id = drafted(&watch, 1.5).await;
        let publish = PublishRuleDraft {
            valid_from: Some(now + SignedDuration::from_hours(1)),
            note: "明日起".to_owned(),
        };
        let versions = watch
            .service
            .publish_draft(&me, id, publish, None, now)
            .await
            .unwrap();
        assert!(!versions[0].is_current && versions[1].is_current);
        watch.settle().await;
        assert!(
            watch
                .alarms()
                .await
                .iter()
                .all(|alarm| alarm.device == "P1")
        );
        watch.wait(61);
        watch.settle().await;
        assert_eq!(of_p2(&watch).await.device, "P2");
    }
}

#[tokio::test]
async fn two_people_write_one_draft() {
    for watch in with_history().await {
        let (me, now) = (everybody(), watch.now());
        let id = drafted(&watch, 1.5).await;
        let update = UpdateRuleDraft { entry: flood() };
        let late = watch
            .service
            .update_draft(&me, id, update, Some(1), now)
            .await
            .unwrap_err();
        assert_eq!(late.code(), "alerting.version_conflict");
        watch
            .service
            .discard_draft(&me, id, Some(2), now)
            .await
            .unwrap();
        let gone = watch
            .service
            .publish_draft(&me, id, because("x"), None, now)
            .await;
        assert_eq!(gone.unwrap_err().code(), "alerting.not_now");
    }
}

#[tokio::test]
async fn a_draft_is_tried_on_history_and_compared_with_labels() {
    for watch in with_history().await {
        let id = drafted(&watch, 1.5).await;
        let answer = tried(&watch, &json!({ "draft": id })).await.unwrap();
        assert_eq!((answer.devices, answer.alarms, answer.points), (2, 2, 118));
        assert_eq!(answer.left_out, []);
        assert_eq!(answer.per_device.len(), 2);
        let ago = |minutes: i64| watch.now() - SignedDuration::from_mins(minutes);
        let labels = json!([{ "device": "P1", "from": ago(55), "to": ago(35), "event": ago(45) },
            { "device": "P1", "from": ago(600), "to": ago(500) }]);
        let request = json!({ "rule": "flood", "compare": { "labels": labels } });
        let answer = tried(&watch, &request).await.unwrap();
        let score = answer.score.unwrap();
        assert_eq!((score.precision, score.recall), (Some(1.0), Some(1.0)));
        assert_eq!(score.lead_seconds, Some(4 * 60));
        assert_eq!(answer.left_out[0].what, "labels");
        let episode = &answer.episodes[0];
        assert_eq!(
            (episode.device.as_str(), episode.raised_at),
            ("P1", ago(49))
        );
        assert_eq!(episode.cleared_at, Some(ago(39)));
        assert_eq!(episode.condition, "level > slow");
        // The same code as live: what was raised live is what the back-test says.
        let live = watch.only().await;
        assert_eq!(live.opened_at, episode.raised_at);
        let none = tried(&watch, &json!({})).await.unwrap_err();
        assert_eq!(none.fields()[0].code, "one_of");
    }
}

#[tokio::test]
async fn a_rule_is_compared_with_cases_near_its_devices() {
    for watch in with_history().await {
        let seen = |number: usize, minutes: i64, position| CaseSeen {
            case: case(number),
            title: "积水".to_owned(),
            at: watch.now() - SignedDuration::from_mins(minutes),
            position,
            area: None,
        };
        watch.desk.saw(seen(1, 30, Some(position())));
        watch.desk.saw(seen(2, 30, None));
        let near = json!({ "item": "07.02.05", "before_minutes": 60, "after_minutes": 10 });
        let request = json!({ "rule": "flood", "compare": { "cases": near } });
        let answer = tried(&watch, &request).await.unwrap();
        let score = answer.score.unwrap();
        assert_eq!(
            (score.known, score.found, score.precision),
            (1, 1, Some(1.0))
        );
        assert_eq!(score.cases[0].devices, ["P1", "P2"]);
        assert_eq!(answer.left_out[0].what, "places");
    }
}
