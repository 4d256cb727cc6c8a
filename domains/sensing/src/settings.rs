//! The figures that the edges and the hall keep to.

use jiff::tz::Offset;
use serde::de::DeserializeOwned;
use serde_json::Value;
use yiwang_runtime::{Config, SensingTlsConfig};

use crate::edges::{EdgeAddresses, TlsFiles};
use crate::intake::TimeLimits;

const SECOND_US: i64 = 1_000_000;
const DAY_US: i64 = 86_400 * SECOND_US;

/// How the devices of each standard speak.
#[derive(Debug, Clone, Default)]
pub struct Dialects {
    pub hj212: yiwang_hj212::Settings,
    pub sl651: yiwang_sl651::Settings,
    pub jt808: yiwang_jt808::Settings,
    pub gb26875: yiwang_gb26875::Settings,
}

/// A dialect that cannot be.
#[derive(Debug, thiserror::Error)]
pub enum DialectFault {
    #[error("sensing.dialects.{protocol}: {words}")]
    Unreadable { protocol: String, words: String },
    #[error(
        "sensing.dialects.{0}: no protocol has this name; there are hj212, sl651, jt808, gb26875"
    )]
    NoProtocol(String),
}

impl Dialects {
    fn read(config: &Config) -> Result<Self, DialectFault> {
        let mut dialects = Self::default();
        for (protocol, settings) in &config.sensing.dialects {
            match protocol.as_str() {
                "hj212" => dialects.hj212 = dialect(protocol, settings)?,
                "sl651" => dialects.sl651 = dialect(protocol, settings)?,
                "jt808" => dialects.jt808 = dialect(protocol, settings)?,
                "gb26875" => dialects.gb26875 = dialect(protocol, settings)?,
                other => return Err(DialectFault::NoProtocol(other.to_owned())),
            }
        }
        Ok(dialects)
    }
}

fn dialect<T: DeserializeOwned>(protocol: &str, settings: &Value) -> Result<T, DialectFault> {
    serde_path_to_error::deserialize(settings).map_err(|error| DialectFault::Unreadable {
        protocol: protocol.to_owned(),
        words: error.to_string(),
    })
}

/// Bounds and addresses of the sensing net.
#[derive(Debug, Clone)]
pub struct SensingSettings {
    /// Civil time of devices that do not say their zone.
    pub zone: Offset,
    pub times: TimeLimits,
    /// Refused frames are kept this long, and at most so many.
    pub refused_days: u32,
    pub refused_rows_max: u32,
    /// Messages a second of one device, and how many it may send at once.
    pub messages_per_second: f64,
    pub messages_burst: f64,
    pub dialects: Dialects,
}

impl TryFrom<&Config> for SensingSettings {
    type Error = DialectFault;

    fn try_from(config: &Config) -> Result<Self, DialectFault> {
        let sensing = &config.sensing;
        let defaults = Self::default();
        Ok(Self {
            times: TimeLimits {
                ahead: i64::from(sensing.clock_ahead_seconds) * 1_000_000,
                behind: i64::from(config.lake.observation_days) * DAY_US,
            },
            refused_days: sensing.refused_days,
            refused_rows_max: sensing.refused_rows_max,
            messages_per_second: f64::from(sensing.messages_per_second),
            messages_burst: f64::from(sensing.messages_burst),
            dialects: Dialects::read(config)?,
            ..defaults
        })
    }
}

impl EdgeAddresses {
    /// As the settings say; they were checked when they were read.
    pub fn of(config: &Config) -> Self {
        Self {
            mqtt: config.sensing.mqtt.parse().ok(),
            hj212: config.sensing.hj212.parse().ok(),
            sl651: config.sensing.sl651.parse().ok(),
            jt808: config.sensing.jt808.parse().ok(),
            gb26875: config.sensing.gb26875.parse().ok(),
            mqtts: config.sensing.mqtts.parse().ok(),
            hj212s: config.sensing.hj212s.parse().ok(),
            sl651s: config.sensing.sl651s.parse().ok(),
            jt808s: config.sensing.jt808s.parse().ok(),
            gb26875s: config.sensing.gb26875s.parse().ok(),
            tls: tls_files(&config.sensing.tls),
            connections_max: config.sensing.connections_max as usize,
        }
    }
}

fn tls_files(tls: &SensingTlsConfig) -> Option<TlsFiles> {
    if tls.certificate.as_os_str().is_empty() || tls.key.as_os_str().is_empty() {
        return None;
    }
    let mut files = TlsFiles::new(&tls.certificate, &tls.key);
    files.client_ca = Some(tls.client_ca.clone()).filter(|path| !path.as_os_str().is_empty());
    Some(files)
}

impl Default for SensingSettings {
    fn default() -> Self {
        Self {
            zone: jiff::tz::offset(8),
            times: TimeLimits {
                ahead: 600 * SECOND_US,
                behind: 400 * DAY_US,
            },
            refused_days: 90,
            refused_rows_max: 200_000,
            messages_per_second: 1_000.0,
            messages_burst: 5_000.0,
            dialects: Dialects::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_is_read_and_a_wrong_one_is_named() {
        let of = |protocol: &str, settings: Value| {
            let mut config = Config::defaults();
            config
                .sensing
                .dialects
                .insert(protocol.to_owned(), settings);
            Dialects::read(&config)
        };
        let read = of("jt808", serde_json::json!({ "accept_wrong_length": true }));
        assert!(read.unwrap().jt808.accept_wrong_length);
        for (protocol, settings, words) in [
            (
                "jt808",
                serde_json::json!({ "accept_wrong_length": 1 }),
                "accept_wrong_length",
            ),
            ("hj212", serde_json::json!({ "colour": "red" }), "colour"),
            ("modbus", serde_json::json!({}), "modbus"),
        ] {
            let fault = of(protocol, settings).unwrap_err().to_string();
            assert!(fault.contains(words), "{fault}");
        }
    }
}
