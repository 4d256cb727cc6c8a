//! What the city makes of the server's answers.

use serde_json::Value;
use yiwang_kernel::{Timestamp, from_micros};

use super::case::Planned;
use super::{Engine, Job, Outcome};
use crate::city::rows_of;
use crate::decide::{Choice, Next, Plan, Seat, Step, decide};
use crate::patience::{Wait, when};
use crate::report::RUN_PREFIX;
use crate::view::CaseView;

/// Refusals in a row after which a case is left to people.
const FAILURES_MAX: u8 = 4;
/// Times in a row that nothing was to be done.
const RESTS_MAX: u8 = 24;
const REST_SIM_SECONDS: f64 = 1_800.0;
const REST_SECONDS_MIN: i64 = 20;
const NOT_YET_SECONDS: f64 = 1.0;
const AFTER_REFUSAL_SECONDS: i64 = 5;
/// Assistants that are called in with the lead.
const ASSISTANTS_MAX: usize = 2;

impl Engine {
    /// Takes the answer to the request of a case.
    pub(crate) fn take(&mut self, no: u64, outcome: Outcome, now: Timestamp) {
        let (status, body) = match outcome {
            Outcome::Answer { status, body } => (status, body),
            Outcome::Busy { seconds } => {
                self.status.delayed += 1;
                self.schedule(later(now, seconds), Job::Step(no));
                return;
            }
            Outcome::NotYet => {
                self.schedule(later(now, NOT_YET_SECONDS), Job::Step(no));
                return;
            }
        };
        let Some(planned) = self.cases.get_mut(&no).and_then(|case| case.planned.take()) else {
            return;
        };
        if (200..300).contains(&status) {
            self.done(no, planned, &body, now);
        } else {
            self.refused(no, planned, status, &body, now);
        }
        self.status.open = self.cases.len() as u64;
    }

    fn done(&mut self, no: u64, planned: Planned, body: &Value, now: Timestamp) {
        match planned {
            Planned::Report(_) => self.reported(no, body, now),
            Planned::Find { .. } => match rows_of(body)
                .first()
                .and_then(|row| row.get("id")?.as_str())
            {
                Some(id) => {
                    if let Some(case) = self.cases.get_mut(&no) {
                        id.clone_into(&mut case.id);
                    }
                    self.plan(no, Planned::Look { seat: Seat::Intake }, now);
                }
                None => self.leave(no),
            },
            Planned::Look { .. } => self.observe(no, body, now),
            Planned::Do(choice) => self.chosen(no, choice, body, now),
        }
    }

    fn reported(&mut self, no: u64, body: &Value, now: Timestamp) {
        self.status.reports += 1;
        let number = body
            .pointer("/0/service_request_id")
            .and_then(Value::as_str);
        let id = body.get("id").and_then(Value::as_str);
        match (number, id) {
            (Some(number), _) => {
                let number = number.to_owned();
                self.plan(no, Planned::Find { number }, now);
            }
            // A push is answered with no more than id and number.
            (None, Some(id)) if body.get("status").is_none() => {
                if let Some(case) = self.cases.get_mut(&no) {
                    id.clone_into(&mut case.id);
                }
                self.plan(no, Planned::Look { seat: Seat::Intake }, now);
            }
            _ => self.observe(no, body, now),
        }
    }

    fn chosen(&mut self, no: u64, choice: Choice, body: &Value, now: Timestamp) {
        let Some(case) = self.cases.get_mut(&no) else {
            return;
        };
        case.failures = 0;
        case.memo.deeds.extend(choice.deed.clone());
        case.at_once = case.at_once.saturating_sub(1);
        match choice.step {
            Step::Command { name, .. } => {
                self.status.count_command(name);
                self.observe(no, body, now);
            }
            Step::Resolve => match plan_of(body) {
                Some(plan) => {
                    case.memo.plan = Some(plan);
                    self.go_on(no, now);
                }
                None => self.leave(no),
            },
            Step::Rate { .. } | Step::ReopenInPublic { .. } => {
                let rated = matches!(choice.step, Step::Rate { .. });
                self.status
                    .count_command(if rated { "rate" } else { "reopen" });
                let seat = Seat::Dispatcher;
                self.plan(no, Planned::Look { seat }, now);
            }
        }
    }

    /// Looks at the case as it is now and plans what comes next.
    fn observe(&mut self, no: u64, body: &Value, now: Timestamp) {
        let Some(view) = CaseView::read(body) else {
            self.leave(no);
            return;
        };
        let original = self.cases.get(&no).and_then(|case| case.repeats);
        let original = original
            .and_then(|no| self.cases.get(&no))
            .filter(|case| !case.id.is_empty() && case.view.status != "closed")
            .map(|case| case.id.clone());
        let Some(case) = self.cases.get_mut(&no) else {
            return;
        };
        let own = view
            .source_ref
            .as_deref()
            .is_some_and(|r| r.starts_with(RUN_PREFIX));
        if case.adopted && !own {
            self.cases.remove(&no);
            return;
        }
        case.id.clone_from(&view.id);
        case.memo.duplicate_of = original;
        case.view = view;
        self.go_on(no, now);
    }

