//! A client of the REST API: one signed-in person.

use std::time::Duration;

use anyhow::{Context, ensure};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

const REQUEST_MAX: Duration = Duration::from_secs(40);

/// A person with a token. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Api {
    client: Client,
    base: String,
    token: String,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub content_type: String,
    pub body: Value,
}

impl Answer {
    /// The body, if the answer is a success.
    pub fn ok(self) -> anyhow::Result<Value> {
        ensure!(self.status.is_success(), "{}: {}", self.status, self.body);
        Ok(self.body)
    }

    /// The stable code of a problem.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

impl Api {
    /// Nobody in particular.
    pub fn anonymous(base: &str) -> anyhow::Result<Self> {
        let client = Client::builder().timeout(REQUEST_MAX).build()?;
        Ok(Self {
            client,
            base: base.to_owned(),
            token: String::new(),
        })
    }

    pub async fn sign_in(base: &str, username: &str) -> anyhow::Result<Self> {
        let mut api = Self::anonymous(base)?;
        let body = json!({"username": username, "password": "yiwang-demo"});
        let session = api.post("/api/v1/sessions", &body).await?.ok()?;
        let token = session["token"].as_str();
        token
            .context("the answer has no token")?
            .clone_into(&mut api.token);
        Ok(api)
    }

    /// The same person at a program that was started again elsewhere.
    #[must_use]
    pub fn at(&self, base: &str) -> Self {
        Self {
            base: base.to_owned(),
            ..self.clone()
        }
    }

    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: token.to_owned(),
            ..self.clone()
        }
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    pub async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.send(Method::POST, path, Some(body)).await
    }

    /// Sends a file in.
    pub async fn upload(&self, content: Vec<u8>) -> anyhow::Result<Answer> {
        let url = format!("{}/api/v1/media", self.base);
        let request = self.client.post(url).bearer_auth(&self.token);
        Self::read(request.body(content).send().await?).await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Answer> {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        Self::read(request.send().await?).await
    }

    async fn read(answer: reqwest::Response) -> anyhow::Result<Answer> {
        let status = answer.status();
        let content_type = answer
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let text = answer.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Answer {
            status,
            content_type,
            body,
        })
    }
}
