//! What was refused: kept within bounds, found again, shown masked, revealed for a purpose.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use yiwang_contracts::{Actor, AuditEntry, AuditOutcome, Subject};
use yiwang_kernel::{Text, Timestamp};

use super::IncidentService;
use super::intake::kept_refusal;
use crate::IncidentError;
use crate::masking::masked;
use crate::model::{NewIncident, RefusedReport, Source, Stored};
use crate::store::{self, Counted, CounterKey, KeptRefusal, RefusalFilter, RefusalRow};

/// Rows of one delete.
const PRUNE_ROWS: u64 = 1_000;
/// Deletes of one pass; what is left waits for the next pass.
const PRUNE_ROUNDS: usize = 50;

/// How much of what is refused is kept, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Keeping {
    pub bytes_max: usize,
    pub days: u32,
    pub rows_max: u32,
}

impl Default for Keeping {
    fn default() -> Self {
        Self {
            bytes_max: 65_536,
            days: 90,
            rows_max: 100_000,
        }
    }
}

/// Why a payload is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Withheld {
    /// Nothing was kept: it came by a way that answers with a report of its own.
    NotKept,
    /// It would be a case that the reader may not read.
    NoRight,
    /// It cannot be read, so that people in it cannot be masked.
    Unreadable,
}

/// A refused report with its payload, people masked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RefusalDetail {
    pub row: RefusalRow,
    pub payload: Option<String>,
    pub withheld: Option<Withheld>,
}

impl IncidentService {
    /// Counts and keeps reports that an edge could not even read into a [`crate::model::NewIncident`].
    pub async fn note_refused(
        &self,
        source: Source,
        refused: Vec<RefusedReport>,
        now: Timestamp,
    ) -> Result<(), IncidentError> {
        let mut counts = BTreeMap::new();
        let mut rows = Vec::new();
        for report in refused {
            let reason = report.refused.code.to_owned();
            let key = CounterKey {
                source,
                kind: Counted::Refused,
                reason,
            };
            *counts.entry(key).or_insert(0) += 1;
            rows.push(kept_refusal(source, report, now, self.keeping.bytes_max));
        }
        self.tally(counts, rows).await
    }

