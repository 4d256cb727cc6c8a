//! What the clocks do by themselves, and that the dry run tells it.

use jiff::SignedDuration;
use serde_json::json;
use yiwang_contracts::{Actor, ClockKind, Grade, OrgId};
use yiwang_kernel::Timestamp;

use super::case;
use crate::clocks;
use crate::lifecycle::{Escalated, escalations};
use crate::model::{EscalationLevel, Incident};
use crate::testing::{World, monday, org};

type Told = (Timestamp, ClockKind, EscalationLevel, Grade, Option<OrgId>);

fn told(escalated: &Escalated) -> Told {
    let one = escalated.escalation;
    (
        one.at,
        one.kind,
        one.level,
        escalated.grade,
        escalated.informed,
    )
}

/// The sweep at every instant at which something turns, as the service does it.
fn sweeps(world: &World, incident: &Incident, until: Timestamp) -> (Incident, Vec<Told>) {
    let actor = Actor::system("clocks");
    let (mut present, mut found, mut at) = (incident.clone(), Vec::new(), monday());
    while let Some(next) = clocks::summary(&present, at).sweep_at {
        if next > until {
            break;
        }
        assert!(next > at || found.is_empty(), "the sweep would not end");
        at = next;
        present = clocks::sweep(&present, at).incident;
        for escalated in escalations(&present, at, &world.at(&actor, at)) {
            found.push(told(&escalated));
            present = escalated.decision.incident;
        }
    }
    (present, found)
}

#[test]
fn handling_escalates_at_the_grades_part_and_when_it_is_over() {
    let case = case().handling();
    let until = monday() + SignedDuration::from_hours(24 * 60);
    let actor = Actor::system("clocks");
    let ctx = case.world.at(&actor, monday());
    let found: Vec<Told> = escalations(&case.incident, until, &ctx)
        .iter()
        .map(told)
        .collect();
    let handle: Vec<_> = found
        .iter()
        .filter(|one| one.1 == ClockKind::Handle)
        .collect();
    let due = clocks::last_running(&case.incident, ClockKind::Handle, 1)
        .and_then(|clock| clock.due_at)
        .expect("a due instant");
    assert_eq!(handle.len(), 2);
    assert_eq!(
        (handle[0].2, handle[0].3),
        (EscalationLevel::Early, Grade::III)
    );
    assert!(handle[0].0 < due, "at 90 % of a grade IV limit");
    assert_eq!(
        (handle[1].2, handle[1].3),
        (EscalationLevel::Overdue, Grade::II)
    );
    assert!(handle[1].0 > due);
    // 3 is in the lead; above it is 1, and above that nobody.
    let informed: Vec<OrgId> = found.iter().filter_map(|one| one.4).collect();
    assert_eq!(informed, [org(1)]);
    // Other steps are reported upwards, and leave the grade.
    assert!(found.iter().any(|one| one.1 == ClockKind::Contact));
}

#[test]
fn the_dry_run_tells_what_the_sweeps_will_do() {
    let suspended = |part: i64| monday() + SignedDuration::from_hours(part);
    for case in [
        case(),
        case().accepted(),
        case().registered(),
        case().dispatched(),
        case().handling(),
        case().reported(),
        case()
            .dispatched()
            .then(1, "escalate", json!({ "grade": "i", "reason": "x" })),
        case().dispatched().then(
            1,
            "reclassify",
            json!({ "item_code": "01.02", "reason": "x" }),
        ),
    ] {
        for hours in [0, 1, 5, 30, 100, 400, 2_000] {
            let until = suspended(hours);
            let actor = Actor::system("clocks");
            let ctx = case.world.at(&actor, monday());
            let foretold: Vec<Told> = escalations(&case.incident, until, &ctx)
                .iter()
                .map(told)
                .collect();
            let (after, happened) = sweeps(&case.world, &case.incident, until);
            assert_eq!(foretold, happened, "{} {hours} h", case.incident.status);
            let again = escalations(&after, until, &case.world.at(&actor, until));
            assert_eq!(again, [], "each happens once");
            assert_eq!(after.version, case.incident.version, "nobody is in the way");
        }
    }
}

#[test]
fn an_extension_does_not_escalate_the_same_clock_again() {
    let case = case().handling();
    let until = monday() + SignedDuration::from_hours(24 * 60);
    let (mut after, happened) = sweeps(&case.world, &case.incident, until);
    assert!(!happened.is_empty());
    clocks::extend(&mut after, 1, 5, &case.world.catalog);
    let much_later = until + SignedDuration::from_hours(24 * 60);
    let (_, again) = sweeps(&case.world, &after, much_later);
    assert_eq!(again, []);
}

#[test]
fn a_suspended_case_and_a_late_assistant_escalate_nothing() {
    let mut case = case().registered();
    let body = json!({ "mode": "lead_assist", "lead": org(3), "assistants": [org(5)] });
    case.give(1, "dispatch", body);
    let task = case.task_of(3);
    case.give(1, "sign", json!({ "task_id": task }));
    let until = monday() + SignedDuration::from_hours(24 * 60);
    let (_, happened) = sweeps(&case.world, &case.incident, until);
    let signs = happened.iter().filter(|one| one.1 == ClockKind::Sign);
    assert_eq!(signs.count(), 0, "the assistant's is its own matter");
    let plan = monday() + SignedDuration::from_hours(24 * 90);
    let body = json!({ "kind": "suspension", "task_id": task, "reason_code": "budget",
        "text": "x", "plan_date": plan, "leader": "张局长" });
    case.give(1, "request", body);
    let id = case.incident.doc.requests[0].id;
    case.give(2, "decide", json!({ "request_id": id, "approved": true }));
    assert!(case.incident.is_suspended());
    let actor = Actor::system("clocks");
    let ctx = case.world.at(&actor, monday());
    let suspended = escalations(&case.incident, until, &ctx);
    assert_eq!(suspended, []);
}
