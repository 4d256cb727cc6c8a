//! Reports in: thousands of rows a call, one answer for each row.
//!
//! What must hold of a report is in `check`, what case it becomes in `case`, what that is known by in
//! `number`, and what is written in `write`.

mod case;
mod check;
mod number;
mod write;

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use yiwang_contracts::{Actor, AreaBrief, IncidentId, OrgId};
use yiwang_kernel::Timestamp;
use yiwang_store::{Batch, StoreError, Tx};

use super::{IncidentService, World};
use crate::IncidentError;
use crate::evidence::{Claims, UnknownMedia};
use crate::lifecycle::{Context, LifecycleRules};
use crate::model::{Action, Attachment, Incident, MediaId, NewIncident, Refused, Source, Stored};
use crate::store;
use check::{ATTACHMENTS_MAX, areas, check, refused};
use number::known_refs;

pub(super) use write::kept_refusal;

/// Rows of one transaction at most.
const ROWS_MAX: usize = 500;

/// Reports of one caller.
#[derive(Clone)]
pub(crate) struct Handed {
    rows: Arc<Vec<NewIncident>>,
    actor: Arc<Actor>,
    now: Timestamp,
}

pub(crate) struct IntakeBatch {
    pub(super) world: Arc<World>,
    /// Bytes of a refused report that are kept.
    pub(super) payload_bytes_max: usize,
}

type Answers = Vec<Result<Stored, Refused>>;

/// What became of one caller's reports; of a single report that became a case, the case too.
pub(crate) struct Taken {
    answers: Answers,
    case: Option<Arc<Incident>>,
}

impl Batch for IntakeBatch {
    type Item = Handed;
    type Output = Taken;
    type Error = IncidentError;

    fn apply<'a>(
        &'a self,
        tx: &'a Tx,
        items: Vec<Handed>,
    ) -> BoxFuture<'a, Result<Vec<Result<Taken, IncidentError>>, StoreError>> {
        Box::pin(async move {
            let mut outcomes = Vec::with_capacity(items.len());
            let mut rows = Vec::new();
            for item in &items {
                rows.extend(item.rows.iter().map(|new| Row {
                    new,
                    actor: &item.actor,
                    now: item.now,
                }));
            }
            let (answers, mut cases) = take_in(tx, self, &rows).await?;
            let mut answers = answers.into_iter();
            for item in &items {
                let answers: Answers = answers.by_ref().take(item.rows.len()).collect();
                let case = match answers.as_slice() {
                    [Ok(stored)] if !stored.duplicate => cases.remove(&stored.id),
                    _ => None,
                };
                outcomes.push(Ok(Taken { answers, case }));
            }
            Ok(outcomes)
        })
    }
}

/// One report with whoever handed it in.
struct Row<'a> {
    new: &'a NewIncident,
    actor: &'a Arc<Actor>,
    now: Timestamp,
}

