//! The live stream: what happens within one's rights, at once, and nothing else.

use std::time::Duration;

use axum::http::Method;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

use crate::app::{Client, TestApp};

/// A stream being read.
struct Stream {
    body: axum::body::Body,
    text: String,
}

impl Stream {
    async fn open(client: &Client, path: &str) -> Self {
        let response = client.respond(Method::GET, path, None, Vec::new()).await;
        assert_eq!(response.status(), 200);
        Self {
            body: response.into_body(),
            text: String::new(),
        }
    }

    /// The next event: its kind and its data.
    async fn next(&mut self) -> (String, Value) {
        loop {
            if let Some((message, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    message
                        .lines()
                        .find_map(|line| line.strip_prefix(name))
                        .map(|text| text.trim().to_owned())
                };
                let found = field("event:").zip(field("data:"));
                self.text = rest.to_owned();
                if let Some((kind, data)) = found {
                    return (kind, serde_json::from_str(&data).unwrap());
                }
                continue;
            }
            let frame = tokio::time::timeout(Duration::from_secs(20), self.body.frame()).await;
            let frame = frame
                .expect("an event comes")
                .expect("the stream goes on")
                .unwrap();
            self.text
                .push_str(std::str::from_utf8(&frame.into_data().unwrap()).unwrap());
        }
    }
}

fn run(app: &TestApp) {
    app.city
        .node
        .platform()
        .tasks
        .spawn("live", app.city.live.clone().run());
}

#[tokio::test]
async fn what_is_within_ones_rights_comes_and_nothing_else() {
    let app = TestApp::start().await;
    run(&app);
    let mut all = Stream::open(&app.client("duty"), "/api/v1/live").await;
    let mut bureau = Stream::open(&app.client("handler"), "/api/v1/live").await;
    let case = app.dispatched().await;
    let mut other = app.registered(json!({})).await;
    other
        .step(
            "dispatcher",
            "dispatch",
            json!({"mode": "single", "lead": app.org_id("zjj")}),
        )
        .await;
    let last = app.dispatched().await;

    let (kind, event) = all.next().await;
    assert_eq!(
        (
            kind.as_str(),
            &event["body"]["number"],
            &event["body"]["status"]
        ),
        (
            "incident.received",
            &json!(case.number()),
            &json!("received")
        )
    );
    let steps = [all.next().await.0, all.next().await.0, all.next().await.0];
    assert_eq!(
        steps,
        [
            "incident.accepted",
            "incident.registered",
            "incident.dispatched"
        ]
    );
    assert_eq!(all.next().await.1["body"]["number"], other.number());

    // The bureau hears of a case when it becomes its own, and never of the other.
    let (kind, event) = bureau.next().await;
    assert_eq!(
        (kind.as_str(), &event["body"]["id"]),
        ("incident.dispatched", &json!(case.id))
    );
    let (kind, event) = bureau.next().await;
    assert_eq!(
        (kind.as_str(), &event["body"]["id"]),
        ("incident.dispatched", &json!(last.id))
    );
    app.settle().await;
}

#[tokio::test]
async fn a_stream_goes_on_where_it_broke_off() {
    let app = TestApp::start().await;
    run(&app);
    let mut first = Stream::open(&app.client("duty"), "/api/v1/live").await;
    let case = app.create(json!({})).await;
    let (_, event) = first.next().await;
    let seen = event["seq"].as_i64().unwrap();
    drop(first);
    let mut case = case;
    case.step("intake", "accept", json!({})).await;
    let client = app.client("duty").with("last-event-id", &seen.to_string());
    let mut again = Stream::open(&client, "/api/v1/live").await;
    assert_eq!(again.next().await.0, "incident.accepted");
    let answer = app
        .client("duty")
        .with("last-event-id", "x")
        .get("/api/v1/live")
        .await;
    answer.refused(400, "live.bad_event_id");
    app.anybody()
        .get("/api/v1/live")
        .await
        .refused(401, "auth.required");
    app.settle().await;
}
