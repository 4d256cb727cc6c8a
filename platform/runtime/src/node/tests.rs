use std::collections::HashSet;
use std::sync::Mutex;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use futures::future::BoxFuture;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;
use yiwang_contracts::{
    Actor, Audit, AuditEntry, Authenticate, Event, EventScope, Grant, NewEvent, OrgScope, Origin,
};
use yiwang_http::Edge;
use yiwang_kernel::{Clock as _, Fault, ManualClock, Timestamp, Uuid};
use yiwang_store::{EventHandler, HandlerError};
use yiwang_testkit::TestDb;

use super::*;
use crate::{Config, ReadinessStatus};

#[derive(Default)]
struct Handler {
    seen: Mutex<Vec<String>>,
    is_broken: AtomicBool,
}

impl EventHandler for Handler {
    fn handle<'a>(&'a self, events: &'a [Event]) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            if self.is_broken.load(Ordering::SeqCst) {
                return Err("cannot".into());
            }
            self.seen
                .lock()
                .unwrap()
                .extend(events.iter().map(|event| event.kind.clone()));
            Ok(())
        })
    }
}

#[derive(Default)]
struct Doorman {
    audited: Mutex<Vec<String>>,
}

impl Authenticate for Doorman {
    fn authenticate<'a>(
        &'a self,
        token: &'a str,
        origin: Origin,
        _now: Timestamp,
    ) -> BoxFuture<'a, Option<Actor>> {
        let grant = Grant {
            role: "test".to_owned(),
            actions: Arc::new(HashSet::from([token.to_owned()])),
            org: OrgScope::All,
            area: None,
            secrecy_max: 1,
            purpose: None,
            expires_at: None,
        };
        let actor = Actor {
            grants: Arc::new(vec![grant]),
            origin,
            system: false,
            ..Actor::system("someone")
        };
        Box::pin(std::future::ready(Some(actor)))
    }
}

impl Audit for Doorman {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), Box<dyn Fault>>> {
        self.audited
            .lock()
            .unwrap()
            .push(format!("{} {:?}", entry.action, entry.outcome));
        Box::pin(std::future::ready(Ok(())))
    }
}

struct Bench {
    edge: Edge,
    _store: TestDb,
    clock: Arc<ManualClock>,
    handler: Arc<Handler>,
    doorman: Arc<Doorman>,
    node: Node,
    app: axum::Router,
}

async fn bench() -> Bench {
    let store = yiwang_testkit::sqlite(&[yiwang_http::migrations()]).await;
    let clock = Arc::new(ManualClock::at("2026-11-23T08:00:00Z".parse().unwrap()));
    let platform = Platform::new(
        store.db.clone(),
        yiwang_store::Blobs::temporary().expect("a folder can be made"),
        clock.clone(),
        Arc::new(Config::defaults()),
    );
    let (handler, doorman) = (Arc::new(Handler::default()), Arc::new(Doorman::default()));
    platform.audit.connect(doorman.clone());
    let subscription = Subscription {
        name: "test.things",
        kinds: &["thing."],
        handler: handler.clone(),
    };
    let mut domain = Domain::new("test", OpenApiRouter::new());
    domain.subscriptions.push(subscription);
    let (node, routes) = Node::new(platform.clone(), vec![domain]);
    let edge = Edge::new(
        store.db.clone(),
        clock.clone(),
        doorman.clone(),
        platform.counters.clone(),
        platform.config.edge_options(),
    );
    let app = yiwang_http::finish(routes.into(), None, &edge);
    Bench {
        edge,
        _store: store,
        clock,
        handler,
        doorman,
        node,
        app,
    }
}

impl Bench {
    async fn publish(&self, kind: &str) {
        let event = NewEvent {
            kind: kind.to_owned(),
            subject_id: Uuid::from_u128(7),
            at: self.clock.now(),
            scope: EventScope {
                action: "thing.read".to_owned(),
                orgs: Vec::new(),
                area: None,
                secrecy: 1,
            },
            body: Value::Null,
        };
        let write = self.node.platform().db.write(move |tx| {
            Box::pin(async move {
                tx.publish(event);
                Ok::<_, StoreError>(())
            })
        });
        write.await.unwrap();
    }

    async fn ask(&self, method: &str, path: &str, token: &str) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"));
        let response = self
            .app
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let (status, text) = self.ask("GET", path, "system.read").await;
        (
            status,
            serde_json::from_str(&text).unwrap_or(Value::String(text)),
        )
    }
}

#[tokio::test]
async fn settling_runs_everything_that_is_due() {
    let bench = bench().await;
    bench.node.open().await.unwrap();
    bench.publish("thing.made").await;
    bench.publish("other.made").await;
    assert_eq!(bench.node.settle().await, Ok(1));
    assert_eq!(*bench.handler.seen.lock().unwrap(), ["thing.made"]);
    assert_eq!(bench.node.settle().await, Ok(0));
}

