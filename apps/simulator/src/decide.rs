//! What an officer does next with a case: a pure choice from the case as the API shows it.
//!
//! Most of the time the main line; sometimes, by chance, one of the exceptions that a real city has. The rules
//! are the server's: what it refuses is remembered and not tried again in the same state.

mod unit;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::dice::Dice;
use crate::source::Source;
use crate::view::{CaseView, Check};
use crate::words::OfficerWords;

const REFUSED: f64 = 0.025;
const TRANSFERRED: f64 = 0.3;
const MERGED: f64 = 0.6;
const VOIDED: f64 = 0.008;
const VERIFICATION_FAILED: f64 = 0.06;
/// Of what a grid worker may settle on the spot.
const SELF_HANDLED: f64 = 0.7;
const RATED: f64 = 0.4;
const REOPENED: f64 = 0.12;
const CARDED: f64 = 0.4;
const APPROVED: f64 = 0.65;
/// From here on a case is for few eyes only.
const SECRET: u8 = 3;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Seat {
    Intake,
    Dispatcher,
    Verifier,
    Duty,
    Supervisor,
    Integrator,
    /// A grid worker on the own beat.
    Grid,
    /// An officer of the unit with this id.
    Unit(String),
    /// A citizen, not signed in.
    Public,
}

/// What is known of a case beside what the API shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memo {
    /// Done already, or not to be tried again: `contact:TASK`, `return`, `merge`, …
    pub(crate) deeds: BTreeSet<String>,
    pub(crate) plan: Option<Plan>,
    /// The case that this report repeats.
    pub(crate) duplicate_of: Option<String>,
    /// Now; plan dates lie a month after it.
    pub(crate) plan_date: String,
}

impl Memo {
    pub(crate) fn did(&self, deed: &str) -> bool {
        self.deeds.contains(deed)
    }
}

