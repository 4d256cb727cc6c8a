//! Dust monitors speak HJ 212-2017 and want an answer to each report.

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use yiwang_hj212::{Body, Device, Edition, Field, Group, Kind, Mark, Reading, Settings, Value};

use super::{heard, now, seconds, until_next};
use crate::net::HJ212_PASSWORD;
use crate::net::instrument::Instrument;
use crate::net::weather::Weather;

pub(super) async fn speak(
    instrument: &Instrument,
    weather: &Weather,
    mut socket: TcpStream,
) -> anyhow::Result<()> {
    let settings = Settings::default();
    let device = Device {
        code: instrument.address.clone(),
        system: "39".to_owned(),
        password: HJ212_PASSWORD.to_owned(),
        edition: Edition::Year2017,
    };
    let mut buffer = Vec::new();
    let mut next = tokio::time::Instant::now() + until_next(instrument, true, false);
    loop {
        tokio::select! {
            () = tokio::time::sleep_until(next) => {
                let at = now();
                let [tsp, pm10, noise] = instrument.dust(weather, seconds(at));
                let reading = |code: &str, value: f64| Reading {
                    code: code.to_owned(),
                    values: vec![Value::new(Field::Rtd, format!("{value:.3}"))],
                    mark: Some(Mark::Normal),
                    ..Reading::default()
                };
                let group = Group {
                    time: at.round(jiff::Unit::Second)?,
                    readings: vec![
                        reading("a34001", tsp),
                        reading("a34002", pm10),
                        reading("LA", noise),
                    ],
                    more: Vec::new(),
                };
                let body = Body::Observed { kind: Kind::Realtime, groups: vec![group] };
                let frame = device.report(body, true, at, &settings).encode(&settings)?;
                socket.write_all(&frame).await?;
                next += until_next(instrument, false, false);
            }
            came = heard(&mut socket, &mut buffer) => {
                came?;
                // The answers say that it was kept; a station that gets none would send again.
                buffer.clear();
            }
        }
    }
}
