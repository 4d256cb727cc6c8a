use super::*;

fn panics() -> impl Future<Output = ()> {
    std::future::poll_fn(|_| std::panic::panic_any("a broken promise"))
}

#[tokio::test]
async fn every_end_is_recorded() {
    let tasks = Tasks::new(Metrics::new());
    let stop = tasks.stop_token();
    tasks.spawn("waits", async move { stop.cancelled().await });
    tasks.spawn("fails", async { Err::<(), _>("no luck") });
    tasks.spawn("panics", panics());
    assert_eq!(
        tasks.stop(Duration::from_secs(5)).await,
        Vec::<String>::new()
    );
    assert_eq!(
        tasks.states(),
        [
            ("fails".to_owned(), TaskState::Failed("no luck".to_owned())),
            (
                "panics".to_owned(),
                TaskState::Panicked("a broken promise".to_owned())
            ),
            ("waits".to_owned(), TaskState::Ended),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn stopping_does_not_wait_for_ever() {
    let tasks = Tasks::new(Metrics::new());
    tasks.spawn("deaf", std::future::pending::<()>());
    assert_eq!(tasks.stop(Duration::from_secs(5)).await, ["deaf"]);
}
