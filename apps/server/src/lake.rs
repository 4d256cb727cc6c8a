//! `yiwang lake`: is the history whole, bring it into files of days, write some of it out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use yiwang_http::Metrics;
use yiwang_kernel::{SystemClock, Timestamp};
use yiwang_lake::{Dataset, Effort, Export, ExportFormat, Lake, LakeSettings};

use crate::cli::Place;
use crate::{place, say};

/// Findings shown at most; the number of all is shown too.
const FINDINGS_MAX: usize = 100;

#[derive(Debug, Args)]
pub struct LakeCommand {
    #[command(subcommand)]
    pub what: LakeWhat,
}

#[derive(Debug, Subcommand)]
pub enum LakeWhat {
    /// Read every file and compare it with what was written; works beside a running server.
    Check {
        #[command(flatten)]
        place: Place,
    },
    /// Bring everything that was taken in into files of days, now; no server may run on the folder.
    Compact {
        #[command(flatten)]
        place: Place,
    },
    /// Write rows to a file; works beside a running server.
    Export {
        #[arg(long, value_parser = ["observations", "observations_1h", "observations_1d", "events"])]
        dataset: String,
        /// From this instant on, e.g. 2026-11-23T00:00:00+08:00.
        #[arg(long, value_name = "INSTANT")]
        from: Option<Timestamp>,
        /// Before this instant.
        #[arg(long, value_name = "INSTANT")]
        to: Option<Timestamp>,
        /// Only this device; may be given several times.
        #[arg(long)]
        device: Vec<String>,
        #[arg(long, value_parser = ["parquet", "csv"], default_value = "parquet")]
        format: String,
        /// The file to write; must not exist.
        output: PathBuf,
        #[command(flatten)]
        place: Place,
    },
}

pub(crate) async fn run(what: LakeWhat) -> anyhow::Result<()> {
    // Files are read and written for minutes; nothing else waits for this thread's runtime.
    tokio::task::spawn_blocking(move || match what {
        LakeWhat::Check { place } => check(&place),
        LakeWhat::Compact { place } => compact(&place),
        LakeWhat::Export {
            dataset,
            from,
            to,
            device,
            format,
            output,
            place,
        } => {
            let what = Export {
                dataset: Dataset::parse(&dataset).context("there is no such dataset")?,
                from,
                to,
                devices: device.into_iter().map(Into::into).collect(),
                format: match format.as_str() {
                    "csv" => ExportFormat::Csv,
                    _ => ExportFormat::Parquet,
                },
            };
            export(&what, &output, &place)
        }
    })
    .await?
}

/// The folder of the lake and how it is kept.
fn lake(place: &Place) -> anyhow::Result<(PathBuf, LakeSettings)> {
    let config = place::settings(place, &[("log.level", "warn".to_owned())])?;
    yiwang_runtime::init_logging(&config.log)?;
    Ok((config.lake_folder(&place.data), (&config.lake).into()))
}

fn check(place: &Place) -> anyhow::Result<()> {
    let (folder, _) = lake(place)?;
    let found = yiwang_lake::check(&folder)?;
    for note in found.notes.iter().take(FINDINGS_MAX) {
        say(format_args!("note: {}: {}", note.path.display(), note.what));
    }
    for fault in found.faults.iter().take(FINDINGS_MAX) {
        say(format_args!("{}: {}", fault.path.display(), fault.what));
    }
    say(format_args!(
        "lake: {} files with {} rows and {} bytes, {} segments with {} rows, {} faults",
        found.files,
        found.rows,
        found.bytes,
        found.segments,
        found.segment_rows,
        found.faults.len()
    ));
    if !found.faults.is_empty() {
        bail!("the lake is not whole; keep it as evidence, and put a copy in its place");
    }
    Ok(())
}

fn compact(place: &Place) -> anyhow::Result<()> {
    let (folder, settings) = lake(place)?;
    let lake = Lake::open(&folder, settings, Arc::new(SystemClock), &Metrics::new())?;
    let done = lake.compact(Effort::All)?;
    say(format_args!(
        "lake: {} segments are in files of days, {} days were merged, {} down-sampled",
        done.segments, done.merged, done.viewed
    ));
    Ok(())
}

fn export(what: &Export, output: &Path, place: &Place) -> anyhow::Result<()> {
    if output.exists() {
        bail!("{} exists; nothing is written over", output.display());
    }
    let (folder, _) = lake(place)?;
    let rows = yiwang_lake::export(&folder, Arc::new(SystemClock), what, output)?;
    say(format_args!("{}: {rows} rows", output.display()));
    Ok(())
}
