//! The door that every record passes: its geometry is whole, in the system of the tag, and somewhere on earth.

mod plausible;

use std::ops::ControlFlow;

use geo::{CoordsIter as _, Geometry, MapCoords as _, Polygon};

use crate::limits::Limits;
use crate::read::Reading;
use crate::record::{Attributes, Broken, Fault, Item, Note, Place, Record, Summary};
use crate::system::System;

/// Why reading ends before the file does.
pub(crate) enum Stop {
    Broken(Broken),
    /// The receiver wants no more.
    Asked,
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

/// What is wrong with a record, and what to do.
pub(crate) struct Wrong {
    pub(crate) what: String,
    pub(crate) advice: String,
}

impl Wrong {
    pub(crate) fn new(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            advice: advice.into(),
        }
    }
}

/// A record as it stands in the file.
pub(crate) struct Raw {
    pub(crate) place: Place,
    pub(crate) id: Option<String>,
    pub(crate) geometry: Geometry<f64>,
    pub(crate) has_heights: bool,
    pub(crate) attributes: Attributes,
}

pub(crate) struct Door<'a> {
    pub(crate) limits: Limits,
    system: System,
    project: &'a dyn Fn(System, f64, f64) -> (f64, f64),
    receiver: &'a mut dyn FnMut(Item) -> ControlFlow<()>,
    pub(crate) summary: Summary,
    heights: u64,
    outside: u64,
    exchanged: u64,
}

impl<'a> Door<'a> {
    pub(crate) fn new(
        reading: &'a Reading<'_>,
        format: crate::Format,
        receiver: &'a mut dyn FnMut(Item) -> ControlFlow<()>,
    ) -> Self {
        Self {
            limits: reading.limits,
            system: reading.system,
            project: reading.project,
            receiver,
            summary: Summary {
                format,
                layer: None,
                declared: None,
                records: 0,
                faults: 0,
                notes: Vec::new(),
            },
            heights: 0,
            outside: 0,
            exchanged: 0,
        }
    }

    pub(crate) fn note(&mut self, note: Note) {
        self.summary.notes.push(note);
    }

    /// One more record, whatever becomes of it.
    fn count(&self) -> Result<(), Broken> {
        let limit = self.limits.records_max;
        if self.summary.records + self.summary.faults < limit {
            return Ok(());
        }
        Err(Broken::new(
            format!("the file has more than {limit} records"),
            "send it in parts",
        ))
    }

    /// A record that could not be read.
    pub(crate) fn refuse(&mut self, place: Place, wrong: Wrong) -> Result<(), Stop> {
        self.count()?;
        self.summary.faults += 1;
        let Wrong { what, advice } = wrong;
        let fault = Fault {
            place,
            what,
            advice,
        };
        self.hand_over(Item::Fault(fault))
    }

    /// A record that was read.
    pub(crate) fn pass(&mut self, raw: Raw) -> Result<(), Stop> {
        let whole = self
            .size(&raw)
            .and_then(|()| whole(&raw.geometry))
            .and_then(|()| self.place(&raw.geometry));
        let geometry = match whole {
            Ok(geometry) => geometry,
            Err(wrong) => return self.refuse(raw.place, wrong),
        };
        self.count()?;
        self.summary.records += 1;
        self.heights += u64::from(raw.has_heights);
        self.weigh(&geometry);
        let record = Record {
            number: raw.place.number.unwrap_or(self.summary.records),
            id: raw.id,
            geometry,
            attributes: raw.attributes,
        };
        self.hand_over(Item::Record(Box::new(record)))
    }

