//! ESRI shapefiles, in an archive with their parts.
//!
//! The parts are unpacked into memory. Shapes are found by the index where there is one, else one after the other; a
//! shape and a row of the table belong together by their number.

mod archive;
mod shapes;
mod table;

use std::io::{Read, Seek};

use crate::declared::{Declared, of_definition};
use crate::door::{Door, Raw, Stop, Wrong};
use crate::encoding;
use crate::read::Reading;
use crate::record::{Attributes, Broken, Note, Place};

use archive::Parts;
use shapes::Shapes;
use table::{Row, Table};

pub(crate) fn read<R: Read + Seek>(
    source: R,
    reading: &Reading<'_>,
    door: &mut Door<'_>,
) -> Result<(), Stop> {
    let parts = archive::open(source, reading.layer.as_deref(), &door.limits)?;
    door.summary.layer = Some(parts.name.clone());
    declare(&parts, reading, door)?;
    let shapes = Shapes::open(&parts.shp, parts.shx.as_deref())?;
    let table = match &parts.dbf {
        Some(bytes) => Some(open_table(bytes, &parts, reading, door)?),
        None => None,
    };
    if table.is_none() {
        door.note(Note::NoTable);
    }
    if let Some(table) = &table
        && table.rows != shapes.count() as u64
    {
        return Err(Stop::Broken(Broken::new(
            format!(
                "the .shp has {} shapes, the .dbf {} rows",
                shapes.count(),
                table.rows
            ),
            "they are not of one layer, or one is damaged: export the layer again and zip all of its parts",
        )));
    }
    let (mut deleted, mut lost) = (0, 0);
    for place in 0..shapes.count() {
        let number = place as u64 + 1;
        let row = match &table {
            Some(table) => table.row(place),
            None => Row::Attributes(Attributes::new(), false),
        };
        let attributes = match row {
            Row::Deleted => {
                deleted += 1;
                continue;
            }
            Row::Wrong(field, wrong) => {
                door.refuse(Place::record(number).of(&field), wrong)?;
                continue;
            }
            Row::Attributes(attributes, has_lost) => {
                lost += u64::from(has_lost);
                attributes
            }
        };
        one(&shapes, place, attributes, door)?;
    }
    if deleted > 0 {
        door.note(Note::DeletedSkipped { rows: deleted });
    }
    if let Some(table) = &table {
        if lost > 0 {
            door.note(Note::LettersLost {
                records: lost,
                encoding: table.encoding.name(),
            });
        }
        if !table.skipped.is_empty() {
            let names = table.skipped.clone();
            door.note(Note::ColumnsSkipped { names });
        }
    }
    Ok(())
}

fn one(
    shapes: &Shapes<'_>,
    place: usize,
    attributes: Attributes,
    door: &mut Door<'_>,
) -> Result<(), Stop> {
    let number = Place::record(place as u64 + 1);
    let limit = door.limits.record_bytes_max;
    let read = match shapes.content(place) {
        Some(content) if content.len() > limit => Err(Wrong::new(
            format!("it has more than {limit} bytes"),
            "simplify its geometry",
        )),
        Some(content) => shapes::read(content),
        None => Err(Wrong::new(
            "its shape lies beyond the end of the .shp",
            "the file was cut off: send it again",
        )),
    };
    match read {
        Ok((geometry, has_heights)) => door.pass(Raw {
            place: number,
            id: None,
            geometry,
            has_heights,
            attributes,
        }),
        Err(wrong) => door.refuse(number, wrong),
    }
}

fn declare(parts: &Parts, reading: &Reading<'_>, door: &mut Door<'_>) -> Result<(), Broken> {
    let declared = match &parts.prj {
        Some(bytes) => of_definition(&String::from_utf8_lossy(bytes)),
        None => Declared::Nothing,
    };
    if declared == Declared::Nothing {
        door.note(Note::Undeclared);
    }
    door.summary.declared = declared.told();
    if let Some(note) = declared.agrees(reading.system, "take the .prj out of the archive")? {
        door.note(note);
    }
    Ok(())
}

/// The encoding is what was asked for, else what the .cpg says, else the table's own byte, else a guess.
fn open_table<'a>(
    bytes: &'a [u8],
    parts: &Parts,
    reading: &Reading<'_>,
    door: &mut Door<'_>,
) -> Result<Table<'a>, Broken> {
    let asked = encoding::asked(reading.encoding.as_deref())?;
    let written = parts
        .cpg
        .as_ref()
        .and_then(|bytes| encoding::of_name(&String::from_utf8_lossy(bytes)));
    let mut table = Table::open(bytes, &door.limits)?;
    let known = asked
        .or(written)
        .or_else(|| encoding::of_language_byte(table.language_byte));
    let encoding = known.unwrap_or_else(|| encoding::guess(table.texts()));
    table.set_encoding(encoding);
    if known.is_none() && encoding != encoding_rs::UTF_8 {
        door.note(Note::EncodingGuessed {
            encoding: encoding.name(),
        });
    }
    Ok(table)
}
