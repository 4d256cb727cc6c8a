//! The outbox and its subscribers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use yiwang_contracts::{Event, EventScope, NewEvent, OrgId};
use yiwang_kernel::{Clock, SystemClock, new_uuid};
use yiwang_store::{
    Db, EventHandler, HandlerError, StoreError, Subscription, SubscriptionRunner, TRIES_MAX,
};
use yiwang_testkit::{clock, databases};

use crate::MIGRATIONS;

#[derive(Default)]
struct Recorder {
    seen: Mutex<Vec<i64>>,
    poison: Mutex<Option<i64>>,
    down: AtomicBool,
}

impl EventHandler for Recorder {
    fn handle<'a>(&'a self, events: &'a [Event]) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            if self.down.load(Ordering::SeqCst) {
                return Err("down".into());
            }
            if events
                .iter()
                .any(|event| Some(event.seq) == *self.poison.lock().unwrap())
            {
                return Err("poison".into());
            }
            self.seen
                .lock()
                .unwrap()
                .extend(events.iter().map(|event| event.seq));
            Ok(())
        })
    }
}

async fn publish(db: &Db, kind: &'static str, count: usize) {
    db.write::<(), StoreError, _>(move |tx| {
        Box::pin(async move {
            let now = SystemClock.now();
            for n in 0..count {
                tx.publish(NewEvent {
                    kind: kind.into(),
                    subject_id: new_uuid(now),
                    at: now,
                    scope: EventScope {
                        action: "note.read".into(),
                        orgs: vec![OrgId::at(now)],
                        area: None,
                        secrecy: 3,
                    },
                    body: serde_json::json!({ "n": n }),
                });
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

fn runner(db: &Db, recorder: &Arc<Recorder>) -> SubscriptionRunner {
    let subscription = Subscription {
        name: "recorder",
        kinds: &["note."],
        handler: recorder.clone(),
    };
    SubscriptionRunner::new(
        db.clone(),
        subscription,
        clock(),
        new_uuid(SystemClock.now()),
    )
}

#[tokio::test]
async fn events_come_in_order_with_what_rights_need() {
    for test in databases(&MIGRATIONS).await {
        publish(&test.db, "note.written", 1200).await;
        let mut all = Vec::new();
        let mut from = 0;
        loop {
            let page = test.db.events_after(from, 500).await.unwrap();
            let Some(last) = page.last() else { break };
            from = last.seq;
            all.extend(page);
        }
        assert_eq!(all.len(), 1200, "{}", test.name);
        assert!(all.windows(2).all(|pair| pair[0].seq < pair[1].seq));
        assert_eq!(all[7].body["n"], 7);
        assert_eq!((all[0].scope.secrecy, all[0].scope.orgs.len()), (3, 1));
        assert_eq!(*test.db.watch_events().borrow(), all[1199].seq);
    }
}

#[tokio::test]
async fn events_from_memory_are_those_of_the_table() {
    use sea_orm::{ConnectionTrait as _, FromQueryResult, Statement};
    #[derive(Debug, PartialEq, FromQueryResult)]
    struct Row {
        seq: i64,
        kind: String,
        body: String,
    }
    for test in databases(&MIGRATIONS).await {
        let kinds = ["note.a", "note.b", "note.c"];
        let writes = kinds.map(|kind| publish(&test.db, kind, 7));
        futures::future::join_all(writes).await;
        let sql = "SELECT seq, kind, body FROM store_event ORDER BY seq";
        let select = Statement::from_string(test.db.backend().db(), sql);
        let rows = test.db.read().query_all_raw(select).await.unwrap();
        let rows: Vec<Row> = rows
            .iter()
            .map(|row| Row::from_query_result(row, "").unwrap())
            .collect();
        for after in [0, 3, 20] {
            let told = test.db.events_after(after, 100).await.unwrap();
            let told = told.into_iter().map(|event| Row {
                seq: event.seq,
                kind: event.kind,
                body: event.body.to_string(),
            });
            let told: Vec<Row> = told.collect();
            let expected = rows.iter().filter(|row| row.seq > after);
            assert!(
                told.iter().eq(expected),
                "{} after {after}: {told:?}",
                test.name
            );
        }
    }
}

#[tokio::test]
async fn a_subscriber_gets_each_event_once_and_only_its_kinds() {
    for test in databases(&MIGRATIONS).await {
        let recorder = Arc::new(Recorder::default());
        let runner = runner(&test.db, &recorder);
        publish(&test.db, "note.written", 10).await;
        publish(&test.db, "other.thing", 5).await;
        publish(&test.db, "note.gone", 3).await;
        assert_eq!(runner.run_due().await.unwrap(), 13, "{}", test.name);
        assert_eq!(runner.run_due().await.unwrap(), 0, "{}", test.name);
        assert_eq!(recorder.seen.lock().unwrap().len(), 13);
        assert_eq!(test.db.subscriptions().await.unwrap()[0].behind, 0);
    }
}

#[tokio::test]
async fn poison_is_parked_and_the_others_flow() {
    for test in databases(&MIGRATIONS).await {
        let recorder = Arc::new(Recorder::default());
        publish(&test.db, "note.written", 5).await;
        let third = test.db.events_after(0, 10).await.unwrap()[2].seq;
        *recorder.poison.lock().unwrap() = Some(third);
        runner(&test.db, &recorder).run_due().await.unwrap();
        assert_eq!(recorder.seen.lock().unwrap().len(), 4, "{}", test.name);
        let parked = test.db.parked().await.unwrap();
        assert_eq!(
            (parked.len(), parked[0].seq, parked[0].tries),
            (1, third, TRIES_MAX)
        );
        assert_eq!(parked[0].error, "poison");
        assert!(test.db.discard_parked(parked[0].id).await.unwrap());
        assert!(!test.db.discard_parked(parked[0].id).await.unwrap());
    }
}

#[tokio::test]
async fn events_stay_until_every_subscriber_had_them() {
    for test in databases(&MIGRATIONS).await {
        let recorder = Arc::new(Recorder::default());
        let runner = runner(&test.db, &recorder);
        runner.register().await.unwrap();
        publish(&test.db, "note.written", 10).await;
        let later = SystemClock.now() + std::time::Duration::from_mins(1);
        assert_eq!(
            test.db.prune_events(later).await.unwrap(),
            0,
            "{}",
            test.name
        );
        runner.run_due().await.unwrap();
        // The last one stays, so that `seq` never starts again.
        assert_eq!(
            test.db.prune_events(later).await.unwrap(),
            9,
            "{}",
            test.name
        );
    }
}

#[tokio::test]
async fn concurrent_writers_leave_no_gap_for_a_reader() {
    for test in databases(&MIGRATIONS).await {
        let db = test.db.clone();
        let writers = (0..8).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                for _ in 0..20 {
                    publish(&db, "note.written", 1).await;
                }
            })
        });
        let writing = tokio::spawn(futures::future::join_all(writers));
        let (mut from, mut seen) = (0, 0);
        while seen < 160 {
            let page = db.events_after(from, 500).await.unwrap();
            seen += page.len();
            from = page.last().map_or(from, |event| event.seq);
            if page.is_empty() && writing.is_finished() {
                break;
            }
            tokio::task::yield_now().await;
        }
        writing.await.unwrap();
        seen += db.events_after(from, 500).await.unwrap().len();
        assert_eq!(seen, 160, "{}", test.name);
    }
}
