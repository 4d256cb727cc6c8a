//! Writing records: GeoJSON for programs, a table with well-known text for people.

use std::io::{self, Write};

use serde_json::{Map, Value};
use wkt::ToWkt as _;

use crate::record::Record;

/// Writes a collection, a record at a time; the coordinates are longitude and latitude, as RFC 7946 has it.
pub struct GeoJsonWriter<W> {
    sink: W,
    count: u64,
}

impl<W: Write> GeoJsonWriter<W> {
    /// Begins a collection.
    pub fn new(mut sink: W) -> io::Result<Self> {
        sink.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(Self { sink, count: 0 })
    }

    /// Writes one record on a line of its own.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        let mark: &[u8] = if self.count == 0 { b"\n" } else { b",\n" };
        self.sink.write_all(mark)?;
        let feature = geojson::Feature {
            bbox: None,
            geometry: Some(geojson::Geometry::from(&record.geometry)),
            id: record.id.clone().map(geojson::feature::Id::String),
            properties: Some(record.attributes.clone()),
            foreign_members: None::<Map<String, Value>>,
        };
        serde_json::to_writer(&mut self.sink, &feature)?;
        self.count += 1;
        Ok(())
    }

    /// Ends the collection. Without it the file is cut off.
    pub fn finish(mut self) -> io::Result<W> {
        self.sink.write_all(b"\n]}\n")?;
        self.sink.flush()?;
        Ok(self.sink)
    }
}

/// Writes a table: the columns that were named, then `wkt`.
pub struct CsvWriter<W: Write> {
    table: csv::Writer<W>,
    columns: Vec<String>,
}

impl<W: Write> CsvWriter<W> {
    /// Begins a table. A spreadsheet takes it for UTF-8 if the caller wrote the byte order mark first.
    pub fn new(sink: W, columns: Vec<String>) -> io::Result<Self> {
        let mut table = csv::Writer::from_writer(sink);
        table.write_record(columns.iter().map(String::as_str).chain(["wkt"]))?;
        Ok(Self { table, columns })
    }

    /// Writes one record; attributes without a column are left out.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        for column in &self.columns {
            let cell = match record.attributes.get(column) {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
            };
            self.table.write_field(cell)?;
        }
        self.table.write_field(record.geometry.wkt_string())?;
        self.table.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Ends the table.
    pub fn finish(self) -> io::Result<W> {
        self.table
            .into_inner()
            .map_err(|error| io::Error::other(error.error().to_string()))
    }
}
