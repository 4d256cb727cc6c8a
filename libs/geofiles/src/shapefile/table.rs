//! The .dbf: rows of fixed width, whose cells are text for the most part.

use encoding_rs::{Encoding, UTF_8};
use serde_json::{Number, Value};

use crate::door::Wrong;
use crate::encoding::decode;
use crate::limits::Limits;
use crate::record::{Attributes, Broken};

pub(super) struct Table<'a> {
    body: &'a [u8],
    fields: Vec<Field<'a>>,
    width: usize,
    pub(super) rows: u64,
    /// Says which encoding the cells have.
    pub(super) language_byte: u8,
    pub(super) encoding: &'static Encoding,
    /// Fields whose contents lie in another file.
    pub(super) skipped: Vec<String>,
}

struct Field<'a> {
    raw_name: &'a [u8],
    name: String,
    kind: u8,
    at: usize,
    width: usize,
    decimals: u8,
}

pub(super) enum Row {
    Deleted,
    /// With whether letters were lost.
    Attributes(Attributes, bool),
    Wrong(String, Wrong),
}

const ADVICE: &str = "export the layer again";

impl<'a> Table<'a> {
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Broken> {
        let short = || Broken::new("the .dbf is shorter than it says", ADVICE);
        let word = |at: usize| -> Option<usize> {
            let bytes: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
            Some(usize::from(u16::from_le_bytes(bytes)))
        };
        let rows = bytes.get(4..8).and_then(|bytes| bytes.try_into().ok());
        let rows = u64::from(u32::from_le_bytes(rows.ok_or_else(short)?));
        let (header, width) = word(8).zip(word(10)).ok_or_else(short)?;
        let language_byte = *bytes.get(29).ok_or_else(short)?;
        let body = bytes.get(header..).ok_or_else(short)?;
        if (body.len() as u64) < rows.saturating_mul(width as u64) {
            return Err(short());
        }
        let fields = fields(bytes.get(32..header).ok_or_else(short)?);
        let end = fields.last().map_or(1, |field| field.at + field.width);
        if end > width || width == 0 {
            return Err(Broken::new(
                "the fields of the .dbf are wider than its rows",
                ADVICE,
            ));
        }
        if fields.len() > limits.columns_max {
            return Err(Broken::new(
                format!("the table has {} columns", fields.len()),
                format!(
                    "leave columns out until it has at most {}",
                    limits.columns_max
                ),
            ));
        }
        Ok(Self {
            body,
            fields,
            width,
            rows,
            language_byte,
            encoding: UTF_8,
            skipped: Vec::new(),
        })
    }

    pub(super) fn set_encoding(&mut self, encoding: &'static Encoding) {
        self.encoding = encoding;
        for field in &mut self.fields {
            field.name = decode(field.raw_name, encoding).0;
        }
        let memos = self.fields.iter().filter(|field| field.is_elsewhere());
        self.skipped = memos.map(|field| field.name.clone()).collect();
    }

    fn cells(&self, place: usize) -> Option<&'a [u8]> {
        let begin = place.checked_mul(self.width)?;
        self.body.get(begin..begin + self.width)
    }

    /// Every name and every cell of text, to tell their encoding from.
    pub(super) fn texts(&self) -> impl Iterator<Item = &[u8]> {
        let names = self.fields.iter().map(|field| field.raw_name);
        let rows = self.body.chunks_exact(self.width);
        let cells = rows.flat_map(|row| {
            let texts = self.fields.iter().filter(|field| field.kind == b'C');
            texts.filter_map(|field| Some(trimmed(row.get(field.at..field.at + field.width)?)))
        });
        names.chain(cells)
    }

    pub(super) fn row(&self, place: usize) -> Row {
        let Some(cells) = self.cells(place) else {
            return Row::Wrong(
                String::new(),
                Wrong::new("its row lies beyond the end of the .dbf", ADVICE),
            );
        };
        if cells.first() == Some(&b'*') {
            return Row::Deleted;
        }
        let mut attributes = Attributes::new();
        let mut has_lost = false;
        for field in &self.fields {
            let cell = cells
                .get(field.at..field.at + field.width)
                .unwrap_or_default();
            match field.value(cell, self.encoding, &mut has_lost) {
                Ok(value) => attributes.insert(field.name.clone(), value),
                Err(wrong) => return Row::Wrong(field.name.clone(), wrong),
            };
        }
        Row::Attributes(attributes, has_lost)
    }
}

