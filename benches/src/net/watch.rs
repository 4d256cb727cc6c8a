//! A listener of the stream of changes.

use std::time::Instant;

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

pub(super) struct Watch {
    lines: tokio::io::Lines<BufReader<TcpStream>>,
}

impl Watch {
    pub(super) async fn open(host: &str, token: &str) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        let request = format!(
            "GET /api/v1/live HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut lines = BufReader::new(stream).lines();
        let status = lines.next_line().await?.context("no answer")?;
        if !status.contains(" 200 ") {
            bail!("the stream is not opened: {status}");
        }
        Ok(Self { lines })
    }

    /// The body of the next event of a kind, and when it was here.
    pub(super) async fn next(&mut self, kind: &str) -> anyhow::Result<(String, Instant)> {
        let mut is_wanted = false;
        loop {
            let line = self.lines.next_line().await?.context("the stream ended")?;
            if let Some(told) = line.strip_prefix("event:") {
                is_wanted = told.trim() == kind;
            } else if let Some(body) = line.strip_prefix("data:").filter(|_| is_wanted) {
                return Ok((body.trim().to_owned(), Instant::now()));
            }
        }
    }
}
