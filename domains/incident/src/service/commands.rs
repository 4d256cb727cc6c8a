//! Commands: many at once in one transaction, each decided purely on what is in memory.

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use sea_orm::{ConnectionTrait as _, DbBackend};
use serde_json::json;
use yiwang_contracts::{Actor, EventScope, IncidentId, NewEvent, OrgId};
use yiwang_kernel::{Timestamp, Uuid};
use yiwang_store::{Batch, StoreError, Tx};

use super::hot::HotCases;
use super::{IncidentService, World};
use crate::IncidentError;
use crate::evidence::{self, Claims, PIECES_MAX, UnknownMedia};
use crate::lifecycle::{Command, Context, Decision, LogLine, Refusal, decide};
use crate::model::wire::whole_millis;
use crate::model::{Action, ActionBody, Incident, MediaId};
use crate::store::{self, Change};

/// One command to one case.
#[derive(Clone)]
pub struct Given {
    pub incident: IncidentId,
    pub command: Arc<Command>,
    pub actor: Arc<Actor>,
    /// The version the actor looked at; when it is not the present one, the command is refused.
    pub expected: Option<i64>,
    pub now: Timestamp,
}

pub(crate) struct CommandBatch {
    pub(super) world: Arc<World>,
}

impl Batch for CommandBatch {
    type Item = Given;
    type Output = Arc<Incident>;
    type Error = IncidentError;

    fn apply<'a>(
        &'a self,
        tx: &'a Tx,
        items: Vec<Given>,
    ) -> BoxFuture<'a, Result<Vec<Result<Arc<Incident>, IncidentError>>, StoreError>> {
        Box::pin(async move {
            let mut work = Work::load(tx, &items, &self.world.hot).await?;
            work.claims = claims(tx, &items).await?;
            let (rules, centre) = (self.world.rules(), self.world.centre());
            let mut outcomes = Vec::with_capacity(items.len());
            let mut last = None;
            for item in &items {
                let ctx = self.world.context(&rules, centre, &item.actor, item.now);
                outcomes.push(work.give(tx, item, &ctx));
                last = Some(ctx.now);
            }
            if let Some(now) = last {
                work.save(tx, now).await?;
            }
            Ok(outcomes)
        })
    }
}

/// A case of the batch: as it was read, and as it stands after the commands so far.
pub(super) struct Held {
    before: Arc<Incident>,
    after: Arc<Incident>,
    changed: bool,
}

/// The cases of a batch, and what is to be written.
pub(super) struct Work {
    held: HashMap<IncidentId, Held>,
    actions: Vec<Action>,
    hot: HotCases,
    /// Who called about the cases of merges.
    callers: HashMap<IncidentId, Option<i64>>,
    /// The files that the commands name.
    claims: Claims,
}

/// The files that these commands name; commands name no more than the rules allow, or are refused for it.
async fn claims(tx: &Tx, items: &[Given]) -> Result<Claims, StoreError> {
    let named = items.iter().flat_map(|item| {
        evidence::named(&item.command)
            .into_iter()
            .take(PIECES_MAX + 1)
    });
    let mut ids: Vec<MediaId> = named.collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(Claims::of(store::media(tx, &ids).await?))
}

impl Work {
    async fn load(tx: &Tx, items: &[Given], hot: &HotCases) -> Result<Self, StoreError> {
        let mut ids: Vec<Uuid> = Vec::with_capacity(items.len());
        for item in items {
            ids.push(item.incident.0);
            if let Command::Merge(body) = &*item.command {
                ids.push(body.into.0);
            }
        }
        let mut work = Self::of(tx, ids, hot).await?;
        let parents: Vec<Uuid> = items
            .iter()
            .filter(|item| matches!(*item.command, Command::Unmerge(_)))
            .filter_map(|item| work.held.get(&item.incident)?.after.merged_into)
            .filter(|parent| !work.held.contains_key(parent))
            .map(|parent| parent.0)
            .collect();
        work.held.extend(Self::of(tx, parents, hot).await?.held);
        work.know_callers(tx, items).await?;
        Ok(work)
    }