    fn hand_over(&mut self, item: Item) -> Result<(), Stop> {
        match (self.receiver)(item) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Stop::Asked),
        }
    }

    fn size(&self, raw: &Raw) -> Result<(), Wrong> {
        let vertices = raw.geometry.coords_count();
        if vertices > self.limits.vertices_max {
            return Err(Wrong::new(
                format!("its geometry has {vertices} points"),
                format!("simplify it to at most {}", self.limits.vertices_max),
            ));
        }
        let bytes: usize = raw
            .attributes
            .iter()
            .map(|(name, value)| name.len() + bytes_of(value))
            .sum();
        if bytes > self.limits.attribute_bytes_max {
            return Err(Wrong::new(
                format!("its attributes have {bytes} bytes"),
                format!(
                    "leave columns out until it has at most {}",
                    self.limits.attribute_bytes_max
                ),
            ));
        }
        Ok(())
    }

    /// The geometry in longitude and latitude.
    fn place(&self, geometry: &Geometry<f64>) -> Result<Geometry<f64>, Wrong> {
        for coord in geometry.coords_iter() {
            plausible::check(self.system, coord.x, coord.y)?;
        }
        if matches!(self.system, System::Wgs84 | System::Cgcs2000) {
            return Ok(geometry.clone());
        }
        let placed =
            geometry.map_coords(|coord| (self.project)(self.system, coord.x, coord.y).into());
        let is_on_earth = |coord: geo::Coord<f64>| coord.x.abs() <= 180.0 && coord.y.abs() <= 90.0;
        if placed.coords_iter().all(is_on_earth) {
            return Ok(placed);
        }
        Err(Wrong::new(
            format!("its coordinates are nowhere on earth in {}", self.system),
            "name the system that the file is in",
        ))
    }

    /// Counts what lies where a city of China does not.
    fn weigh(&mut self, geometry: &Geometry<f64>) {
        let Some(first) = geometry.coords_iter().next() else {
            return;
        };
        if !plausible::is_in_china(first.x, first.y) {
            self.outside += 1;
            self.exchanged += u64::from(plausible::is_in_china(first.y, first.x));
        }
    }

    /// What was read, with what is to be said of all of it.
    pub(crate) fn close(mut self) -> Summary {
        let of = self.summary.records;
        for (records, note) in [
            (
                self.heights,
                Note::HeightsDropped {
                    records: self.heights,
                },
            ),
            (
                self.outside,
                Note::OutsideChina {
                    records: self.outside,
                    of,
                },
            ),
            (
                self.exchanged,
                Note::Exchanged {
                    records: self.exchanged,
                },
            ),
        ] {
            if records > 0 {
                self.note(note);
            }
        }
        self.summary
    }
}

fn bytes_of(value: &serde_json::Value) -> usize {
    use serde_json::Value;
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => text.len(),
        Value::Array(all) => all.iter().map(bytes_of).sum::<usize>() + 8,
        Value::Object(all) => all
            .iter()
            .map(|(key, value)| key.len() + bytes_of(value))
            .sum(),
    }
}

/// Has it points, all of them numbers, and enough for what it is?
fn whole(geometry: &Geometry<f64>) -> Result<(), Wrong> {
    let mut is_empty = true;
    for coord in geometry.coords_iter() {
        is_empty = false;
        if !(coord.x.is_finite() && coord.y.is_finite()) {
            return Err(Wrong::new(
                "a coordinate of its geometry is no number",
                "draw it anew",
            ));
        }
    }
    if is_empty {
        return Err(Wrong::new(
            "it has no geometry",
            "draw one, or leave the record out",
        ));
    }
    if lines_are_lines(geometry) {
        Ok(())
    } else {
        Err(Wrong::new(
            "its geometry has a line of less than two points, or a ring of less than three",
            "draw it anew, or run a repair of geometries over the layer",
        ))
    }
}

fn lines_are_lines(geometry: &Geometry<f64>) -> bool {
    // A ring's last point is its first.
    let polygon = |polygon: &Polygon<f64>| {
        polygon.exterior().0.len() >= 4 && polygon.interiors().iter().all(|ring| ring.0.len() >= 4)
    };
    match geometry {
        Geometry::LineString(line) => line.0.len() >= 2,
        Geometry::MultiLineString(lines) => lines.iter().all(|line| line.0.len() >= 2),
        Geometry::Polygon(one) => polygon(one),
        Geometry::MultiPolygon(all) => all.iter().all(polygon),
        Geometry::GeometryCollection(all) => all.iter().all(lines_are_lines),
        _ => true,
    }
}