async fn take_in(
    tx: &Tx,
    batch: &IntakeBatch,
    rows: &[Row<'_>],
) -> Result<(Answers, HashMap<IncidentId, Arc<Incident>>), StoreError> {
    let world = &*batch.world;
    let (rules, centre) = (world.rules(), world.centre());
    let known = known_refs(tx, rows).await?;
    let areas = areas(world, rows);
    let claims = claims(tx, rows).await?;
    let mut intake = Intake {
        world,
        claims,
        rules: &rules,
        centre,
        known,
        made: Vec::new(),
        answers: Vec::new(),
    };
    for (row, area) in rows.iter().zip(areas) {
        intake.row(row, area);
    }
    intake.number(tx).await?;
    intake.flag_repeats(tx).await?;
    let cases = intake.write(tx, rows, batch.payload_bytes_max).await?;
    let answers = intake.answers.into_iter();
    let answers = answers.map(|answer| answer.map(|stored| stored.0));
    Ok((answers.collect(), cases))
}

/// The files that these reports name; a report that names too many is refused for it.
async fn claims(tx: &Tx, rows: &[Row<'_>]) -> Result<Claims, StoreError> {
    let named = rows
        .iter()
        .flat_map(|row| row.new.attachments.iter().take(ATTACHMENTS_MAX));
    let mut ids: Vec<MediaId> = named.filter_map(|one| one.media_id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(Claims::of(store::media(tx, &ids).await?))
}

fn reference(new: &NewIncident) -> Option<&str> {
    new.source_ref
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// A case about to be stored.
struct Made<'a> {
    incident: Incident,
    actions: Vec<Action>,
    row: &'a Row<'a>,
    /// Where its answer stands.
    answer: usize,
}

/// The answer to a row; a duplicate of a row of the same call points at that row's case.
type Answer = Result<(Stored, Option<usize>), Refused>;

struct Intake<'a> {
    world: &'a World,
    /// The files that the reports name.
    claims: Claims,
    rules: &'a LifecycleRules,
    centre: Option<OrgId>,
    known: HashMap<(Source, String), (IncidentId, String)>,
    made: Vec<Made<'a>>,
    answers: Vec<Answer>,
}

impl<'a> Intake<'a> {
    fn row(&mut self, row: &'a Row<'a>, area: Option<AreaBrief>) {
        let key = reference(row.new).map(|text| (row.new.source, text.to_owned()));
        if let Some((id, number)) = key.as_ref().and_then(|key| self.known.get(key)) {
            let same_call = self.made.iter().position(|made| made.incident.id == *id);
            let stored = Stored {
                id: *id,
                number: number.clone(),
                duplicate: true,
            };
            self.answers.push(Ok((stored, same_call)));
            return;
        }
        let checked = check(row.new, area.as_ref(), self.world, row.now);
        let incident = match checked.and_then(|()| self.attachments(row)) {
            Ok(attachments) => {
                let mut incident = self.fresh(row, area);
                let named: Vec<MediaId> =
                    attachments.iter().filter_map(|one| one.media_id).collect();
                self.claims.take(&named, incident.id);
                incident.doc.attachments = attachments;
                incident
            }
            Err(refused) => {
                self.answers.push(Err(refused));
                return;
            }
        };
        let stored = Stored {
            id: incident.id,
            number: String::new(),
            duplicate: false,
        };
        if let Some(key) = key {
            self.known.insert(key, (incident.id, String::new()));
        }
        self.made.push(Made {
            incident,
            actions: Vec::new(),
            row,
            answer: self.answers.len(),
        });
        self.answers.push(Ok((stored, None)));
    }

    /// What hangs on the report, with what is known of its files.
    fn attachments(&self, row: &Row<'_>) -> Result<Vec<Attachment>, Refused> {
        let filled = self
            .claims
            .attachments(&row.new.attachments, None, row.actor);
        filled.map_err(|UnknownMedia(id)| {
            let message = format!("the file {id} is not one that you may use here");
            refused("incident.intake.unknown_media", "attachments", message)
        })
    }

    fn context<'b>(&'b self, row: &'b Row<'_>) -> Context<'b> {
        self.world
            .context(self.rules, self.centre, row.actor, row.now)
    }
}

impl IncidentService {
    /// Takes reports in. One answer per row, in order: stored (or the case that was there before),
    /// or refused. Returns when everything stored is durable.
    pub async fn create(
        &self,
        rows: Vec<NewIncident>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Answers, IncidentError> {
        let taken = self.take(rows, actor, now).await?;
        Ok(taken.answers)
    }

    /// As [`Self::create`] for one report, with the case that it became.
    pub(crate) async fn create_one(
        &self,
        new: NewIncident,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(Stored, Option<Arc<Incident>>), IncidentError> {
        let mut taken = self.take(vec![new], actor, now).await?;
        let answer = taken.answers.pop().ok_or(StoreError::Closed)?;
        let stored = answer.map_err(|refused| IncidentError::Intake {
            code: refused.code,
            field: refused.field,
            message: refused.message,
        })?;
        Ok((stored, taken.case))
    }

    async fn take(
        &self,
        mut rows: Vec<NewIncident>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Taken, IncidentError> {
        if !actor.may_somewhere("incident.create", now)
            && !actor.may_somewhere("incident.import", now)
        {
            return Err(IncidentError::Denied {
                action: "incident.create",
            });
        }
        let actor = Arc::new(actor.clone());
        let mut answers = Vec::with_capacity(rows.len());
        let mut case = None;
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(ROWS_MAX));
            let piece = Arc::new(std::mem::replace(&mut rows, rest));
            let handed = Handed {
                rows: piece,
                actor: Arc::clone(&actor),
                now,
            };
            let taken = self.intake.submit(handed).await?;
            answers.extend(taken.answers);
            case = taken.case;
        }
        Ok(Taken { answers, case })
    }
}
