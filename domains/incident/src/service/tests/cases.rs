//! Commands, alone and together.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::json;
use yiwang_contracts::OrgScope;
use yiwang_kernel::{Fault as _, Masked};
use yiwang_store::{Backend, StoreError};

use super::{Hub, given, hubs, now, report};
use crate::IncidentError;
use crate::model::{NewReporter, Status};
use crate::testing::{clerk, org, person, within};

#[tokio::test]
async fn a_report_becomes_a_closed_case() {
    for hub in hubs().await {
        let closed = hub.closed(now()).await;
        assert_eq!(closed.status, Status::Closed, "{}", hub.db.name);
        assert_eq!(closed.number, "YW20261123HOT000001");
        let read = hub.service.load(closed.id).await.unwrap();
        assert_eq!(read, *closed, "what was answered is what is stored");
        let detail = hub
            .service
            .detail(closed.id, &person(1), now())
            .await
            .unwrap();
        assert_eq!(detail.answer, "路灯已修复");
        assert!(detail.clocks.iter().all(|clock| clock.stopped_at.is_some()));
        assert!(detail.allowed.contains(&"reopen".to_owned()));
        let log = hub
            .service
            .verify_log(closed.id, &person(1), now())
            .await
            .unwrap();
        assert!(log.intact, "{log:?}");
        assert_eq!(log.entries, 8);
    }
}

#[tokio::test]
async fn what_is_kept_in_memory_is_what_the_rows_say() {
    for hub in hubs().await {
        let hot = &hub.service.world.hot;
        let one_writer = hub.db.db.backend() == Backend::Sqlite;
        let handling = hub.handling(now()).await;
        let fresh = hub.create(report("路灯不亮"), now()).await;
        let closed = hub.closed(now()).await;
        let late = now() + SignedDuration::from_hours(24 * 30);
        hub.service.sweep(late).await.unwrap();
        let refused = given(
            fresh,
            &person(1),
            "close",
            json!({"text": "x", "outcome": "solved"}),
            late,
        );
        assert!(hub.service.give(refused).await.is_err());
        for id in [handling.id, fresh] {
            let read = hub.service.load(id).await.unwrap();
            let held = hot.get(id);
            assert_eq!(held.is_some(), one_writer, "{}", hub.db.name);
            assert!(held.is_none_or(|held| *held == read), "{}", hub.db.name);
        }
        assert!(
            hot.get(closed.id).is_none(),
            "it will hardly be asked for again"
        );
        // A write that does not stand leaves nothing behind.
        let mut other = hub.service.load(fresh).await.unwrap();
        other.version += 1;
        let world = Arc::clone(&hub.service.world);
        let undone = hub.db.db.write::<(), StoreError, _>(move |tx| {
            Box::pin(async move {
                world.hot.forget_on_rollback(tx, std::iter::once(fresh));
                world.hot.put([Arc::new(other)]);
                Err(StoreError::Unsupported("taken back"))
            })
        });
        assert!(undone.await.is_err());
        assert!(hot.get(fresh).is_none());
    }
}

#[tokio::test]
async fn a_case_that_another_process_wrote_is_read_again() {
    for hub in hubs().await {
        let id = hub.create(report("路灯不亮"), now()).await;
        let accepted = given(id, &person(1), "accept", json!({}), now());
        hub.service.give(accepted).await.unwrap();
        let other = hub.beside().await;
        let noted = given(id, &person(2), "note", json!({"text": "从别处写的"}), now());
        other.give(noted).await.unwrap();
        let late = given(id, &person(1), "note", json!({"text": "先前看到的"}), now());
        let after = hub.service.give(late).await.unwrap();
        assert_eq!(after.version, 4, "{}", hub.db.name);
        let log = hub.service.verify_log(id, &person(1), now()).await.unwrap();
        assert!(log.intact, "{log:?}");
    }
}