/// Thirty-two bytes each, up to a carriage return.
fn fields(header: &[u8]) -> Vec<Field<'_>> {
    let mut at = 1;
    let mut fields = Vec::new();
    for each in header.chunks_exact(32) {
        let name = each.get(..11).unwrap_or_default();
        let (Some(kind), Some(width), Some(decimals)) = (each.get(11), each.get(16), each.get(17))
        else {
            break;
        };
        if name.first() == Some(&0x0d) {
            break;
        }
        let end = name
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(name.len());
        // Long texts keep the upper byte of their width where others keep their decimals.
        let wide = if *kind == b'C' {
            usize::from(*decimals) << 8
        } else {
            0
        };
        let width = usize::from(*width) + wide;
        fields.push(Field {
            raw_name: name.get(..end).unwrap_or_default(),
            name: String::new(),
            kind: *kind,
            at,
            width,
            decimals: *decimals,
        });
        at += width;
    }
    fields
}

fn trimmed(cell: &[u8]) -> &[u8] {
    let end = cell.iter().rposition(|byte| !matches!(byte, b' ' | 0));
    end.and_then(|end| cell.get(..=end)).unwrap_or_default()
}

impl Field<'_> {
    fn is_elsewhere(&self) -> bool {
        matches!(self.kind, b'M' | b'G' | b'P') || (self.kind == b'B' && self.width != 8)
    }

    fn value(
        &self,
        cell: &[u8],
        encoding: &'static Encoding,
        has_lost: &mut bool,
    ) -> Result<Value, Wrong> {
        if self.is_elsewhere() {
            return Ok(Value::Null);
        }
        match self.kind {
            b'N' | b'F' => self.number(cell),
            b'D' => date(cell),
            b'L' => Ok(match cell.first() {
                Some(b'T' | b't' | b'Y' | b'y') => Value::Bool(true),
                Some(b'F' | b'f' | b'N' | b'n') => Value::Bool(false),
                _ => Value::Null,
            }),
            b'I' | b'+' => Ok(cell
                .try_into()
                .map_or(Value::Null, |bytes| i32::from_le_bytes(bytes).into())),
            b'B' | b'O' => {
                let number = cell.try_into().ok().map(f64::from_le_bytes);
                Ok(number
                    .and_then(Number::from_f64)
                    .map_or(Value::Null, Value::Number))
            }
            _ => {
                let (text, has_lost_here) = decode(trimmed(cell), encoding);
                *has_lost |= has_lost_here;
                Ok(if text.is_empty() {
                    Value::Null
                } else {
                    Value::String(text)
                })
            }
        }
    }

    fn number(&self, cell: &[u8]) -> Result<Value, Wrong> {
        let text = String::from_utf8_lossy(cell);
        let text = text.trim_matches([' ', '\0']);
        // Stars are what did not fit.
        if text.is_empty() || text.bytes().all(|byte| byte == b'*') {
            return Ok(Value::Null);
        }
        if self.decimals == 0
            && let Ok(whole) = text.parse::<i64>()
        {
            return Ok(whole.into());
        }
        let number = text.parse().ok().and_then(Number::from_f64);
        number.map(Value::Number).ok_or_else(|| {
            Wrong::new(
                format!(
                    "`{}` is no number",
                    text.chars().take(40).collect::<String>()
                ),
                "correct it, or make the column one of text",
            )
        })
    }
}

/// `20261123`; nothing and noughts are no date.
fn date(cell: &[u8]) -> Result<Value, Wrong> {
    let text = String::from_utf8_lossy(cell);
    let text = text.trim_matches([' ', '\0']);
    if text.bytes().all(|byte| byte == b'0') {
        return Ok(Value::Null);
    }
    let is_date = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    match (text.get(..4), text.get(4..6), text.get(6..)) {
        (Some(year), Some(month), Some(day)) if is_date => {
            Ok(format!("{year}-{month}-{day}").into())
        }
        _ => Err(Wrong::new(
            format!("`{}` is no date", text.chars().take(40).collect::<String>()),
            "correct it, or make the column one of text",
        )),
    }
}