    /// Decides on what is known and plans it.
    fn go_on(&mut self, no: u64, now: Timestamp) {
        let Some(case) = self.cases.get_mut(&no) else {
            return;
        };
        match decide(&case.view, &case.memo, &self.words.officers, &mut case.dice) {
            Next::Finished => {
                self.status.finished += 1;
                self.cases.remove(&no);
            }
            Next::Rest => {
                case.rests += 1;
                if case.rests > RESTS_MAX {
                    self.leave(no);
                    return;
                }
                let at = self.life.time.after(now, REST_SIM_SECONDS);
                let at = at.max(later(now, REST_SECONDS_MIN as f64));
                let seat = Seat::Dispatcher;
                self.plan(no, Planned::Look { seat }, at);
            }
            Next::Do(choice) => {
                case.rests = 0;
                let clock = choice.clock.and_then(|kind| case.view.clock(kind));
                let wait = Wait {
                    kind: choice.kind,
                    grade: case.view.grade(),
                    clock,
                };
                let mut at = when(&wait, &self.life.time, now, &mut case.dice);
                if case.at_once > 0 {
                    at = now;
                }
                // After the limit much may have changed: a look first, and then at once.
                let late = clock.is_some_and(|(_, due)| at > due && due > now);
                if late {
                    let seat = choice.seat.clone();
                    case.at_once = 1;
                    self.plan(no, Planned::Look { seat }, at);
                } else {
                    self.plan(no, Planned::Do(choice), at);
                }
            }
        }
    }

    fn refused(&mut self, no: u64, planned: Planned, status: u16, body: &Value, now: Timestamp) {
        let code = body.get("code").and_then(Value::as_str);
        let code = code.map_or_else(|| format!("http.{status}"), str::to_owned);
        let Some(case) = self.cases.get_mut(&no) else {
            return;
        };
        case.failures += 1;
        let (failures, unknown) = (case.failures, case.id.is_empty());
        if code == "incident.version_conflict" {
            self.status.conflicts += 1;
        } else {
            self.status.count_refused(&code);
            let what = match &planned {
                Planned::Do(choice) => choice.kind,
                Planned::Report(_) => "create",
                Planned::Find { .. } | Planned::Look { .. } => "read",
            };
            tracing::debug!(code, status, what, case = case.id, "refused");
        }
        let seat = match &planned {
            Planned::Do(choice) if choice.seat != Seat::Public => choice.seat.clone(),
            Planned::Do(_) | Planned::Report(_) | Planned::Find { .. } => Seat::Dispatcher,
            Planned::Look { seat } => seat.clone(),
        };
        // Hidden from this seat, or gone: not ours to work on.
        let hidden = status == 404 || (status == 403 && matches!(planned, Planned::Look { .. }));
        if hidden || unknown || failures >= FAILURES_MAX {
            self.leave(no);
            return;
        }
        if status == 409 && code == "incident.version_conflict" {
            case.at_once = case.at_once.max(1);
            self.plan(no, Planned::Look { seat }, now);
            return;
        }
        if let Planned::Do(choice) = planned {
            case.memo.deeds.extend(choice.deed);
        }
        let at = later(now, (AFTER_REFUSAL_SECONDS * i64::from(failures)) as f64);
        self.plan(no, Planned::Look { seat }, at);
    }

    fn plan(&mut self, no: u64, planned: Planned, at: Timestamp) {
        if let Some(case) = self.cases.get_mut(&no) {
            case.planned = Some(planned);
            self.schedule(at, Job::Step(no));
        }
    }

    fn leave(&mut self, no: u64) {
        self.cases.remove(&no);
        self.status.left += 1;
    }
}

fn later(now: Timestamp, seconds: f64) -> Timestamp {
    from_micros(now.as_microsecond() + (seconds * 1e6) as i64)
}

fn id_of(unit: &Value) -> Option<String> {
    unit.get("id")?.as_str().map(str::to_owned)
}

/// The units that the responsibility list names; `None` where it has a hole.
fn plan_of(body: &Value) -> Option<Plan> {
    let unit = |name: &str| body.get(name).and_then(id_of);
    let fallback = unit("fallback");
    let lead = unit("lead").or_else(|| fallback.clone())?;
    let mut assistants: Vec<String> = Vec::new();
    let named = body.get("assistants").and_then(Value::as_array);
    for assistant in named.into_iter().flatten().filter_map(id_of) {
        if assistant != lead
            && !assistants.contains(&assistant)
            && assistants.len() < ASSISTANTS_MAX
        {
            assistants.push(assistant);
        }
    }
    let other = unit("supervisor")
        .or(fallback)
        .filter(|other| *other != lead)
        .or_else(|| assistants.first().cloned());
    let reasons = body.get("reasons").and_then(Value::as_array);
    let reasons = reasons
        .into_iter()
        .flatten()
        .map(|reason| crate::city::text_of(reason).to_owned())
        .filter(|reason| !reason.is_empty())
        .take(3)
        .collect();
    Some(Plan {
        lead,
        assistants,
        other,
        reasons,
    })
}
