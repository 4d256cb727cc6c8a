//! Writes a dataset, or some devices' part of it, to one file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::csv;
use datafusion::parquet::arrow::ArrowWriter;
use yiwang_contracts::Span;
use yiwang_kernel::{Clock, Timestamp, micros};

use crate::dataset::Dataset;
use crate::error::LakeError;
use crate::lake::Lake;
use crate::scan::{Scan, schema, stored};
use crate::settings::LakeSettings;
use crate::table::ALWAYS;
use crate::want::Wanted;
use crate::writer::properties;

/// What is written.
#[derive(Debug, Clone)]
pub struct Export {
    pub dataset: Dataset,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    /// These devices only; all, if none is named.
    pub devices: Vec<Box<str>>,
    pub format: ExportFormat,
}

/// The form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    Parquet,
    Csv,
}

enum Sheet<W: Write + Send> {
    Parquet(Box<ArrowWriter<W>>),
    Csv(Box<csv::Writer<W>>),
}

impl<W: Write + Send> Sheet<W> {
    fn write(&mut self, path: &Path, batch: &RecordBatch) -> Result<(), LakeError> {
        match self {
            Self::Parquet(writer) => writer
                .write(batch)
                .map_err(|error| LakeError::parquet(path, error)),
            Self::Csv(writer) => writer
                .write(batch)
                .map_err(|error| LakeError::arrow(path, error)),
        }
    }

    fn finish(self, path: &Path) -> Result<(), LakeError> {
        let inner = match self {
            Self::Parquet(writer) => writer
                .into_inner()
                .map_err(|error| LakeError::parquet(path, error))?,
            Self::Csv(writer) => writer.into_inner(),
        };
        let mut inner = inner;
        inner
            .flush()
            .map_err(|source| LakeError::file(path, source))
    }
}

/// Writes the rows of the lake in a folder to a file; answers how many. Whoever writes to the lake is no hindrance.
pub fn export(
    root: &Path,
    clock: Arc<dyn Clock>,
    what: &Export,
    output: &Path,
) -> Result<u64, LakeError> {
    let lake = Lake::open_to_read(root, LakeSettings::default(), clock)?;
    let file = File::create(output).map_err(|source| LakeError::file(output, source))?;
    let wanted = match what.dataset {
        // Events are of no device.
        Dataset::Events => Wanted::All,
        _ => Wanted::devices(&what.devices),
    };
    let columns: Vec<usize> = (0..stored(what.dataset).fields().len()).collect();
    let scan = Scan {
        ask: lake.ask(),
        dataset: what.dataset,
        wanted,
        span: Span {
            from: what.from.map_or(ALWAYS.from, micros),
            to: what.to.map_or(ALWAYS.to, micros),
        },
        rights: None,
        columns: columns.clone(),
    };
    let schema = schema(what.dataset)
        .project(&columns)
        .map_err(LakeError::Encode)?;
    let file = BufWriter::new(file);
    let mut sheet = match what.format {
        ExportFormat::Csv => Sheet::Csv(Box::new(csv::Writer::new(file))),
        ExportFormat::Parquet => {
            let writer = ArrowWriter::try_new(file, schema.into(), Some(properties(&[]).build()));
            let writer = writer.map_err(|error| LakeError::parquet(output, error))?;
            Sheet::Parquet(Box::new(writer))
        }
    };
    let mut rows = 0;
    for unit in scan.units() {
        for batch in scan.read(unit)? {
            let batch = batch?;
            rows += batch.num_rows() as u64;
            sheet.write(output, &batch)?;
        }
    }
    sheet.finish(output)?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use yiwang_contracts::Series;

    use super::*;
    use crate::compact::Effort;
    use crate::testing::{DAY, Shore, deleted, event, point};

    #[test]
    fn an_export_has_what_was_asked_for_from_files_and_segments() {
        let shore = Shore::new();
        let lake = shore.open();
        let begin = shore.now();
        for device in ["d0", "d1"] {
            let series = Series::new(device, "level");
            let points: Vec<_> = (0..4)
                .map(|n| point(&series, begin + n * DAY, n as f64 + 0.5))
                .collect();
            lake.append_points(&points).unwrap();
        }
        lake.append_events(&[event(1, begin), event(2, begin)])
            .unwrap();
        shore.wait(2 * DAY);
        lake.compact(Effort::All).unwrap();
        let series = Series::new("d1", "level");
        lake.append_points(&[
            point(&series, begin + 1, 9.0),
            deleted(&series, begin + DAY),
        ])
        .unwrap();
        let write = |dataset, devices: &[&str], from, to, format| {
            let what = Export {
                dataset,
                from,
                to,
                devices: devices.iter().map(|device| Box::from(*device)).collect(),
                format,
            };
            let output = shore.folder.path().join("out");
            let clock = Arc::clone(&shore.clock);
            let rows = export(&shore.root(), clock, &what, &output).unwrap();
            (rows, std::fs::read(&output).unwrap())
        };
        let (rows, csv) = write(
            Dataset::Observations,
            &["d1"],
            None,
            None,
            ExportFormat::Csv,
        );
        let text = String::from_utf8(csv).unwrap();
        assert_eq!(rows, 4);
        assert_eq!(
            text.lines().take(3).collect::<Vec<_>>(),
            [
                "device,property,time,value,text,quality,lag_s",
                "d1,level,2026-11-23T01:00:00Z,0.5,,0,2",
                "d1,level,2026-11-23T01:00:00.000001Z,9.0,,0,2",
            ]
        );
        let (from, to) = (
            yiwang_kernel::from_micros(begin + 1),
            yiwang_kernel::from_micros(begin + 2 * DAY),
        );
        let (rows, _) = write(
            Dataset::Observations,
            &[],
            Some(from),
            Some(to),
            ExportFormat::Csv,
        );
        assert_eq!(rows, 2);
        let (rows, csv) = write(Dataset::Days, &[], None, None, ExportFormat::Csv);
        assert_eq!(rows, 7, "{}", String::from_utf8_lossy(&csv));
        let (rows, parquet) = write(Dataset::Events, &[], None, None, ExportFormat::Parquet);
        assert_eq!((rows, &parquet[..4]), (2, &b"PAR1"[..]));
    }
}
