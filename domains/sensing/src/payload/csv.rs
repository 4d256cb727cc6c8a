//! CSV: `device,time,property,value[,quality]`, one reading on each line, with or without a line of names.

use jiff::tz::Offset;
use yiwang_contracts::Quality;

use super::time::time_of;
use crate::reading::Refused;

/// One line, its property not looked up yet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CsvRow<'a> {
    pub device: &'a str,
    pub time: i64,
    pub property: &'a str,
    pub value: f64,
    pub quality: Quality,
}

/// A line that cannot be read. The others stand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CsvFault {
    /// 1-based.
    pub line: u64,
    pub refused: Refused,
}

/// Calls `take` for each line; answers the lines that cannot be read.
pub(crate) fn read_csv(
    payload: &[u8],
    zone: Offset,
    mut take: impl FnMut(CsvRow<'_>),
) -> Vec<CsvFault> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(payload);
    let (mut record, mut faults) = (csv::ByteRecord::new(), Vec::new());
    loop {
        let line = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(false) => return faults,
            Ok(true) if line == 1 && record.get(1) == Some(b"time") => {}
            Ok(true) => match row(&record, zone) {
                Ok(row) => take(row),
                Err(refused) => faults.push(CsvFault { line, refused }),
            },
            Err(error) => {
                let refused = Refused::new("malformed", format!("line {line}: {error}"));
                faults.push(CsvFault { line, refused });
            }
        }
    }
}

fn row(record: &csv::ByteRecord, zone: Offset) -> Result<CsvRow<'_>, Refused> {
    let field = |at: usize, name: &str| {
        let bytes = record.get(at).filter(|bytes| !bytes.is_empty());
        let bytes = bytes.ok_or_else(|| {
            let message =
                format!("{name} is missing; a line is device,time,property,value[,quality]");
            Refused::new("malformed", message)
        })?;
        std::str::from_utf8(bytes)
            .map_err(|error| Refused::new("malformed", format!("{name} is no UTF-8: {error}")))
    };
    let text = field(3, "value")?;
    let value: f64 = text
        .parse()
        .map_err(|_no_number| Refused::new("not_a_number", format!("`{text}` is no number")))?;
    let quality = match record.get(4).filter(|bytes| !bytes.is_empty()) {
        None => Quality::Good,
        Some(word) => {
            let word = serde_json::Value::String(String::from_utf8_lossy(word).into_owned());
            serde_json::from_value(word)
                .map_err(|error| Refused::new("bad_quality", error.to_string()))?
        }
    };
    Ok(CsvRow {
        device: field(0, "device")?,
        time: time_of(field(1, "time")?, zone)
            .map_err(|fault| Refused::new("bad_time", fault.to_string()))?,
        property: field(2, "property")?,
        value,
        quality,
    })
}
