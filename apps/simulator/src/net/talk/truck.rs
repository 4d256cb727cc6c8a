//! Trucks speak JT/T 808-2019: they register, authenticate with what they are given, and tell where they are.

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use yiwang_jt808::body::{Authentication, Registration};
use yiwang_jt808::location::{Alarm, Extension, Status};
use yiwang_jt808::{Body, Edition, Link, Location, Phone, Received, Sender, Settings};

use super::{heard, now, seconds, until_next};
use crate::net::ZONE;
use crate::net::instrument::Instrument;

/// The engine runs and the position is known.
const STATUS: u32 = 0b11;

pub(super) async fn speak(instrument: &Instrument, mut socket: TcpStream) -> anyhow::Result<()> {
    let phone: Phone = instrument.address.parse()?;
    let mut sender = Sender::new(phone, Some(1), Edition::V2019, ZONE);
    let mut link = Link::device(Settings::default());
    let registration = Body::Registration(Registration {
        province: 32,
        city: 281,
        maker: "DEMO".to_owned(),
        model: "SIM-1".to_owned(),
        terminal: format!("{:07}", instrument.number),
        plate_colour: 2,
        plate: format!("苏B{:05}", 90_000 + instrument.number),
    });
    socket.write_all(&sender.send(&registration)?.bytes).await?;
    let mut buffer = Vec::new();
    let mut is_known = false;
    let mut next = tokio::time::Instant::now() + until_next(instrument, true, false);
    loop {
        tokio::select! {
            () = tokio::time::sleep_until(next) => {
                if is_known {
                    let body = Body::Location(location(instrument));
                    socket.write_all(&sender.send(&body)?.bytes).await?;
                }
                next += until_next(instrument, false, false);
            }
            came = heard(&mut socket, &mut buffer) => {
                came?;
                let bytes = std::mem::take(&mut buffer);
                for received in link.receive(&bytes, now()) {
                    let Received::Message { message, .. } = received else {
                        continue;
                    };
                    match message.body {
                        Body::RegistrationReply(reply) => {
                            anyhow::ensure!(reply.result == 0, "the city does not know it");
                            let body = Body::Authentication(Authentication {
                                token: reply.token,
                                imei: None,
                                software: None,
                            });
                            socket.write_all(&sender.send(&body)?.bytes).await?;
                        }
                        Body::PlatformReply(reply) if reply.id == 0x0102 => {
                            anyhow::ensure!(reply.result == 0, "the city does not let it in");
                            is_known = true;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
}

fn location(instrument: &Instrument) -> Location {
    let at = now();
    let (lon, lat, speed, heading) = instrument.drive(seconds(at));
    Location {
        alarm: Alarm(0),
        status: Status(STATUS),
        latitude_micro: (lat * 1e6) as u32,
        longitude_micro: (lon * 1e6) as u32,
        altitude: 6,
        speed_tenths: (speed * 10.0) as u16,
        direction: heading as u16,
        time: at.round(jiff::Unit::Second).ok(),
        extensions: vec![Extension::Mileage(
            (instrument.odometer(seconds(at)) * 10.0) as u32,
        )],
    }
}