#[tokio::test]
async fn of_two_who_saw_the_same_version_one_wins() {
    for hub in hubs().await {
        let id = hub.create(report("路灯不亮"), now()).await;
        let one = |n| {
            let mut given = given(id, &person(n), "accept", json!({ "note": "x" }), now());
            given.expected = Some(1);
            hub.service.give(given)
        };
        let outcomes = futures::future::join_all((1..=20).map(one)).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        for outcome in outcomes {
            let Err(fault) = outcome else { continue };
            assert_eq!(fault.code(), "incident.version_conflict");
            let data = fault.data();
            assert_eq!(
                (&data["expected"], &data["current"]),
                (&json!(1), &json!(2))
            );
            assert_eq!(data["changes"][0]["command"], "accept");
            assert!(data["changes"][0]["by"].as_str().unwrap().starts_with('p'));
        }
    }
}

#[tokio::test]
async fn commands_that_come_together_are_applied_in_order() {
    for hub in hubs().await {
        let mut ids = Vec::new();
        for n in 0..30 {
            ids.push(hub.create(report(&format!("路灯{n}")), now()).await);
        }
        let actor = person(1);
        let commands = ids.iter().flat_map(|id| {
            [
                ("accept", json!({})),
                ("register", json!({})),
                ("accept", json!({})),
            ]
            .map(|(command, body)| hub.service.give(given(*id, &actor, command, body, now())))
        });
        let outcomes = futures::future::join_all(commands).await;
        for of_one in outcomes.chunks(3) {
            assert_eq!(of_one[1].as_ref().unwrap().status, Status::Registered);
            assert_eq!(
                of_one[2].as_ref().unwrap_err().code(),
                "incident.wrong_status"
            );
        }
        for id in ids {
            let log = hub.service.verify_log(id, &actor, now()).await.unwrap();
            assert!(log.intact && log.entries == 3, "{log:?}");
        }
    }
}

#[tokio::test]
async fn a_merge_changes_both_cases_and_is_undone() {
    for hub in hubs().await {
        let (parent, child) = (
            hub.handling(now()).await.id,
            hub.create(report("路灯又不亮"), now()).await,
        );
        let actor = person(1);
        hub.give(child, &actor, "merge", json!({ "into": parent }), now())
            .await
            .unwrap();
        let (read, above) = (
            hub.service.load(child).await.unwrap(),
            hub.service.load(parent).await.unwrap(),
        );
        assert_eq!(
            (read.status, read.merged_into),
            (Status::Merged, Some(parent))
        );
        assert_eq!(above.doc.children, [child]);
        hub.give(
            child,
            &actor,
            "unmerge",
            json!({ "reason": "不是同一件" }),
            now(),
        )
        .await
        .unwrap();
        let (read, above) = (
            hub.service.load(child).await.unwrap(),
            hub.service.load(parent).await.unwrap(),
        );
        assert_eq!((read.status, read.merged_into), (Status::Received, None));
        assert!(above.doc.children.is_empty());
        for id in [parent, child] {
            assert!(
                hub.service
                    .verify_log(id, &actor, now())
                    .await
                    .unwrap()
                    .intact
            );
        }
    }
}

#[tokio::test]
async fn hidden_is_not_found_and_known_is_denied() {
    for hub in hubs().await {
        let case = hub.handling(now()).await;
        let (id, task) = (case.id, case.tasks[0].id);
        let stranger = clerk(7, &["incident.read", "incident.handle"], within(&[8]), 1);
        let reader = clerk(8, &["incident.read"], within(&[3]), 1);
        let handler = clerk(9, &["incident.read", "incident.handle"], within(&[3, 4]), 1);
        let hidden = hub.service.detail(id, &stranger, now()).await.unwrap_err();
        assert!(matches!(hidden, IncidentError::NotFound));
        let body = json!({ "task_id": task, "text": "已处理" });
        let hidden = hub
            .give(id, &stranger, "report", body.clone(), now())
            .await
            .unwrap_err();
        assert!(matches!(hidden, IncidentError::NotFound));
        let denied = hub
            .give(id, &reader, "report", body.clone(), now())
            .await
            .unwrap_err();
        assert_eq!(denied.code(), "incident.denied");
        assert!(
            hub.service
                .detail(id, &reader, now())
                .await
                .unwrap()
                .allowed
                .is_empty()
        );
        let shown = hub.service.detail(id, &handler, now()).await.unwrap();
        assert!(
            shown.allowed.contains(&"report".to_owned()),
            "{:?}",
            shown.allowed
        );
        assert_eq!(shown.public, None, "the code is the citizen's");
        hub.give(id, &handler, "report", body, now()).await.unwrap();
    }
}

