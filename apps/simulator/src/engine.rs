//! The simulated city without any wires: it says what is to be asked of the server and when, and takes the
//! answers. The same seed and the same answers give the same questions, in the same order.

mod answers;
mod case;

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use serde_json::{Value, json};
use yiwang_kernel::{Masked, Timestamp, from_micros};

use crate::city::City;
use crate::config::Channel;
use crate::decide::{Seat, Step};
use crate::dice::Dice;
use crate::report::{Earlier, Report, Writer, run_name};
use crate::rhythm::{CityTime, hot_day, next_report};
use crate::source::Source;
use crate::status::Status;
use crate::words::Words;
use case::{Case, Planned};

/// Cases looked after at a time; beyond it no new reports are made.
const CASES_MAX: usize = 6_000;
/// Reports that others may repeat.
const EARLIER_MAX: usize = 40;
/// So far behind, new reports are left out until the work is done.
const BEHIND_SECONDS: i64 = 30;
/// Cases of earlier runs are looked at one after the other, so far apart.
const ADOPTION_MICROS: i64 = 50_000;
/// Plan dates of suspended cases lie so far ahead.
const PLAN_SECONDS: i64 = 30 * 86_400;

/// One request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ask {
    pub(crate) case: u64,
    pub(crate) seat: Seat,
    pub(crate) call: Call,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Call {
    Get(String),
    Post {
        path: String,
        body: Value,
        /// The version that the officer looked at.
        version: Option<i64>,
    },
    Signed {
        path: String,
        secret: Masked,
        body: Value,
    },
    Form {
        path: String,
        fields: Vec<(String, String)>,
    },
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    Answer {
        status: u16,
        body: Value,
    },
    /// Not now: ask again after so many seconds.
    Busy {
        seconds: f64,
    },
    /// Whoever is to ask has not signed in yet.
    NotYet,
}

/// How the city lives.
#[derive(Debug, Clone)]
pub(crate) struct Life {
    pub(crate) seed: u64,
    pub(crate) time: CityTime,
    pub(crate) per_day: f64,
    pub(crate) backlog: u32,
    pub(crate) channels: Vec<Channel>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Job {
    Arrival,
    Step(u64),
}

/// The city at work.
pub(crate) struct Engine {
    life: Life,
    city: City,
    words: Words,
    run: String,
    agenda: BinaryHeap<Reverse<(i64, u64, Job)>>,
    cases: BTreeMap<u64, Case>,
    earlier: VecDeque<Earlier>,
    arrivals: Dice,
    next_case: u64,
    entries: u64,
    pub(crate) status: Status,
}

impl Engine {
    /// A city with its backlog to be made at once. `open` are cases of earlier runs, to be gone on with.
    pub(crate) fn new(
        life: Life,
        city: City,
        words: Words,
        open: &[String],
        now: Timestamp,
    ) -> Self {
        let mut engine = Self {
            run: run_name(life.seed, now),
            arrivals: Dice::of(&[life.seed, 0xA441]),
            life,
            city,
            words,
            agenda: BinaryHeap::new(),
            cases: BTreeMap::new(),
            earlier: VecDeque::new(),
            next_case: 1,
            entries: 0,
            status: Status::default(),
        };
        for (turn, id) in open.iter().take(CASES_MAX / 2).enumerate() {
            let no = engine.new_case();
            if let Some(case) = engine.cases.get_mut(&no) {
                case.adopt(id);
            }
            let at = from_micros(now.as_microsecond() + turn as i64 * ADOPTION_MICROS);
            engine.schedule(at, Job::Step(no));
        }
        let backlog = u64::from(engine.life.backlog).saturating_sub(engine.cases.len() as u64);
        for _ in 0..backlog.min(CASES_MAX as u64 / 2) {
            engine.report(now, true);
        }
        if engine.life.per_day > 0.0 {
            engine.schedule(now, Job::Arrival);
        }
        engine
    }

    /// When there is something to do next.
    pub(crate) fn next_at(&self) -> Option<Timestamp> {
        self.agenda
            .peek()
            .map(|Reverse((at, _, _))| from_micros(*at))
    }

    /// What is due, at most `max` requests, each of another case.
    pub(crate) fn due(&mut self, now: Timestamp, max: usize) -> Vec<Ask> {
        let mut asks = Vec::new();
        while asks.len() < max {
            let due = self
                .agenda
                .peek()
                .is_some_and(|Reverse((at, _, _))| *at <= now.as_microsecond());
            if !due {
                break;
            }
            let Some(Reverse((at, _, job))) = self.agenda.pop() else {
                break;
            };
            match job {
                Job::Arrival => self.arrive(now, at),
                Job::Step(no) => asks.extend(self.ask(no, now)),
            }
        }
        asks
    }

    fn schedule(&mut self, at: Timestamp, job: Job) {
        self.entries += 1;
        self.agenda
            .push(Reverse((at.as_microsecond(), self.entries, job)));
    }

    fn arrive(&mut self, now: Timestamp, due_micros: i64) {
        let behind = now.as_microsecond() - due_micros > BEHIND_SECONDS * 1_000_000;
        if behind || self.cases.len() >= CASES_MAX {
            self.status.skipped += 1;
        } else {
            self.report(now, false);
        }
        let sim = self.life.time.at(now);
        let seconds = next_report(&mut self.arrivals, self.life.seed, self.life.per_day, sim);
        let at = self.life.time.after(now, seconds);
        self.schedule(at, Job::Arrival);
    }

