//! SensorThings through its routes: what is read, by whom, and what is changed.

mod reading;
mod rights;
mod writing;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use yiwang_http::{Edge, EdgeOptions};

use crate::testing::{Net, Tokens};

struct Door {
    net: Net,
    app: Router,
}

const ROOT: &str = "/sensorthings/v1.1";

impl Door {
    async fn open() -> Self {
        let net = Net::open(yiwang_testkit::sqlite(&[crate::migrations()]).await).await;
        let edge = Edge::new(
            net.test.db.clone(),
            Arc::clone(&net.clock) as Arc<dyn yiwang_kernel::Clock>,
            Arc::new(Tokens),
            net.platform.counters.clone(),
            EdgeOptions::default(),
        );
        let routes = crate::sensorthings::routes(Arc::clone(&net.service), String::new());
        let app = yiwang_http::finish(routes, None, &edge);
        Self { net, app }
    }

    /// A river station of the water unit with three days of levels, one every hour, and a secret one.
    async fn with_river() -> (Self, String) {
        let door = Self::open().await;
        let (_, token) = door.net.register(Net::device("R1")).await;
        let mut secret = Net::device("S1");
        secret["secrecy"] = json!(3);
        let (_, other) = door.net.register(secret).await;
        let now = door.net.platform.now();
        let messages: Vec<Value> = (0..72)
            .rev()
            .map(|hour| {
                let at = now - jiff::SignedDuration::from_hours(hour);
                json!({ "time": at, "values": { "level": 72 - hour, "door": "shut" } })
            })
            .collect();
        door.net.push("R1", &token, &json!(messages)).await.unwrap();
        let message = json!({ "time": now, "values": { "level": 9 } });
        door.net.push("S1", &other, &message).await.unwrap();
        (door, token)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        authorization: &str,
        body: &Value,
    ) -> (StatusCode, Value, String) {
        let path = path
            .strip_prefix("http://city")
            .unwrap_or(path)
            .replace(' ', "%20");
        let path = if path.starts_with(ROOT) {
            path
        } else {
            format!("{ROOT}{path}")
        };
        let kind = if body.is_array() && method == Method::PATCH {
            "application/json-patch+json"
        } else {
            "application/json"
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "city")
            .header(header::AUTHORIZATION, authorization)
            .header(header::CONTENT_TYPE, kind);
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        let response = self
            .app
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let status = response.status();
        let place = response.headers().get(header::LOCATION);
        let place = place.map_or_else(String::new, |place| place.to_str().unwrap().to_owned());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let json = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        (status, json, place)
    }

    async fn get_as(&self, token: &str, path: &str) -> (StatusCode, Value) {
        let (status, body, _) = self
            .send(Method::GET, path, &format!("Bearer {token}"), &Value::Null)
            .await;
        (status, body)
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.get_as("all", path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn ids(&self, path: &str) -> Vec<String> {
        let body = self.get(path).await;
        let list = body["value"].as_array().unwrap();
        list.iter()
            .map(|one| one["@iot.id"].as_str().unwrap().to_owned())
            .collect()
    }

    async fn change(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Value,
    ) -> (StatusCode, Value, String) {
        self.send(method, path, &format!("Bearer {token}"), &body)
            .await
    }

    async fn changed(&self, method: Method, path: &str, body: Value) -> Value {
        let (status, told, _) = self.change(method, path, "all", body).await;
        assert_eq!(status, StatusCode::OK, "{path}: {told}");
        told
    }

    async fn made(&self, path: &str, body: Value) -> String {
        let (status, told, place) = self.change(Method::POST, path, "all", body).await;
        assert_eq!(status, StatusCode::CREATED, "{path}: {told}");
        place
    }
}
