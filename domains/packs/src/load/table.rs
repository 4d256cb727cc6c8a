//! CSV sections: a row is an entry, a cell a text, a dotted heading (`name.zh`) a field within a field.
//!
//! Lines that begin with `#` are notes. An empty cell is an absent field.

use serde_json::{Map, Value};

/// A row with its line.
#[derive(Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) line: usize,
    pub(crate) value: Value,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TableFault {
    pub(crate) line: usize,
    pub(crate) message: String,
}

/// All rows, and what is wrong with the others.
pub(crate) fn rows(text: &str) -> (Vec<Row>, Vec<TableFault>) {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    let headings = match reader.headers() {
        Ok(headings) => headings.clone(),
        Err(error) => return (rows, vec![fault(&error)]),
    };
    faults.extend(heading_faults(text, &headings));
    for record in reader.into_records() {
        match record {
            Ok(record) => {
                let line = line_of(text, &record);
                if record.len() == headings.len() {
                    rows.push(Row {
                        line,
                        value: row_value(&headings, &record),
                    });
                } else {
                    let message = format!(
                        "{} cells where the heading has {}",
                        record.len(),
                        headings.len()
                    );
                    faults.push(TableFault { line, message });
                }
            }
            Err(error) => faults.push(fault(&error)),
        }
    }
    (rows, faults)
}

fn heading_faults(text: &str, headings: &csv::StringRecord) -> Vec<TableFault> {
    let line = line_of(text, headings);
    let twice = headings
        .iter()
        .enumerate()
        .filter(|(at, name)| headings.iter().take(*at).any(|other| other == *name));
    twice
        .map(|(_, name)| TableFault {
            line,
            message: format!("column `{name}` is there twice"),
        })
        .collect()
}

/// The reader's position is that before the notes and empty lines which it passed over.
fn line_of(text: &str, record: &csv::StringRecord) -> usize {
    let Some(position) = record.position() else {
        return 0;
    };
    let rest = text.get(position.byte() as usize..).unwrap_or_default();
    let passed = rest
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with('#'))
        .count();
    position.line() as usize + passed
}

fn fault(error: &csv::Error) -> TableFault {
    let line = error
        .position()
        .map_or(0, |position| position.line() as usize);
    TableFault {
        line,
        message: error.to_string(),
    }
}

fn row_value(headings: &csv::StringRecord, record: &csv::StringRecord) -> Value {
    let mut fields = Map::new();
    for (heading, cell) in headings
        .iter()
        .zip(record)
        .filter(|(_, cell)| !cell.is_empty())
    {
        let mut place = &mut fields;
        let mut names = heading.split('.').peekable();
        while let Some(name) = names.next() {
            if names.peek().is_none() {
                place.insert(name.to_owned(), Value::String(cell.to_owned()));
            } else {
                let inner = place
                    .entry(name)
                    .or_insert_with(|| Value::Object(Map::new()));
                let Value::Object(inner) = inner else { break };
                place = inner;
            }
        }
    }
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_an_entry_of_texts() {
        let (rows, faults) =
            rows("# a note\ncode,name.zh,name.en,ring\na,甲,,\"1 2;3 4\"\n# another\nb,乙,B\n");
        let value = serde_json::json!({"code": "a", "name": {"zh": "甲"}, "ring": "1 2;3 4"});
        assert_eq!(rows, [Row { line: 3, value }]);
        let message = "3 cells where the heading has 4".to_owned();
        assert_eq!(faults, [TableFault { line: 5, message }]);
    }

    #[test]
    fn a_column_may_be_there_once() {
        let (_, faults) = rows("code,name,code\n");
        assert_eq!(
            faults,
            [TableFault {
                line: 1,
                message: "column `code` is there twice".to_owned()
            }]
        );
    }
}
