//! How long an alarm is under way: from the publish to the event at a listener.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::load::{Link, Sender};
use super::watch::Watch;

/// Between two publishes of all probes together.
const PAUSE: Duration = Duration::from_millis(37);
/// Above the lowest threshold of the flow only, and well below.
const HIGH: f64 = 901.5;
const LOW: f64 = 10.0;

/// One probe after the other crosses a threshold and comes back; the delays of the alarms.
pub(super) async fn delays(
    host: &str,
    token: &str,
    mqtt: SocketAddr,
    probes: Vec<Sender>,
    lasts: Duration,
) -> anyhow::Result<Vec<Duration>> {
    let mut watch = Watch::open(host, token).await?;
    let mut links = Vec::new();
    for probe in &probes {
        links.push((Link::open(mqtt, probe, 8).await?, 0_u64));
    }
    let codes: Vec<String> = probes.into_iter().map(|probe| probe.code).collect();
    let mut published: HashMap<String, Instant> = HashMap::new();
    let mut delays = Vec::new();
    let began = Instant::now();
    let mut turn = 0_usize;
    let mut next = tokio::time::Instant::now() + Duration::from_secs(1);
    while began.elapsed() < lasts {
        tokio::select! {
            () = tokio::time::sleep_until(next) => {
                next += PAUSE;
                let count = links.len();
                let (Some((link, number)), Some(code)) =
                    (links.get_mut(turn % count), codes.get(turn % count)) else { break };
                // The first round is high, the second low, and so on.
                let is_high = (turn / count).is_multiple_of(2);
                turn += 1;
                *number += 1;
                link.publish(*number, if is_high { HIGH } else { LOW });
                if is_high {
                    published.insert(code.clone(), Instant::now());
                }
                link.exchange().await?;
                link.events().for_each(drop);
            }
            told = watch.next("alarm.raised") => {
                let (body, at) = told?;
                let body: Value = serde_json::from_str(&body)?;
                let device = body.pointer("/body/device").or_else(|| body.get("device"));
                if let Some(sent) = device.and_then(Value::as_str).and_then(|code| published.get(code)) {
                    delays.push(at.duration_since(*sent));
                }
            }
        }
    }
    Ok(delays)
}
