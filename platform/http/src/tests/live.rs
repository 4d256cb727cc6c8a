//! Streams of events.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, BodyDataStream};
use serde_json::{Value, json};
use tokio_stream::StreamExt as _;
use tokio_util::sync::CancellationToken;
use yiwang_contracts::{EventScope, NewEvent};
use yiwang_kernel::{Timestamp, Uuid};
use yiwang_store::{Db, StoreError};

use super::{Bench, START, get, is_problem};
use crate::{EdgeOptions, LiveHub, LiveOptions, live_routes};

struct Streams {
    bench: Bench,
    app: Router,
    stop: CancellationToken,
    fed: tokio::task::JoinHandle<()>,
}

impl Streams {
    async fn new(options: LiveOptions) -> Self {
        Self::on(Bench::new(EdgeOptions::default()).await, options).await
    }

    async fn on(bench: Bench, options: LiveOptions) -> Self {
        let stop = CancellationToken::new();
        let db = bench.store.db.clone();
        let hub = LiveHub::open(db, bench.edge.metrics(), options, stop.clone())
            .await
            .unwrap();
        let fed = tokio::spawn(hub.clone().run());
        let app = bench.finish(live_routes(hub).into());
        Self {
            bench,
            app,
            stop,
            fed,
        }
    }

    async fn listen(&self, path: &str, last_event_id: Option<&str>) -> Listener {
        let mut asked = get(path).token("ann").header("accept-encoding", "gzip");
        if let Some(id) = last_event_id {
            asked = asked.header("last-event-id", id);
        }
        let response = asked.raw(&self.app).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert!(!response.headers().contains_key("content-encoding"));
        let mut listener = Listener {
            frames: response.into_body().into_data_stream(),
            text: String::new(),
        };
        let head = listener.block().await.unwrap();
        assert!(head.starts_with("retry: 2000"), "{head}");
        listener
            .text
            .insert_str(0, head.trim_start_matches("retry: 2000\n"));
        listener
            .text
            .insert_str(head.trim_start_matches("retry: 2000\n").len(), "\n\n");
        listener
    }

    async fn publish(&self, kind: &str, action: &str, secrecy: u8) -> i64 {
        publish(&self.bench.store.db, kind, action, secrecy).await
    }

    fn counter(&self, name: &'static str) -> u64 {
        self.bench.edge.metrics().counter(name, &[]).value()
    }
}

async fn publish(db: &Db, kind: &str, action: &str, secrecy: u8) -> i64 {
    let event = NewEvent {
        kind: kind.to_owned(),
        subject_id: Uuid::from_u128(1),
        at: START.parse::<Timestamp>().unwrap(),
        scope: EventScope {
            action: action.to_owned(),
            orgs: Vec::new(),
            area: None,
            secrecy,
        },
        body: json!({"text": "两\n行"}),
    };
    db.write(move |tx| {
        Box::pin(async move {
            tx.publish(event);
            Ok::<_, StoreError>(())
        })
    })
    .await
    .unwrap();
    db.last_event_seq().await.unwrap()
}

struct Listener {
    frames: BodyDataStream,
    text: String,
}

impl Listener {
    /// The next block of the stream up to its empty line; `None` when the stream has ended.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.to_owned();
                return Some(block);
            }
            let more = tokio::time::timeout(Duration::from_secs(100), self.frames.next())
                .await
                .expect("in time")?;
            self.text
                .push_str(std::str::from_utf8(&more.unwrap()).unwrap());
        }
    }

    /// The next event: its id, kind and data.
    async fn event(&mut self) -> Option<(i64, String, Value)> {
        loop {
            let block = self.block().await?;
            let field = |name: &str| {
                block
                    .lines()
                    .find_map(|line| line.strip_prefix(name))
                    .map(str::to_owned)
            };
            if let Some(kind) = field("event: ") {
                let data = serde_json::from_str(&field("data: ").unwrap()).unwrap();
                return Some((field("id: ").unwrap().parse().unwrap(), kind, data));
            }
        }
    }

    async fn kinds(&mut self, count: usize) -> Vec<String> {
        let mut kinds = Vec::new();
        for _ in 0..count {
            kinds.push(self.event().await.unwrap().1);
        }
        kinds
    }
}

