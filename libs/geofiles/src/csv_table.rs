//! Tables: a column each of longitude and latitude (or easting and northing), or one of well-known text.

mod columns;
mod wkt_text;

use std::cell::Cell;
use std::io::{self, Read, Seek};
use std::rc::Rc;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::Encoding;
use geo::{Geometry, Point};
use serde_json::Value;

use crate::door::{Door, Raw, Stop, Wrong};
use crate::encoding::{self, Utf8Stream};
use crate::read::{Reading, rewind};
use crate::record::{Attributes, Broken, Note, Place};

pub use columns::Columns;
use columns::Where;
pub(crate) use wkt_text::shape as shape_of_wkt;

pub(crate) fn read<R: Read + Seek>(
    mut source: R,
    reading: &Reading<'_>,
    door: &mut Door<'_>,
) -> Result<(), Stop> {
    let encoding = match encoding::asked(reading.encoding.as_deref())? {
        Some(encoding) => encoding,
        None => guess(&mut source, door)?,
    };
    let delimiter = delimiter(&mut source)?;
    let since_record = Rc::new(Cell::new(0));
    let guarded = Guarded {
        inner: Utf8Stream::new(source, encoding),
        since_record: Rc::clone(&since_record),
        limit: door.limits.record_bytes_max,
        lost: Rc::new(Cell::new(false)),
    };
    let lost = Rc::clone(&guarded.lost);
    let mut table = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(guarded);
    let header = table.headers().map_err(|error| unreadable(&error))?.clone();
    if header.len() > door.limits.columns_max {
        return Err(Stop::Broken(Broken::new(
            format!("the table has {} columns", header.len()),
            format!(
                "leave columns out until it has at most {}",
                door.limits.columns_max
            ),
        )));
    }
    let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    let place = reading.columns.find(&names)?;
    let mut row = StringRecord::new();
    let mut number = 0;
    while table
        .read_record(&mut row)
        .map_err(|error| unreadable(&error))?
    {
        since_record.set(0);
        number += 1;
        let place_of_row = Place {
            line: row.position().map(csv::Position::line),
            ..Place::record(number)
        };
        match taken(&row, &names, &place) {
            Ok((geometry, has_heights, attributes)) => door.pass(Raw {
                place: place_of_row,
                id: None,
                geometry,
                has_heights,
                attributes,
            })?,
            Err((column, wrong)) => {
                let place = match column.and_then(|column| names.get(column)) {
                    Some(name) => place_of_row.of(name),
                    None => place_of_row,
                };
                door.refuse(place, wrong)?;
            }
        }
    }
    if lost.get() {
        door.note(Note::LettersLost {
            records: number,
            encoding: encoding.name(),
        });
    }
    Ok(())
}

/// What is wrong, and in which column if in one.
type WrongCell = (Option<usize>, Wrong);

fn taken(
    row: &StringRecord,
    names: &[String],
    place: &Where,
) -> Result<(Geometry<f64>, bool, Attributes), WrongCell> {
    if row.len() != names.len() {
        return Err((
            None,
            Wrong::new(
                format!("it has {} cells, the header has {}", row.len(), names.len()),
                "put texts with a delimiter or a quote in quotes, and double the quotes within",
            ),
        ));
    }
    let cell = |column: usize| row.get(column).unwrap_or_default().trim();
    let (geometry, has_heights) = match place {
        Where::Point { lon, lat } => {
            let point = Point::new(number(*lon, cell(*lon))?, number(*lat, cell(*lat))?);
            (Geometry::Point(point), false)
        }
        Where::Text(column) => {
            shape_of_wkt(cell(*column)).map_err(|wrong| (Some(*column), wrong))?
        }
    };
    let mut attributes = Attributes::new();
    for (column, name) in names.iter().enumerate() {
        if place.has(column) || name.is_empty() {
            continue;
        }
        let text = row.get(column).unwrap_or_default();
        let value = if text.is_empty() {
            Value::Null
        } else {
            Value::String(text.to_owned())
        };
        attributes.insert(name.clone(), value);
    }
    Ok((geometry, has_heights, attributes))
}

fn number(column: usize, text: &str) -> Result<f64, WrongCell> {
    let wrong = |what: String, advice: &str| (Some(column), Wrong::new(what, advice));
    if text.is_empty() {
        return Err(wrong(
            "it has no coordinate".to_owned(),
            "fill it in, or leave the record out",
        ));
    }
    let read: Option<f64> = text.parse().ok();
    read.filter(|number| number.is_finite()).ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        wrong(
            format!("`{shown}` is no number"),
            "write degrees or metres with a point before the decimals, such as 120.285",
        )
    })
}

/// By the first part of the file.
fn guess(
    source: &mut (impl Read + Seek),
    door: &mut Door<'_>,
) -> Result<&'static Encoding, Broken> {
    let sample = sample(source)?;
    let encoding = encoding::guess(std::iter::once(sample.as_slice()));
    if encoding != encoding_rs::UTF_8 {
        door.note(Note::EncodingGuessed {
            encoding: encoding.name(),
        });
    }
    Ok(encoding)
}

fn sample(source: &mut (impl Read + Seek)) -> Result<Vec<u8>, Broken> {
    let mut sample = Vec::new();
    source
        .by_ref()
        .take(1 << 20)
        .read_to_end(&mut sample)
        .map_err(|error| Broken::unreadable(&error))?;
    rewind(source)?;
    Ok(sample)
}

/// Of those that are usual, the one that stands in the header most.
fn delimiter(source: &mut (impl Read + Seek)) -> Result<u8, Broken> {
    let sample = sample(source)?;
    let header = sample
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |mark: u8| {
        let mut is_quoted = false;
        let outside = header.iter().filter(|byte| {
            is_quoted ^= **byte == b'"';
            !is_quoted && **byte == mark
        });
        outside.count()
    };
    let marks = [b'|', b';', b'\t', b','];
    Ok(marks
        .into_iter()
        .max_by_key(|mark| count(*mark))
        .unwrap_or(b','))
}

fn unreadable(error: &csv::Error) -> Broken {
    Broken::unreadable(error)
}

/// A stream that ends where one record grows over the limit: a quote that is never closed takes the rest of a file.
struct Guarded<R> {
    inner: Utf8Stream<R>,
    since_record: Rc<Cell<usize>>,
    limit: usize,
    lost: Rc<Cell<bool>>,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.since_record.get() > self.limit {
            return Err(io::Error::other(format!(
                "a record has more than {} bytes, probably behind a quote that is not closed",
                self.limit
            )));
        }
        let count = self.inner.read(out)?;
        self.since_record.set(self.since_record.get() + count);
        if self.inner.take_lost() {
            self.lost.set(true);
        }
        Ok(count)
    }
}