    /// Looks up who called about the cases of merges and of what was merged before; most batches have
    /// none.
    async fn know_callers(&mut self, tx: &Tx, items: &[Given]) -> Result<(), StoreError> {
        let merges =
            |given: &&Given| matches!(*given.command, Command::Merge(_) | Command::Unmerge(_));
        let mut ids: Vec<Uuid> = Vec::new();
        for item in items.iter().filter(merges) {
            let into = match &*item.command {
                Command::Merge(body) => Some(body.into),
                _ => self.case(item.incident).and_then(|case| case.merged_into),
            };
            let parent = into.and_then(|id| self.case(id));
            ids.extend(
                parent
                    .iter()
                    .flat_map(|parent| &parent.doc.children)
                    .map(|id| id.0),
            );
            ids.extend(into.map(|id| id.0));
            ids.push(item.incident.0);
        }
        if !ids.is_empty() {
            self.callers = store::callers(tx, &ids).await?;
        }
        Ok(())
    }

    /// The cases with these ids.
    pub(super) async fn of(
        tx: &Tx,
        mut ids: Vec<Uuid>,
        hot: &HotCases,
    ) -> Result<Self, StoreError> {
        ids.sort_unstable();
        ids.dedup();
        let mut cases = Vec::with_capacity(ids.len());
        ids.retain(|id| match hot.get(IncidentId(*id)) {
            Some(case) => {
                cases.push(case);
                false
            }
            None => true,
        });
        // Elsewhere than with one writer, nobody else may change them until this is over.
        let lock = tx.get_database_backend() == DbBackend::Postgres;
        let loaded = store::load(tx, &ids, lock).await?;
        cases.extend(loaded.into_values().map(Arc::new));
        let hold = |case: Arc<Incident>| Held {
            before: Arc::clone(&case),
            after: case,
            changed: false,
        };
        Ok(Self {
            held: cases
                .into_iter()
                .map(|case| (case.id, hold(case)))
                .collect(),
            actions: Vec::new(),
            hot: hot.clone(),
            callers: HashMap::new(),
            claims: Claims::default(),
        })
    }

    pub(super) fn ids(&self) -> Vec<IncidentId> {
        self.held.keys().copied().collect()
    }

    pub(super) fn case(&self, id: IncidentId) -> Option<&Incident> {
        self.held.get(&id).map(|held| &*held.after)
    }

    fn give(
        &mut self,
        tx: &Tx,
        item: &Given,
        ctx: &Context<'_>,
    ) -> Result<Arc<Incident>, IncidentError> {
        let present = self.case(item.incident).ok_or(IncidentError::NotFound)?;
        if !ctx.may("incident.read", present) {
            return Err(IncidentError::NotFound);
        }
        if let Some(expected) = item
            .expected
            .filter(|expected| *expected != present.version)
        {
            let current = present.version;
            return Err(IncidentError::VersionConflict {
                expected,
                current,
                changes: Vec::new(),
            });
        }
        let other = match &*item.command {
            Command::Merge(body) => self.case(body.into),
            Command::Unmerge(_) => present.merged_into.and_then(|parent| self.case(parent)),
            _ => None,
        };
        let callers = Some(&self.callers);
        let ctx = Context {
            other,
            callers,
            ..*ctx
        };
        let named = evidence::named(&item.command);
        let decision = if named.is_empty() {
            decide(present, &item.command, &ctx)?
        } else {
            let filled = self.claims.fill(&item.command, item.incident, &item.actor);
            let unknown = |UnknownMedia(media_id)| Refusal::UnknownMedia { media_id };
            decide(present, &filled.map_err(unknown)?, &ctx)?
        };
        let (centre, now) = (ctx.centre, ctx.now);
        self.claims.take(&named, item.incident);
        Ok(self.take(tx, decision, &item.actor, centre, now))
    }

    /// Keeps a decision: the log lines, the changed cases, the events.
    pub(super) fn take(
        &mut self,
        tx: &Tx,
        decision: Decision,
        actor: &Actor,
        centre: Option<OrgId>,
        now: Timestamp,
    ) -> Arc<Incident> {
        let command = decision.action.command;
        if let Some(mut other) = decision.other {
            self.log(&mut other.incident, other.action, actor, now);
            tx.publish(event(other.event, &other.incident, command, centre, now));
            self.put(Arc::new(other.incident));
        }
        let mut incident = decision.incident;
        self.log(&mut incident, decision.action, actor, now);
        tx.publish(event(decision.event, &incident, command, centre, now));
        let answer = Arc::new(incident);
        self.put(Arc::clone(&answer));
        answer
    }

