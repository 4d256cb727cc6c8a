//! A plain HTTP/1.1 client that costs as little as a client can: one connection, one request at a time.

use anyhow::{Context, bail};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Largest answer read.
const ANSWER_BYTES_MAX: usize = 16 << 20;

pub(crate) struct Client {
    stream: TcpStream,
    host: String,
    token: String,
    /// Asks for short answers.
    pub(crate) minimal: bool,
    buffer: Vec<u8>,
}

/// Status and body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> anyhow::Result<Value> {
        self.read()
    }

    /// What is needed of the answer; the rest is passed over.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        serde_json::from_slice(&self.body).context("the answer is not the JSON that was expected")
    }

    /// Anything but 2xx voids the run.
    pub(crate) fn good(self) -> anyhow::Result<Self> {
        if !(200..300).contains(&self.status) {
            bail!(
                "status {}: {}",
                self.status,
                String::from_utf8_lossy(&self.body)
            );
        }
        Ok(self)
    }
}

impl Client {
    /// `host` is `127.0.0.1:8080`.
    pub(crate) async fn connect(host: &str, token: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(host)
            .await
            .with_context(|| format!("cannot connect to {host}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            host: host.to_owned(),
            token: token.to_owned(),
            minimal: false,
            buffer: Vec::with_capacity(1 << 16),
        })
    }

    pub(crate) async fn sign_in(
        host: &str,
        username: &str,
        password: &str,
    ) -> anyhow::Result<Self> {
        let mut client = Self::connect(host, "").await?;
        let body = serde_json::json!({ "username": username, "password": password });
        let answer = client
            .post("/api/v1/sessions", &body)
            .await?
            .good()?
            .json()?;
        let token = answer
            .get("token")
            .and_then(Value::as_str)
            .context("no token in the answer")?;
        token.clone_into(&mut client.token);
        Ok(client)
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) async fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        self.send("GET", path, b"").await
    }

    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.send("POST", path, body.to_string().as_bytes()).await
    }

    /// Changes the version of something that was read.
    pub(crate) async fn patch(
        &mut self,
        path: &str,
        version: i64,
        body: &Value,
    ) -> anyhow::Result<Answer> {
        let body = body.to_string();
        let request = format!(
            "PATCH {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nIf-Match: \"{version}\"\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            self.token,
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await?;
        self.receive().await
    }

    /// Posts something that is not JSON.
    pub(crate) async fn post_as(
        &mut self,
        path: &str,
        content_type: &str,
        body: &[u8],
    ) -> anyhow::Result<Answer> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
            self.host,
            self.token,
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await?;
        self.stream.write_all(body).await?;
        self.receive().await
    }

    async fn send(&mut self, method: &str, path: &str, body: &[u8]) -> anyhow::Result<Answer> {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept: */*\r\n",
            self.host
        );
        if !self.token.is_empty() {
            request.push_str("Authorization: Bearer ");
            request.push_str(&self.token);
            request.push_str("\r\n");
        }
        if method == "POST" {
            request.push_str("Content-Type: application/json\r\nContent-Length: ");
            request.push_str(&body.len().to_string());
            request.push_str("\r\n");
        }
        if self.minimal {
            request.push_str("Prefer: return=minimal\r\n");
        }
        request.push_str("\r\n");
        let mut bytes = request.into_bytes();
        bytes.extend_from_slice(body);
        self.stream.write_all(&bytes).await?;
        self.receive().await
    }

    async fn receive(&mut self) -> anyhow::Result<Answer> {
        self.buffer.clear();
        let head = loop {
            if let Some(at) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let text = std::str::from_utf8(self.buffer.get(..head).unwrap_or_default())?;
        let status = text
            .split(' ')
            .nth(1)
            .and_then(|word| word.parse().ok())
            .context("no status line")?;
        let length: usize = text
            .lines()
            .find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().to_owned())
            })
            .and_then(|n| n.parse().ok())
            .context("the answer has no Content-Length")?;
        while self.buffer.len() < head + length {
            self.more().await?;
        }
        Ok(Answer {
            status,
            body: self
                .buffer
                .get(head..head + length)
                .unwrap_or_default()
                .to_vec(),
        })
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        if self.buffer.len() > ANSWER_BYTES_MAX {
            bail!("the answer is too long");
        }
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}
