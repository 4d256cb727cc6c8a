//! `yiwang export incidents`: what the console's list shows, as a file. No personal data: addresses end at the
//! building, reporters stay where they are.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use yiwang_contracts::{Actor, AuditEntry, AuditOutcome};
use yiwang_incident::ListQuery;
use yiwang_incident::view::IncidentRow;
use yiwang_kernel::{PAGE_LIMIT_MAX, PageRequest, Timestamp};

use crate::cli::Place;
use crate::place;

const COLUMNS: [&str; 17] = [
    "number",
    "title",
    "status",
    "light",
    "grade",
    "item_code",
    "item",
    "area_code",
    "area",
    "lon",
    "lat",
    "address",
    "source",
    "lead",
    "created_at",
    "closed_at",
    "due_at",
];

pub(crate) async fn incidents(output: &Path, format: &str, place: &Place) -> anyhow::Result<()> {
    let city = place::for_command(place).await?;
    let out: Box<dyn Write + Send> = if output == Path::new("-") {
        Box::new(std::io::stdout())
    } else {
        Box::new(
            File::create(output).with_context(|| format!("cannot write {}", output.display()))?,
        )
    };
    let mut sheet = Sheet::new(BufWriter::new(out), format)?;
    let actor = Actor::system("yiwang export");
    let now = city.node.platform().now();
    let mut page = PageRequest {
        limit: Some(PAGE_LIMIT_MAX),
        cursor: None,
    };
    let mut rows = 0_u64;
    loop {
        let part = city
            .incidents
            .list(&ListQuery::default(), &page, &actor, now)
            .await?;
        for row in &part.items {
            sheet.row(row)?;
            rows += 1;
        }
        match part.next {
            Some(next) => page.cursor = Some(next),
            None => break,
        }
    }
    sheet.finish()?;
    record(&city, rows, now).await?;
    tracing::info!(rows, "exported");
    Ok(())
}

async fn record(city: &crate::city::City, rows: u64, now: Timestamp) -> anyhow::Result<()> {
    let entry = AuditEntry {
        at: now,
        user_id: None,
        user_name: "host operator".to_owned(),
        origin: yiwang_contracts::Origin::default(),
        action: "incident.export".to_owned(),
        object: String::new(),
        outcome: AuditOutcome::Done,
        detail: serde_json::json!({ "rows": rows }),
    };
    let audit = city.node.platform().audit.as_question();
    audit
        .record(entry)
        .await
        .map_err(|fault| anyhow::anyhow!("the audit log: {fault}"))
}

enum Sheet<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Lines(W),
}

impl<W: Write> Sheet<W> {
    fn new(out: W, format: &str) -> anyhow::Result<Self> {
        if format == "jsonl" {
            return Ok(Self::Lines(out));
        }
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(COLUMNS)?;
        Ok(Self::Csv(Box::new(writer)))
    }

    fn row(&mut self, row: &IncidentRow) -> anyhow::Result<()> {
        match self {
            Self::Csv(writer) => writer.write_record(cells(row))?,
            Self::Lines(out) => {
                serde_json::to_writer(&mut *out, row)?;
                out.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush()?,
            Self::Lines(mut out) => out.flush()?,
        }
        Ok(())
    }
}

fn cells(row: &IncidentRow) -> [String; 17] {
    let instant = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let degrees = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    [
        row.number.clone(),
        safe(&row.title),
        row.status.clone(),
        row.light.clone(),
        row.grade.clone(),
        row.item
            .as_ref()
            .map(|item| item.code.clone())
            .unwrap_or_default(),
        row.item
            .as_ref()
            .map(|item| item.name.zh.clone())
            .unwrap_or_default(),
        row.area
            .as_ref()
            .map(|area| area.code.to_string())
            .unwrap_or_default(),
        row.area
            .as_ref()
            .map(|area| area.name.clone())
            .unwrap_or_default(),
        degrees(row.position.map(|at| at.lon)),
        degrees(row.position.map(|at| at.lat)),
        safe(&row.address),
        row.source.clone(),
        row.lead
            .as_ref()
            .map(|lead| lead.name.zh.clone())
            .unwrap_or_default(),
        row.created_at.to_string(),
        instant(row.closed_at),
        instant(row.due_at),
    ]
}

/// A cell that a spreadsheet would run as a formula is given as text.
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
