//! What happens by itself: lights turn, breaches go on the record, cases are escalated, new calendars
//! are applied.

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use yiwang_contracts::{Actor, IncidentId, OrgId};
use yiwang_kernel::{Timestamp, Uuid};
use yiwang_store::{StoreError, Tx};

use super::commands::{Work, event};
use super::{IncidentService, World};
use crate::IncidentError;
use crate::clocks::{self, Swept};
use crate::lifecycle::{LogLine, escalations};
use crate::model::Incident;
use crate::model::wire::whole_millis;
use crate::store;

/// Cases of one transaction of a sweep.
const SWEEP_ROWS: u64 = 256;
/// Transactions of one pass; what is left waits for the next pass.
const SWEEP_ROUNDS: usize = 40;

/// What is done to the cases that are due for it.
#[derive(Clone, Copy)]
enum Pass {
    /// Lights, breaches, reviews, escalations.
    Clocks,
    /// Clocks of older calendars than this version.
    Calendars { version: u32 },
}

impl Pass {
    async fn due(
        self,
        conn: &impl ConnectionTrait,
        now: Timestamp,
    ) -> Result<Vec<Uuid>, StoreError> {
        match self {
            Self::Clocks => store::due_for_sweep(conn, now, SWEEP_ROWS).await,
            Self::Calendars { version } => {
                store::due_for_recompute(conn, version, SWEEP_ROWS).await
            }
        }
    }
}

/// The cases of one transaction, and who turns them.
struct Turning<'a> {
    work: &'a mut Work,
    tx: &'a Tx,
    world: &'a World,
    centre: Option<OrgId>,
    actor: &'a Actor,
    now: Timestamp,
}

impl Turning<'_> {
    fn clocks(&mut self, id: IncidentId) {
        let Some(incident) = self.work.case(id) else {
            return;
        };
        let swept = clocks::sweep(incident, self.now);
        let mut next = swept.incident.clone();
        if let Some(line) = line(&swept) {
            self.work.log(&mut next, line, self.actor, self.now);
        }
        if swept.light_changed {
            self.tell_light(&next, "sweep");
        }
        self.work.put(Arc::new(next));
        self.escalate(id);
    }

    fn escalate(&mut self, id: IncidentId) {
        let Some(incident) = self.work.case(id) else {
            return;
        };
        let rules = self.world.rules();
        let ctx = self
            .world
            .context(&rules, self.centre, self.actor, self.now);
        let mut log = (incident.seq, incident.head);
        for mut escalated in escalations(incident, self.now, &ctx) {
            // Each was decided on the one before it, whose line is written only now.
            (
                escalated.decision.incident.seq,
                escalated.decision.incident.head,
            ) = log;
            let taken = self.work.take(
                self.tx,
                escalated.decision,
                self.actor,
                self.centre,
                self.now,
            );
            log = (taken.seq, taken.head);
        }
    }

    fn calendars(&mut self, id: IncidentId) {
        let Some(incident) = self.work.case(id) else {
            return;
        };
        let Some(next) = clocks::recompute(incident, &*self.world.catalog, self.now) else {
            return;
        };
        if next.light != incident.light {
            self.tell_light(&next, "recompute");
        }
        self.work.put(Arc::new(next));
    }

    fn tell_light(&self, incident: &Incident, by: &str) {
        let told = event(
            "incident.light_changed",
            incident,
            by,
            self.centre,
            self.now,
        );
        self.tx.publish(told);
    }
}

impl IncidentService {
    /// Turns the lights whose instant has come and escalates what is due for it; answers how many cases
    /// were looked at.
    pub async fn sweep(&self, now: Timestamp) -> Result<usize, IncidentError> {
        self.pass(Pass::Clocks, now).await
    }

    /// Computes the clocks of open cases again after a calendar changed.
    pub async fn recompute(&self, now: Timestamp) -> Result<usize, IncidentError> {
        let version = self.world.catalog.calendar_version();
        self.pass(Pass::Calendars { version }, now).await
    }

    async fn pass(&self, pass: Pass, now: Timestamp) -> Result<usize, IncidentError> {
        let now = whole_millis(now);
        let mut done = 0;
        for _ in 0..SWEEP_ROUNDS {
            let ids = pass.due(self.db.read(), now).await?;
            if ids.is_empty() {
                break;
            }
            done += ids.len();
            self.turn(pass, ids, now).await?;
        }
        Ok(done)
    }

    async fn turn(&self, pass: Pass, ids: Vec<Uuid>, now: Timestamp) -> Result<(), IncidentError> {
        let world = Arc::clone(&self.world);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let actor = Actor::system("时钟 clocks");
                    let mut work = Work::of(tx, ids, &world.hot).await?;
                    let ids = work.ids();
                    let mut turning = Turning {
                        work: &mut work,
                        tx,
                        centre: world.centre(),
                        world: &world,
                        actor: &actor,
                        now,
                    };
                    for id in ids {
                        match pass {
                            Pass::Clocks => turning.clocks(id),
                            Pass::Calendars { .. } => turning.calendars(id),
                        }
                    }
                    work.save(tx, now).await?;
                    Ok::<_, IncidentError>(())
                })
            })
            .await
    }
}

/// What of a sweep goes on the record: breaches, and reviews that became due.
fn line(swept: &Swept) -> Option<LogLine> {
    if swept.breaches.is_empty() && !swept.review_due {
        return None;
    }
    let mut after = serde_json::Map::new();
    for breach in &swept.breaches {
        let kind = serde_json::to_value(breach.kind).unwrap_or_default();
        let kind = kind.as_str().unwrap_or_default();
        let key = match breach.task {
            Some(no) => format!("task {no} {kind}"),
            None => kind.to_owned(),
        };
        after.insert(key, serde_json::json!({ "overdue_since": breach.due_at }));
    }
    if swept.review_due {
        after.insert("review_due".to_owned(), true.into());
    }
    let command = if swept.breaches.is_empty() {
        "review-due"
    } else {
        "overdue"
    };
    Some(LogLine {
        command,
        text: String::new(),
        before: serde_json::Map::new(),
        after,
    })
}
