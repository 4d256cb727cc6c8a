//! A station that plays a recording: its code, its place among the towns, and the card that it is registered with.

use std::collections::HashSet;
use std::net::SocketAddr;

use anyhow::Context;
use serde_json::{Value, json};
use yiwang_kernel::sha256;

use crate::dice::Dice;
use crate::net::fleet::{Town, within};
use crate::net::recording::{Kind, Quantity, Recording};
use crate::net::{HJ212_PASSWORD, NetConfig};

/// Letters of a recorded name that stand in the name of a device.
const KEY_LETTERS_MAX: usize = 40;
/// Numbers of recordings have eight digits, as the codes of hydrological stations have.
const NUMBERS: u64 = 100_000_000;

/// One recorded station or basin, as the city sees it.
#[derive(Debug, Clone)]
pub(in crate::net) struct Station {
    pub(super) kind: Kind,
    /// Which of the recordings.
    pub(super) recording: usize,
    pub(super) code: String,
    name: String,
    place: String,
    lon: f64,
    lat: f64,
    /// Its name in its protocol.
    pub(super) address: String,
    pub(super) server: SocketAddr,
    /// Minutes between its values.
    pub(super) step: u16,
    pub(super) covers_step: bool,
    pub(super) quantities: Vec<Quantity>,
    /// When in the first minute of a step it speaks.
    pub(super) draw: f64,
}

/// The stations of these recordings for whose protocol there is a port, spread over the towns.
pub(in crate::net) fn stations(
    recordings: &[Recording],
    towns: &[Town],
    config: &NetConfig,
) -> anyhow::Result<Vec<Station>> {
    let mut taken = HashSet::new();
    let mut stations = Vec::new();
    for (at, recording) in recordings.iter().enumerate() {
        let number = number(recording, &mut taken);
        let (letters, called, server) = match recording.kind {
            Kind::Air => ("KQ", "空气质量站", config.hj212),
            Kind::Hydro => ("SZ", "水文站", config.sl651),
        };
        // Without a port there is nobody to speak to.
        let Some(server) = server else { continue };
        let town = towns.get(at % towns.len().max(1));
        let town = town.context("the city has no town")?;
        let mut dice = Dice::of(&[config.seed, number]);
        let (lon, lat) = within(town, &mut dice);
        let key: String = recording.key.chars().take(KEY_LETTERS_MAX).collect();
        stations.push(Station {
            kind: recording.kind,
            recording: at,
            code: format!("320281{letters}{number:08}"),
            name: format!("{}{called}{key}（回放）", town.name),
            place: format!("{}（示意）", town.name),
            lon,
            lat,
            address: match recording.kind {
                Kind::Air => format!("320281{letters}{number:016}"),
                Kind::Hydro => format!("00{number:08}"),
            },
            server,
            step: recording.step,
            covers_step: recording.covers_step(),
            quantities: recording.quantities.clone(),
            draw: dice.unit(),
        });
    }
    Ok(stations)
}

/// A number that stays with the recording whatever else is in the folder: its own if it is one of eight digits, else
/// one made of its name.
fn number(recording: &Recording, taken: &mut HashSet<(Kind, u64)>) -> u64 {
    let key = recording.key.as_str();
    let own = key.parse().ok().filter(|_| key.len() == 8);
    let mut number = own.unwrap_or_else(|| {
        let [a, b, c, d, ..] = sha256(key.as_bytes());
        u64::from(u32::from_be_bytes([a, b, c, d])) % NUMBERS
    });
    while !taken.insert((recording.kind, number)) {
        number = (number + 1) % NUMBERS;
    }
    number
}

impl Station {
    /// As it is registered.
    pub(in crate::net) fn registration(&self) -> Value {
        let (profile, org, protocol) = match self.kind {
            Kind::Air => ("air-station", "sthjj", "hj212"),
            Kind::Hydro => ("hydrometric-station", "slj-hd", "sl651"),
        };
        let mut card = json!({
            "code": self.code, "profile": profile, "name": self.name, "org": org, "place": self.place,
            "position": { "lon": self.lon, "lat": self.lat }, "protocol": protocol,
            "interval_seconds": u32::from(self.step) * 60, "address": self.address,
        });
        if let (Kind::Air, Value::Object(fields)) = (self.kind, &mut card) {
            fields.insert("secret".to_owned(), json!(HJ212_PASSWORD));
        }
        card
    }
}
