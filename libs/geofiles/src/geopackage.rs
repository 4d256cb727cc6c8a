//! GeoPackages: a database of SQLite, held in memory and opened to be read only.
//!
//! It is the file of a stranger: views and triggers are not run, functions in its schema are not trusted, and one
//! value is no longer than a record may be.

mod blob;
mod layers;

use std::io::{Read, Seek};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, MAIN_DB};
use serde_json::{Number, Value};

use crate::door::{Door, Raw, Stop, Wrong};
use crate::read::{Reading, rewind};
use crate::record::{Attributes, Broken, Note, Place};

use layers::Layer;

pub(crate) const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where the header says whether there is a log beside the file: two bytes, 2 if so.
const JOURNAL_BYTES: std::ops::Range<usize> = 18..20;

pub(crate) fn read<R: Read + Seek>(
    source: R,
    size: u64,
    reading: &Reading<'_>,
    door: &mut Door<'_>,
) -> Result<(), Stop> {
    let database = open(source, size, door)?;
    let layer = layers::choose(&database, reading.layer.as_deref())?;
    door.summary.layer = Some(layer.table.clone());
    door.summary.declared = layer.declared.told();
    let remedy = "set the layer's coordinate system right in QGIS";
    if let Some(note) = layer.declared.agrees(reading.system, remedy)? {
        door.note(note);
    }
    if layer.declared == crate::declared::Declared::Nothing {
        door.note(Note::Undeclared);
    }
    rows(&database, &layer, door)
}

fn open<R: Read + Seek>(
    mut source: R,
    size: u64,
    door: &mut Door<'_>,
) -> Result<Connection, Broken> {
    let limit = door.limits.unpacked_bytes_max;
    if size > limit {
        return Err(Broken::new(
            format!("the GeoPackage has {size} bytes"),
            format!("send at most {limit}, in parts"),
        ));
    }
    let mut header = [0; 20];
    source
        .read_exact(&mut header)
        .map_err(|error| Broken::unreadable(&error))?;
    // A database in memory has no log beside it, and is not opened if it says that it has.
    if let Some(journal) = header.get_mut(JOURNAL_BYTES)
        && journal.contains(&2)
    {
        journal.fill(1);
        door.note(Note::LogMissing);
    }
    rewind(&mut source)?;
    let rest = Skipping {
        inner: source,
        left: header.len(),
    };
    let mut database = Connection::open_in_memory().map_err(|error| unreadable(&error))?;
    database
        .deserialize_read_exact(MAIN_DB, header.chain(rest), size as usize, true)
        .map_err(|error| unreadable(&error))?;
    let length = i32::try_from(door.limits.record_bytes_max).unwrap_or(i32::MAX);
    let restricted = database
        .set_limit(Limit::SQLITE_LIMIT_LENGTH, length)
        .and_then(|_before| database.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0))
        .and_then(|_before| {
            database.execute_batch(
                "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON;",
            )
        });
    restricted.map_err(|error| unreadable(&error))?;
    Ok(database)
}

/// A stream without its first bytes.
struct Skipping<R> {
    inner: R,
    left: usize,
}

impl<R: Read> Read for Skipping<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.left > 0 {
            let mut gone = [0; 32];
            let part = gone.get_mut(..self.left.min(32)).unwrap_or_default();
            let count = self.inner.read(part)?;
            if count == 0 {
                break;
            }
            self.left -= count;
        }
        self.inner.read(out)
    }
}

fn unreadable(error: &rusqlite::Error) -> Broken {
    Broken::new(
        format!("the GeoPackage cannot be read: {error}"),
        "it is damaged or was cut off: close it in its program and send it again",
    )
}

/// A name in a statement.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn rows(database: &Connection, layer: &Layer, door: &mut Door<'_>) -> Result<(), Stop> {
    let limit = door.limits.columns_max;
    if layer.columns.len() > limit {
        return Err(Stop::Broken(Broken::new(
            format!("the layer has {} columns", layer.columns.len()),
            format!("leave columns out until it has at most {limit}"),
        )));
    }
    let names: Vec<String> = layer
        .columns
        .iter()
        .map(|column| quoted(&column.name))
        .collect();
    let text = format!("SELECT {} FROM {}", names.join(", "), quoted(&layer.table));
    let mut statement = database
        .prepare(&text)
        .map_err(|error| unreadable(&error))?;
    let mut rows = statement.query([]).map_err(|error| unreadable(&error))?;
    let mut number = 0;
    while let Some(row) = rows.next().map_err(|error| unreadable(&error))? {
        number += 1;
        let place = Place::record(number);
        match taken(row, layer) {
            Ok((id, (geometry, has_heights), attributes)) => door.pass(Raw {
                place,
                id,
                geometry,
                has_heights,
                attributes,
            })?,
            Err(wrong) => door.refuse(place, wrong)?,
        }
    }
    Ok(())
}

type Parts = (Option<String>, (geo::Geometry<f64>, bool), Attributes);

fn taken(row: &rusqlite::Row<'_>, layer: &Layer) -> Result<Parts, Wrong> {
    let mut attributes = Attributes::new();
    let (mut id, mut geometry) = (None, None);
    for (place, column) in layer.columns.iter().enumerate() {
        let value = row.get_ref(place).unwrap_or(ValueRef::Null);
        if column.name == layer.geometry {
            geometry = match value {
                ValueRef::Blob(bytes) => Some(blob::shape(bytes)?),
                _ => None,
            };
        } else if column.is_key {
            id = value.as_i64().ok().map(|key| key.to_string());
        } else {
            attributes.insert(column.name.clone(), attribute(value, &column.kind));
        }
    }
    let geometry = geometry
        .ok_or_else(|| Wrong::new("it has no geometry", "draw one, or leave the record out"))?;
    Ok((id, geometry, attributes))
}

fn attribute(value: ValueRef<'_>, kind: &str) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) if kind.eq_ignore_ascii_case("BOOLEAN") => {
            Value::Bool(number != 0)
        }
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => Number::from_f64(number).map_or(Value::Null, Value::Number),
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned().into(),
        ValueRef::Blob(bytes) => STANDARD.encode(bytes).into(),
    }
}
