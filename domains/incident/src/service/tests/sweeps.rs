//! What happens by itself.

use jiff::SignedDuration;
use serde_json::json;

use super::{hub, hubs, now, report};
use crate::model::{Flag, Light};
use crate::service::ListQuery;
use crate::testing::{monday, org, person};

#[tokio::test]
async fn lights_turn_breaches_go_on_the_record_once_and_a_command_is_not_in_the_way() {
    for hub in hubs().await {
        let id = hub.create(report("路灯不亮"), now()).await;
        // 30 minutes to accept: yellow at 21, orange at 27, red after 30.
        for (minutes, light) in [
            (0, Light::Green),
            (21, Light::Yellow),
            (27, Light::Orange),
            (31, Light::Red),
            (60, Light::Red),
        ] {
            let at = now() + SignedDuration::from_mins(minutes);
            hub.service.sweep(at).await.unwrap();
            assert_eq!(
                hub.service.load(id).await.unwrap().light,
                light,
                "{minutes} minutes"
            );
        }
        let later = now() + SignedDuration::from_mins(61);
        assert_eq!(
            hub.service.sweep(later).await.unwrap(),
            0,
            "nothing is left to turn"
        );
        let log = hub.service.timeline(id, &person(1), later).await.unwrap();
        let commands: Vec<&str> = log.iter().map(|action| action.command.as_str()).collect();
        assert_eq!(commands, ["create", "overdue", "escalate"]);
        let case = hub.service.load(id).await.unwrap();
        assert_eq!(
            case.version, 1,
            "whoever looked at the case may still act on it"
        );
        let kinds: Vec<String> = hub
            .db
            .db
            .events_after(0, 100)
            .await
            .unwrap()
            .into_iter()
            .map(|event| event.kind)
            .collect();
        assert_eq!(
            kinds
                .iter()
                .filter(|kind| *kind == "incident.light_changed")
                .count(),
            3
        );
        assert!(
            hub.service
                .verify_log(id, &person(1), later)
                .await
                .unwrap()
                .intact
        );
    }
}

#[tokio::test]
async fn what_becomes_due_is_a_query_and_a_dry_run() {
    for hub in hubs().await {
        let id = hub.create(report("路灯不亮"), now()).await;
        let within = |limit: &str| ListQuery {
            breaches_within: Some(limit.parse().unwrap()),
            ..ListQuery::default()
        };
        let page = yiwang_kernel::PageRequest::default();
        for (limit, count) in [("20m", 0), ("4h", 1)] {
            let rows = hub
                .service
                .list(&within(limit), &page, &person(1), now())
                .await
                .unwrap();
            assert_eq!(rows.items.len(), count, "{limit}");
        }
        let until = now() + SignedDuration::from_hours(4);
        let rows = hub
            .service
            .escalations(until, &person(1), now())
            .await
            .unwrap();
        assert!(rows.items.iter().all(|row| row.incident.id == id));
        let turns: Vec<Light> = rows.items.iter().map(|row| row.light).collect();
        assert_eq!(
            turns,
            [Light::Yellow, Light::Orange, Light::Red],
            "each level once, in order of time"
        );
        assert_eq!((rows.until, rows.cut_at_cases), (until, None));
        let over = rows.items.last().unwrap();
        assert_eq!(over.at, over.due_at);
        let until = rows.items[0].at - SignedDuration::from_secs(1);
        let rows = hub
            .service
            .escalations(until, &person(1), now())
            .await
            .unwrap();
        assert!(rows.items.is_empty(), "nothing turns that early");
    }
}

#[tokio::test]
async fn a_new_calendar_is_applied_to_open_cases() {
    for first in hubs().await {
        let case = first.handling(monday()).await;
        assert_eq!(first.service.recompute(now()).await.unwrap(), 0);
        let second = hub(first.db, 2).await;
        assert_eq!(second.service.recompute(now()).await.unwrap(), 1);
        assert_eq!(second.service.recompute(now()).await.unwrap(), 0);
        assert_eq!(
            second.service.load(case.id).await.unwrap().calendar_version,
            2
        );
    }
}

#[tokio::test]
async fn a_suspension_is_looked_at_again() {
    for hub in hubs().await {
        let case = hub.handling(now()).await;
        let plan = now() + SignedDuration::from_hours(24 * 90);
        let body = json!({ "kind": "suspension", "task_id": case.tasks[0].id, "reason_code": "budget",
            "text": "等待预算", "plan_date": plan, "leader": "张局长" });
        let asked = hub
            .give(case.id, &person(1), "request", body, now())
            .await
            .unwrap();
        let body = json!({ "request_id": asked.doc.requests[0].id, "approved": true });
        let suspended = hub
            .give(case.id, &person(2), "decide", body, now())
            .await
            .unwrap();
        assert_eq!(suspended.light, Light::None);
        let body = json!({ "task_id": case.tasks[0].id, "org_id": org(8), "text": "x" });
        assert!(
            hub.give(case.id, &person(1), "assist", body, now())
                .await
                .is_err()
        );
        let later = now() + SignedDuration::from_hours(24 * 31);
        hub.service.sweep(later).await.unwrap();
        assert!(
            hub.service
                .load(case.id)
                .await
                .unwrap()
                .has(Flag::ReviewDue)
        );
        let resumed = hub
            .give(
                case.id,
                &person(2),
                "resume",
                json!({ "text": "预算已到" }),
                later,
            )
            .await
            .unwrap();
        assert_eq!(
            resumed.light,
            Light::Green,
            "no time was lost while it stood"
        );
    }
}

#[tokio::test]
async fn the_sweep_escalates_as_the_dry_run_said_and_once() {
    for hub in hubs().await {
        let case = hub.handling(now()).await;
        let until = now() + SignedDuration::from_hours(24 * 20);
        let desk = person(1);
        let foretold = hub.service.escalations(until, &desk, now()).await;
        let foretold = foretold.unwrap().escalations;
        assert!(!foretold.is_empty());
        hub.service.sweep(until).await.unwrap();
        let later = until + SignedDuration::from_secs(1);
        hub.service.sweep(later).await.unwrap();
        let log = hub.service.timeline(case.id, &desk, later).await.unwrap();
        let lines = log.iter().filter(|action| action.command == "escalate");
        assert_eq!(lines.clone().count(), foretold.len());
        assert!(lines.clone().all(|action| action.user_id.is_none()));
        let after = hub.service.load(case.id).await.unwrap();
        assert_eq!(Some(after.grade), foretold.last().map(|row| row.grade));
        let told: Vec<_> = foretold
            .iter()
            .filter_map(|row| row.informed.as_ref())
            .collect();
        assert!(!told.is_empty());
        assert!(told.iter().all(|org| after.orgs().contains(&org.id)));
        assert_eq!(after.version, case.version);
        let intact = hub.service.verify_log(case.id, &desk, later).await.unwrap();
        assert!(intact.intact, "{intact:?}");
        let events = hub.db.db.events_after(0, 1_000).await.unwrap();
        let escalated = events
            .iter()
            .filter(|event| event.kind == "incident.escalated");
        assert_eq!(escalated.count(), foretold.len());
        assert_eq!(
            hub.service
                .escalations(until, &desk, later)
                .await
                .unwrap()
                .escalations
                .len(),
            0,
            "nothing is left to tell"
        );
    }
}
