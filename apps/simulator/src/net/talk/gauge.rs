//! Rain gauges and river stations speak SL 651-2014: a timed report each interval, kept until its receipt comes.

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use yiwang_kernel::Timestamp;
use yiwang_sl651::{
    Category, Device, Element, Encoding, Group, Message, Report, ReportKind, Settings,
};

use super::{heard, now, seconds, until_next};
use crate::net::instrument::{Instrument, Kind};
use crate::net::weather::Weather;
use crate::net::{SL651_CENTRE, SL651_PASSWORD};

pub(super) async fn speak(
    instrument: &Instrument,
    weather: &Weather,
    mut socket: TcpStream,
) -> anyhow::Result<()> {
    let settings = Settings::default();
    let device = Device {
        encoding: Encoding::Hex,
        centre: SL651_CENTRE,
        station: instrument.address.parse()?,
        password: SL651_PASSWORD,
        category: Some(match instrument.kind {
            Kind::Rain => Category::Rain,
            _ => Category::River,
        }),
    };
    let (mut serial, mut buffer) = (0_u16, Vec::new());
    let mut next = tokio::time::Instant::now() + until_next(instrument, true, false);
    loop {
        tokio::select! {
            () = tokio::time::sleep_until(next) => {
                serial = serial.wrapping_add(1).max(1);
                let message = report(instrument, weather, &device, serial, now())?;
                socket.write_all(&message.encode(&settings)?).await?;
                // Observations carry the minute, so there is one in each minute at most.
                next += until_next(instrument, false, false);
            }
            came = heard(&mut socket, &mut buffer) => {
                came?;
                // The receipts say that it was kept; a station that gets none would send again.
                buffer.clear();
            }
        }
    }
}

fn report(
    instrument: &Instrument,
    weather: &Weather,
    device: &Device,
    serial: u16,
    at: Timestamp,
) -> anyhow::Result<Message> {
    let minute = at.round(
        jiff::TimestampRound::new()
            .smallest(jiff::Unit::Minute)
            .mode(jiff::RoundMode::Trunc),
    )?;
    let values = instrument.values(weather, seconds(at));
    let of = |code: u8, name: &str| {
        let value = values.get(name).and_then(serde_json::Value::as_f64)?;
        Element::of(code, value)
    };
    let elements = match instrument.kind {
        Kind::Rain => [of(0x20, "rain"), of(0x38, "voltage")],
        _ => [of(0x39, "level"), of(0x37, "velocity")],
    };
    let report = Report {
        kind: ReportKind::Timed,
        groups: vec![Group {
            time: minute,
            step: None,
            elements: elements.into_iter().flatten().collect(),
        }],
        leftover: Vec::new(),
    };
    Ok(device.report(report, serial, at))
}
