//! The edge with everything on, in process, without a port.

mod edge;
mod extract;
mod idempotency;
mod live;

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::Response;
use futures::future::BoxFuture;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;
use yiwang_contracts::{Actor, Authenticate, Grant, OrgId, OrgScope, Origin, UserId};
use yiwang_kernel::{ManualClock, Timestamp, Uuid};
use yiwang_testkit::TestDb;

use crate::{Edge, EdgeOptions, Metrics};

const START: &str = "2026-11-23T08:00:00Z";

/// Tokens that are good, with their actors.
#[derive(Default)]
struct Known {
    actors: Mutex<HashMap<String, Actor>>,
    /// How often anybody asked.
    asked: AtomicUsize,
}

impl Known {
    fn add(&self, token: &str, actions: &[&str]) -> UserId {
        let user_id = UserId(Uuid::from_u128(
            token
                .bytes()
                .fold(7, |sum, byte| sum * 31 + u128::from(byte)),
        ));
        let grant = Grant {
            role: "test".to_owned(),
            actions: Arc::new(
                actions
                    .iter()
                    .map(|action| (*action).to_owned())
                    .collect::<HashSet<_>>(),
            ),
            org: OrgScope::All,
            area: None,
            secrecy_max: 1,
            purpose: None,
            expires_at: None,
        };
        let actor = Actor {
            user_id,
            name: token.to_owned(),
            org_id: OrgId(Uuid::nil()),
            org_name: String::new(),
            grants: Arc::new(vec![grant]),
            origin: Origin::default(),
            system: false,
        };
        self.actors.lock().unwrap().insert(token.to_owned(), actor);
        user_id
    }

    fn forget(&self, token: &str) {
        self.actors.lock().unwrap().remove(token);
    }
}

impl Authenticate for Known {
    fn authenticate<'a>(
        &'a self,
        token: &'a str,
        origin: Origin,
        _now: Timestamp,
    ) -> BoxFuture<'a, Option<Actor>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let actor = self.actors.lock().unwrap().get(token).cloned();
        Box::pin(std::future::ready(
            actor.map(|actor| Actor { origin, ..actor }),
        ))
    }
}

/// The parts of an edge under test.
struct Bench {
    store: TestDb,
    clock: Arc<ManualClock>,
    known: Arc<Known>,
    edge: Edge,
}

impl Bench {
    async fn new(options: EdgeOptions) -> Self {
        let store = yiwang_testkit::sqlite(&[crate::migrations()]).await;
        Self::on(store, options)
    }

    fn on(store: TestDb, options: EdgeOptions) -> Self {
        let clock = Arc::new(ManualClock::at(START.parse().unwrap()));
        let known = Arc::new(Known::default());
        known.add("ann", &["thing.read", "incident.read"]);
        known.add("bob", &[]);
        let edge = Edge::new(
            store.db.clone(),
            clock.clone(),
            known.clone(),
            Metrics::new(),
            options,
        );
        Self {
            store,
            clock,
            known,
            edge,
        }
    }

    fn finish(&self, routes: Router) -> Router {
        crate::finish(routes, None, &self.edge)
    }
}

fn get(path: &str) -> Asked {
    Asked::new("GET", path)
}

fn post(path: &str, body: impl Into<Body>) -> Asked {
    let mut asked = Asked::new("POST", path).header("content-type", "application/json");
    asked.body = body.into();
    asked
}

/// A request in the making.
struct Asked {
    request: axum::http::request::Builder,
    body: Body,
    peer: SocketAddr,
}

impl Asked {
    fn new(method: &str, path: &str) -> Self {
        let request = Request::builder().method(method).uri(path);
        Self {
            request,
            body: Body::empty(),
            peer: "192.0.2.7:4000".parse().unwrap(),
        }
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    fn from(mut self, peer: &str) -> Self {
        self.peer = peer.parse().unwrap();
        self
    }

    async fn raw(self, app: &Router) -> Response {
        let mut request = self.request.body(self.body).unwrap();
        request.extensions_mut().insert(ConnectInfo(self.peer));
        app.clone().oneshot(request).await.unwrap()
    }

    async fn send(self, app: &Router) -> Answer {
        let (parts, body) = self.raw(app).await.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: bytes.to_vec(),
        }
    }
}

/// A complete answer.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| {
            panic!(
                "no JSON: {} {}",
                self.status,
                String::from_utf8_lossy(&self.body)
            )
        })
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Status and code of a problem, which must be in the problem media type.
    fn problem(&self) -> (u16, String) {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.status
        );
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        assert_eq!(
            body["type"],
            format!("urn:yiwang:problem:{}", body["code"].as_str().unwrap())
        );
        assert!(!body["title"].as_str().unwrap().is_empty());
        (
            self.status.as_u16(),
            body["code"].as_str().unwrap().to_owned(),
        )
    }
}

#[track_caller]
fn is_problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.problem(), (status, code.to_owned()));
}