    pub(super) fn put(&mut self, incident: Arc<Incident>) {
        if let Some(held) = self.held.get_mut(&incident.id) {
            held.after = incident;
            held.changed = true;
        }
    }

    /// Adds a line to the case's log.
    pub(super) fn log(
        &mut self,
        incident: &mut Incident,
        line: LogLine,
        actor: &Actor,
        now: Timestamp,
    ) {
        self.actions.push(chained(incident, line, actor, now));
    }

    /// Writes everything that changed.
    pub(super) async fn save(&self, tx: &Tx, now: Timestamp) -> Result<(), StoreError> {
        let changes: Vec<Change<'_>> = self
            .held
            .values()
            .filter(|held| held.changed)
            .map(|held| Change {
                before: &held.before,
                after: &held.after,
            })
            .collect();
        let changed: Vec<Arc<Incident>> = changes_of(&self.held);
        self.hot
            .forget_on_rollback(tx, changed.iter().map(|case| case.id));
        store::save(tx, &changes, now).await?;
        store::attach(tx, self.claims.taken()).await?;
        store::append(tx, &self.actions).await?;
        self.hot.put(changed);
        Ok(())
    }
}

fn changes_of(held: &HashMap<IncidentId, Held>) -> Vec<Arc<Incident>> {
    let changed = held.values().filter(|held| held.changed);
    changed.map(|held| Arc::clone(&held.after)).collect()
}

/// The next line of the case's log; the case's head moves on with it.
pub(super) fn chained(
    incident: &mut Incident,
    line: LogLine,
    actor: &Actor,
    now: Timestamp,
) -> Action {
    let body = ActionBody {
        name: actor.name.clone(),
        org: actor.org_name.clone(),
        ip: actor.origin.ip.clone(),
        text: line.text,
        before: line.before,
        after: line.after,
    };
    incident.seq += 1;
    let mut action = Action {
        incident_id: incident.id,
        seq: incident.seq,
        at: whole_millis(now),
        user_id: (!actor.system).then_some(actor.user_id),
        command: line.command.to_owned(),
        body: serde_json::to_string(&body).unwrap_or_default(),
        hash: [0; 32],
    };
    action.hash = action.digest(&incident.head);
    incident.head = action.hash;
    action
}

/// What others are told: what happened, and where the case stands now.
pub(super) fn event(
    kind: &str,
    incident: &Incident,
    command: &str,
    centre: Option<OrgId>,
    now: Timestamp,
) -> NewEvent {
    let mut orgs = incident.orgs();
    orgs.extend(centre);
    NewEvent {
        kind: kind.to_owned(),
        subject_id: incident.id.0,
        at: now,
        scope: EventScope {
            action: "incident.read".to_owned(),
            orgs,
            area: incident.area.clone(),
            secrecy: incident.secrecy,
        },
        body: json!({
            "id": incident.id,
            "number": incident.number,
            "version": incident.version,
            "status": incident.status,
            "light": incident.light,
            "command": command,
        }),
    }
}

impl IncidentService {
    /// Gives one command; answers the case after it, durable.
    pub async fn give(&self, given: Given) -> Result<Arc<Incident>, IncidentError> {
        let id = given.incident;
        match self.commands.submit(given).await {
            Err(IncidentError::VersionConflict {
                expected, current, ..
            }) => {
                let changes = store::last_actions(self.db.read(), id, CHANGES_SHOWN).await?;
                let changes = changes.iter().map(said).collect();
                Err(IncidentError::VersionConflict {
                    expected,
                    current,
                    changes,
                })
            }
            outcome => outcome,
        }
    }
}

/// Entries of the log that a version conflict shows.
const CHANGES_SHOWN: u64 = 3;

fn said(action: &Action) -> serde_json::Value {
    let body: ActionBody = serde_json::from_str(&action.body).unwrap_or_default();
    json!({
        "at": action.at,
        "by": body.name,
        "org": body.org,
        "command": action.command,
        "text": body.text,
        "after": body.after,
    })
}
