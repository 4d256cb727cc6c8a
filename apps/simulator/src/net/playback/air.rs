//! Air stations speak HJ 212-2017: the means of an hour in one message (CN=2061), named by the hour's beginning, sent
//! when it is over. What is missing is left out: no mark of the standard says why a value is not in an archive. An
//! earlier hour is the same message with its own time; the edition of 2017 has no other sign of sending again.

use jiff::SignedDuration;
use yiwang_hj212::{
    Body, Device, Edition, Field, Group, Kind, Link, Mark, Reading, Received, Settings, Value,
};
use yiwang_kernel::Timestamp;

use super::{Answer, Station, Told, Voice};
use crate::net::HJ212_PASSWORD;
use crate::net::recording::{Quantity, Stat, Values};

/// 空气质量监测
const SYSTEM: &str = "22";
/// Codes of the factors and what a recorded value is divided by to have the unit of the profile.
const FACTORS: [(Quantity, &str, f64); 6] = [
    (Quantity::Pm25, "a34004", 1.0),
    (Quantity::Pm10, "a34002", 1.0),
    (Quantity::So2, "a21026", 1.0),
    (Quantity::No2, "a21004", 1.0),
    (Quantity::Co, "a21005", 1_000.0),
    (Quantity::O3, "a05024", 1.0),
];

pub(super) struct Speaker {
    device: Device,
    settings: Settings,
    link: Link,
    /// Numbers of requests are times; no two are the same.
    last: Timestamp,
    /// The number of what was written last.
    number: Option<String>,
}

impl Speaker {
    pub(super) fn new(station: &Station) -> Self {
        let settings = Settings::default();
        Self {
            device: Device {
                code: station.address.clone(),
                system: SYSTEM.to_owned(),
                password: HJ212_PASSWORD.to_owned(),
                edition: Edition::Year2017,
            },
            link: Link::new(settings.clone()),
            settings,
            last: Timestamp::UNIX_EPOCH,
            number: None,
        }
    }
}

impl Voice for Speaker {
    fn write(&mut self, told: &Told<'_>, now: Timestamp) -> anyhow::Result<Option<Vec<u8>>> {
        let readings = readings(told.values.first());
        if readings.is_empty() {
            return Ok(None);
        }
        let group = Group {
            time: told.observed,
            readings,
            more: Vec::new(),
        };
        let body = Body::Observed {
            kind: Kind::Hour,
            groups: vec![group],
        };
        self.last = now.max(self.last + SignedDuration::from_millis(1));
        let message = self.device.report(body, true, self.last, &self.settings);
        self.number.clone_from(&message.header.number);
        Ok(Some(message.encode(&self.settings)?))
    }

    fn hear(&mut self, bytes: &[u8], now: Timestamp) -> Option<Answer> {
        let received = self.link.receive(bytes, now);
        let is_kept = received.iter().any(|each| match each {
            Received::Message { message, .. } => {
                message.body == Body::ReportReceived && message.header.number == self.number
            }
            _ => false,
        });
        is_kept.then_some(Answer::Kept)
    }

    /// The edition of 2017 has none; the hours themselves are enough.
    fn sign_of_life(&mut self, _now: Timestamp) -> anyhow::Result<Option<Vec<u8>>> {
        Ok(None)
    }
}

fn readings(values: Option<&Values>) -> Vec<Reading> {
    let of = |(quantity, code, unit): (Quantity, &str, f64)| {
        let values = values?;
        let of = |stat: Stat, field: Field| {
            let value = values.get(&(quantity, stat))?;
            Some(Value::of(field, (value / unit * 1e4).round() / 1e4))
        };
        let values: Vec<Value> = [
            of(Stat::Min, Field::Min),
            of(Stat::Avg, Field::Avg),
            of(Stat::Max, Field::Max),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!values.is_empty()).then(|| Reading {
            code: code.to_owned(),
            values,
            mark: Some(Mark::Normal),
            ..Reading::default()
        })
    };
    FACTORS.into_iter().filter_map(of).collect()
}