/// What the responsibility list said.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Plan {
    pub(crate) lead: String,
    pub(crate) assistants: Vec<String>,
    /// Another unit, to name in a return.
    pub(crate) other: Option<String>,
    pub(crate) reasons: Vec<String>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    Command {
        name: &'static str,
        body: Value,
    },
    /// Ask the responsibility list.
    Resolve,
    /// The citizen's word, on the public page.
    Rate {
        score: u8,
        solved: bool,
        text: String,
    },
    ReopenInPublic {
        reason: String,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Choice {
    pub(crate) seat: Seat,
    pub(crate) step: Step,
    /// To be remembered when it is done.
    pub(crate) deed: Option<String>,
    /// What it is, for how long it takes.
    pub(crate) kind: &'static str,
    /// The clock that runs against it.
    pub(crate) clock: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Next {
    Do(Choice),
    /// Somebody else's turn; look again later.
    Rest,
    Finished,
}

pub(crate) fn command(
    seat: Seat,
    name: &'static str,
    clock: Option<&'static str>,
    body: Value,
) -> Choice {
    Choice {
        seat,
        step: Step::Command { name, body },
        deed: None,
        kind: name,
        clock,
    }
}

impl Choice {
    pub(crate) fn once(mut self, deed: impl Into<String>) -> Self {
        self.deed = Some(deed.into());
        self
    }

    pub(crate) const fn of_kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }
}

/// The next thing that anybody does with the case.
pub(crate) fn decide(case: &CaseView, memo: &Memo, words: &OfficerWords, dice: &mut Dice) -> Next {
    if let Some(choice) = card(case, memo, words, dice) {
        return Next::Do(choice);
    }
    let next = match case.status.as_str() {
        "received" => Next::Do(received(case, memo, words, dice)),
        "accepted" => Next::Do(command(
            Seat::Dispatcher,
            "register",
            Some("register"),
            json!({"checks": codes(&case.checks.register), "note": words.say("register", dice)}),
        )),
        "registered" => Next::Do(registered(case, memo, words, dice)),
        // The units' officers do not see them, and the verifier does not either.
        "dispatched" | "handling" | "reported" if case.secrecy >= SECRET => Next::Finished,
        "dispatched" | "handling" => unit::work(case, memo, words, dice),
        "reported" => Next::Do(verify(case, memo, words, dice)),
        "verified" => Next::Do(close(words, dice)),
        "closed" => closed(case, memo, words, dice),
        _ => Next::Finished,
    };
    match next {
        Next::Do(choice) => Next::Do(for_few_eyes(case, choice)),
        other => other,
    }
}

/// The desks do not see secret cases; whoever is on duty does.
fn for_few_eyes(case: &CaseView, mut choice: Choice) -> Choice {
    if case.secrecy >= SECRET && matches!(choice.seat, Seat::Intake | Seat::Dispatcher) {
        choice.seat = Seat::Duty;
    }
    choice
}

fn codes(checks: &[Check]) -> Vec<&str> {
    checks.iter().map(|check| check.code.as_str()).collect()
}

fn received(case: &CaseView, memo: &Memo, words: &OfficerWords, dice: &mut Dice) -> Choice {
    let source = Source::parse(&case.source);
    let at_desk = |name, body| command(Seat::Intake, name, Some("accept"), body);
    if let Some(into) = &memo.duplicate_of
        && !memo.did("merge")
        && dice.chance(MERGED)
    {
        let body = json!({"into": into, "note": words.say("merge", dice)});
        return at_desk("merge", body).once("merge");
    }
    if case.allows("self-handle") && !memo.did("self-handle") && dice.chance(SELF_HANDLED) {
        let body = json!({
            "text": words.report(case.item_code(), dice), "checks": codes(&case.checks.close),
            "evidence": unit::evidence(case),
        });
        let choice = command(Seat::Grid, "self-handle", Some("accept"), body);
        return choice.once("self-handle");
    }
    let telephone = source.is_some_and(Source::by_telephone);
    let deadly = case.grade() == "i" && telephone && case.item_code().starts_with("17");
    if deadly && !memo.did("transfer") && dice.chance(TRANSFERRED) {
        let body = json!({"to": "110", "note": words.say("transfer", dice)});
        return at_desk("transfer", body).once("transfer");
    }
    let enquiry = case
        .item
        .as_ref()
        .is_some_and(|item| crate::city::text_of(&item.name).ends_with("咨询"));
    let share = source.map_or(0.0, Source::answered_at_desk);
    let answered = enquiry || (!case.is_urgent() && dice.chance(share));
    if answered && !memo.did("answer") {
        let body = json!({"text": words.say("answer", dice)});
        return at_desk("answer", body).once("answer");
    }
    let refusable = !case.is_urgent() && !case.checks.refuse.is_empty();
    if refusable && !memo.did("refuse") && dice.chance(REFUSED) {
        let check = dice.pick(&case.checks.refuse).map(|check| &check.code);
        let body = json!({"checks": check.into_iter().collect::<Vec<_>>(), "reason": words.say("refuse", dice)});
        return at_desk("refuse", body).once("refuse");
    }
    let body = json!({"note": words.say("accept", dice), "without_place": case.position.is_none()});
    at_desk("accept", body)
}

fn registered(case: &CaseView, memo: &Memo, words: &OfficerWords, dice: &mut Dice) -> Choice {
    if let Some(choice) = decision(case, memo, words, dice) {
        return choice;
    }
    let Some(plan) = &memo.plan else {
        return Choice {
            seat: Seat::Dispatcher,
            step: Step::Resolve,
            deed: None,
            kind: "dispatch",
            clock: Some("dispatch"),
        };
    };
    if case.consulting {
        let body = json!({"lead": plan.lead, "text": words.say("conclude", dice)});
        return command(Seat::Dispatcher, "conclude", None, body);
    }
    if case.secrecy < SECRET && !memo.did("void") && dice.chance(VOIDED) {
        let body = json!({"kind": "void", "reason_code": "duplicate_entry", "text": words.say("void", dice)});
        return command(Seat::Dispatcher, "request", None, body).once("void");
    }
    dispatch(plan, words, dice)
}

/// To the unit that the list names, at once: the list was asked just now.
fn dispatch(plan: &Plan, words: &OfficerWords, dice: &mut Dice) -> Choice {
    let mode = if plan.assistants.is_empty() {
        "single"
    } else {
        "lead_assist"
    };
    let body = json!({
        "mode": mode, "lead": plan.lead, "assistants": plan.assistants,
        "note": words.say("dispatch", dice), "reasons": plan.reasons,
    });
    command(Seat::Dispatcher, "dispatch", None, body).of_kind("at_once")
}

/// Somebody asked for something: yes or no.
pub(crate) fn decision(
    case: &CaseView,
    memo: &Memo,
    words: &OfficerWords,
    dice: &mut Dice,
) -> Option<Choice> {
    let request = case.pending_request()?;
    if request.kind == "exclusion" {
        return None;
    }
    let approved = dice.chance(APPROVED);
    let text = words.say(if approved { "approve" } else { "reject" }, dice);
    let mut body = json!({"request_id": request.id, "approved": approved, "text": text});
    if approved && request.kind == "return" {
        let asked = request.proposed_org.as_ref().and_then(|org| {
            let id = org.as_str().or_else(|| org.get("id")?.as_str());
            id.map(str::to_owned)
        });
        let other = memo.plan.as_ref().and_then(|plan| plan.other.clone());
        if let (Some(lead), Some(fields)) = (asked.or(other), body.as_object_mut()) {
            fields.insert("lead".to_owned(), Value::String(lead));
        }
    }
    // Whoever asked does not decide; voiding is asked for by the dispatcher, suspension is not for his seat.
    let seat = match request.kind.as_str() {
        "void" | "suspension" => Seat::Duty,
        _ => Seat::Dispatcher,
    };
    Some(command(seat, "decide", None, body))
}

/// A late case gets a card, once.
fn card(case: &CaseView, memo: &Memo, words: &OfficerWords, dice: &mut Dice) -> Option<Choice> {
    let light = case.light.as_deref().unwrap_or_default();
    let late = matches!(light, "orange" | "red") && !case.suspended;
    let open = !matches!(case.status.as_str(), "closed" | "void" | "merged");
    if !late || !open || !case.cards.is_empty() || memo.did("card") || !dice.chance(CARDED) {
        return None;
    }
    let card = if light == "red" { "yellow" } else { "urge" };
    let body = json!({"card": card, "text": words.say("urge", dice)});
    Some(command(Seat::Supervisor, "supervise", None, body).once("card"))
}

fn verify(case: &CaseView, memo: &Memo, words: &OfficerWords, dice: &mut Dice) -> Choice {
    let fails = !memo.did("failed") && dice.chance(VERIFICATION_FAILED);
    let choice = |body| command(Seat::Verifier, "verify", Some("verify"), body);
    if fails {
        return choice(json!({"passed": false, "text": words.say("failed", dice)})).once("failed");
    }
    choice(json!({
        "passed": true, "checks": codes(&case.checks.close), "text": words.say("verified", dice),
    }))
}

fn close(words: &OfficerWords, dice: &mut Dice) -> Choice {
    const OUTCOMES: [(&str, f64); 3] = [("solved", 88.0), ("explained", 10.0), ("unsolvable", 2.0)];
    let outcome = dice.weighted(&OUTCOMES).copied().unwrap_or("solved");
    let deed = if outcome == "solved" {
        "close"
    } else {
        "explained"
    };
    let body = json!({"text": words.say(deed, dice), "outcome": outcome});
    command(Seat::Dispatcher, "close", Some("close"), body)
}

/// Afterwards the citizen has the word.
fn closed(case: &CaseView, memo: &Memo, words: &OfficerWords, dice: &mut Dice) -> Next {
    let reporter = Source::parse(&case.source).is_some_and(Source::has_reporter);
    let handled = matches!(
        case.outcome.as_deref(),
        Some("solved" | "explained" | "answered")
    );
    let reachable = case
        .public
        .as_ref()
        .is_some_and(|public| !public.query_code.is_empty());
    if !reporter || !handled || !reachable {
        return Next::Finished;
    }
    let public = |step, kind, deed: &str| {
        Next::Do(Choice {
            seat: Seat::Public,
            step,
            deed: Some(deed.to_owned()),
            kind,
            clock: None,
        })
    };
    if memo.did("poor") && !memo.did("reopen") && dice.chance(REOPENED) {
        let reason = words.say("reopen", dice);
        return public(Step::ReopenInPublic { reason }, "reopen", "reopen");
    }
    if case.rating.is_some() || memo.did("rate") || memo.did("poor") || !dice.chance(RATED) {
        return Next::Finished;
    }
    let (score, manner) = *dice
        .weighted(&[
            ((5, "rate_good"), 46.0),
            ((4, "rate_good"), 24.0),
            ((3, "rate_fair"), 16.0),
            ((2, "rate_poor"), 8.0),
            ((1, "rate_poor"), 6.0),
        ])
        .unwrap_or(&(5, "rate_good"));
    let text = words.say(manner, dice);
    let solved = score >= 3;
    let deed = if solved { "rate" } else { "poor" };
    public(
        Step::Rate {
            score,
            solved,
            text,
        },
        "rate",
        deed,
    )
}
