//! Running an import: rows in batches, every fate counted, refused rows written down.

use std::fs::File;
use std::path::{Path, PathBuf};

use futures::future::BoxFuture;

use super::mapping::Mapping;
use super::reader::{FileFault, Record, Records};
use super::report::ImportReport;
use super::row::{RowFault, map_row};
use crate::model::{NewIncident, Refused, Stored};

/// Rows handed to the store at once.
pub const IMPORT_BATCH_ROWS: usize = 500;

/// What became of each case, in order.
pub type Fates = Vec<Result<Stored, Refused>>;
/// What a door failed with.
pub type DoorError = Box<dyn std::error::Error + Send + Sync>;

/// Where the cases go: the same way in as everything else. One result per case, in order.
pub trait Intake: Send + Sync {
    fn take(&self, cases: Vec<NewIncident>) -> BoxFuture<'_, Result<Fates, DoorError>>;
}

/// Why an import had to stop: the file or the store, never a row.
#[derive(Debug, thiserror::Error)]
pub enum ImportFault {
    #[error(transparent)]
    File(#[from] FileFault),
    #[error("the mapping names columns that the file does not have: {0}")]
    Columns(String),
    #[error("cannot write {path}")]
    Report {
        path: String,
        #[source]
        source: csv::Error,
    },
    #[error("failed to store: {0}; run the same command again, nothing is stored twice")]
    Store(String),
}

/// Imports `file`. Without an `intake` nothing is stored: a dry run. Refused rows are written to `refused`.
pub async fn run(
    file: &Path,
    mapping: &Mapping,
    intake: Option<&dyn Intake>,
    refused: &Path,
    mut progress: impl FnMut(u64) + Send,
) -> Result<ImportReport, ImportFault> {
    let mut records = Records::open(file)?;
    check_columns(mapping, &records)?;
    let mut import = Import {
        report: ImportReport::default(),
        refused: RefusedFile::new(refused, intake.is_some()),
    };
    loop {
        let batch: Vec<Record> = records.by_ref().take(IMPORT_BATCH_ROWS).collect();
        if batch.is_empty() {
            break;
        }
        import.batch(mapping, intake, batch).await?;
        progress(import.report.rows);
    }
    import.report.refused_file = import.refused.finish();
    Ok(import.report)
}

fn check_columns(mapping: &Mapping, records: &Records) -> Result<(), ImportFault> {
    let Some(columns) = &records.columns else {
        return Ok(());
    };
    let mut missing: Vec<&str> = mapping.columns();
    missing.retain(|name| !columns.iter().any(|column| column == name));
    missing.dedup();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(ImportFault::Columns(missing.join(", ")))
    }
}

struct Import {
    report: ImportReport,
    refused: RefusedFile,
}

impl Import {
    async fn batch(
        &mut self,
        mapping: &Mapping,
        intake: Option<&dyn Intake>,
        batch: Vec<Record>,
    ) -> Result<(), ImportFault> {
        let (mut cases, mut rows) = (
            Vec::with_capacity(batch.len()),
            Vec::with_capacity(batch.len()),
        );
        for record in batch {
            self.report.rows += 1;
            match map_row(mapping, &record) {
                Ok(case) => {
                    cases.push(case);
                    rows.push(record);
                }
                Err(fault) => self.refuse(&record, &fault)?,
            }
        }
        let counted: Vec<Counted> = cases.iter().map(Counted::of).collect();
        let Some(intake) = intake else {
            for case in &counted {
                self.store(case);
            }
            return Ok(());
        };
        let outcomes = intake
            .take(cases)
            .await
            .map_err(|error| ImportFault::Store(error.to_string()))?;
        for ((outcome, record), case) in outcomes.into_iter().zip(&rows).zip(&counted) {
            match outcome {
                Ok(stored) if stored.duplicate => self.report.duplicate += 1,
                Ok(_) => self.store(case),
                Err(why) => {
                    self.refuse(record, &RowFault::new(why.code, why.field, why.message))?;
                }
            }
        }
        Ok(())
    }

    fn store(&mut self, case: &Counted) {
        let report = &mut self.report;
        report.stored += 1;
        if case.closed {
            report.closed += 1;
        } else {
            report.open += 1;
        }
        report.no_place += u64::from(case.no_place);
        let at = case.created_at;
        report.first_created = report
            .first_created
            .map_or(at, |first| Some(at.map_or(first, |at| first.min(at))));
        report.last_created = report
            .last_created
            .map_or(at, |last| Some(at.map_or(last, |at| last.max(at))));
    }

    fn refuse(&mut self, record: &Record, fault: &RowFault) -> Result<(), ImportFault> {
        self.report.refuse(record.number, fault);
        self.refused.write(record, fault)
    }
}

/// What the report counts of a case.
struct Counted {
    closed: bool,
    no_place: bool,
    created_at: Option<yiwang_kernel::Timestamp>,
}

impl Counted {
    fn of(case: &NewIncident) -> Self {
        Self {
            closed: case
                .past
                .as_ref()
                .is_some_and(|past| past.closed_at.is_some()),
            no_place: case.position.is_none(),
            created_at: case.past.as_ref().map(|past| past.created_at),
        }
    }
}

/// The file of refused rows; made with the first of them.
struct RefusedFile {
    path: PathBuf,
    wanted: bool,
    writer: Option<csv::Writer<File>>,
}

impl RefusedFile {
    fn new(path: &Path, wanted: bool) -> Self {
        Self {
            path: path.to_owned(),
            wanted,
            writer: None,
        }
    }

    fn write(&mut self, record: &Record, fault: &RowFault) -> Result<(), ImportFault> {
        if !self.wanted {
            return Ok(());
        }
        let failed = |path: &Path, source: csv::Error| ImportFault::Report {
            path: path.display().to_string(),
            source,
        };
        if self.writer.is_none() {
            let mut writer =
                csv::Writer::from_path(&self.path).map_err(|error| failed(&self.path, error))?;
            writer
                .write_record(["row", "code", "column", "reason", "content"])
                .map_err(|error| failed(&self.path, error))?;
            self.writer = Some(writer);
        }
        let content = serde_json::to_string(&record.cells).unwrap_or_default();
        let (number, path) = (record.number.to_string(), &self.path);
        if let Some(writer) = &mut self.writer {
            let fields = [
                number.as_str(),
                fault.code,
                &fault.column,
                &fault.message,
                &content,
            ];
            writer
                .write_record(fields)
                .map_err(|error| failed(path, error))?;
            // A person may look while the import runs.
            writer.flush().map_err(|error| failed(path, error.into()))?;
        }
        Ok(())
    }

    fn finish(self) -> Option<PathBuf> {
        self.writer.map(|_| self.path)
    }
}
