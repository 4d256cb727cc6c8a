//! HTTP by hand: bytes out, bytes in. For requests that no client library would send, and as a client
//! that shares no code with the server.

use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const EXCHANGE_MAX: Duration = Duration::from_secs(45);

#[derive(Debug, Clone)]
pub struct RawAnswer {
    /// 0 when the server closed the connection without an answer.
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// Sends `bytes` on a new connection and reads until the server closes it.
pub async fn exchange(authority: &str, bytes: &[u8]) -> anyhow::Result<RawAnswer> {
    let mut stream = TcpStream::connect(authority).await?;
    // The server may refuse and close while we still write; what it answered counts.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let read = timeout(EXCHANGE_MAX, stream.read_to_end(&mut answer)).await;
    let _ = read.context("the connection stayed open")?;
    Ok(RawAnswer::parse(&answer))
}

impl RawAnswer {
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|word| word.parse().ok())
            .unwrap_or(0);
        let chunked = head
            .to_ascii_lowercase()
            .contains("transfer-encoding: chunked");
        let body = if chunked {
            joined(body)
        } else {
            body.to_owned()
        };
        Self {
            status,
            head: head.to_owned(),
            body,
        }
    }

    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'));
        lines
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }
}

/// A chunked body without its chunk sizes.
fn joined(body: &str) -> String {
    let mut whole = String::new();
    let mut rest = body;
    while let Some((size, after)) = rest.split_once("\r\n") {
        let length = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        let Some(chunk) = after.get(..length).filter(|_| length > 0) else {
            break;
        };
        whole.push_str(chunk);
        rest = after.get(length + 2..).unwrap_or_default();
    }
    whole
}
