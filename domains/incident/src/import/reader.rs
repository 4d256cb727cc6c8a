//! Rows out of CSV, JSON, JSON lines and Excel files, all as text by column name.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use calamine::{Data, Reader};
use serde_json::Value;

/// Longest cell kept; what is longer is cut and the row says so.
pub(super) const CELL_CHARS_MAX: usize = 20_000;

/// One row. `number` counts as a person does: the header is row 1 of a CSV or sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub number: u64,
    pub cells: BTreeMap<String, String>,
    /// Set when the row itself could not be read.
    pub unreadable: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    #[error("cannot open {path}")]
    Open {
        path: String,
        #[source]
        source: std::io::Error,
    },
    #[error("cannot read {path}: {message}")]
    Read { path: String, message: String },
    #[error("a file to import ends with .csv, .json, .jsonl or .xlsx; this one ends with .{0}")]
    Kind(String),
}

/// The rows of a file, one at a time for CSV and JSON lines.
pub struct Records {
    rows: Box<dyn Iterator<Item = Record> + Send>,
    /// Column names where the file names them once.
    pub columns: Option<Vec<String>>,
}

impl Iterator for Records {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        self.rows.next()
    }
}

impl Records {
    pub fn open(path: &Path) -> Result<Self, FileFault> {
        let kind = path
            .extension()
            .and_then(|kind| kind.to_str())
            .unwrap_or_default()
            .to_ascii_lowercase();
        match kind.as_str() {
            "csv" => csv_rows(path),
            "jsonl" | "ndjson" => json_lines(path),
            "json" => json_array(path),
            "xlsx" | "xls" | "ods" => sheet_rows(path),
            _ => Err(FileFault::Kind(kind)),
        }
    }
}

fn open(path: &Path) -> Result<File, FileFault> {
    File::open(path).map_err(|source| FileFault::Open {
        path: path.display().to_string(),
        source,
    })
}

fn unreadable(path: &Path, message: impl std::fmt::Display) -> FileFault {
    FileFault::Read {
        path: path.display().to_string(),
        message: message.to_string(),
    }
}

fn csv_rows(path: &Path) -> Result<Records, FileFault> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(BufReader::new(open(path)?));
    let header = reader
        .byte_headers()
        .map_err(|error| unreadable(path, error))?;
    let columns: Vec<String> = header
        .iter()
        .map(|name| {
            String::from_utf8_lossy(name)
                .trim_start_matches('\u{feff}')
                .trim()
                .to_owned()
        })
        .collect();
    let names = columns.clone();
    let mut number = 1;
    let rows = reader.into_byte_records().map(move |row| {
        number += 1;
        match row {
            Ok(row) => {
                let bad_text = row.iter().any(|cell| std::str::from_utf8(cell).is_err());
                let cells = names
                    .iter()
                    .cloned()
                    .zip(row.iter().map(|cell| cut(&String::from_utf8_lossy(cell))));
                let unreadable = if row.len() > names.len() {
                    Some(format!(
                        "{} cells, but the header names {}",
                        row.len(),
                        names.len()
                    ))
                } else {
                    bad_text.then(|| "the text is not UTF-8".to_owned())
                };
                Record {
                    number,
                    cells: cells.collect(),
                    unreadable,
                }
            }
            Err(error) => Record {
                number,
                cells: BTreeMap::new(),
                unreadable: Some(error.to_string()),
            },
        }
    });
    Ok(Records {
        rows: Box::new(rows),
        columns: Some(columns),
    })
}

fn json_lines(path: &Path) -> Result<Records, FileFault> {
    let mut number = 0;
    let rows = BufReader::new(open(path)?).lines().map(move |line| {
        number += 1;
        match line.map_err(|error| error.to_string()).and_then(|line| {
            serde_json::from_str::<Value>(&line).map_err(|error| error.to_string())
        }) {
            Ok(value) => record(number, &value),
            Err(message) => Record {
                number,
                cells: BTreeMap::new(),
                unreadable: Some(message),
            },
        }
    });
    Ok(Records {
        rows: Box::new(rows),
        columns: None,
    })
}

fn json_array(path: &Path) -> Result<Records, FileFault> {
    let value: Value = serde_json::from_reader(BufReader::new(open(path)?))
        .map_err(|error| unreadable(path, error))?;
    let Value::Array(rows) = value else {
        return Err(unreadable(
            path,
            "a JSON file to import is an array of objects",
        ));
    };
    let rows = rows
        .into_iter()
        .zip(1..)
        .map(|(row, number)| record(number, &row));
    Ok(Records {
        rows: Box::new(rows),
        columns: None,
    })
}

fn record(number: u64, value: &Value) -> Record {
    match value {
        Value::Object(fields) => {
            let cells = fields
                .iter()
                .map(|(name, value)| (name.clone(), cut(&text(value))))
                .collect();
            Record {
                number,
                cells,
                unreadable: None,
            }
        }
        _ => Record {
            number,
            cells: BTreeMap::new(),
            unreadable: Some("not an object".to_owned()),
        },
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn sheet_rows(path: &Path) -> Result<Records, FileFault> {
    let mut book = calamine::open_workbook_auto(path).map_err(|error| unreadable(path, error))?;
    let sheet = book
        .worksheet_range_at(0)
        .ok_or_else(|| unreadable(path, "the book has no sheet"))?
        .map_err(|error| unreadable(path, error))?;
    let lines: Vec<Vec<String>> = sheet
        .rows()
        .map(|row| row.iter().map(cell_text).collect())
        .collect();
    let mut lines = lines.into_iter();
    let columns: Vec<String> = lines.next().unwrap_or_default();
    let names = columns.clone();
    let rows = lines.zip(2..).map(move |(row, number)| Record {
        number,
        cells: names
            .iter()
            .cloned()
            .zip(row.iter().map(|cell| cut(cell)))
            .collect(),
        unreadable: None,
    });
    Ok(Records {
        rows: Box::new(rows),
        columns: Some(columns),
    })
}

/// Excel's own dates come out as a person reads them.
fn cell_text(cell: &Data) -> String {
    match cell {
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        other => other.to_string(),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(CELL_CHARS_MAX) {
        Some((at, _)) => text.get(..at).unwrap_or_default().to_owned(),
        None => text.to_owned(),
    }
}
