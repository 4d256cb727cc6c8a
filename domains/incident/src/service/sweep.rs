//! What happens by itself: lights turn, breaches go on the record, new calendars are applied.

use std::sync::Arc;

use yiwang_contracts::Actor;
use yiwang_kernel::{Timestamp, Uuid};

use super::IncidentService;
use super::commands::{Work, event};
use crate::IncidentError;
use crate::clocks::{self, Swept};
use crate::lifecycle::LogLine;
use crate::model::wire::whole_millis;
use crate::store;

/// Cases of one transaction of a sweep.
const SWEEP_ROWS: u64 = 256;
/// Transactions of one pass; what is left waits for the next pass.
const SWEEP_ROUNDS: usize = 40;

impl IncidentService {
    /// Turns the lights whose instant has come; answers how many cases were looked at.
    pub async fn sweep(&self, now: Timestamp) -> Result<usize, IncidentError> {
        let now = whole_millis(now);
        let mut done = 0;
        for _ in 0..SWEEP_ROUNDS {
            let ids = store::due_for_sweep(self.db.read(), now, SWEEP_ROWS).await?;
            if ids.is_empty() {
                break;
            }
            done += ids.len();
            self.sweep_cases(ids, now).await?;
        }
        Ok(done)
    }

    async fn sweep_cases(&self, ids: Vec<Uuid>, now: Timestamp) -> Result<(), IncidentError> {
        let world = Arc::clone(&self.world);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let centre = world.centre();
                    let actor = Actor::system("时钟 clocks");
                    let mut work = Work::of(tx, ids, &world.hot).await?;
                    for id in work.ids() {
                        let Some(incident) = work.case(id) else {
                            continue;
                        };
                        let swept = clocks::sweep(incident, now);
                        let mut next = swept.incident.clone();
                        if let Some(line) = line(&swept) {
                            work.log(&mut next, line, &actor, now);
                        }
                        if swept.light_changed {
                            tx.publish(event(
                                "incident.light_changed",
                                &next,
                                "sweep",
                                centre,
                                now,
                            ));
                        }
                        work.put(Arc::new(next));
                    }
                    work.save(tx, now).await?;
                    Ok::<_, IncidentError>(())
                })
            })
            .await
    }

    /// Computes the clocks of open cases again after a calendar changed.
    pub async fn recompute(&self, now: Timestamp) -> Result<usize, IncidentError> {
        let now = whole_millis(now);
        let version = self.world.catalog.calendar_version();
        let mut done = 0;
        for _ in 0..SWEEP_ROUNDS {
            let ids = store::due_for_recompute(self.db.read(), version, SWEEP_ROWS).await?;
            if ids.is_empty() {
                break;
            }
            done += ids.len();
            self.recompute_cases(ids, now).await?;
        }
        Ok(done)
    }

    async fn recompute_cases(&self, ids: Vec<Uuid>, now: Timestamp) -> Result<(), IncidentError> {
        let world = Arc::clone(&self.world);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let centre = world.centre();
                    let mut work = Work::of(tx, ids, &world.hot).await?;
                    for id in work.ids() {
                        let Some(incident) = work.case(id) else {
                            continue;
                        };
                        let Some(next) = clocks::recompute(incident, &*world.catalog, now) else {
                            continue;
                        };
                        if next.light != incident.light {
                            tx.publish(event(
                                "incident.light_changed",
                                &next,
                                "recompute",
                                centre,
                                now,
                            ));
                        }
                        work.put(Arc::new(next));
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