    pub(super) async fn tally(
        &self,
        counts: BTreeMap<CounterKey, i64>,
        rows: Vec<KeptRefusal>,
    ) -> Result<(), IncidentError> {
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    store::count(tx, &counts).await?;
                    store::note_refusals(tx, &rows).await?;
                    Ok::<_, IncidentError>(())
                })
            })
            .await
    }

    /// Refused reports, newest first.
    pub async fn refusals(
        &self,
        filter: &RefusalFilter,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<RefusalRow>, IncidentError> {
        Ok(store::refusals(self.db.read(), filter, before, limit).await?)
    }

    /// One refused report; its payload to those only who could read it as a case.
    pub(crate) async fn refusal(
        &self,
        id: i64,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<RefusalDetail, IncidentError> {
        let (row, payload) = self.kept(id).await?;
        let Some(payload) = payload else {
            return Ok(withheld(row, Withheld::NotKept));
        };
        if !self.may_read(&payload, "incident.read", actor, now) {
            return Ok(withheld(row, Withheld::NoRight));
        }
        match masked(&payload) {
            Some(text) => Ok(RefusalDetail {
                row,
                payload: Some(text),
                withheld: None,
            }),
            None => Ok(withheld(row, Withheld::Unreadable)),
        }
    }

    /// The payload in clear. Needs a purpose and is written to the audit log first.
    pub async fn reveal_refusal(
        &self,
        id: i64,
        purpose: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<String, IncidentError> {
        let (row, payload) = self.kept(id).await?;
        let payload = payload.ok_or(IncidentError::NotFound)?;
        let allowed = self.may_read(&payload, "incident.reveal", actor, now);
        let purpose = purpose.trim();
        if allowed && purpose.is_empty() {
            return Err(IncidentError::invalid("purpose", "a purpose is needed"));
        }
        let outcome = if allowed {
            AuditOutcome::Done
        } else {
            AuditOutcome::Refused
        };
        self.audit
            .record(AuditEntry {
                outcome,
                ..AuditEntry::done(
                    actor,
                    "intake.reveal",
                    format!("refusal:{id}"),
                    serde_json::json!({
                        "purpose": purpose, "source": row.source, "source_ref": row.source_ref,
                        "code": row.code, "via": row.via,
                    }),
                    now,
                )
            })
            .await?;
        if allowed {
            Ok(String::from_utf8_lossy(&payload).into_owned())
        } else {
            Err(IncidentError::Denied {
                action: "incident.reveal",
            })
        }
    }

    /// What a refused report was, before it is read again.
    pub(crate) async fn to_resubmit(&self, id: i64) -> Result<RefusalRow, IncidentError> {
        let (row, _) = self.kept(id).await?;
        match row.incident_id {
            None => Ok(row),
            Some(_) => Err(IncidentError::Settled),
        }
    }

    /// Takes in a refused report that somebody corrected. The refusal stays, and names the case.
    pub(crate) async fn resubmit(
        &self,
        row: &RefusalRow,
        corrected: NewIncident,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Stored, IncidentError> {
        if corrected.source.as_str() != row.source {
            let message = "the source of a report does not change";
            return Err(IncidentError::invalid("source", message));
        }
        let (stored, _) = self.create_one(corrected, actor, now).await?;
        let (id, incident) = (row.id, stored.id);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    store::settle_refusal(tx, id, incident)
                        .await
                        .map_err(IncidentError::from)
                })
            })
            .await?;
        Ok(stored)
    }

    async fn kept(&self, id: i64) -> Result<(RefusalRow, Option<Vec<u8>>), IncidentError> {
        let found = store::refusal(self.db.read(), id).await?;
        found.ok_or(IncidentError::NotFound)
    }

    /// A refused report is the centre's and has no place; it is as secret as the item it names.
    fn may_read(&self, payload: &[u8], action: &str, actor: &Actor, now: Timestamp) -> bool {
        let centre: Vec<_> = self.world.centre().into_iter().collect();
        let subject = Subject {
            orgs: &centre,
            area: None,
            secrecy: self.secrecy(payload, now),
        };
        actor.may(action, subject, now)
    }

    fn secrecy(&self, payload: &[u8], now: Timestamp) -> u8 {
        let value: serde_json::Value = serde_json::from_slice(payload).unwrap_or_default();
        let code = value.get("item_code").or_else(|| value.get("service_code"));
        code.and_then(|code| code.as_str())
            .and_then(|code| self.world.catalog.item(code, now))
            .map_or(1, |policy| policy.secrecy)
    }

    /// Lets go of what is older or more than is to be kept; answers how many rows went.
    pub async fn prune_refusals(&self, now: Timestamp) -> Result<usize, IncidentError> {
        let age = SignedDuration::from_hours(24 * i64::from(self.keeping.days));
        let before = now.checked_sub(age).unwrap_or(Timestamp::MIN);
        let keep = u64::from(self.keeping.rows_max);
        let mut gone = 0;
        for _ in 0..PRUNE_ROUNDS {
            let rows = self
                .db
                .write(move |tx| {
                    Box::pin(async move {
                        store::prune_refusals(tx, before, keep, PRUNE_ROWS)
                            .await
                            .map_err(IncidentError::from)
                    })
                })
                .await?;
            gone += usize::try_from(rows).unwrap_or(usize::MAX);
            if rows < PRUNE_ROWS {
                break;
            }
        }
        Ok(gone)
    }
}

fn withheld(row: RefusalRow, why: Withheld) -> RefusalDetail {
    RefusalDetail {
        row,
        payload: None,
        withheld: Some(why),
    }
}

/// The reason in words for people.
pub(crate) fn reason(code: &str) -> Text {
    let (zh, en) = match code {
        "incident.intake.text_missing" => ("标题和描述都为空", "Neither a title nor a description"),
        "incident.intake.too_long" => ("某一项文字过长", "A text is too long"),
        "incident.intake.too_many" => ("附件过多", "Too many attachments"),
        "incident.intake.unknown_item" => {
            ("事项目录中没有该事项", "The catalogue has no such item")
        }
        "incident.intake.unknown_area" => ("没有该区域", "There is no such area"),
        "incident.intake.ahead" => ("时间在将来", "An instant lies ahead"),
        "incident.intake.order" => ("结案时间早于创建时间", "Closed before it was created"),
        "incident.invalid" => ("某一项的值不正确", "A value is not right"),
        "http.malformed_json" | "webhook.unreadable" => (
            "内容无法读懂，格式不对",
            "It cannot be read; its form is wrong",
        ),
        "http.invalid_body" | "webhook.invalid" | "open311.invalid" => {
            ("有缺少或写错的字段", "A field is missing or wrong")
        }
        "http.bad_utf8" => ("不是 UTF-8 编码", "It is not UTF-8"),
        "http.empty_body" => ("内容为空", "It is empty"),
        "open311.unknown_service" => ("没有该服务类别", "There is no such service"),
        other => (other, other),
    };
    Text::new(zh, en)
}
