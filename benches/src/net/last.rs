//! The last values of very many devices: taken in, found again at a start, and read in one answer.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::ensure;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::city::install;
use crate::client::Client;
use crate::figures::median;
use crate::server::Server;

/// Devices of one import, and lines of one push.
const AT_ONCE: usize = 20_000;
const PASSWORD: &str = "yiwang-demo";
/// Everything that is known of each, and what a map draws.
const VALUES: &str = "/api/v1/devices/last-values?property=flow";
const DRAWN: &str = "/api/v1/devices/last-values?property=flow&column=device&column=value";

/// Registers `devices`, gives each a value, starts the server anew and reads them all `asks` times.
pub(crate) async fn last(
    binary: &Path,
    folder: &Path,
    devices: usize,
    asks: usize,
) -> anyhow::Result<()> {
    let home = tempfile::Builder::new().prefix("last").tempdir_in(folder)?;
    let data = home.path().join("data");
    install(binary, home.path(), 1).await?;
    let server = Server::start(binary, &data).await?;
    let mut client = Client::sign_in(&server.host, "integrator", PASSWORD).await?;
    let began = Instant::now();
    fill(&mut client, devices).await?;
    println!(
        "{devices} devices registered and a value of each stored in {:.0} s",
        began.elapsed().as_secs_f64()
    );
    server.stop().await?;

    let began = Instant::now();
    let server = Server::start(binary, &data).await?;
    println!(
        "start to ready {:.1} s, {:.0} bytes of the server's memory a device",
        began.elapsed().as_secs_f64(),
        server.memory()? as f64 / devices as f64
    );
    let mut client = Client::sign_in(&server.host, "integrator", PASSWORD).await?;
    let (mut whole, mut drawn, mut summaries) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..asks {
        for (address, times) in [(VALUES, &mut whole), (DRAWN, &mut drawn)] {
            let began = Instant::now();
            let (rows, bytes) = read(&server.host, client.token(), address).await?;
            times.push(milliseconds(began.elapsed()));
            ensure!(
                rows == devices + 1,
                "{rows} lines instead of {devices} and a head"
            );
            println!(
                "{rows} lines, {:.0} MiB in {:.0} ms",
                bytes as f64 / 1_048_576.0,
                times.last().unwrap_or(&0.0)
            );
        }
        let began = Instant::now();
        let summary = client
            .get("/api/v1/devices/summary")
            .await?
            .good()?
            .json()?;
        summaries.push(milliseconds(began.elapsed()));
        ensure!(
            summary.get("devices").and_then(Value::as_u64) >= Some(devices as u64),
            "the summary does not count them: {summary}"
        );
    }
    println!(
        "median: everything of all last values {:.0} ms, device and value {:.0} ms, summary {:.0} ms",
        median(whole),
        median(drawn),
        median(summaries)
    );
    server.stop().await
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

fn code(number: usize) -> String {
    format!("320281LV{number:08}")
}

async fn fill(client: &mut Client, devices: usize) -> anyhow::Result<()> {
    let time = super::load::micros() / 1_000_000 - 60;
    for from in (0..devices).step_by(AT_ONCE) {
        let numbers = from..devices.min(from + AT_ONCE);
        let count = numbers.len();
        let mut lines = String::new();
        let cards: Vec<Value> = numbers
            .map(|number| {
                let _written = writeln!(lines, "{},{time},flow,{}", code(number), number % 1_000);
                json!({ "code": code(number), "profile": "bench-meter", "name": code(number),
                    "org": "slj", "protocol": "http", "interval_seconds": 3_600 })
            })
            .collect();
        let told = client
            .post("/api/v1/devices/import", &json!({ "devices": cards }))
            .await?;
        let told = told.good()?.json()?;
        ensure!(told.get("is_done") == Some(&json!(true)), "refused: {told}");
        let told = client
            .post_as("/api/v1/sensing/readings", "text/csv", lines.as_bytes())
            .await?;
        let told = told.good()?.json()?;
        ensure!(
            told.get("stored") == Some(&json!(count)),
            "not all stored: {told}"
        );
    }
    Ok(())
}

/// Reads an answer that ends with its connection; answers its lines and its bytes.
async fn read(host: &str, token: &str, path: &str) -> anyhow::Result<(usize, usize)> {
    let mut socket = TcpStream::connect(host).await?;
    let request =
        format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n");
    socket.write_all(request.as_bytes()).await?;
    let (mut buffer, mut body) = (vec![0; 1 << 18], Vec::new());
    let mut lines = 0;
    let mut bytes = 0;
    let mut is_body = false;
    loop {
        let count = socket.read(&mut buffer).await?;
        let piece = buffer.get(..count).unwrap_or_default();
        if count == 0 {
            return Ok((lines, bytes));
        }
        let part = if is_body {
            piece
        } else {
            body.extend_from_slice(piece);
            let Some(head) = body.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            ensure!(
                body.starts_with(b"HTTP/1.0 200") || body.starts_with(b"HTTP/1.1 200"),
                "no answer"
            );
            is_body = true;
            body.get(head + 4..).unwrap_or_default()
        };
        bytes += part.len();
        lines += part.split(|byte| *byte == b'\n').count() - 1;
    }
}
