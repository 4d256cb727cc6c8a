//! One row becomes one case, or a reason why it does not. Pure.

use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::Offset;
use yiwang_coords::{Crs, LonLat};
use yiwang_kernel::{AreaCode, Masked, Position, PositionFault, Timestamp, sha256};

use super::mapping::{Cell, Mapping, PlaceMapping, TimeMapping, placeholders};
use super::reader::Record;
use crate::model::{NewIncident, NewReporter, Outcome, PastCase, Source};

/// Why a row is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// Stable: `import.bad_time`.
    pub code: &'static str,
    /// The column at fault; empty for the row as a whole.
    pub column: String,
    pub message: String,
}

impl RowFault {
    pub(super) fn new(
        code: &'static str,
        column: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            column: column.into(),
            message: message.into(),
        }
    }
}

/// The case that a row describes.
pub fn map_row(mapping: &Mapping, row: &Record) -> Result<NewIncident, RowFault> {
    if let Some(message) = &row.unreadable {
        return Err(RowFault::new("import.unreadable_row", "", message.clone()));
    }
    let source = Source::parse(&mapping.source).unwrap_or(Source::Import);
    let title = value(&mapping.text.title, row).ok_or_else(|| {
        RowFault::new(
            "import.no_title",
            named(&mapping.text.title),
            "there is no title",
        )
    })?;
    let description = mapping
        .text
        .description
        .as_ref()
        .and_then(|cell| value(cell, row))
        .unwrap_or_default();
    let mut case = NewIncident::new(source, title, description);
    case.source_ref = Some(reference(mapping, row));
    let created_at = time(&mapping.time, &mapping.created_at, row)?.ok_or_else(|| {
        RowFault::new(
            "import.no_time",
            named(&mapping.created_at),
            "there is no time of creation",
        )
    })?;
    case.occurred_at = Some(created_at);
    case.past = Some(past(mapping, row, created_at)?);
    case.item_code = mapping.item.as_ref().and_then(|item| {
        let word = row.cells.get(&item.column).map(|word| word.trim())?;
        item.map
            .get(word)
            .cloned()
            .or_else(|| item.otherwise.clone())
    });
    if let Some(place) = &mapping.place {
        set_place(&mut case, place, row)?;
    }
    case.reporter = mapping
        .reporter
        .as_ref()
        .and_then(|cell| value(cell, row))
        .map(|name| NewReporter {
            name: Masked::new(name),
            phone: Masked::new(""),
            secret: false,
        });
    Ok(case)
}

/// What became of it in the other system.
fn past(mapping: &Mapping, row: &Record, created_at: Timestamp) -> Result<PastCase, RowFault> {
    let closed = closed(mapping, row)?;
    let mut answer = mapping
        .answer
        .as_ref()
        .and_then(|cell| value(cell, row))
        .unwrap_or_default();
    let closed_at = if closed {
        let given = closing_time(mapping, row)?.unwrap_or(created_at);
        if given < created_at {
            // The other system says so; the case is kept, and what it said is kept with it.
            let said = format!("（来源记录的办结时间 {given} 早于登记时间）");
            answer = if answer.is_empty() {
                said
            } else {
                [answer, said].join("\n")
            };
        }
        Some(given.max(created_at))
    } else {
        None
    };
    Ok(PastCase {
        created_at,
        closed_at,
        outcome: closed.then_some(Outcome::Solved),
        answer,
    })
}

/// The name of a cell for a person.
fn named(cell: &Cell) -> String {
    match cell {
        Cell::Column(column) => column.clone(),
        Cell::First(columns) => columns.join(", "),
        Cell::Template { template } => template.clone(),
        Cell::Constant { .. } => String::new(),
    }
}

/// What a cell says; `None` when that is nothing.
fn value(cell: &Cell, row: &Record) -> Option<String> {
    let column = |name: &str| {
        row.cells
            .get(name)
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
    };
    let text = match cell {
        Cell::Column(name) => column(name)?.to_owned(),
        Cell::First(names) => names.iter().find_map(|name| column(name))?.to_owned(),
        Cell::Template { template } => {
            let mut text = template.clone();
            for name in placeholders(template) {
                text = text.replace(&format!("{{{name}}}"), column(name).unwrap_or_default());
            }
            // Punctuation between two empty columns says nothing.
            text.trim_matches([' ', ':', '-', ',', '/', '：', '，', '、'])
                .to_owned()
        }
        Cell::Constant { constant } => constant.clone(),
    };
    (!text.is_empty()).then_some(text)
}