#[tokio::test]
async fn events_arrive_as_the_actor_may_see_them() {
    let streams = Streams::new(LiveOptions::default()).await;
    streams.publish("incident.before", "incident.read", 1).await;
    tokio::task::yield_now().await;
    let mut listener = streams.listen("/api/v1/live?after=1", None).await;
    streams.publish("incident.secret", "incident.read", 2).await;
    streams.publish("user.changed", "user.read", 1).await;
    let seq = streams
        .publish("incident.accepted", "incident.read", 1)
        .await;
    let (id, kind, data) = listener.event().await.unwrap();
    assert_eq!((id, kind.as_str()), (seq, "incident.accepted"));
    assert_eq!(
        (data["seq"].as_i64(), data["body"]["text"].as_str()),
        (Some(seq), Some("两\n行"))
    );
    is_problem(
        &get("/api/v1/live").send(&streams.app).await,
        401,
        "auth.required",
    );
    is_problem(
        &get("/api/v1/live?after=x")
            .token("ann")
            .send(&streams.app)
            .await,
        400,
        "http.invalid_query",
    );
    is_problem(
        &get("/api/v1/live")
            .token("ann")
            .header("last-event-id", "x")
            .send(&streams.app)
            .await,
        400,
        "live.bad_event_id",
    );
}

#[tokio::test]
async fn a_stream_resumes_from_memory_and_from_the_outbox() {
    for store in yiwang_testkit::databases(&[crate::migrations()]).await {
        let bench = Bench::on(store, EdgeOptions::default());
        let first = publish(&bench.store.db, "incident.old", "incident.read", 1).await;
        let streams = Streams::on(
            bench,
            LiveOptions {
                ring_events: 3,
                ..LiveOptions::default()
            },
        )
        .await;
        for kind in [
            "incident.a",
            "incident.b",
            "incident.c",
            "incident.d",
            "incident.e",
        ] {
            streams.publish(kind, "incident.read", 1).await;
        }
        let mut far = streams
            .listen(&format!("/api/v1/live?after={}", first - 1), None)
            .await;
        assert_eq!(
            far.kinds(6).await,
            [
                "incident.old",
                "incident.a",
                "incident.b",
                "incident.c",
                "incident.d",
                "incident.e"
            ]
        );
        let mut near = streams
            .listen("/api/v1/live?after=1", Some(&(first + 4).to_string()))
            .await;
        assert_eq!(
            near.kinds(1).await,
            ["incident.e"],
            "the header comes before the parameter"
        );
        streams.publish("incident.f", "incident.read", 1).await;
        assert_eq!(
            (far.kinds(1).await, near.kinds(1).await),
            (vec!["incident.f".into()], vec!["incident.f".into()])
        );
        assert_eq!(streams.counter("live_resets_total"), 0);
        streams.stop.cancel();
        streams.fed.await.unwrap();
    }
}

#[tokio::test]
async fn who_asks_for_what_is_gone_is_told_to_load_anew() {
    let streams = Streams::new(LiveOptions::default()).await;
    let last = streams.publish("incident.a", "incident.read", 1).await;
    let mut ahead = streams
        .listen(&format!("/api/v1/live?after={}", last + 50), None)
        .await;
    let (_, kind, data) = ahead.event().await.unwrap();
    assert_eq!(
        (kind.as_str(), &data),
        ("reset", &json!({"after": last + 50}))
    );
    streams.publish("incident.b", "incident.read", 1).await;
    while ahead.event().await.unwrap().1 != "incident.b" {}
    let mut behind = streams.listen("/api/v1/live?after=-7", None).await;
    assert_eq!(behind.kinds(1).await, ["reset"]);
    assert_eq!(streams.counter("live_resets_total"), 2);
}

