//! `yiwang import incidents`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use futures::future::BoxFuture;
use yiwang_contracts::Actor;
use yiwang_incident::IncidentService;
use yiwang_incident::import::{DoorError, Fates, ImportReport, Intake, Mapping, run};
use yiwang_incident::model::NewIncident;
use yiwang_kernel::{Clock, SystemClock};
use yiwang_packs::read_yaml;

use crate::cli::Place;
use crate::progress::Progress;
use crate::{place, say};

/// The event hub as the place where imported cases go.
pub(crate) struct Hub(pub(crate) Arc<IncidentService>);

impl Intake for Hub {
    fn take(&self, cases: Vec<NewIncident>) -> BoxFuture<'_, Result<Fates, DoorError>> {
        Box::pin(async move {
            let actor = Arc::new(Actor::system("import"));
            Ok(self.0.create(cases, &actor, SystemClock.now()).await?)
        })
    }
}

pub(crate) async fn incidents(
    file: &Path,
    mapping: &Path,
    dry_run: bool,
    report: Option<PathBuf>,
    place: &Place,
) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(mapping)
        .with_context(|| format!("cannot read {}", mapping.display()))?;
    let mapping = Mapping::from_value(
        read_yaml(&text).map_err(|fault| anyhow::anyhow!("{}: {fault}", mapping.display()))?,
    )?;
    let refused = report.unwrap_or_else(|| file.with_extension("refused.csv"));
    let mut progress = Progress::new("rows", 0);
    let done = if dry_run {
        run(file, &mapping, None, &refused, |rows| progress.at(rows)).await?
    } else {
        let city = place::for_command(place).await?;
        let hub = Hub(Arc::clone(&city.incidents));
        run(file, &mapping, Some(&hub), &refused, |rows| {
            progress.at(rows);
        })
        .await?
    };
    progress.done("read");
    tell(&done, dry_run);
    if !done.adds_up() {
        bail!("the counts do not add up; nothing may be trusted of this import");
    }
    Ok(())
}

fn tell(report: &ImportReport, dry_run: bool) {
    let would = if dry_run { "would be stored" } else { "stored" };
    say(format_args!(
        "{} rows: {} {would} ({} closed, {} open, {} without a place), {} there already, {} refused",
        report.rows,
        report.stored,
        report.closed,
        report.open,
        report.no_place,
        report.duplicate,
        report.refused_total(),
    ));
    if let (Some(first), Some(last)) = (report.first_created, report.last_created) {
        say(format_args!("created from {first} to {last}"));
    }
    for (code, count) in &report.refused {
        say(format_args!("refused {count}: {code}"));
    }
    for row in &report.examples {
        say(format_args!(
            "  row {}, {}: {}",
            row.row, row.column, row.message
        ));
    }
    if let Some(file) = &report.refused_file {
        say(format_args!(
            "all refused rows with reasons: {}",
            file.display()
        ));
    }
}
