//! What is written of the reports of one transaction: cases, logs, reporters, counters, refusals.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use yiwang_contracts::IncidentId;
use yiwang_kernel::Timestamp;
use yiwang_store::{StoreError, Tx};

use super::check::REF_CHARS_MAX;
use super::number::class_of;
use super::{Answer, Intake, Made, Row};
use crate::clocks;
use crate::evidence::attachment_said;
use crate::lifecycle::{Accept, Command, LogLine, decide};
use crate::masking::mask_text;
use crate::model::wire::whole_millis;
use crate::model::{Action, Incident, RefusedReport, Source};
use crate::service::commands::{chained, event};
use crate::store::{self, Counted, CounterKey, KeptRefusal, RefusalRow, ReporterRow};

impl Intake<'_> {
    /// Writes everything; answers the new cases.
    pub(super) async fn write(
        &mut self,
        tx: &Tx,
        rows: &[Row<'_>],
        payload_bytes_max: usize,
    ) -> Result<HashMap<IncidentId, Arc<Incident>>, StoreError> {
        let mut made = std::mem::take(&mut self.made);
        for case in &mut made {
            self.open_log(tx, case);
        }
        let ids = made.iter().map(|made| made.incident.id);
        self.world.hot.forget_on_rollback(tx, ids);
        let now = made.first().map(|made| made.row.now);
        let incidents: Vec<&Incident> = made.iter().map(|made| &made.incident).collect();
        if let Some(now) = now {
            store::insert(tx, &incidents, whole_millis(now)).await?;
        }
        store::attach(tx, self.claims.taken()).await?;
        let reporters: Vec<ReporterRow> = made.iter().filter_map(reporter_row).collect();
        store::insert_reporters(tx, &reporters).await?;
        let actions: Vec<Action> = made
            .iter_mut()
            .flat_map(|made| made.actions.drain(..))
            .collect();
        store::append(tx, &actions).await?;
        let (counts, refusals) = tallies(rows, &self.answers, payload_bytes_max);
        store::count(tx, &counts).await?;
        store::note_refusals(tx, &refusals).await?;
        let cases = made.into_iter().map(|made| Arc::new(made.incident));
        let cases: HashMap<_, _> = cases.map(|case| (case.id, case)).collect();
        self.world.hot.put(cases.values().cloned());
        Ok(cases)
    }

    /// The first lines of the log; at the desk, acceptance at once.
    fn open_log(&self, tx: &Tx, made: &mut Made<'_>) {
        let (actor, now) = (made.row.actor, whole_millis(made.row.now));
        let incident = &mut made.incident;
        incident.light = clocks::summary(incident, now).light;
        let mut line = LogLine {
            command: "create",
            text: incident.title.clone(),
            before: serde_json::Map::new(),
            after: serde_json::Map::new(),
        };
        line.after
            .insert("status".to_owned(), incident.status.as_str().into());
        if let Some(item) = &incident.item_code {
            line.after.insert("item".to_owned(), item.as_str().into());
        }
        if !incident.doc.attachments.is_empty() {
            let said = incident.doc.attachments.iter().map(attachment_said);
            line.after.insert("evidence".to_owned(), said.collect());
        }
        made.actions.push(chained(incident, line, actor, now));
        let kind = if incident.status.is_open() {
            "incident.received"
        } else {
            "incident.taken_over"
        };
        tx.publish(event(kind, incident, "create", self.centre, now));
        if !(made.row.new.desk && incident.status.is_open()) {
            return;
        }
        let ctx = self.world.context(self.rules, self.centre, actor, now);
        let accept = Command::Accept(Accept::default());
        if let Ok(decision) = decide(incident, &accept, &ctx) {
            *incident = decision.incident;
            made.actions
                .push(chained(incident, decision.action, actor, now));
            tx.publish(event(decision.event, incident, "accept", self.centre, now));
        }
    }
}

fn reporter_row(made: &Made<'_>) -> Option<ReporterRow> {
    let reporter = made.row.new.reporter.as_ref()?;
    Some(ReporterRow {
        incident_id: made.incident.id.0,
        name: reporter.name.clone(),
        phone: reporter.phone.clone(),
        secret: reporter.secret,
        item_class: class_of(&made.incident),
        created_at: made.incident.created_at,
    })
}

fn tallies(
    rows: &[Row<'_>],
    answers: &[Answer],
    payload_bytes_max: usize,
) -> (BTreeMap<CounterKey, i64>, Vec<KeptRefusal>) {
    let mut counts = BTreeMap::new();
    let mut refusals = Vec::new();
    for (row, answer) in rows.iter().zip(answers) {
        let (kind, reason) = match answer {
            Ok((stored, _)) if stored.duplicate => (Counted::Duplicate, String::new()),
            Ok(_) => (Counted::Stored, String::new()),
            Err(refused) => {
                let report = RefusedReport {
                    refused: refused.clone(),
                    source_ref: row.new.source_ref.clone(),
                    sent: row.new.sent.clone(),
                };
                let kept = kept_refusal(row.new.source, report, row.now, payload_bytes_max);
                refusals.push(kept);
                (Counted::Refused, refused.code.to_owned())
            }
        };
        let key = CounterKey {
            source: row.new.source,
            kind,
            reason,
        };
        *counts.entry(key).or_insert(0) += 1;
    }
    (counts, refusals)
}

/// What is kept of a refused report: its reason, and the first bytes of what was sent.
pub(in crate::service) fn kept_refusal(
    source: Source,
    report: RefusedReport,
    now: Timestamp,
    payload_bytes_max: usize,
) -> KeptRefusal {
    let RefusedReport {
        refused,
        source_ref,
        sent,
    } = report;
    let payload = sent.as_ref().map(|sent| {
        let kept = sent.body.len().min(payload_bytes_max);
        sent.body.slice(..kept).to_vec()
    });
    let size = |bytes: usize| i64::try_from(bytes).unwrap_or(i64::MAX);
    let row = RefusalRow {
        id: 0,
        at: now,
        source: source.as_str().to_owned(),
        source_ref: source_ref.map(|text| text.chars().take(REF_CHARS_MAX).collect()),
        code: refused.code.to_owned(),
        field: refused.field.to_owned(),
        // A reader's message may quote what it could not read.
        message: mask_text(&refused.message),
        payload_bytes: size(sent.as_ref().map_or(0, |sent| sent.body.len())),
        kept_bytes: size(payload.as_ref().map_or(0, Vec::len)),
        media: sent.as_ref().map_or("", |sent| sent.media).to_owned(),
        via: sent.map(|sent| sent.via).unwrap_or_default(),
        incident_id: None,
    };
    KeptRefusal { row, payload }
}
