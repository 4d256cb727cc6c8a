//! Facts of cases for those who count them.

use futures::future::BoxFuture;
use yiwang_contracts::{Asked, CaseFacts, CaseFigures, ClockKind, IncidentId};
use yiwang_kernel::{IntoFault as _, Timestamp, Uuid};

use super::IncidentService;
use crate::IncidentError;
use crate::clocks;
use crate::model::{ClockState, Flag, Incident, Outcome, Status, Task};
use crate::store;

/// Cases of one read at most.
const CASES_MAX: usize = 500;

impl CaseFigures for IncidentService {
    fn facts<'a>(
        &'a self,
        ids: &'a [IncidentId],
        now: Timestamp,
    ) -> BoxFuture<'a, Asked<Vec<CaseFacts>>> {
        Box::pin(async move {
            let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
            self.facts_of(&ids, now)
                .await
                .map_err(yiwang_kernel::IntoFault::into_fault)
        })
    }

    fn facts_after(
        &self,
        after: Option<IncidentId>,
        limit: u32,
        now: Timestamp,
    ) -> BoxFuture<'_, Asked<Vec<CaseFacts>>> {
        Box::pin(async move {
            let ids = store::ids_after(self.db.read(), after, limit)
                .await
                .map_err(|error| IncidentError::from(error).into_fault())?;
            self.facts_of(&ids, now)
                .await
                .map_err(yiwang_kernel::IntoFault::into_fault)
        })
    }
}

impl IncidentService {
    async fn facts_of(
        &self,
        ids: &[Uuid],
        now: Timestamp,
    ) -> Result<Vec<CaseFacts>, IncidentError> {
        let mut all = Vec::with_capacity(ids.len());
        for piece in ids.chunks(CASES_MAX) {
            let cases = store::load(self.db.read(), piece, false).await?;
            let callers = store::callers(self.db.read(), piece).await?;
            for case in cases.values() {
                let caller = callers.get(&case.id).copied().flatten();
                all.push(facts(case, caller, now));
            }
        }
        all.sort_unstable_by_key(|facts| facts.id);
        Ok(all)
    }
}

fn facts(case: &Incident, caller: Option<i64>, now: Timestamp) -> CaseFacts {
    let lead = lead(case);
    let of_lead = |at: fn(&Task) -> Option<Timestamp>| lead.and_then(at);
    let doc = &case.doc;
    let is_closed = case.status == Status::Closed;
    let outcome = doc.outcome;
    let due = |kind| {
        let clocks = doc.clocks.iter().rev();
        clocks
            .filter(|clock| clock.kind == kind)
            .find_map(|clock| clock.due_at)
    };
    let total = on_time(case, ClockKind::Total, now);
    let handled = on_time(case, ClockKind::Handle, now);
    let first_dispatch = case.tasks.iter().filter(|task| task.is_lead());
    CaseFacts {
        id: case.id,
        version: case.version,
        source: case.source.as_str().to_owned(),
        item: case.item_code.clone(),
        area: case.area.clone(),
        position: case.position,
        caller,
        counts: !matches!(case.status, Status::Void | Status::Merged)
            && !case.has(Flag::Excluded)
            && !case.has(Flag::Shadow),
        is_open: case.status.is_open(),
        is_valid: !matches!(
            outcome,
            Some(Outcome::Refused | Outcome::Withdrawn | Outcome::Transferred | Outcome::Void)
        ),
        opened_at: case.created_at,
        registered_at: doc.registered_at,
        dispatched_at: first_dispatch
            .filter_map(|task| task.doc.dispatched_at)
            .min(),
        signed_at: of_lead(|task| task.doc.signed_at),
        contacted_at: of_lead(|task| task.doc.contacted_at),
        arrived_at: of_lead(|task| task.doc.arrived_at),
        reported_at: of_lead(|task| task.doc.reported_at),
        closed_at: case.closed_at.filter(|_| is_closed),
        handle_due_at: due(ClockKind::Handle),
        total_due_at: due(ClockKind::Total),
        dispatched_on_time: on_time(case, ClockKind::Dispatch, now),
        signed_on_time: on_time(case, ClockKind::Sign, now),
        contacted_on_time: on_time(case, ClockKind::Contact, now),
        handled_on_time: handled,
        closed_on_time: if is_closed { total.or(handled) } else { None },
        is_answered: outcome == Some(Outcome::Answered),
        is_self_handled: case.has(Flag::SelfHandled),
        is_returned: doc.returns > 0,
        is_reworked: doc.reworks > 0,
        is_repeated: doc.reopens > 0 || case.has(Flag::Repeat),
        rated_at: doc.rating.as_ref().map(|rating| rating.at),
        rating: doc.rating.as_ref().map(|rating| rating.score),
        is_solved: doc.rating.as_ref().is_some_and(|rating| rating.solved),
        is_outcome_solved: is_closed && outcome == Some(Outcome::Solved),
    }
}

/// The lead task that counts: the open one, else the last that was not given back, else the last.
fn lead(case: &Incident) -> Option<&Task> {
    let leads = || case.tasks.iter().rev().filter(|task| task.is_lead());
    leads()
        .find(|task| task.status.is_open())
        .or_else(|| leads().find(|task| task.doc.reported_at.is_some()))
        .or_else(|| leads().next())
}

/// Whether a step was done within its limit, in every round of it.
fn on_time(case: &Incident, kind: ClockKind, now: Timestamp) -> Option<bool> {
    let clocks = case.doc.clocks.iter().filter(|clock| clock.kind == kind);
    let mut met = None;
    for clock in clocks {
        match clocks::state(clock, &case.doc.pauses, now) {
            ClockState::Breached => return Some(false),
            ClockState::Met => met = Some(true),
            ClockState::Running | ClockState::Suspended | ClockState::Stopped => {}
        }
    }
    met
}
