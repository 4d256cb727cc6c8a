//! Several nodes on one PostgreSQL: one at a time works, another takes over, no cursor goes back.

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use yiwang_contracts::{Event, EventScope, NewEvent};
use yiwang_kernel::{Clock, ManualClock, Uuid, new_uuid};
use yiwang_store::{
    Db, EventHandler, HandlerError, LEASE, Lease, StoreError, StoreOptions, Subscription,
    SubscriptionRunner,
};
use yiwang_testkit::{TestDb, clock, databases};

use crate::MIGRATIONS;

/// Two nodes on each PostgreSQL there is; SQLite has one node only.
async fn pairs() -> Vec<(TestDb, Db)> {
    let mut pairs = Vec::new();
    for test in databases(&MIGRATIONS).await {
        let Some(url) = test.url.clone() else {
            continue;
        };
        let mut options = StoreOptions::new(url);
        options.connections = 4;
        let other = Db::open(&options).await.unwrap();
        pairs.push((test, other));
    }
    pairs
}

fn node(clock: &ManualClock) -> Uuid {
    new_uuid(clock.now())
}

async fn publish(db: &Db, count: usize) {
    db.write::<(), StoreError, _>(move |tx| {
        Box::pin(async move {
            for n in 0..count {
                let at = clock().now();
                tx.publish(NewEvent {
                    kind: "note.written".into(),
                    subject_id: new_uuid(at),
                    at,
                    scope: EventScope {
                        action: "note.read".into(),
                        orgs: Vec::new(),
                        area: None,
                        secrecy: 1,
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

type Before = Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// Keeps what it was given; something may happen before it does.
#[derive(Default)]
struct Recorder {
    seen: Mutex<Vec<i64>>,
    before: Option<Before>,
}

impl EventHandler for Recorder {
    fn handle<'a>(&'a self, events: &'a [Event]) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            if let Some(before) = &self.before {
                before().await;
            }
            let seqs = events.iter().map(|event| event.seq);
            self.seen.lock().unwrap().extend(seqs);
            Ok(())
        })
    }
}

fn runner(db: &Db, recorder: &Arc<Recorder>, clock: &Arc<ManualClock>) -> SubscriptionRunner {
    let subscription = Subscription {
        name: "recorder",
        kinds: &[],
        handler: recorder.clone(),
    };
    SubscriptionRunner::new(db.clone(), subscription, clock.clone(), node(clock))
}

fn count(recorder: &Recorder) -> usize {
    recorder.seen.lock().unwrap().len()
}

#[tokio::test]
async fn a_lease_has_one_holder_and_passes_on_when_it_runs_out_or_is_given_back() {
    for (test, other) in pairs().await {
        let clock = clock();
        let a = Lease::new(test.db.clone(), "work", node(&clock));
        let b = Lease::new(other, "work", node(&clock));
        assert!(a.hold(clock.now()).await.unwrap());
        assert!(!b.hold(clock.now()).await.unwrap());
        clock.advance(LEASE / 2);
        assert!(a.hold(clock.now()).await.unwrap(), "it is renewed");
        clock.advance(LEASE / 2);
        assert!(!b.hold(clock.now()).await.unwrap(), "it was renewed");
        clock.advance(LEASE);
        assert!(b.hold(clock.now()).await.unwrap(), "its time is over");
        assert!(!a.hold(clock.now()).await.unwrap());
        b.release().await.unwrap();
        let fresh = Lease::new(test.db.clone(), "work", node(&clock));
        assert!(fresh.hold(clock.now()).await.unwrap(), "it was given back");
        a.release().await.unwrap();
        assert!(
            fresh.hold(clock.now()).await.unwrap(),
            "not hers to give back"
        );
    }
}

#[tokio::test]
async fn nodes_that_ask_at_once_agree_on_one_holder() {
    for (test, other) in pairs().await {
        let clock = clock();
        let leases: Vec<Lease> = (0..16)
            .map(|n| {
                let db = if n % 2 == 0 { &test.db } else { &other };
                Lease::new(db.clone(), "work", node(&clock))
            })
            .collect();
        for _ in 0..5 {
            let asked = leases.iter().map(|lease| lease.hold(clock.now()));
            let held = futures::future::join_all(asked).await;
            let holders = held.into_iter().filter(|held| *held.as_ref().unwrap());
            assert_eq!(holders.count(), 1);
            clock.advance(LEASE);
        }
    }
}

#[tokio::test]
async fn a_subscription_runs_on_one_node_and_another_takes_it_over() {
    for (test, other) in pairs().await {
        let clock = clock();
        let (first, second) = (Arc::new(Recorder::default()), Arc::new(Recorder::default()));
        let a = runner(&test.db, &first, &clock);
        let b = runner(&other, &second, &clock);
        a.register().await.unwrap();
        b.register().await.unwrap();
        publish(&test.db, 30).await;
        assert_eq!(a.run_due().await.unwrap(), 30);
        publish(&other, 20).await;
        assert_eq!(b.run_due().await.unwrap(), 0, "the other node does it");
        // The first node is gone.
        clock.advance(LEASE);
        assert_eq!(b.run_due().await.unwrap(), 20);
        assert_eq!(a.run_due().await.unwrap(), 0);
        assert_eq!((count(&first), count(&second)), (30, 20));
        assert_eq!(test.db.subscriptions().await.unwrap()[0].behind, 0);
    }
}

#[tokio::test]
async fn a_node_held_up_beyond_its_lease_does_not_take_the_cursor_back() {
    for (test, other) in pairs().await {
        let clock = clock();
        publish(&test.db, 10).await;
        let late = Arc::new(Recorder::default());
        let taken = Arc::new(runner(&other, &late, &clock));
        let (held_up, db) = (clock.clone(), other.clone());
        let slow = Arc::new(Recorder {
            before: Some(Box::new(move || {
                let (clock, db, taken) = (held_up.clone(), db.clone(), taken.clone());
                Box::pin(async move {
                    clock.advance(LEASE);
                    assert_eq!(taken.run_due().await.unwrap(), 10);
                    publish(&db, 5).await;
                    assert_eq!(taken.run_due().await.unwrap(), 5);
                })
            })),
            ..Recorder::default()
        });
        runner(&test.db, &slow, &clock).run_due().await.unwrap();
        assert_eq!(count(&late), 15);
        assert_eq!(count(&slow), 10, "at least once: what it had begun");
        assert_eq!(test.db.subscriptions().await.unwrap()[0].behind, 0);
    }
}