#[tokio::test]
async fn a_node_is_ready_once_it_is_open_and_says_what_is_wrong() {
    let bench = bench().await;
    assert_eq!(
        bench.ask("GET", "/healthz", "").await,
        (StatusCode::OK, "ok\n".to_owned())
    );
    let (status, body) = bench.get("/readyz").await;
    assert_eq!(
        (status, body["status"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("not_ready"))
    );
    bench.node.open().await.unwrap();
    let (status, body) = bench.get("/readyz").await;
    assert_eq!(
        (status, body["status"].as_str()),
        (StatusCode::OK, Some("ready")),
        "{body}"
    );
    bench
        .node
        .platform()
        .tasks
        .spawn("breaks", async { Err::<(), _>("no luck") });
    let readiness = loop {
        let readiness = bench.node.health().readiness().await;
        if readiness.status == ReadinessStatus::Degraded {
            break readiness;
        }
        tokio::task::yield_now().await;
    };
    let check = readiness
        .checks
        .iter()
        .find(|check| check.name == "tasks")
        .unwrap();
    assert_eq!(check.reason.as_deref(), Some("breaks failed: no luck"));
    assert_eq!(
        bench.get("/readyz").await.0,
        StatusCode::OK,
        "degraded still serves"
    );
}

#[tokio::test]
async fn a_subscription_that_does_not_move_makes_the_node_unready() {
    let bench = bench().await;
    bench.node.open().await.unwrap();
    bench.publish("thing.made").await;
    assert_eq!(bench.get("/readyz").await.1["status"], "ready");
    bench.clock.advance(SignedDuration::from_secs(61));
    let (status, body) = bench.get("/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let check = body["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["name"] == "subscriptions")
        .unwrap();
    assert_eq!(check["reason"], "test.things has not moved for 61 s");
    bench.node.settle().await.unwrap();
    assert_eq!(bench.get("/readyz").await.1["status"], "ready");
}

#[tokio::test]
async fn parked_messages_are_shown_retried_and_discarded() {
    let bench = bench().await;
    bench.node.open().await.unwrap();
    bench.handler.is_broken.store(true, Ordering::SeqCst);
    bench.publish("thing.first").await;
    bench.publish("thing.second").await;
    bench.node.settle().await.unwrap();
    let (_, body) = bench.get("/api/v1/system/parked").await;
    let ids: Vec<&str> = body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        (ids.len(), body["items"][0]["error"].as_str()),
        (2, Some("cannot"))
    );
    assert_eq!(bench.get("/readyz").await.1["status"], "degraded");

    let retry = format!("/api/v1/system/parked/{}/retry", ids[0]);
    let (status, text) = bench.ask("POST", &retry, "system.read").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(text.contains("system.failed_again"), "{text}");
    bench.handler.is_broken.store(false, Ordering::SeqCst);
    assert_eq!(
        bench.ask("POST", &retry, "system.read").await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(*bench.handler.seen.lock().unwrap(), ["thing.first"]);
    let discard = format!("/api/v1/system/parked/{}/discard", ids[1]);
    assert_eq!(
        bench.ask("POST", &discard, "other").await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        bench.ask("POST", &discard, "system.read").await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        bench.ask("POST", &discard, "system.read").await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        *bench.doorman.audited.lock().unwrap(),
        [
            "parked.retry Failed",
            "parked.retry Done",
            "parked.discard Done"
        ]
    );
}

#[tokio::test]
async fn queues_and_metrics_tell_how_the_machinery_stands() {
    let bench = bench().await;
    bench.node.open().await.unwrap();
    bench.publish("thing.made").await;
    bench.node.settle().await.unwrap();
    let (status, body) = bench.get("/api/v1/system/queues").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body["subscriptions"][0]["behind"], 0);
    assert_eq!(body["outbox"]["last_seq"], 1);
    let names: Vec<&str> = body["reconcilers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["http.idempotency", "store.events"]);
    assert_eq!(body["reconcilers"][0]["last_at"], "2026-11-23T08:00:00Z");
    assert_eq!(
        bench.ask("GET", "/api/v1/system/queues", "nothing").await.0,
        StatusCode::FORBIDDEN
    );
    let (_, text) = bench.ask("GET", "/metrics", "").await;
    assert!(
        text.contains("reconciler_passes_total{reconciler=\"store.events\"} 1\n"),
        "{text}"
    );
    assert!(
        text.contains("\nstore_writes_total ") && text.contains("\nhttp_requests_total{"),
        "{text}"
    );
}

#[tokio::test]
async fn a_started_node_works_by_itself_and_stops() {
    let bench = bench().await;
    bench.node.open().await.unwrap();
    bench.node.start();
    bench.publish("thing.made").await;
    while bench.handler.seen.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        bench
            .node
            .platform()
            .tasks
            .stop(Duration::from_secs(5))
            .await,
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_served_node_answers_until_it_is_told_to_stop() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let bench = bench().await;
    bench.node.open().await.unwrap();
    bench.node.start();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (node, app, edge) = (bench.node.clone(), bench.app.clone(), bench.edge.clone());
    let served = tokio::spawn(async move { node.serve(listener, app, &edge).await });
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET /readyz HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(
        text.starts_with("HTTP/1.1 200 OK") && text.contains("\"status\":\"ready\""),
        "{text}"
    );
    bench.node.platform().tasks.stop_token().cancel();
    assert_eq!(served.await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn the_audit_log_refuses_until_it_is_connected() {
    let link = crate::AuditLink::default();
    let entry = AuditEntry {
        at: "2026-11-23T08:00:00Z".parse().unwrap(),
        user_id: None,
        user_name: String::new(),
        origin: Origin::default(),
        action: "test".to_owned(),
        object: String::new(),
        outcome: yiwang_contracts::AuditOutcome::Done,
        detail: Value::Null,
    };
    assert_eq!(
        link.record(entry.clone()).await.unwrap_err().code(),
        "audit.not_open"
    );
    link.connect(Arc::new(Doorman::default()));
    assert!(link.as_question().record(entry).await.is_ok());
}
