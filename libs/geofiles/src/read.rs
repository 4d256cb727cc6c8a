//! Reading a file, whichever of the formats it has.

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use crate::csv_table::Columns;
use crate::door::{Door, Stop};
use crate::limits::Limits;
use crate::record::{Broken, Item, Summary};
use crate::system::System;
use crate::{csv_table, geojson_text, geopackage, shapefile};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A collection, single features, or one feature a line.
    GeoJson,
    /// An archive with a shapefile.
    Shapefile,
    GeoPackage,
    /// A table with a column each of longitude and latitude, or one of well-known text.
    Csv,
}

/// How a file is to be read.
#[derive(Clone)]
pub struct Reading<'a> {
    /// The system that its coordinates are in.
    pub system: System,
    /// From a system to longitude and latitude of WGS-84; asked for no others than `system`, and not for `Wgs84` and
    /// `Cgcs2000`, which stay as they are.
    pub project: &'a dyn Fn(System, f64, f64) -> (f64, f64),
    /// What it is; known by its first bytes where nothing is said.
    pub format: Option<Format>,
    /// The encoding of its letters, where the file does not say it or says it wrongly.
    pub encoding: Option<String>,
    /// Which layer, where there are more than one.
    pub layer: Option<String>,
    /// Which columns of a table say where.
    pub columns: Columns,
    pub limits: Limits,
}

impl<'a> Reading<'a> {
    /// A file of one system, everything else as it is found.
    pub fn of(system: System, project: &'a dyn Fn(System, f64, f64) -> (f64, f64)) -> Self {
        Self {
            system,
            project,
            format: None,
            encoding: None,
            layer: None,
            columns: Columns::default(),
            limits: Limits::default(),
        }
    }
}

/// Reads a file from its beginning and hands over every record and every fault of one, until the receiver breaks or
/// the file ends.
pub fn read<R: Read + Seek>(
    mut source: R,
    reading: &Reading<'_>,
    receiver: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<Summary, Broken> {
    let size = source
        .seek(SeekFrom::End(0))
        .map_err(|error| Broken::unreadable(&error))?;
    let limit = reading.limits.file_bytes_max;
    if size > limit {
        return Err(Broken::new(
            format!("the file has {size} bytes"),
            format!("send at most {limit}, in parts"),
        ));
    }
    rewind(&mut source)?;
    let format = match reading.format {
        Some(format) => format,
        None => sniff(&mut source)?,
    };
    let mut door = Door::new(reading, format, receiver);
    let read = match format {
        Format::GeoJson => geojson_text::read(BufReader::new(source), reading, &mut door),
        Format::Shapefile => shapefile::read(source, reading, &mut door),
        Format::GeoPackage => geopackage::read(source, size, reading, &mut door),
        Format::Csv => csv_table::read(source, reading, &mut door),
    };
    match read {
        Ok(()) | Err(Stop::Asked) => Ok(door.close()),
        Err(Stop::Broken(broken)) => Err(broken),
    }
}

pub(crate) fn rewind(source: &mut impl Seek) -> Result<(), Broken> {
    source.rewind().map_err(|error| Broken::unreadable(&error))
}

fn sniff(source: &mut (impl Read + Seek)) -> Result<Format, Broken> {
    let mut begin = Vec::new();
    source
        .by_ref()
        .take(4096)
        .read_to_end(&mut begin)
        .map_err(|error| Broken::unreadable(&error))?;
    rewind(source)?;
    if begin.starts_with(b"PK\x03\x04") {
        return Ok(Format::Shapefile);
    }
    if begin.starts_with(geopackage::MAGIC) {
        return Ok(Format::GeoPackage);
    }
    let text = begin.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&begin);
    let first = text
        .iter()
        .find(|byte| !byte.is_ascii_whitespace() && **byte != geojson_text::SEPARATOR);
    match first {
        Some(b'{') => Ok(Format::GeoJson),
        Some(byte) if *byte >= 0x20 && !begin.contains(&0) => Ok(Format::Csv),
        Some(_) => Err(Broken::new(
            "the file is of no kind that is read here",
            "send GeoJSON, a zipped shapefile, a GeoPackage, or a table as CSV; a shapefile is zipped with its .shp, .shx, .dbf, .prj and .cpg",
        )),
        None => Err(Broken::new("the file is empty", "send it again")),
    }
}