#[tokio::test]
async fn the_reporter_is_masked_and_every_look_is_on_the_record() {
    for hub in hubs().await {
        let mut new = report("路灯不亮");
        let reporter = |secret| NewReporter {
            name: Masked::new("王小明"),
            phone: Masked::new("13812345678"),
            secret,
        };
        new.reporter = Some(reporter(false));
        let open = hub.create(new.clone(), now()).await;
        new.reporter = Some(reporter(true));
        let secret = hub.create(new, now()).await;
        let handler = clerk(9, &["incident.read", "incident.handle"], OrgScope::All, 4);
        let desk = clerk(10, &["incident.read", "incident.reveal"], OrgScope::All, 4);
        let of = |id, actor| {
            let hub: &Hub = &hub;
            async move {
                hub.service
                    .detail(id, actor, now())
                    .await
                    .unwrap()
                    .reporter
                    .unwrap()
            }
        };
        assert_eq!(of(open, &handler).await.phone_masked, "138****5678");
        assert_eq!(of(open, &handler).await.name_masked, "王*明");
        assert_eq!(of(secret, &handler).await.phone_masked, "");
        assert_eq!(of(secret, &desk).await.phone_masked, "138****5678");
        let purpose = hub
            .service
            .reveal(open, " ", &desk, now())
            .await
            .unwrap_err();
        assert_eq!(purpose.fields()[0].path, "/purpose");
        let (name, phone) = hub
            .service
            .reveal(open, "回访", &desk, now())
            .await
            .unwrap()
            .unwrap();
        assert_eq!((name.as_str(), phone.as_str()), ("王小明", "13812345678"));
        let denied = hub
            .service
            .reveal(open, "好奇", &handler, now())
            .await
            .unwrap_err();
        assert_eq!(denied.code(), "incident.denied");
        let entries = hub.audit.0.lock().unwrap();
        assert_eq!(entries.len(), 2, "one look, one refused look");
        let text = format!("{entries:?}");
        assert!(
            text.contains("回访") && !text.contains("13812345678"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn the_citizen_sees_rates_and_reopens_once() {
    for hub in hubs().await {
        let case = hub.closed(now()).await;
        let (number, code) = (case.number.as_str(), case.query_code.as_str());
        let wrong = hub
            .service
            .public_status(number, "WRONG123", now())
            .await
            .unwrap_err();
        assert!(matches!(wrong, IncidentError::NotFound));
        let lower = hub
            .service
            .public_status(number, &code.to_lowercase(), now())
            .await
            .unwrap();
        assert_eq!(lower.unit.unwrap().zh, "单位cgj");
        assert!(lower.can_rate && lower.can_reopen);
        let rate = crate::lifecycle::Rate {
            score: 2,
            solved: false,
            text: "又坏了".to_owned(),
            public: true,
        };
        let rated = hub
            .service
            .public_rate(number, code, rate.clone(), now())
            .await
            .unwrap();
        assert!(!rated.can_rate);
        let again = hub
            .service
            .public_rate(number, code, rate, now())
            .await
            .unwrap_err();
        assert_eq!(again.code(), "incident.already_rated");
        let later = now() + SignedDuration::from_hours(24);
        let back = hub
            .service
            .public_reopen(number, code, "又不亮了".to_owned(), later)
            .await
            .unwrap();
        assert_eq!(back.stage, Status::Registered);
        assert!(!back.can_reopen);
    }
}

/// On SQLite the whole database file is measured, indexes and all.
#[tokio::test]
async fn a_closed_case_takes_less_than_six_kilobytes() {
    const CASES: usize = 60;
    let hub = hubs().await.remove(0);
    let size = async || -> i64 {
        use sea_orm::ConnectionTrait as _;
        let db = hub.db.db.read();
        let sql = "SELECT SUM(pgsize) AS n FROM dbstat WHERE name LIKE 'incident%' OR name LIKE '%autoindex_incident%'";
        match db
            .query_one_raw(sea_orm::Statement::from_string(
                sea_orm::DbBackend::Sqlite,
                sql,
            ))
            .await
        {
            Ok(Some(row)) => row.try_get("", "n").unwrap(),
            _ => 0,
        }
    };
    for n in 0..CASES {
        let at = now() + SignedDuration::from_mins(n as i64);
        hub.closed(at).await;
    }
    let bytes = size().await / CASES as i64;
    assert!(bytes < 6 * 1024, "{bytes} bytes for each case");
    eprintln!("{bytes} bytes per closed case");
}

#[tokio::test]
async fn many_callers_of_one_case_mark_it_and_a_list_finds_it() {
    use crate::model::{Flag, NewReporter};
    use crate::service::ListQuery;
    use yiwang_kernel::Masked;

    for hub in hubs().await {
        let desk = person(1);
        let called = |n: u32| {
            let mut new = report("停水");
            new.reporter = Some(NewReporter {
                name: Masked::new("某"),
                phone: Masked::new(format!("1380000{n:04}")),
                secret: false,
            });
            new
        };
        let parent = hub.create(called(0), now()).await;
        for n in [1, 1, 2, 3, 4, 5, 6, 7, 8, 9] {
            let child = hub.create(called(n), now()).await;
            let body = json!({ "into": parent });
            hub.give(child, &desk, "merge", body, now()).await.unwrap();
        }
        let case = hub.service.load(parent).await.unwrap();
        assert_eq!((case.doc.children.len(), case.doc.callers), (10, 10));
        assert!(case.has(Flag::Mass));
        let events = hub.db.db.events_after(0, 1_000).await.unwrap();
        let mass = events.iter().filter(|event| event.kind == "incident.mass");
        assert_eq!(mass.count(), 1);
        let page = yiwang_kernel::PageRequest::default();
        for (flags, found) in [(vec![Flag::Mass], 1), (vec![Flag::Suspended], 0)] {
            let query = ListQuery {
                flags,
                ..ListQuery::default()
            };
            let rows = hub.service.list(&query, &page, &desk, now()).await.unwrap();
            assert_eq!(rows.items.len(), found);
        }
        let detail = hub.service.detail(parent, &desk, now()).await.unwrap();
        assert_eq!(detail.callers, 10);
    }
}

#[tokio::test]
async fn a_dispatched_case_keeps_the_versions_it_was_judged_by() {
    for hub in hubs().await {
        let id = hub.create(report("路灯不亮"), now()).await;
        let desk = person(1);
        let versions = async || hub.service.detail(id, &desk, now()).await.unwrap().versions;
        assert_eq!(versions().await.list, 0, "not dispatched yet");
        for (command, body) in [
            ("accept", json!({})),
            ("register", json!({})),
            ("dispatch", json!({ "mode": "single", "lead": org(3) })),
        ] {
            hub.give(id, &desk, command, body, now()).await.unwrap();
        }
        let kept = versions().await;
        assert_eq!(
            (kept.item, kept.list, kept.catalog, kept.calendar),
            (3, 1, 17, 1)
        );
    }
}