/// Bytes of the digest that stand for a row without a number.
const REFERENCE_BYTES: usize = 12;

/// The row's number for life: the other system's, or a digest of everything the row says.
fn reference(mapping: &Mapping, row: &Record) -> String {
    let own = mapping
        .source_ref
        .as_ref()
        .and_then(|cell| value(cell, row));
    let own = own.unwrap_or_else(|| {
        let cells = row.cells.iter();
        let all: Vec<&str> = cells
            .flat_map(|(name, cell)| [name.as_str(), "\u{1f}", cell, "\u{1e}"])
            .collect();
        let digest = sha256(all.concat().as_bytes());
        hex::encode(digest.get(..REFERENCE_BYTES).unwrap_or(&digest))
    });
    format!("{}:{own}", mapping.system)
}

fn closed(mapping: &Mapping, row: &Record) -> Result<bool, RowFault> {
    let Some(status) = &mapping.status else {
        return Ok(mapping
            .closed_at
            .as_ref()
            .is_some_and(|cell| value(cell, row).is_some()));
    };
    let word = row
        .cells
        .get(&status.column)
        .map(|word| word.trim())
        .unwrap_or_default();
    if status.closed.iter().any(|known| known == word) {
        return Ok(true);
    }
    if status.open.iter().any(|known| known == word) {
        return Ok(false);
    }
    Err(RowFault::new(
        "import.unknown_status",
        &status.column,
        format!("the mapping does not know the status “{word}”"),
    ))
}

fn closing_time(mapping: &Mapping, row: &Record) -> Result<Option<Timestamp>, RowFault> {
    mapping
        .closed_at
        .as_ref()
        .map_or(Ok(None), |cell| time(&mapping.time, cell, row))
}

fn time(mapping: &TimeMapping, cell: &Cell, row: &Record) -> Result<Option<Timestamp>, RowFault> {
    let Some(text) = value(cell, row) else {
        return Ok(None);
    };
    let offset = Offset::from_seconds(mapping.offset_seconds().unwrap_or(0)).unwrap_or(Offset::UTC);
    for format in &mapping.formats {
        let Ok(parsed) = strtime::parse(format, &text) else {
            continue;
        };
        if let Ok(instant) = parsed.to_timestamp() {
            return Ok(Some(instant));
        }
        let Ok(civil) = parsed
            .to_datetime()
            .or_else(|_no_time| parsed.to_date().map(DateTime::from))
        else {
            continue;
        };
        if let Ok(instant) = offset.to_timestamp(civil) {
            return Ok(Some(instant));
        }
    }
    let formats = mapping.formats.join(" or ");
    Err(RowFault::new(
        "import.bad_time",
        named(cell),
        format!("“{text}” is not a time of the form {formats}"),
    ))
}

fn set_place(case: &mut NewIncident, place: &PlaceMapping, row: &Record) -> Result<(), RowFault> {
    let address = place
        .address
        .as_ref()
        .and_then(|cell| value(cell, row))
        .unwrap_or_default();
    if !place.no_address.contains(&address) {
        case.address = address;
    }
    case.area = place
        .area
        .as_ref()
        .and_then(|cell| value(cell, row))
        .map(AreaCode::new);
    let (Some(lon), Some(lat)) = (&place.lon, &place.lat) else {
        return Ok(());
    };
    let (Some(x), Some(y)) = (degrees(row, lon)?, degrees(row, lat)?) else {
        return Ok(());
    };
    match Position::new(x, y) {
        Ok(position) => case.position = Some(to_wgs84(position, place.crs)),
        // No place known: the case comes without one and is flagged so.
        Err(PositionFault::Null) => {}
        Err(PositionFault::OutOfRange) => {
            let message = format!("{x}, {y} is not a longitude and latitude");
            return Err(RowFault::new("import.bad_position", lon, message));
        }
    }
    Ok(())
}

fn degrees(row: &Record, column: &str) -> Result<Option<f64>, RowFault> {
    let text = row
        .cells
        .get(column)
        .map(|text| text.trim())
        .unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse().map_err(|_not_a_number| {
        RowFault::new(
            "import.bad_position",
            column,
            format!("“{text}” is not a number of degrees"),
        )
    })?;
    Ok(Some(number))
}

fn to_wgs84(position: Position, crs: Crs) -> Position {
    let point = crs.to_wgs84(LonLat {
        lon: position.lon,
        lat: position.lat,
    });
    Position {
        lon: point.lon,
        lat: point.lat,
    }
}
