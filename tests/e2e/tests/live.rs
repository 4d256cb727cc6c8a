//! Another officer's change arrives within a second, in order, and nothing is missed after a break.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::time::timeout;
use yiwang_e2e::{Api, City, Options, Program};

pub(crate) const CONNECT_MAX: Duration = Duration::from_secs(10);
const ARRIVAL_MAX: Duration = Duration::from_secs(1);

/// A stream of server-sent events, read by hand.
pub(crate) struct Stream {
    lines: Lines<BufReader<TcpStream>>,
}

#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) seq: i64,
    pub(crate) kind: String,
    pub(crate) data: Value,
}

impl Stream {
    pub(crate) async fn open(
        program: &Program,
        person: &Api,
        after: Option<i64>,
    ) -> anyhow::Result<Self> {
        let host = program.authority();
        let mut stream = TcpStream::connect(host).await?;
        let resume = after
            .map(|seq| format!("Last-Event-ID: {seq}\r\n"))
            .unwrap_or_default();
        let request = format!(
            "GET /api/v1/live HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\n\
             Authorization: Bearer {}\r\n{resume}\r\n",
            person.token()
        );
        stream.write_all(request.as_bytes()).await?;
        let mut lines = BufReader::new(stream).lines();
        let first = timeout(CONNECT_MAX, lines.next_line())
            .await??
            .unwrap_or_default();
        ensure!(first.contains(" 200 "), "{first}");
        Ok(Self { lines })
    }

    /// The next event about the case `id`.
    pub(crate) async fn next_about(
        &mut self,
        id: &str,
        patience: Duration,
    ) -> anyhow::Result<Told> {
        let next = async {
            loop {
                let told = self.next().await?;
                if told.data.to_string().contains(id) {
                    return anyhow::Ok(told);
                }
            }
        };
        timeout(patience, next)
            .await
            .context("the event did not arrive in time")?
    }

    pub(crate) async fn next(&mut self) -> anyhow::Result<Told> {
        let mut told = Told {
            seq: 0,
            kind: String::new(),
            data: Value::Null,
        };
        loop {
            let line = self.lines.next_line().await?.context("the stream ended")?;
            if let Some(value) = line.strip_prefix("id:") {
                told.seq = value.trim().parse()?;
            } else if let Some(value) = line.strip_prefix("event:") {
                value.trim().clone_into(&mut told.kind);
            } else if let Some(value) = line.strip_prefix("data:") {
                told.data = serde_json::from_str(value.trim())?;
            } else if line.is_empty() && !told.kind.is_empty() && told.seq > 0 {
                return Ok(told);
            }
        }
    }
}

#[tokio::test]
async fn another_officers_change_arrives_and_a_break_misses_nothing() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let program = Program::start(folder.path(), &Options::default()).await?;
    let city = City::enter(&program.base).await?;
    let report = city.report("实时变化").await?;

    // The first event may have to wait for the stream to be set up; the others may not.
    let mut stream = Stream::open(&program, &city.dispatcher, None).await?;
    let mut case = city.create(&report).await?;
    let received = stream.next_about(&case.id, CONNECT_MAX).await?;
    ensure!(received.kind.starts_with("incident."), "{received:?}");
    case.step(&city.intake, "accept", &json!({})).await?;
    let accepted = stream.next_about(&case.id, ARRIVAL_MAX).await?;
    ensure!(accepted.seq > received.seq, "{received:?} {accepted:?}");
    drop(stream);

    case.step(&city.dispatcher, "note", &json!({"text": "断线期间"}))
        .await?;
    let mut stream = Stream::open(&program, &city.dispatcher, Some(accepted.seq)).await?;
    let missed = stream.next_about(&case.id, CONNECT_MAX).await?;
    ensure!(missed.seq > accepted.seq, "{accepted:?} {missed:?}");
    drop(stream);
    ensure!(program.stop().await?.success());
    Ok(())
}
