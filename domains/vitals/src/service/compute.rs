//! A pass: what changed is taken over, what is due is brought, what follows is computed, kept and told.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::ConnectionTrait as _;
use sea_orm::sea_query::{ExprTrait as _, Query};
use yiwang_kernel::{Timestamp, micros};
use yiwang_store::Tx;
use yiwang_vital_rules::Formula;

use super::{VitalsService, gather};
use crate::error::VitalsError;
use crate::facts::MINUTE;
use crate::live::{Brought, News, Outcome};
use crate::notice::Notice;
use crate::store;

/// Indicators whose usual values are looked up in one pass.
const USUAL_MAX: usize = 40;
/// How often what is usual is looked up.
const USUAL_EVERY: i64 = 10 * MINUTE;

impl VitalsService {
    /// Computes what is due. The node that leads keeps and tells what came of it; others only know it.
    pub(crate) async fn pass(&self, leads: bool, now: Timestamp) -> Result<usize, VitalsError> {
        let mut followed = self.followed.lock().await;
        let stirred = self.follow(&mut followed, now).await?;
        if !leads || !followed.leads {
            let kept = store::states::all(self.db.read()).await?;
            let mut live = self.live.write().await;
            // Whoever begins to lead tells what was computed and not told; what was told it does not tell again.
            if leads {
                live.forget();
            }
            live.restore(&kept);
        }
        followed.leads = leads;
        let outcome = match self.compute(stirred, now).await {
            Ok(outcome) => outcome,
            Err(error) => {
                self.live.write().await.give_back();
                return Err(error);
            }
        };
        let computed = outcome.computed;
        if leads && let Err(error) = self.keep(outcome, now).await {
            // The next pass begins from what is stored, and finds again what could not be kept.
            followed.leads = false;
            self.live.write().await.give_back();
            return Err(error);
        }
        Ok(computed)
    }

    async fn compute(&self, stirred: bool, now: Timestamp) -> Result<Outcome, VitalsError> {
        let at = micros(now);
        let news = self.news(stirred).await?;
        let mut live = self.live.write().await;
        let rows = live.take_due(&news, at);
        let usual = live.take_usual_due(USUAL_MAX, USUAL_EVERY, at);
        let policy = Arc::clone(&live.policy);
        drop(live);
        let facts = self.gather(&policy, &rows, now).await?;
        let usual = self.usual(&policy, &usual, now).await?;
        let sources = Arc::clone(&self.sources);
        let counting = {
            let policy = Arc::clone(&policy);
            let rows = rows.clone();
            move || gather::count(&policy, &rows, &facts, &sources, at)
        };
        let cells = tokio::task::spawn_blocking(counting).await?;
        let mut live = Arc::clone(&self.live).write_owned().await;
        let step = move || {
            let brought = Brought { rows, cells, usual };
            live.step(brought, at)
        };
        Ok(tokio::task::spawn_blocking(step).await?)
    }

    /// What happened to devices and alarms, from memory and one counter.
    async fn news(&self, cases: bool) -> Result<News, VitalsError> {
        let alarms = store::count_of(self.db.read(), store::ALARMS).await?;
        let policy = Arc::clone(&self.live.read().await.policy);
        let mut observed = HashMap::new();
        let rows = 0..policy.engine.graph().rows().len();
        for formula in rows.filter_map(|row| policy.formula(row)) {
            let (profiles, property) = match formula {
                Formula::Last(last) => (&last.profiles, &last.property),
                Formula::Window(window) => (&window.profiles, &window.property),
                _ => continue,
            };
            for profile in profiles {
                observed
                    .entry((profile.clone(), property.clone()))
                    .or_insert_with(|| {
                        let devices = self.asks.devices.last_values(profile, property);
                        let times = devices.iter().filter_map(|device| device.last);
                        times.map(|(at, _)| at).max().unwrap_or(i64::MIN)
                    });
            }
        }
        let sources = self.sources();
        let answers = sources.answers.iter();
        let answered = answers
            .filter_map(|(code, own)| Some((code.clone(), own.figures.as_ref()?.0)))
            .collect();
        Ok(News {
            cases,
            alarms,
            observed,
            answered,
        })
    }

    async fn keep(&self, outcome: Outcome, now: Timestamp) -> Result<(), VitalsError> {
        let is_nothing = outcome.states.is_empty()
            && outcome.values.is_empty()
            && outcome.events.is_empty()
            && outcome.notices.is_empty()
            && outcome.turns.is_empty();
        if is_nothing {
            return Ok(());
        }
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    store::states::put(tx, &outcome.states).await?;
                    store::values::put(tx, &outcome.values, micros(now)).await?;
                    let mut notices = Vec::new();
                    for notice in outcome.notices {
                        if !is_told(tx, &notice).await? {
                            notices.push(notice);
                        }
                    }
                    store::notices::insert(tx, &notices).await?;
                    store::breaches::turn(tx, &outcome.turns).await?;
                    for event in outcome.events {
                        tx.publish(event);
                    }
                    Ok::<_, VitalsError>(())
                })
            })
            .await
    }
}

/// Of one indicator, area and grade at most one notice is open.
async fn is_told(tx: &Tx, notice: &Notice) -> Result<bool, VitalsError> {
    let select = Query::select()
        .column(store::name("id"))
        .from(store::name("vitals_notice"))
        .and_where(store::column("indicator").eq(notice.indicator.as_str()))
        .and_where(store::column("area").eq(notice.area.as_str()))
        .and_where(store::column("grade").eq(notice.grade.rank() as i32))
        .and_where(store::column("is_open").eq(true))
        .limit(1)
        .take();
    Ok(tx.query_one(&select).await?.is_some())
}