#[tokio::test]
async fn silence_is_filled_and_moves_the_resume_point() {
    let options = LiveOptions {
        heartbeat: Duration::from_millis(10),
        ..LiveOptions::default()
    };
    let streams = Streams::new(options).await;
    let mut listener = streams.listen("/api/v1/live", None).await;
    let unseen = streams.publish("user.changed", "user.read", 1).await;
    while listener.block().await.unwrap() != format!(": \nid: {unseen}") {}
}

#[tokio::test]
async fn a_revoked_session_ends_its_stream() {
    let options = LiveOptions {
        recheck: Duration::from_millis(10),
        ..LiveOptions::default()
    };
    let streams = Streams::new(options).await;
    let mut listener = streams.listen("/api/v1/live", None).await;
    streams.bench.known.add("ann", &[]);
    let asked = || streams.bench.known.asked.load(Ordering::SeqCst);
    let looked_at_again = asked() + 2;
    while asked() < looked_at_again {
        tokio::task::yield_now().await;
    }
    streams.publish("incident.a", "incident.read", 1).await;
    streams.bench.known.forget("ann");
    assert_eq!(
        listener.event().await,
        None,
        "rights taken away and then the session ended"
    );
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut() {
    let options = LiveOptions {
        queue_batches: 1,
        slow: Duration::from_millis(10),
        ..LiveOptions::default()
    };
    let streams = Streams::new(options).await;
    let response = get("/api/v1/live").token("ann").raw(&streams.app).await;
    streams.publish("incident.a", "incident.read", 1).await;
    let open = streams.bench.edge.metrics().gauge("live_connections", &[]);
    while open.value() > 0.5 {
        tokio::task::yield_now().await;
    }
    assert_eq!(streams.counter("live_cut_total"), 1);
    drop(response);
}

#[tokio::test]
async fn there_are_only_so_many_streams() {
    let options = LiveOptions {
        connections_per_user_max: 2,
        connections_max: 3,
        ..LiveOptions::default()
    };
    let streams = Streams::new(options).await;
    let open = async |token: &str| get("/api/v1/live").token(token).raw(&streams.app).await;
    let (first, _second) = (open("ann").await, open("ann").await);
    assert_eq!(open("ann").await.status(), 429);
    let _third = open("bob").await;
    assert_eq!(open("bob").await.status(), 429, "all places are taken");
    assert_eq!(streams.counter("live_refused_total"), 2);
    drop(first.into_body() as Body);
    while streams
        .bench
        .edge
        .metrics()
        .gauge("live_connections", &[])
        .value()
        > 2.5
    {
        tokio::task::yield_now().await;
    }
    assert_eq!(open("ann").await.status(), 200);
}

#[tokio::test]
async fn streams_end_when_the_node_stops() {
    let streams = Streams::new(LiveOptions::default()).await;
    let mut listener = streams.listen("/api/v1/live", None).await;
    streams.stop.cancel();
    assert_eq!(listener.event().await, None);
    streams.fed.await.unwrap();
}

#[tokio::test]
async fn the_document_of_the_routes_is_complete() {
    let bench = Bench::new(EdgeOptions::default()).await;
    let stop = CancellationToken::new();
    let db = bench.store.db.clone();
    let hub = LiveHub::open(db, bench.edge.metrics(), LiveOptions::default(), stop);
    let mut document = live_routes(hub.await.unwrap()).into_openapi();
    crate::complete_openapi(&mut document);
    let document = serde_json::to_value(&document).unwrap();
    let live = &document["paths"]["/api/v1/live"]["get"];
    assert_eq!(live["operationId"], "live_stream");
    let problem =
        &live["responses"]["403"]["content"]["application/problem+json"]["schema"]["$ref"];
    let pointer = problem.as_str().unwrap().trim_start_matches('#');
    let schema = document.pointer(pointer).unwrap();
    assert_eq!(schema["properties"]["status"]["type"], "integer");
    let field = schema["properties"]["fields"]["items"]["$ref"]
        .as_str()
        .unwrap();
    assert!(
        document.pointer(field.trim_start_matches('#')).is_some(),
        "{field}"
    );
    assert_eq!(
        document["components"]["securitySchemes"]["session"]["name"],
        "yw_session"
    );
}
