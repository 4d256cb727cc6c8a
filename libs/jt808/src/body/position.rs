//! Locations in other messages, and what asks for them.

use serde::{Deserialize, Serialize};

use crate::layout::{IfMore, Layout, Plain, Reader, Rest, Unread, Writer, record};
use crate::location::Location;
use crate::oddity::Oddity;

record! {
    /// 0201 and 0500: a location as the answer to a command.
    LocationAnswer {
        /// The serial of the command.
        serial: u16,
        location: Location,
    }
}

record! {
    /// 8202: send more often for a while.
    Tracking {
        /// Seconds between locations; 0 ends it.
        interval: u16,
        /// Seconds for which it holds; absent when it ends.
        seconds: Option<u32> as IfMore<Plain>,
    }
}

record! {
    /// 8203: a person has seen the alarm.
    AlarmConfirmation {
        /// The serial of the location that raised it; 0 for all alarms of the kinds.
        serial: u16,
        /// Bits of the alarms that are confirmed: 0, 3, 20, 21, 22, 27, 28 of the alarm word.
        kinds: u32,
    }
}

record! {
    /// 8500: of 2011 and 2013 one byte whose bit 0 locks (1) or unlocks (0) the doors; since 2019 the number of
    /// controls (2 bytes), and for each its id (2 bytes; 1 are the doors) and parameter (from memory, not verified).
    VehicleControl {
        bytes: Vec<u8> as Rest,
    }
}

/// 0704: several locations at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// 0 normal, 1 sent later because there was no coverage.
    pub kind: u8,
    pub locations: Vec<Location>,
}

/// An entry that is no location costs neither the others nor the message: it is noted, and stands in the raw frame.
impl Layout<Batch> for Plain {
    fn read(reader: &mut Reader<'_>) -> Result<Batch, Unread> {
        let declared = usize::from(reader.at_field("count").u16()?);
        let kind = reader.at_field("kind").u8()?;
        let mut locations = Vec::new();
        let mut index = 0;
        while index < declared && reader.left() > 0 {
            index += 1;
            let length = match reader.peek() {
                [high, low, ..] => usize::from(u16::from_be_bytes([*high, *low])),
                _ => 0,
            };
            let entry = reader.take((2 + length).min(reader.left()))?;
            let entry = entry.get(2..).unwrap_or_default();
            let mut inner = reader.within(entry);
            let location = Plain::read(&mut inner);
            match location {
                Ok(location) if entry.len() == length => {
                    reader.oddities.append(&mut inner.oddities);
                    locations.push(location);
                }
                _ => reader.oddities.push(Oddity::BatchEntry {
                    index,
                    bytes: entry.len(),
                }),
            }
        }
        if index < declared {
            reader.oddities.push(Oddity::Count {
                field: "locations",
                declared,
                found: index,
            });
        }
        Ok(Batch { kind, locations })
    }

    fn write(value: &Batch, writer: &mut Writer) {
        writer
            .at_field("locations")
            .put_count::<u16>(value.locations.len());
        writer.u8(value.kind);
        for location in &value.locations {
            let mut entry = writer.within();
            Self::write(location, &mut entry);
            writer.at_field("locations").absorb::<u16>(entry);
        }
    }
}
