//! What a connection costs on which nothing is said.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::task::JoinSet;

use super::city::City;
use super::load::Link;

/// Connections that are being opened at a time.
const AT_ONCE: usize = 64;
const DEVICES: usize = 200;

/// Opens `connections` and tells what each adds to the server's memory; each is asked whether it is there at the end.
pub(crate) async fn idle(binary: &Path, folder: &Path, connections: usize) -> anyhow::Result<()> {
    let home = tempfile::Builder::new().prefix("idle").tempdir_in(folder)?;
    let city = City::open(binary, home.path(), DEVICES, 1).await?;
    let senders = city.senders();
    let (before, kernel_before) = (city.memory()?, kernel_pages()?);
    let began = Instant::now();
    let mut links = Vec::new();
    let mut opening = JoinSet::new();
    for number in 0..connections {
        let sender = senders.get(number % DEVICES).context("no device")?.clone();
        let address = city.mqtt;
        opening.spawn(async move {
            Link::open_as(&format!("idle-{number}"), address, &sender, 1).await
        });
        if opening.len() >= AT_ONCE {
            links.push(opening.join_next().await.context("nothing opens")???);
        }
    }
    while let Some(link) = opening.join_next().await {
        links.push(link??);
    }
    let took = began.elapsed();
    // What was needed to let them in is given back by then.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let (after, kernel_after) = (city.memory()?, kernel_pages()?);
    let each = |bytes: u64| bytes as f64 / connections as f64;
    println!(
        "{connections} connections in {:.1} s, {:.0} bytes of the server's memory each ({:.0} MiB to {:.0} MiB), kernel's socket buffers of both ends {:.0} bytes each",
        took.as_secs_f64(),
        each(after.saturating_sub(before)),
        before as f64 / 1_048_576.0,
        after as f64 / 1_048_576.0,
        each(kernel_after.saturating_sub(kernel_before) * 4_096),
    );
    let began = Instant::now();
    for link in &mut links {
        link.client.ping(super::load::now());
        link.exchange().await?;
    }
    println!("all answer a ping: {:.2} s", began.elapsed().as_secs_f64());
    drop(links);
    city.stop().await
}

/// Pages of the kernel that TCP has.
fn kernel_pages() -> anyhow::Result<u64> {
    let text = std::fs::read_to_string("/proc/net/sockstat")?;
    let line = text.lines().find(|line| line.starts_with("TCP:"));
    let pages = line.and_then(|line| line.rsplit(' ').next());
    Ok(pages.context("no TCP in sockstat")?.parse()?)
}
