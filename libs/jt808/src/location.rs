//! Where a vehicle was, what it did and what it reported with it: the body of 0200, and of everything that carries one.

mod active_safety;
mod bits;
mod extension;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub(crate) use active_safety::MarkByEdition;
pub use active_safety::{
    ActiveSafety, AlarmMark, Assistance, BlindSpot, DriverState, SafetyKind, TyrePressure,
    TyreReading,
};
pub use bits::{Alarm, Bit, Load, Status};
pub use extension::Extension;

use crate::layout::{Bcd6, Layout, Plain, Reader, Unread, Writer};
use crate::oddity::Oddity;

/// Bytes of a location without extensions.
pub(crate) const FIXED_BYTES: usize = 28;

/// One location with everything that came along with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    pub alarm: Alarm,
    pub status: Status,
    /// Millionths of a degree without sign; [`Location::latitude`] has the sign.
    pub latitude_micro: u32,
    /// Millionths of a degree without sign; [`Location::longitude`] has the sign.
    pub longitude_micro: u32,
    /// Metres above the sea.
    pub altitude: u16,
    /// Tenths of km/h, by satellite.
    pub speed_tenths: u16,
    /// Degrees from north, clockwise.
    pub direction: u16,
    /// By the device's clock; `None` where it has none, and where it sent no time (an oddity says what it sent).
    pub time: Option<Timestamp>,
    pub extensions: Vec<Extension>,
}

/// One measured value under the code of the standard.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// A name of the fixed part (`speed`), or the id of the extension (`01`), with the channel where there are several
    /// (`2b.0`).
    pub code: String,
    pub value: f64,
    pub unit: &'static str,
}

impl Measured {
    pub(crate) fn new(code: impl Into<String>, value: impl Into<f64>, unit: &'static str) -> Self {
        Self {
            code: code.into(),
            value: value.into(),
            unit,
        }
    }
}

impl Location {
    /// Degrees, south negative.
    pub fn latitude(&self) -> f64 {
        signed(self.latitude_micro, self.status.is_south())
    }

    /// Degrees, west negative.
    pub fn longitude(&self) -> f64 {
        signed(self.longitude_micro, self.status.is_west())
    }

    /// km/h.
    pub fn speed(&self) -> f64 {
        f64::from(self.speed_tenths) / 10.0
    }

    /// Everything that is a number with a unit.
    pub fn measured(&self) -> Vec<Measured> {
        let mut values = vec![
            Measured::new("latitude", self.latitude(), "°"),
            Measured::new("longitude", self.longitude(), "°"),
            Measured::new("altitude", self.altitude, "m"),
            Measured::new("speed", self.speed(), "km/h"),
            Measured::new("direction", self.direction, "°"),
        ];
        values.extend(self.extensions.iter().flat_map(Extension::measured));
        values
    }

    fn read_fixed(reader: &mut Reader<'_>) -> Result<Self, Unread> {
        let location = Self {
            alarm: Alarm(reader.at_field("alarm").u32()?),
            status: Status(reader.at_field("status").u32()?),
            latitude_micro: reader.at_field("latitude").u32()?,
            longitude_micro: reader.at_field("longitude").u32()?,
            altitude: reader.at_field("altitude").u16()?,
            speed_tenths: reader.at_field("speed").u16()?,
            direction: reader.at_field("direction").u16()?,
            time: reader.get::<_, Bcd6>("time")?,
            extensions: Vec::new(),
        };
        if location.latitude_micro > 90_000_000 || location.longitude_micro > 180_000_000 {
            reader.oddities.push(Oddity::Position {
                latitude: location.latitude_micro,
                longitude: location.longitude_micro,
            });
        }
        Ok(location)
    }

    fn write_fixed(&self, writer: &mut Writer) {
        writer.u32(self.alarm.0);
        writer.u32(self.status.0);
        writer.u32(self.latitude_micro);
        writer.u32(self.longitude_micro);
        writer.u16(self.altitude);
        writer.u16(self.speed_tenths);
        writer.u16(self.direction);
        writer.put::<_, Bcd6>("time", &self.time);
    }
}

fn signed(micro: u32, is_negative: bool) -> f64 {
    let degrees = f64::from(micro) / 1e6;
    if is_negative { -degrees } else { degrees }
}

impl Layout<Location> for Plain {
    fn read(reader: &mut Reader<'_>) -> Result<Location, Unread> {
        let mut location = Location::read_fixed(reader)?;
        location.extensions = extension::read_all(reader);
        Ok(location)
    }

    fn write(value: &Location, writer: &mut Writer) {
        value.write_fixed(writer);
        extension::write_all(&value.extensions, writer);
    }
}

/// A location without extensions, as media carry it.
pub(crate) struct FixedPart;

impl Layout<Location> for FixedPart {
    fn read(reader: &mut Reader<'_>) -> Result<Location, Unread> {
        Location::read_fixed(reader)
    }

    fn write(value: &Location, writer: &mut Writer) {
        value.write_fixed(writer);
    }
}
