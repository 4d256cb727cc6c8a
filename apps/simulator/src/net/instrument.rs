//! One instrument: what it is, where it stands, and what it measures at an instant. Pure; the same seed measures the
//! same.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::HJ212_PASSWORD;
use super::weather::Weather;
use crate::dice::Dice;

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Rain,
    River,
    Ponding,
    Gas,
    Dust,
    Vehicle,
    Fire,
}

/// How many of each the demo city has.
pub(super) const FLEET: [(Kind, usize); 7] = [
    (Kind::Rain, 24),
    (Kind::River, 12),
    (Kind::Ponding, 30),
    (Kind::Gas, 16),
    (Kind::Dust, 20),
    (Kind::Vehicle, 24),
    (Kind::Fire, 8),
];

impl Kind {
    /// Code of its profile, letters of its own code, what it is called, unit, seconds between reports.
    pub(super) fn card(self) -> (&'static str, &'static str, &'static str, &'static str, u32) {
        match self {
            Self::Rain => ("rain-gauge", "YL", "雨量站", "slj-fx", 60),
            Self::River => ("river-station", "SW", "水位站", "slj-hd", 60),
            Self::Ponding => ("ponding-gauge", "JS", "积水监测站", "slj-fx", 20),
            Self::Gas => ("gas-detector", "RQ", "燃气探测器", "cgj", 60),
            Self::Dust => ("dust-monitor", "YC", "工地扬尘监测", "sthjj", 60),
            Self::Vehicle => ("vehicle", "CL", "渣土车", "cgj", 15),
            Self::Fire => ("fire-unit", "XF", "用户信息传输装置", "yjj", 300),
        }
    }

    pub(super) fn protocol(self) -> &'static str {
        match self {
            Self::Ponding | Self::Gas => "mqtt",
            Self::Rain | Self::River => "sl651",
            Self::Dust => "hj212",
            Self::Vehicle => "jt808",
            Self::Fire => "gb26875",
        }
    }
}

/// One instrument with its place and its credential.
#[derive(Debug, Clone)]
pub(super) struct Instrument {
    pub kind: Kind,
    pub code: String,
    pub name: String,
    pub place: String,
    pub lon: f64,
    pub lat: f64,
    /// Its name in its protocol.
    pub address: String,
    pub token: String,
    pub server: Option<SocketAddr>,
    /// Its own draw: how much rain falls here, how well it drains, when in its interval it speaks.
    pub draw: f64,
    pub number: usize,
}

impl Instrument {
    /// As it is registered.
    pub(super) fn registration(&self) -> Value {
        let (profile, _, _, org, interval) = self.kind.card();
        let mut card = json!({
            "code": self.code, "profile": profile, "name": self.name, "org": org, "place": self.place,
            "position": { "lon": self.lon, "lat": self.lat }, "protocol": self.kind.protocol(),
            "interval_seconds": interval,
        });
        if let Value::Object(fields) = &mut card {
            if !self.address.is_empty() {
                fields.insert("address".to_owned(), json!(self.address));
            }
            match self.kind {
                Kind::River => {
                    let attributes = json!({ "warn": 4.0, "danger": 4.4 });
                    fields.insert("attributes".to_owned(), attributes);
                }
                Kind::Dust => {
                    fields.insert("secret".to_owned(), json!(HJ212_PASSWORD));
                }
                Kind::Vehicle => {
                    fields.insert("secret".to_owned(), json!(self.token));
                }
                _ => {}
            }
        }
        card
    }

    /// Noise that is the same whenever the same instant is asked for.
    fn noise(&self, at: f64, what: u64) -> f64 {
        let seed = (at as u64)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .wrapping_add(self.number as u64 * 7_919 + what);
        Dice::of(&[seed]).unit() - 0.5
    }

    /// Values by property for those that speak JSON.
    pub(super) fn values(&self, weather: &Weather, at: f64) -> Value {
        let interval = f64::from(self.kind.card().4);
        let daily = (at / 86_400.0 * std::f64::consts::TAU).sin();
        match self.kind {
            Kind::Rain => {
                let fell = weather.rain(at - interval / 2.0, self.draw) * interval / 3_600.0;
                json!({ "rain": fell, "voltage": 12.4 + self.noise(at, 1) * 0.2 })
            }
            Kind::River => {
                let rises = weather.depth(at, 1.0, 5.0) * 0.8;
                let level = 3.4 + daily * 0.15 + rises + self.noise(at, 2) * 0.01;
                json!({ "level": level, "velocity": 0.4 + rises + self.noise(at, 3) * 0.05 })
            }
            Kind::Ponding => {
                let depth = weather.depth(at, 0.5 + self.draw, 25.0 + 60.0 * (1.0 - self.draw));
                let battery = 90.0 - (self.number % 30) as f64;
                json!({ "depth": depth, "battery": battery, "signal": -85.0 + self.noise(at, 4) * 6.0 })
            }
            Kind::Gas => json!({ "gas": 0.4 + (self.noise(at, 5) * 0.6).max(0.0) }),
            Kind::Dust | Kind::Vehicle | Kind::Fire => Value::Null,
        }
    }

    /// TSP, PM10 in mg/m3 and noise in dB of a dust monitor; rain washes the air.
    pub(super) fn dust(&self, weather: &Weather, at: f64) -> [f64; 3] {
        let works = (at / 3_600.0 * 0.26).sin().max(0.0);
        let washed = if weather.rain(at, self.draw) > 2.0 {
            0.3
        } else {
            1.0
        };
        let tsp = (0.12 + works * 0.25 * self.draw + self.noise(at, 6) * 0.03) * washed;
        [
            tsp,
            tsp * 0.55,
            52.0 + works * 14.0 + self.noise(at, 7) * 4.0,
        ]
    }

    /// Where a vehicle is: round and round a block of its own; degrees, km/h, degrees.
    pub(super) fn drive(&self, at: f64) -> (f64, f64, f64, f64) {
        let turn = at / (600.0 + self.draw * 900.0) * std::f64::consts::TAU;
        let radius = 0.008 + self.draw * 0.012;
        let (lon, lat) = (
            self.lon + radius * turn.cos(),
            self.lat + radius * 0.85 * turn.sin(),
        );
        let heading = (360.0 - turn.to_degrees()).rem_euclid(360.0);
        (lon, lat, self.cruise() + self.noise(at, 8) * 8.0, heading)
    }

    /// What a vehicle drives at, km/h.
    fn cruise(&self) -> f64 {
        28.0 + self.draw * 22.0
    }

    /// What its odometer shows, km.
    pub(super) fn odometer(&self, at: f64) -> f64 {
        /// A year's hours: it begins anew, as if it were another vehicle.
        const YEAR_HOURS: f64 = 8_760.0;
        (at / 3_600.0).rem_euclid(YEAR_HOURS) * self.cruise()
    }
}
