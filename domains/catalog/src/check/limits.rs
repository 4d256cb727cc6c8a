//! Limits: known calendars, items and grades; parts in order; no two rows for the same case.

use std::collections::BTreeSet;

use super::findings::{Finding, Findings};
use super::nearest::did_you_mean;
use super::parsed::{Parsed, World, names, own};
use crate::model::{LimitEntry, grade_word, validity};

pub(super) fn check(world: &World<'_>, findings: &mut Findings) {
    let calendars = names(&world.calendars, |calendar| calendar.name.as_str());
    let items = names(&world.items, |item| item.code.as_str());
    let grades = names(&world.grades, |grade| grade_word(grade.grade));
    for one in own(&world.limits) {
        let row = &one.value;
        if let Some(item) = row.item.as_deref().filter(|item| !items.contains(item)) {
            let finding = Finding::new(
                "/item",
                "catalog.limit.unknown_item",
                format!("item {item} is not known"),
            );
            findings.error(
                one.entry,
                finding.hint_if(did_you_mean(item, items.iter().copied())),
            );
        }
        if let Some(grade) = row
            .grade
            .map(grade_word)
            .filter(|grade| !grades.contains(grade))
        {
            let finding = Finding::new(
                "/grade",
                "catalog.limit.unknown_grade",
                format!("grade {grade} is not known"),
            );
            findings.error(one.entry, finding.hint("say it in the section grades"));
        }
        if row.limits.is_empty() {
            findings.error(
                one.entry,
                Finding::new(
                    "/limits",
                    "catalog.limit.empty",
                    format!("{} limits nothing", row.id),
                ),
            );
        }
        check_lines(one, &calendars, findings);
        if !(row.yellow > 0.0 && row.yellow < row.orange && row.orange < 1.0) {
            let message = "yellow and orange are parts of the limit: 0 < yellow < orange < 1";
            findings.error(
                one.entry,
                Finding::new("/yellow", "catalog.limit.bad_parts", message),
            );
        }
        check_rivals(one, world, findings);
    }
}

fn check_lines(one: &Parsed<'_, LimitEntry>, calendars: &BTreeSet<&str>, findings: &mut Findings) {
    for (at, line) in one.value.limits.iter().enumerate() {
        if !calendars.contains(line.calendar.as_str()) {
            let message = format!("calendar {} is not known", line.calendar);
            let finding = Finding::new(
                format!("/limits/{at}/calendar"),
                "catalog.limit.unknown_calendar",
                message,
            );
            findings.error(
                one.entry,
                finding.hint_if(did_you_mean(&line.calendar, calendars.iter().copied())),
            );
        }
        let before = at.checked_sub(1).and_then(|at| one.value.limits.get(at));
        let staged =
            before.is_some_and(|before| before.step == line.step && before.stage.is_some());
        if line.follows && !(staged && line.stage.is_some()) {
            let message = "a limit that follows needs a stage, and a stage of the same step on the line before it";
            findings.error(
                one.entry,
                Finding::new(
                    format!("/limits/{at}/follows"),
                    "catalog.limit.follows_nothing",
                    message,
                )
                .hint("name both stages, or leave follows out"),
            );
        }
        if line.is_conditional() && line.from == line.until {
            let message = "from and until are the same; the limit would never hold";
            findings.error(
                one.entry,
                Finding::new(
                    format!("/limits/{at}/until"),
                    "catalog.limit.never",
                    message,
                ),
            );
        }
    }
}

/// Two rows for the same item and grade that both limit a step would leave the choice to chance.
fn check_rivals(one: &Parsed<'_, LimitEntry>, world: &World<'_>, findings: &mut Findings) {
    let row = &one.value;
    let (from, to) = validity(row.valid_from, row.valid_to);
    for other in world
        .limits
        .iter()
        .take_while(|other| !std::ptr::eq(*other, one))
    {
        let rival = &other.value;
        let (other_from, other_to) = validity(rival.valid_from, rival.valid_to);
        let meet =
            to.is_none_or(|to| other_from < to) && other_to.is_none_or(|other_to| from < other_to);
        let shared = row
            .limits
            .iter()
            .find(|line| rival.limits.iter().any(|other| other.step == line.step));
        if rival.id == row.id || rival.item != row.item || rival.grade != row.grade || !meet {
            continue;
        }
        if let Some(line) = shared {
            let step = serde_json::to_string(&line.step).unwrap_or_default();
            let message = format!(
                "{} and {} both limit {step} for the same item and grade",
                rival.id, row.id
            );
            findings.error(
                one.entry,
                Finding::new("/id", "catalog.limit.ambiguous", message).hint("put them in one row"),
            );
        }
    }
}
