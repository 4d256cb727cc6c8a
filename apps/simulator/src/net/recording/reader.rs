//! One file, row by row: the time, the station and what was measured. Pure; a bad cell costs itself, a bad time its
//! row.

use std::io::Read;

use jiff::civil::DateTime;

use super::columns::{Columns, TimeColumns, ValueColumn};
use super::faults::Faults;
use super::lines::{LINE_BYTES_MAX, Line, Lines};
use super::{Kind, Quantity, Stat};

/// A file without a table in its first lines has none.
const HEADER_LINES_MAX: u64 = 64;
/// Lines of one file that are looked at.
const LINES_MAX: u64 = 20_000_000;

/// One row of a table.
#[derive(Debug, PartialEq)]
pub(super) struct Row<'a> {
    pub kind: Kind,
    /// As the row names it, or else its file.
    pub station: &'a str,
    pub time: DateTime,
    /// What was measured; what is missing is not in it.
    pub values: &'a [(Quantity, Stat, f64)],
}

/// Hands on each row; whether there was a table at all. `file_station` is whose rows these are where none says so.
pub(super) fn read(
    source: impl Read,
    file_station: &str,
    faults: &mut Faults,
    mut each: impl FnMut(&Row<'_>),
) -> bool {
    let mut lines = match Lines::new(source) {
        Ok(lines) => lines,
        Err(error) => {
            faults.file(format_args!("cannot be read: {error}"));
            return false;
        }
    };
    let mut table: Option<Columns> = None;
    let mut values = Vec::new();
    loop {
        let (number, text) = match lines.next() {
            Ok(Some(Line::Text(number, text))) => (number, text),
            Ok(Some(Line::TooLong(number))) => {
                let what = format_args!("the line has more than {LINE_BYTES_MAX} bytes");
                faults.line(number, what);
                continue;
            }
            Ok(None) => break,
            Err(error) => {
                faults.file(format_args!("ends before its time: {error}"));
                break;
            }
        };
        if number > LINES_MAX {
            faults.file(format_args!("only the first {LINES_MAX} lines are read"));
            break;
        }
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let Some(columns) = &table else {
            match begin(&text, number, faults) {
                Begin::Header(columns) => table = Some(columns),
                Begin::Row(columns) => {
                    take(
                        &columns,
                        (number, &text),
                        file_station,
                        faults,
                        &mut values,
                        &mut each,
                    );
                    table = Some(columns);
                }
                Begin::NotYet => {}
                Begin::NoTable => return false,
            }
            continue;
        };
        take(
            columns,
            (number, &text),
            file_station,
            faults,
            &mut values,
            &mut each,
        );
    }
    table.is_some()
}

enum Begin {
    Header(Columns),
    Row(Columns),
    NotYet,
    NoTable,
}

fn begin(text: &str, number: u64, faults: &mut Faults) -> Begin {
    if let Some(columns) = Columns::of_header(text) {
        for (name, unit) in &columns.unread {
            let what =
                format_args!("column {name}: the unit {unit} is not known, it is not played");
            faults.file(what);
        }
        return Begin::Header(columns);
    }
    match Columns::of_row(text) {
        Some(columns) => Begin::Row(columns),
        None if number < HEADER_LINES_MAX => Begin::NotYet,
        None => Begin::NoTable,
    }
}

fn take(
    columns: &Columns,
    (number, text): (u64, &str),
    file_station: &str,
    faults: &mut Faults,
    values: &mut Vec<(Quantity, Stat, f64)>,
    each: &mut impl FnMut(&Row<'_>),
) {
    let cells = columns.delimiter.cells(text);
    let time = match time(&columns.time, &cells) {
        Ok(time) => time,
        Err(BadTime { column, found }) => {
            let name = columns.names.get(column).map_or("time", String::as_str);
            let what = format_args!("column {name}: `{}` is no time", short(&found));
            faults.line(number, what);
            return;
        }
    };
    values.clear();
    for column in &columns.values {
        let name = columns.names.get(column.at).map_or("", String::as_str);
        match cells.get(column.at).map(|cell| value(*column, cell)) {
            Some(Cell::Value(value)) => values.push((column.quantity, column.stat, value)),
            Some(Cell::Missing) => faults.missing += 1,
            Some(Cell::Bad(why)) => {
                let found = cells.get(column.at).map_or("", String::as_str);
                faults.cell(number, name, format_args!("`{}` {why}", short(found)));
            }
            None => faults.cell(number, name, "the line ends before it"),
        }
    }
    let named = columns.station.and_then(|at| cells.get(at));
    let named = named.map(String::as_str).filter(|name| !name.is_empty());
    each(&Row {
        kind: columns.kind,
        station: named.unwrap_or(file_station),
        time,
        values,
    });
}

enum Cell {
    Value(f64),
    Missing,
    Bad(&'static str),
}

fn value(column: ValueColumn, cell: &str) -> Cell {
    const MISSING: [&str; 10] = ["", "na", "nan", "n/a", "null", "none", "-", "--", "—", "/"];
    if MISSING.contains(&cell.to_lowercase().as_str()) {
        return Cell::Missing;
    }
    let Ok(number) = cell.parse::<f64>() else {
        return Cell::Bad("is no number");
    };
    if !number.is_finite() {
        return Cell::Bad("is no number");
    }
    // These stand for a missing value in many archives, and no river is so far below anything.
    if [-99.0, -999.0, -9_999.0, -99_999.0].contains(&number) {
        return Cell::Missing;
    }
    if number < 0.0 && !column.quantity.may_be_negative() {
        return Cell::Bad("is less than nothing");
    }
    Cell::Value(number * column.scale)
}

/// What should have been a time.
struct BadTime {
    column: usize,
    found: String,
}

fn time(columns: &TimeColumns, cells: &[String]) -> Result<DateTime, BadTime> {
    let cell = |column: usize| cells.get(column).map_or("", String::as_str);
    match columns {
        TimeColumns::Parts {
            year,
            month,
            day,
            hour,
            minute,
        } => {
            let part = |column: usize| {
                let found = cell(column);
                found.parse::<i16>().ok().ok_or_else(|| BadTime {
                    column,
                    found: found.to_owned(),
                })
            };
            let optional = |column: Option<usize>| column.map_or(Ok(0), part);
            let parts = [
                part(*year)?,
                part(*month)?,
                part(*day)?,
                optional(*hour)?,
                optional(*minute)?,
            ];
            civil(parts).ok_or_else(|| BadTime {
                column: *day,
                found: format!("{}-{}-{} {}", parts[0], parts[1], parts[2], parts[3]),
            })
        }
        TimeColumns::Text { date, time } => {
            let text = match time {
                Some(time) => format!("{} {}", cell(*date), cell(*time)),
                None => cell(*date).to_owned(),
            };
            written(&text).ok_or(BadTime {
                column: *date,
                found: text,
            })
        }
    }
}

/// Year first, then month, day, hour and minute, whatever stands between them; or all in one.
fn written(text: &str) -> Option<DateTime> {
    let mut groups: Vec<&str> = text
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|group| !group.is_empty())
        .collect();
    if let [whole, rest @ ..] = groups.as_slice()
        && matches!(whole.len(), 8 | 10 | 12 | 14)
    {
        let cuts = [(0, 4), (4, 6), (6, 8), (8, 10), (10, 12)];
        let parts = cuts.iter().filter_map(|(from, to)| whole.get(*from..*to));
        groups = parts.chain(rest.iter().copied()).collect();
    }
    let has_year = groups.first().is_some_and(|year| year.len() == 4);
    let part = |at: usize| groups.get(at).map_or(Some(0), |part| part.parse().ok());
    let is_whole = has_year && groups.len() >= 3;
    is_whole.then(|| civil([part(0)?, part(1)?, part(2)?, part(3)?, part(4)?]))?
}

/// The hour may be 24, which is the next day's beginning.
fn civil([year, month, day, hour, minute]: [i16; 5]) -> Option<DateTime> {
    let small = |number: i16| i8::try_from(number).ok();
    let is_end = (hour, minute) == (24, 0);
    let hour = if is_end { 0 } else { hour };
    let time = DateTime::new(
        year,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        0,
        0,
    );
    let time = time.ok()?;
    if is_end {
        return time.checked_add(jiff::Span::new().days(1)).ok();
    }
    Some(time)
}

/// Enough of a cell to find it.
fn short(cell: &str) -> String {
    const SHOWN: usize = 24;
    let mut shown: String = cell.chars().take(SHOWN).collect();
    if shown.len() < cell.len() {
        shown.push('…');
    }
    shown
}