    fn new_case(&mut self) -> u64 {
        let no = self.next_case;
        self.next_case += 1;
        self.cases
            .insert(no, Case::new(Dice::of(&[self.life.seed, 0xCA5E, no])));
        no
    }

    /// Somebody reports something now.
    fn report(&mut self, now: Timestamp, in_backlog: bool) {
        let no = self.new_case();
        let Some(case) = self.cases.get_mut(&no) else {
            return;
        };
        let sim = self.life.time.at(now);
        let writer = Writer {
            city: &self.city,
            words: &self.words.reports,
            run: self.run.clone(),
            hot: hot_day(self.life.seed, sim),
            occurred_at: None,
        };
        let earlier = self.earlier.make_contiguous();
        let Some(report) = writer.write(no, earlier, &mut case.dice) else {
            self.cases.remove(&no);
            return;
        };
        if report.source.has_reporter() && report.repeats.is_none() {
            self.earlier.push_back(report.as_earlier(no));
            if self.earlier.len() > EARLIER_MAX {
                self.earlier.pop_front();
            }
        }
        case.set_out(report, in_backlog);
        self.schedule(now, Job::Step(no));
    }

    /// The request that the case has planned.
    fn ask(&mut self, no: u64, now: Timestamp) -> Option<Ask> {
        let case = self.cases.get_mut(&no)?;
        let incident = |id: &str| format!("/api/v1/incidents/{id}");
        let (seat, call) = match case.planned.as_ref()? {
            Planned::Report(report) => channel(report, &self.life.channels, &mut case.dice),
            Planned::Find { number } => (
                Seat::Intake,
                Call::Get(format!("/api/v1/incidents?q={number}&limit=1")),
            ),
            Planned::Look { seat } => (seat.clone(), Call::Get(incident(&case.id))),
            Planned::Do(choice) => (choice.seat.clone(), case.call(&choice.step, now)?),
        };
        Some(Ask {
            case: no,
            seat,
            call,
        })
    }
}

/// Which way a report goes: by the ways that fit it, one of them by chance.
fn channel(report: &Report, channels: &[Channel], dice: &mut Dice) -> (Seat, Call) {
    let fits = |channel: &&Channel| match channel {
        Channel::Rest => true,
        Channel::Open311 { .. } => report.source == Source::Citizen,
        Channel::Webhook { .. } => report.source == Source::Hotline,
    };
    let ways: Vec<&Channel> = channels.iter().filter(fits).collect();
    match dice.pick(&ways) {
        Some(Channel::Open311 { api_key }) => {
            let path = "/open311/v2/requests.json".to_owned();
            let fields = report.open311(api_key.reveal());
            (Seat::Public, Call::Form { path, fields })
        }
        Some(Channel::Webhook { channel, secret }) => {
            let path = format!("/api/v1/intake/webhooks/{channel}");
            let (secret, body) = (secret.clone(), report.work_order());
            (Seat::Public, Call::Signed { path, secret, body })
        }
        _ => {
            let seat = if report.on_beat {
                Seat::Grid
            } else if report.source.by_telephone() {
                Seat::Intake
            } else {
                Seat::Integrator
            };
            let path = "/api/v1/incidents".to_owned();
            let call = Call::Post {
                path,
                body: report.rest(),
                version: None,
            };
            (seat, call)
        }
    }
}

/// A month ahead, as suspended cases are planned.
fn plan_date(now: Timestamp) -> String {
    from_micros(now.as_microsecond() + PLAN_SECONDS * 1_000_000).to_string()
}

impl Case {
    /// The request of a step; `None` when the case does not know enough for it.
    fn call(&self, step: &Step, now: Timestamp) -> Option<Call> {
        let view = &self.view;
        Some(match step {
            Step::Command { name, body } => {
                let mut body = body.clone();
                if let Some(date) = body.get_mut("plan_date") {
                    *date = Value::String(plan_date(now));
                }
                Call::Post {
                    path: format!("/api/v1/incidents/{}/commands/{name}", self.id),
                    body,
                    version: Some(view.version),
                }
            }
            Step::Resolve => {
                let mut path = format!("/api/v1/responsibility/resolve?item={}", view.item_code());
                if let Some(area) = view.area.as_ref().filter(|area| !area.code.is_empty()) {
                    path.push_str("&area=");
                    path.push_str(&area.code);
                }
                Call::Get(path)
            }
            Step::Rate {
                score,
                solved,
                text,
            } => {
                let public = view.public.as_ref()?;
                Call::Post {
                    path: format!("/api/v1/public/incidents/{}/rating", public.number),
                    body: json!({"code": public.query_code, "score": score, "solved": solved, "text": text}),
                    version: None,
                }
            }
            Step::ReopenInPublic { reason } => {
                let public = view.public.as_ref()?;
                Call::Post {
                    path: format!("/api/v1/public/incidents/{}/reopen", public.number),
                    body: json!({"code": public.query_code, "reason": reason}),
                    version: None,
                }
            }
        })
    }
}
