//! Stages within handling: one after another, side by side, handed down, and under another item.

use jiff::SignedDuration;
use serde_json::json;
use yiwang_contracts::ClockKind;
use yiwang_kernel::Fault as _;

use super::{Case, case};
use crate::clocks;
use crate::lifecycle::{CommandKind, allowed};
use crate::model::{ClockState, Status};
use crate::testing::{org, person};

fn under(item: &str) -> Case {
    case()
        .then(1, "accept", json!({ "item_code": item }))
        .then(1, "register", json!({}))
        .then(1, "dispatch", json!({ "mode": "single", "lead": org(3) }))
        .signed()
}

/// The stages of a task that has run, with how each stands.
fn stages(case: &Case, unit: u128) -> Vec<(String, ClockState)> {
    let id = case.task_of(unit);
    let no = case
        .incident
        .tasks
        .iter()
        .find(|task| task.id == id)
        .map(|task| task.no);
    let clocks = case.incident.doc.clocks.iter();
    clocks
        .filter(|clock| clock.kind == ClockKind::Handle && clock.task == no)
        .map(|clock| {
            let state = clocks::state(clock, &case.incident.doc.pauses, case.now);
            (
                clock
                    .stage
                    .as_ref()
                    .map_or("", |stage| &stage.zh)
                    .to_owned(),
                state,
            )
        })
        .collect()
}

fn said(pairs: &[(&str, ClockState)]) -> Vec<(String, ClockState)> {
    pairs
        .iter()
        .map(|(stage, state)| ((*stage).to_owned(), *state))
        .collect()
}

fn finish(case: &mut Case, stage: &str) {
    let body = json!({ "task_id": case.lead(), "stage": stage, "text": "已办" });
    case.give(1, "finish-stage", body);
}

fn refused(case: &Case, stage: &str) -> &'static str {
    let body = json!({ "task_id": case.lead(), "stage": stage });
    case.try_give(1, "finish-stage", body).unwrap_err().code()
}

fn may_finish(case: &Case) -> bool {
    let actor = person(1);
    allowed(&case.incident, &case.world.at(&actor, case.now)).contains(&CommandKind::FinishStage)
}

#[test]
fn stages_run_one_after_another_and_the_last_ends_with_the_report() {
    let mut case = under("03.01");
    assert_eq!(stages(&case, 3), said(&[("停工", ClockState::Running)]));
    assert_eq!(refused(&case, "处罚"), "incident.no_stage");
    case.now += SignedDuration::from_hours(2);
    finish(&mut case, "停工");
    let clocks = &case.incident.doc.clocks;
    let second = clocks
        .iter()
        .find(|clock| clock.stage.as_ref().is_some_and(|own| own.zh == "处罚"));
    assert_eq!(second.map(|clock| clock.started_at), Some(case.now));
    finish(&mut case, "处罚");
    assert!(!may_finish(&case), "the last stage ends with the report");
    assert_eq!(refused(&case, "拆除"), "incident.no_task");
    let body = json!({ "task_id": case.lead(), "result": "solved", "text": "已拆除" });
    case.give(1, "report", body);
    assert_eq!(case.incident.status, Status::Reported);
    let all = [
        ("停工", ClockState::Met),
        ("处罚", ClockState::Met),
        ("拆除", ClockState::Met),
    ];
    assert_eq!(stages(&case, 3), said(&all));
}

#[test]
fn stages_side_by_side_end_in_any_order() {
    let mut case = under("03.02");
    let both = [("垃圾", ClockState::Running), ("渣土", ClockState::Running)];
    assert_eq!(stages(&case, 3), said(&both));
    finish(&mut case, "渣土");
    assert_eq!(refused(&case, "垃圾"), "incident.no_task");
    let left = [("垃圾", ClockState::Running), ("渣土", ClockState::Met)];
    assert_eq!(stages(&case, 3), said(&left));
}

#[test]
fn a_stage_that_is_late_is_late_for_good() {
    let mut case = under("03.01");
    case.now += SignedDuration::from_hours(30);
    finish(&mut case, "停工");
    let stood = [
        ("停工", ClockState::Breached),
        ("处罚", ClockState::Running),
    ];
    assert_eq!(stages(&case, 3), said(&stood));
}

#[test]
fn what_is_handed_down_goes_on_with_the_stage() {
    let mut case = under("03.01");
    let body = json!({ "task_id": case.lead(), "org_id": org(4) });
    case.give(1, "assign", body);
    assert_eq!(stages(&case, 4), said(&[("停工", ClockState::Running)]));
    finish(&mut case, "停工");
    assert_eq!(stages(&case, 4), said(&[("处罚", ClockState::Running)]));
}

#[test]
fn another_item_takes_its_own_limits_and_the_same_one_keeps_the_stage() {
    let mut case = under("03.01");
    finish(&mut case, "停工");
    case.give(
        1,
        "reclassify",
        json!({ "grade": "iii", "reason": "面积较大" }),
    );
    let stood = [("停工", ClockState::Met), ("处罚", ClockState::Running)];
    assert_eq!(stages(&case, 3), said(&stood));
    case.give(
        1,
        "reclassify",
        json!({ "item_code": "01.01", "reason": "改类" }),
    );
    let stood = [("停工", ClockState::Met), ("", ClockState::Running)];
    assert_eq!(stages(&case, 3), said(&stood));
    assert!(!may_finish(&case));
}

#[test]
fn what_is_done_again_has_its_part_of_every_stage() {
    let mut case = under("03.01");
    let report =
        |case: &Case| json!({ "task_id": case.lead(), "result": "solved", "text": "已办" });
    let body = report(&case);
    case.give(1, "report", body);
    case.give(2, "verify", json!({ "passed": false, "text": "未停工" }));
    finish(&mut case, "停工");
    let running = |case: &Case| -> Vec<String> {
        let clocks = case.incident.doc.clocks.iter();
        let handling = clocks.filter(|clock| clock.kind == ClockKind::Handle);
        let limits = handling.filter(|clock| clock.stopped_at.is_none());
        limits.map(|clock| clock.limit.to_string()).collect()
    };
    assert_eq!(
        running(&case),
        ["4wd"],
        "half of seven working days, rounded up"
    );
}
