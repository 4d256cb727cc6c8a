//! Positions of vehicles against very many fences, through the whole server on one processor: MQTT, the durable record,
//! the map's live positions, the fences and what they tell.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use bytes::Bytes;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use super::city::City;
use super::load::Load;
use crate::client::Client;
use crate::figures::percentile_ms;

/// What is asked for.
const PER_SECOND: f64 = 10_000.0;
const SETTLES_WITHIN: Duration = Duration::from_secs(30);
/// Fences become known within so long of the last one.
const FENCES_WITHIN: Duration = Duration::from_mins(1);
/// West, south, east, north of the city.
const CITY: [f64; 4] = [120.0, 31.75, 120.6, 32.0];
const METRES_PER_DEGREE: f64 = 111_195.0;
/// Each vehicle drives around a place of its own.
const ROUND_METRES: f64 = 3_000.0;
const METRES_PER_SECOND: f64 = 12.5;

/// `devices` vehicles at 45 km/h say where they are, 10,000 times a second together, among `fences` fences for all.
pub(crate) async fn fixes(
    binary: &Path,
    folder: &Path,
    (devices, fences): (usize, usize),
    seconds: u64,
) -> anyhow::Result<()> {
    let home = tempfile::Builder::new()
        .prefix("fixes")
        .tempdir_in(folder)?;
    let city = City::start(binary, home.path(), "vehicle", devices).await?;
    let began = Instant::now();
    enclose(&city.host, fences).await?;
    println!(
        "{fences} fences set up one by one in {:.0} s",
        began.elapsed().as_secs_f64()
    );
    warm_up(&city).await?;
    city.pin().await?;
    let (before, cpu) = (position_count(&city).await?, city.cpu()?);
    let load = Load {
        address: city.mqtt,
        senders: city.senders(),
        words: position,
        window: 32,
        lasts: Duration::from_secs(seconds),
        per_second: Some(PER_SECOND),
    };
    let mut done = load.run().await?;
    let spent = city.cpu()?.saturating_sub(cpu);
    let began = Instant::now();
    let wanted = before + done.acknowledged;
    while position_count(&city).await? < wanted {
        ensure!(
            began.elapsed() < SETTLES_WITHIN,
            "{} of {wanted} positions were looked at",
            position_count(&city).await?
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let missed = city.counted("geo_positions_missed_total").await?;
    ensure!(missed == 0.0, "{missed} positions were passed over");
    let told = event_count(&city, seconds).await?;
    ensure!(told > 0, "no fence told anything");
    println!(
        "{devices} vehicles, {:.0} positions/s of {PER_SECOND:.0} asked for, all looked at {:.0} ms after the last answer; {told} events written; the server's one processor busy {:.0} %, {:.1} µs a position; answers p50 {:.1} ms, p99 {:.1} ms",
        done.acknowledged as f64 / done.took.as_secs_f64(),
        began.elapsed().as_secs_f64() * 1e3,
        100.0 * spent.as_secs_f64() / done.took.as_secs_f64(),
        spent.as_secs_f64() * 1e6 / done.acknowledged as f64,
        percentile_ms(&mut done.answers, 0.5),
        percentile_ms(&mut done.answers, 0.99),
    );
    city.stop().await
}

/// Where a vehicle is: around its own place at 45 km/h, by the time alone.
fn position(index: usize, _number: u64, time: u64) -> Bytes {
    let mut random = StdRng::seed_from_u64(index as u64);
    let [west, south, east, north] = CITY;
    let (lon, lat) = (
        random.random_range(west..east),
        random.random_range(south..north),
    );
    // Radians since a day began, so that doubles stay exact.
    let way = (time % 86_400_000) as f64 / 1_000.0 * METRES_PER_SECOND;
    let angle = way / ROUND_METRES + random.random_range(0.0..std::f64::consts::TAU);
    let degrees = ROUND_METRES / METRES_PER_DEGREE;
    let lon = lon + degrees * angle.cos() / lat.to_radians().cos();
    let lat = lat + degrees * angle.sin();
    let direction = angle.to_degrees().rem_euclid(360.0).round();
    format!(
        "{{\"time\":{time},\"values\":{{\"lon\":{lon:.6},\"lat\":{lat:.6},\"speed\":45,\"direction\":{direction}}}}}"
    )
    .into()
}

/// A third circles, a third polygons of 5 to 45 corners, a third corridors of two kilometres.
async fn enclose(host: &str, count: usize) -> anyhow::Result<()> {
    let mut client = Client::sign_in(host, "integrator", super::city::PASSWORD).await?;
    let mut random = StdRng::seed_from_u64(5);
    for number in 0..count {
        let body = json!({ "name": format!("围栏{number}"), "plan": {
            "outline": outline(number, &mut random),
            "concerns": { "tags": ["vehicle"] },
            "rules": { "enter": true, "leave": true, "overspeed": { "kmh": 60 } },
        }});
        client.post("/api/v1/fences", &body).await?.good()?;
    }
    Ok(())
}

fn outline(number: usize, random: &mut StdRng) -> Value {
    let [west, south, east, north] = CITY;
    let (lon, lat) = (
        random.random_range(west..east),
        random.random_range(south..north),
    );
    let around = |angle: f64, metres: f64| {
        let degrees = metres / METRES_PER_DEGREE;
        [
            lon + degrees * angle.cos() / lat.to_radians().cos(),
            lat + degrees * angle.sin(),
        ]
    };
    match number % 3 {
        0 => {
            json!({ "kind": "circle", "centre": [lon, lat], "radius_m": random.random_range(100.0..300.0) })
        }
        1 => {
            let corners = random.random_range(5..45);
            let mut ring: Vec<[f64; 2]> = (0..corners)
                .map(|corner| {
                    let angle = f64::from(corner) / f64::from(corners) * std::f64::consts::TAU;
                    around(angle, random.random_range(100.0..300.0))
                })
                .collect();
            ring.extend(ring.first().copied());
            json!({ "kind": "polygon", "coordinates": [[ring]] })
        }
        _ => {
            let angle = random.random_range(0.0..std::f64::consts::TAU);
            json!({ "kind": "corridor", "half_width_m": 30, "lines": [[[lon, lat], around(angle, 2_000.0)]] })
        }
    }
}

/// Waits until the server looks at the last fence: one vehicle stands where it is all along.
async fn warm_up(city: &City) -> anyhow::Result<()> {
    let began = Instant::now();
    let probe = city.probes();
    let load = Load {
        address: city.mqtt,
        senders: probe,
        words: position,
        window: 32,
        lasts: Duration::from_secs(3),
        per_second: Some(20.0),
    };
    while event_count(city, 600).await? == 0 {
        ensure!(
            began.elapsed() < FENCES_WITHIN,
            "no fence tells anything before the load"
        );
        load.run().await?;
    }
    Ok(())
}

/// How many positions the server has looked at.
async fn position_count(city: &City) -> anyhow::Result<u64> {
    let view = city
        .ask(&format!("/api/v1/positions?after={}", u64::MAX / 2))
        .await?;
    let revision = view.get("revision").and_then(Value::as_u64);
    revision.context("no revision of positions")
}

/// Events of the last seconds, counted page by page.
async fn event_count(city: &City, seconds: u64) -> anyhow::Result<usize> {
    let since = super::load::now() - jiff::SignedDuration::from_secs(seconds as i64 + 10);
    let (mut count, mut cursor) = (0, String::new());
    loop {
        let path = format!("/api/v1/fence-events?limit=500{cursor}");
        let page = city.ask(&path).await?;
        let items = page
            .get("items")
            .and_then(Value::as_array)
            .context("no items")?;
        let is_new = |item: &&Value| {
            let at = item.get("at").and_then(Value::as_str);
            at.and_then(|at| at.parse::<jiff::Timestamp>().ok())
                .is_some_and(|at| at >= since)
        };
        let new = items.iter().filter(is_new).count();
        count += new;
        match page.get("next").and_then(Value::as_str) {
            Some(next) if new == items.len() => cursor = format!("&cursor={next}"),
            _ => return Ok(count),
        }
    }
}
