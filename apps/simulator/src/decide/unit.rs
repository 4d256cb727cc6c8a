//! What the units do with their tasks, and what they ask for.

use serde_json::{Value, json};

use super::{Choice, Memo, Next, Seat, command, decision};
use crate::client::PICTURE;
use crate::dice::Dice;
use crate::source::Source;
use crate::view::{CaseView, TaskView};
use crate::words::OfficerWords;

const RETURNED: f64 = 0.04;
const EXTENDED: f64 = 0.05;
const SUSPENDED: f64 = 0.025;
const REACHED: f64 = 0.9;

pub(super) fn work(case: &CaseView, memo: &Memo, words: &OfficerWords, dice: &mut Dice) -> Next {
    if let Some(choice) = decision(case, memo, words, dice) {
        return Next::Do(choice);
    }
    if case.suspended {
        let body = json!({"text": words.say("resume", dice)});
        return Next::Do(command(Seat::Duty, "resume", None, body));
    }
    let others = case.tasks.iter().filter(|task| task.role != "lead");
    for task in others {
        match task.status.as_str() {
            "to_sign" => return Next::Do(sign(task)),
            "handling" => {
                let body = json!({"task_id": task.id, "text": words.say("assist", dice)});
                let choice = command(officer(task), "report", Some("handle"), body);
                return Next::Do(choice.of_kind("assist"));
            }
            _ => {}
        }
    }
    match case.lead_task() {
        Some(task) if task.status == "to_sign" => Next::Do(to_sign(task, memo, words, dice)),
        Some(task) if task.status == "handling" => {
            Next::Do(handling(case, task, memo, words, dice))
        }
        _ => Next::Rest,
    }
}

/// Whoever works for the unit of the task.
fn officer(task: &TaskView) -> Seat {
    Seat::Unit(task.org_id.clone())
}

fn sign(task: &TaskView) -> Choice {
    command(
        officer(task),
        "sign",
        Some("sign"),
        json!({"task_id": task.id}),
    )
}

fn to_sign(task: &TaskView, memo: &Memo, words: &OfficerWords, dice: &mut Dice) -> Choice {
    let other = memo.plan.as_ref().and_then(|plan| plan.other.as_ref());
    if let Some(org) = other
        && !memo.did("return")
        && dice.chance(RETURNED)
    {
        let body = json!({
            "kind": "return", "task_id": task.id, "reason_code": "not_responsible",
            "text": words.say("return", dice), "proposed_org": org,
        });
        return command(officer(task), "request", Some("sign"), body).once("return");
    }
    sign(task)
}

fn handling(
    case: &CaseView,
    task: &TaskView,
    memo: &Memo,
    words: &OfficerWords,
    dice: &mut Dice,
) -> Choice {
    let contact = format!("contact:{}", task.id);
    let reporter = Source::parse(&case.source).is_some_and(Source::has_reporter);
    if reporter && task.contacted_at.is_none() && !memo.did(&contact) {
        let reached = dice.chance(REACHED);
        let (result, deed) = if reached {
            ("reached", "contact")
        } else {
            ("no_answer", "no_answer")
        };
        let body = json!({"task_id": task.id, "result": result, "note": words.say(deed, dice)});
        let choice = command(officer(task), "contact", Some("contact"), body);
        return if reached {
            choice.once(contact)
        } else {
            choice
        };
    }
    let arrive = format!("arrive:{}", task.id);
    if case.is_urgent() && task.arrived_at.is_none() && !memo.did(&arrive) {
        let mut body = json!({"task_id": task.id});
        if let (Some(position), Some(fields)) = (&case.position, body.as_object_mut()) {
            fields.insert("position".to_owned(), position.clone());
        }
        return command(officer(task), "arrive", Some("arrive"), body).once(arrive);
    }
    if let Some(choice) = asking(case, task, memo, words, dice) {
        return choice;
    }
    let evidence = evidence(case);
    let text = words.report(case.item_code(), dice);
    let body = json!({"task_id": task.id, "result": "done", "text": text, "evidence": evidence});
    command(officer(task), "report", Some("handle"), body)
}

/// What the item asks a report of handling to carry.
pub(super) fn evidence(case: &CaseView) -> Vec<Value> {
    let shown = |kind: &String| json!({"kind": kind, PICTURE: case.number});
    case.evidence.iter().map(shown).collect()
}

/// More time, or to be left lying until its time comes.
fn asking(
    case: &CaseView,
    task: &TaskView,
    memo: &Memo,
    words: &OfficerWords,
    dice: &mut Dice,
) -> Option<Choice> {
    let (extends, suspends) = (dice.chance(EXTENDED), dice.chance(SUSPENDED));
    if case.is_urgent() || task.extensions > 0 || memo.did("asked") {
        return None;
    }
    let limit = case.handle_limit();
    if extends && let Some(extra) = limit.and_then(half) {
        let body = json!({
            "kind": "extension", "task_id": task.id, "reason_code": "more_time",
            "text": words.say("extension", dice), "extra": extra,
        });
        return Some(command(officer(task), "request", None, body).once("asked"));
    }
    if suspends {
        let body = json!({
            "kind": "suspension", "task_id": task.id, "reason_code": "planned",
            "text": words.say("suspension", dice), "plan_date": memo.plan_date, "leader": "分管负责人",
        });
        return Some(command(officer(task), "request", None, body).once("asked"));
    }
    None
}

/// Half of a limit like `5wd`, rounded up, in the same unit.
pub(super) fn half(limit: &str) -> Option<String> {
    let digits = limit.find(|c: char| !c.is_ascii_digit())?;
    let (amount, unit) = limit.split_at(digits);
    let amount: u32 = amount.parse().ok()?;
    (amount > 0).then(|| format!("{}{unit}", amount.div_ceil(2)))
}
