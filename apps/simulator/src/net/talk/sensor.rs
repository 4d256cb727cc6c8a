//! Small sensors speak MQTT with a token, QoS 1, and wait for each report to be acknowledged.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use yiwang_mqtt::packet::Connect;
use yiwang_mqtt::{Client, ClientEvent, Message, Qos, Version};

use super::{heard, now, seconds, until_next};
use crate::net::instrument::Instrument;
use crate::net::weather::Weather;

/// Reports that wait for their acknowledgement.
const WINDOW: u16 = 16;

pub(super) async fn speak(
    instrument: &Instrument,
    weather: &Weather,
    mut socket: TcpStream,
) -> anyhow::Result<()> {
    let mut connect = Connect::new(Version::V5, instrument.code.clone());
    connect.user_name = Some(instrument.code.clone().into());
    connect.password = Some(instrument.token.clone().into());
    let (profile, ..) = instrument.kind.card();
    let topic = format!("yw/v1/{profile}/{}/up/props", instrument.code);
    let mut client = Client::new(connect, WINDOW, now());
    client.connect(now());
    let (mut events, mut buffer) = (Vec::new(), Vec::new());
    let mut next = tokio::time::Instant::now() + until_next(instrument, true, false);
    loop {
        socket.write_all(&client.take_output()).await?;
        tokio::select! {
            () = tokio::time::sleep_until(next) => {
                let at = now();
                let values = instrument.values(weather, seconds(at));
                let payload = json!({ "time": at, "values": values }).to_string();
                let message = Message::new(topic.clone(), payload, Qos::AtLeastOnce);
                let _waits_for_room = client.publish(&Arc::new(message), at);
                next += until_next(instrument, false, weather.is_stormy(at.as_second()));
            }
            came = heard(&mut socket, &mut buffer) => {
                came?;
                let bytes = Bytes::from(std::mem::take(&mut buffer));
                client.receive(bytes, now(), &mut events);
                for event in events.drain(..) {
                    if let ClientEvent::Refused(reason) = event {
                        anyhow::bail!("the city does not let it in: {reason}");
                    }
                }
                anyhow::ensure!(!client.is_closed(), "the city ended the connection");
            }
            () = tokio::time::sleep(std::time::Duration::from_secs(20)) => {
                if client.ping_at().is_some_and(|at| at <= now()) {
                    client.ping(now());
                }
            }
        }
    }
}
