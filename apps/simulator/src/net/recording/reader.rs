//! One file, row by row: the time, the station and what was measured. Pure; a bad cell costs itself, a bad time its
//! row.

use std::borrow::Cow;
use std::io::Read;
use std::ops::ControlFlow;

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

/// Hands on each row while rows are wanted; whether there was a table at all. `file_station` is whose rows these are
/// where none says so.
pub(super) fn read(
    source: impl Read,
    file_station: &str,
    faults: &mut Faults,
    each: impl FnMut(&Row<'_>) -> ControlFlow<()>,
) -> bool {
    let mut lines = match Lines::new(source) {
        Ok(lines) => lines,
        Err(error) => {
            faults.file(format_args!("cannot be read: {error}"));
            return false;
        }
    };
    let mut rows = Rows {
        file_station,
        faults,
        values: Vec::new(),
        each,
    };
    let mut table: Option<Columns> = None;
    loop {
        let (number, text) = match lines.next() {
            Ok(Some(Line::Text(number, text))) => (number, text),
            Ok(Some(Line::TooLong(number))) => {
                let what = format_args!("the line has more than {LINE_BYTES_MAX} bytes");
                rows.faults.line(number, what);
                continue;
            }
            Ok(None) => break,
            Err(error) => {
                let what = format_args!("ends before its time: {error}");
                rows.faults.file(what);
                break;
            }
        };
        if number > LINES_MAX {
            let what = format_args!("only the first {LINES_MAX} lines are read");
            rows.faults.file(what);
            break;
        }
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let columns = match table.take() {
            Some(columns) => columns,
            None => match begin(&text, number, rows.faults) {
                Begin::Header(columns) => {
                    table = Some(columns);
                    continue;
                }
                Begin::Row(columns) => columns,
                Begin::NotYet => continue,
                Begin::NoTable => return false,
            },
        };
        let goes_on = rows.take(&columns, number, &text);
        table = Some(columns);
        if goes_on.is_break() {
            break;
        }
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

/// The rows of one file.
struct Rows<'a, F> {
    file_station: &'a str,
    faults: &'a mut Faults,
    /// Of the row that is looked at.
    values: Vec<(Quantity, Stat, f64)>,
    each: F,
}

impl<F: FnMut(&Row<'_>) -> ControlFlow<()>> Rows<'_, F> {
    fn take(&mut self, columns: &Columns, number: u64, text: &str) -> ControlFlow<()> {
        let cells = columns.delimiter.cells(text);
        let time = match time(&columns.time, &cells) {
            Ok(time) => time,
            Err(BadTime { column, found }) => {
                let name = columns.names.get(column).map_or("time", String::as_str);
                let what = format_args!("column {name}: `{}` is no time", short(&found));
                self.faults.line(number, what);
                return ControlFlow::Continue(());
            }
        };
        self.values.clear();
        for column in &columns.values {
            let name = columns.names.get(column.at).map_or("", String::as_str);
            let Some(cell) = cells.get(column.at) else {
                self.faults.cell(number, name, "the line ends before it");
                continue;
            };
            match value(*column, cell) {
                Cell::Value(value) => self.values.push((column.quantity, column.stat, value)),
                Cell::Missing => self.faults.missing += 1,
                Cell::Bad(why) => {
                    let what = format_args!("`{}` {why}", short(cell));
                    self.faults.cell(number, name, what);
                }
            }
        }
        let named = columns.station.and_then(|at| cells.get(at));
        let named = named.map(AsRef::as_ref).filter(|name| !name.is_empty());
        (self.each)(&Row {
            kind: columns.kind,
            station: named.unwrap_or(self.file_station),
            time,
            values: &self.values,
        })
    }
}

enum Cell {
    Value(f64),
    Missing,
    Bad(&'static str),
}

fn value(column: ValueColumn, cell: &str) -> Cell {
    const MISSING: [&str; 9] = ["", "na", "n/a", "null", "none", "-", "--", "—", "/"];
    let Ok(number) = cell.parse::<f64>() else {
        let is_missing = MISSING.iter().any(|word| word.eq_ignore_ascii_case(cell));
        return if is_missing {
            Cell::Missing
        } else {
            Cell::Bad("is no number")
        };
    };
    if number.is_nan() {
        return Cell::Missing;
    }
    if number.is_infinite() {
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

fn time(columns: &TimeColumns, cells: &[Cow<'_, str>]) -> Result<DateTime, BadTime> {
    let cell = |column: usize| cells.get(column).map_or("", AsRef::as_ref);
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
