use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::SignedDuration;
use yiwang_kernel::{ManualClock, new_uuid};
use yiwang_store::StoreOptions;

use super::*;

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at("2026-11-23T08:00:00Z".parse().unwrap()))
}

async fn store() -> Db {
    Db::open(&StoreOptions::memory()).await.unwrap()
}

fn seconds(n: i64) -> Duration {
    Duration::from_secs(n.unsigned_abs())
}

#[tokio::test]
async fn passes_run_when_due_and_are_recorded() {
    let (clock, db) = (clock(), store().await);
    let ran = Arc::new(AtomicUsize::new(0));
    let counted = ran.clone();
    let works = Reconciler::new("test.works", seconds(10), move |_now| {
        let n = counted.fetch_add(1, Ordering::SeqCst);
        async move { Ok(n + 5) }
    });
    let fails = Reconciler::new("test.fails", seconds(60), |_now| async {
        Err("no luck".into())
    });
    let all = Reconcilers::new(
        vec![works, fails],
        clock.clone(),
        Metrics::new(),
        (&db, new_uuid(clock.now())),
    );
    assert_eq!(
        all.run_due_now().await,
        Err("test.fails: no luck".to_owned())
    );
    assert_eq!(all.run_due_now().await, Ok(0), "nothing is due");
    clock.advance(SignedDuration::from_secs(35));
    assert_eq!(all.run_due_now().await, Ok(6));
    assert_eq!(
        ran.load(Ordering::SeqCst),
        2,
        "missed passes are not made up for"
    );
    let [works, fails] = all.states().try_into().unwrap();
    assert_eq!((works.passes, works.last_done, works.failures), (2, 6, 0));
    assert_eq!(
        works.due_at,
        "2026-11-23T08:00:40Z".parse().unwrap(),
        "the grid stays"
    );
    assert_eq!(
        (fails.passes, fails.failures, fails.last_error.as_deref()),
        (1, 1, Some("no luck"))
    );
}

#[tokio::test]
async fn a_panic_is_a_failed_pass() {
    let breaks = Reconciler::new("test.breaks", seconds(1), |_now| async {
        std::panic::panic_any("a broken promise")
    });
    let (clock, db) = (clock(), store().await);
    let node = new_uuid(clock.now());
    let all = Reconcilers::new(vec![breaks], clock, Metrics::new(), (&db, node));
    assert_eq!(
        all.run_due_now().await,
        Err("test.breaks: panicked: a broken promise".to_owned())
    );
}

#[tokio::test]
async fn tasks_keep_them_running_until_the_node_stops() {
    let (sender, mut receiver) = tokio::sync::mpsc::channel(10);
    let ticks = Reconciler::new("test.ticks", Duration::from_millis(5), move |now| {
        let sender = sender.clone();
        async move { Ok(sender.send(now).await.map(|()| 1)?) }
    });
    let tasks = Tasks::new(Metrics::new());
    let all = Reconcilers::new(
        vec![ticks],
        Arc::new(yiwang_kernel::SystemClock),
        Metrics::new(),
        (&store().await, new_uuid(clock().now())),
    );
    all.start(&tasks);
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(receiver.recv().await.unwrap());
    }
    assert!(seen.is_sorted());
    assert_eq!(tasks.stop(seconds(5)).await, Vec::<String>::new());
    assert_eq!(tasks.states()[0].0, "reconciler test.ticks");
}
