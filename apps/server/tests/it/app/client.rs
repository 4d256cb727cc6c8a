//! Somebody with a credential who sends requests.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use axum::response::Response;
use serde_json::Value;
use tower::ServiceExt as _;

use super::Answer;

#[derive(Clone)]
pub(crate) struct Client {
    app: Router,
    headers: Vec<(String, String)>,
}

/// A path with its parameters written as a URL wants them.
pub(crate) fn query(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(parameters);
    format!("{path}?{}", text.finish())
}

impl Client {
    pub(crate) fn anonymous(app: Router) -> Self {
        Self {
            app,
            headers: Vec::new(),
        }
    }

    pub(crate) fn with_token(self, token: &str) -> Self {
        self.with(header::AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    /// Sends one more header with every request.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Gives a case a command.
    pub(crate) async fn command(&self, id: &str, command: &str, body: Value) -> Answer {
        self.post(&format!("/api/v1/incidents/{id}/commands/{command}"), body)
            .await
    }

    /// All rows of a list, page by page.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut rows = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self
                .get(&format!("{path}{joint}limit=200{cursor}"))
                .await
                .ok();
            rows.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return rows,
            }
        }
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let (kind, body) = match body {
            Some(body) => (Some("application/json"), body.to_string().into_bytes()),
            None => (None, Vec::new()),
        };
        self.send_as(method, path, kind, body).await
    }

    /// With a body in another form than JSON.
    pub(crate) async fn send_as(
        &self,
        method: Method,
        path: &str,
        kind: Option<&str>,
        body: Vec<u8>,
    ) -> Answer {
        Answer::read(self.respond(method, path, kind, body).await).await
    }

    /// The answer with its body still to be read.
    pub(crate) async fn respond(
        &self,
        method: Method,
        path: &str,
        kind: Option<&str>,
        body: Vec<u8>,
    ) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request
            .body(Body::from(body))
            .unwrap_or_else(|fault| panic!("{path}: {fault}"));
        match self.app.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}
