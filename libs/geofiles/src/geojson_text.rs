//! GeoJSON: a collection, single features, or one feature a line, with or without record separators.
//!
//! A collection is cut into its features first, so that one of them is held at a time and a bad one keeps no other
//! out.

mod geometry;
mod scan;

use std::io::{BufRead, Seek};

use geojson::GeoJson;
use serde_json::Value;

use crate::declared::Declared;
use crate::door::{Door, Raw, Stop, Wrong};
use crate::read::{Reading, rewind};
use crate::record::{Attributes, Broken, Place};

use scan::{Found, Scanner};

/// Stands before every feature of a text sequence.
pub(crate) const SEPARATOR: u8 = 0x1e;

const ADVICE: &str = "correct it as RFC 7946 has it, or export the layer again";

pub(crate) fn read<R: BufRead + Seek>(
    mut source: R,
    reading: &Reading<'_>,
    door: &mut Door<'_>,
) -> Result<(), Stop> {
    let limit = door.limits.record_bytes_max;
    // The member may stand behind the features, so that a first look goes through the whole file.
    let mut declared = Declared::Nothing;
    let mut scanner = Scanner::new(&mut source, limit);
    while let Some(found) = scanner.next()? {
        if let Found::Crs(bytes) = found {
            declared = of_member(&bytes);
            break;
        }
        if scanner.features > door.limits.records_max {
            break;
        }
    }
    rewind(&mut source)?;
    door.summary.declared = declared.told();
    if let Some(note) = declared.agrees(reading.system, "take its member crs out")? {
        door.note(note);
    }
    let mut scanner = Scanner::new(&mut source, limit);
    while let Some(found) = scanner.next()? {
        let Found::Feature {
            bytes,
            line,
            column,
        } = found
        else {
            continue;
        };
        let place = Place {
            line: Some(line),
            column: Some(column),
            ..Place::record(scanner.features)
        };
        match bytes.map_or_else(|| Err(too_long(limit).into()), |bytes| feature(&bytes)) {
            Ok((id, (geometry, has_heights), attributes)) => door.pass(Raw {
                place,
                id,
                geometry,
                has_heights,
                attributes,
            })?,
            Err(Misread {
                wrong,
                line,
                column,
            }) => door.refuse(within(place, line, column), wrong)?,
        }
    }
    if scanner.features == 0 && !scanner.has_collection {
        return Err(Stop::Broken(Broken::new(
            "the file has no features",
            "send a GeoJSON FeatureCollection",
        )));
    }
    Ok(())
}

/// `{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}`; null says nothing.
fn of_member(bytes: &[u8]) -> Declared {
    let member: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let name = member.pointer("/properties/name").and_then(Value::as_str);
    let code = member.pointer("/properties/code").and_then(Value::as_u64);
    match (name, code) {
        (Some(name), _) => Declared::of_name(name),
        (None, Some(code)) => Declared::of_epsg(code as u32),
        (None, None) if member.is_null() => Declared::Nothing,
        (None, None) => Declared::Other(member.to_string().chars().take(80).collect()),
    }
}

fn too_long(limit: usize) -> Wrong {
    Wrong::new(
        format!("it has more than {limit} bytes"),
        "simplify its geometry",
    )
}

/// What is wrong with a feature, and where in it: lines and columns from 1, or 0 where it is all of it.
struct Misread {
    wrong: Wrong,
    line: u64,
    column: u64,
}

impl From<Wrong> for Misread {
    fn from(wrong: Wrong) -> Self {
        Self {
            wrong,
            line: 0,
            column: 0,
        }
    }
}

/// A place in the file from one in its feature.
fn within(feature: Place, line: u64, column: u64) -> Place {
    let (begin_line, begin_column) = (feature.line.unwrap_or(1), feature.column.unwrap_or(1));
    let (line, column) = match line {
        0 => (begin_line, begin_column),
        1 => (begin_line, begin_column + column.saturating_sub(1)),
        further => (begin_line + further - 1, column),
    };
    Place {
        line: Some(line),
        column: Some(column),
        ..feature
    }
}

type Parts = (Option<String>, (geo::Geometry<f64>, bool), Attributes);

fn feature(bytes: &[u8]) -> Result<Parts, Misread> {
    if std::str::from_utf8(bytes).is_err() {
        return Err(Wrong::new(
            "it is not in UTF-8",
            "save the file as UTF-8, GeoJSON has no other encoding",
        )
        .into());
    }
    let wrong = |message: &str| Wrong::new(format!("it is no feature: {message}"), ADVICE);
    let read: GeoJson = serde_json::from_slice(bytes).map_err(|error| {
        let told = error.to_string();
        let (message, _) = told.split_once(" at line ").unwrap_or((&told, ""));
        Misread {
            wrong: wrong(message),
            line: error.line() as u64,
            column: error.column() as u64,
        }
    })?;
    match read {
        GeoJson::Feature(feature) => {
            let id = feature.id.map(|id| match id {
                geojson::feature::Id::String(text) => text,
                geojson::feature::Id::Number(number) => number.to_string(),
            });
            let geometry = feature.geometry.ok_or_else(|| {
                Wrong::new("it has no geometry", "draw one, or leave the record out")
            })?;
            let attributes = feature.properties.unwrap_or_default();
            Ok((id, geometry::convert(geometry)?, attributes))
        }
        GeoJson::Geometry(geometry) => Ok((None, geometry::convert(geometry)?, Attributes::new())),
        GeoJson::FeatureCollection(_) => Err(wrong("it is a collection within another").into()),
    }
}
