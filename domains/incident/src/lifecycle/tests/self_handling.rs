//! 网格自处置: taken in, handled and closed in one go.

use serde_json::{Value, json};

use super::{Case, case, parse};
use crate::lifecycle::{CommandKind, LifecycleRules, Refusal, allowed, decide};
use crate::model::{Flag, Incident, Outcome, Status, TaskStatus};
use crate::testing::{World, clerk, monday, org, within};

/// A case that the grid 7 entered, and how many of those a verifier looks at.
fn found(item: &str, sample_part: f64) -> (World, Incident) {
    let mut rules = LifecycleRules::default();
    rules.self_handling.sample_part = sample_part;
    let world = World {
        rules,
        ..World::new()
    };
    let mut incident = world.fresh(monday());
    incident.origin_org = Some(org(7));
    incident.item_code = Some(item.to_owned());
    (world, incident)
}

fn worker() -> yiwang_contracts::Actor {
    clerk(5, &["incident.read", "incident.handle"], within(&[7]), 1)
}

fn done(world: &World, incident: &Incident, body: Value) -> Result<Incident, Refusal> {
    let ctx_actor = worker();
    let ctx = world.at(&ctx_actor, monday());
    decide(incident, &parse("self-handle", body), &ctx).map(|decision| decision.incident)
}

#[test]
fn the_grid_settles_what_it_found() {
    let (world, incident) = found("01.01", 0.0);
    let offered = allowed(&incident, &world.at(&worker(), monday()));
    assert!(offered.contains(&CommandKind::SelfHandle));
    let closed = done(&world, &incident, json!({ "text": "已清理" })).expect("allowed");
    assert_eq!(closed.status, Status::Closed);
    assert_eq!(closed.doc.outcome, Some(Outcome::Solved));
    assert_eq!(closed.doc.answer, "已清理");
    assert_eq!(closed.lead_org(), Some(org(7)));
    assert!(closed.has(Flag::SelfHandled));
    assert!(
        closed
            .doc
            .clocks
            .iter()
            .all(|clock| clock.stopped_at.is_some())
    );
    assert_eq!(closed.doc.judged.list, 1);
    // Anybody who may can still bring it back.
    let ctx_actor = crate::testing::person(2);
    let offered = allowed(&closed, &world.at(&ctx_actor, monday()));
    assert!(offered.contains(&CommandKind::Reopen));
}

#[test]
fn what_is_drawn_waits_for_a_verifier_like_any_other() {
    let (world, incident) = found("01.01", 1.0);
    let reported = done(&world, &incident, json!({ "text": "已清理" })).expect("allowed");
    assert_eq!(reported.status, Status::Reported);
    assert_eq!(
        reported.lead().expect("a lead").status,
        TaskStatus::Reported
    );
    let case = Case {
        incident: reported,
        ..case()
    };
    let failed = case
        .clone()
        .then(2, "verify", json!({ "passed": false, "text": "仍有垃圾" }));
    assert_eq!(failed.incident.status, Status::Handling);
    let closed = case.then(2, "verify", json!({ "passed": true })).then(
        2,
        "close",
        json!({ "text": "已清理", "outcome": "solved" }),
    );
    assert_eq!(closed.incident.status, Status::Closed);
}

#[test]
fn about_the_part_of_the_rules_is_drawn() {
    let (world, incident) = found("01.01", 0.1);
    let drawn = (0..2_000_u128)
        .filter(|n| {
            let mut one = incident.clone();
            one.id = yiwang_contracts::IncidentId(yiwang_kernel::Uuid::from_u128(*n));
            let case = done(&world, &one, json!({ "text": "x" })).expect("allowed");
            case.status == Status::Reported
        })
        .count();
    assert!((120..280).contains(&drawn), "{drawn} of 2000");
}

#[test]
fn the_items_rule_and_the_grids_own_finding_decide() {
    let refused = |item: &str, origin: Option<u128>, body: Value| {
        let (world, mut incident) = found(item, 0.0);
        incident.origin_org = origin.map(org);
        let refusal = done(&world, &incident, body).expect_err("refused");
        yiwang_kernel::Fault::code(&refusal)
    };
    let text = || json!({ "text": "已清理" });
    for (item, origin, body, code) in [
        ("02.01", Some(7), text(), "incident.not_self_handled"),
        ("01.02", Some(7), text(), "incident.checks_missing"),
        (
            "01.02",
            Some(7),
            json!({ "text": "x", "checks": ["c1"] }),
            "incident.evidence_missing",
        ),
        ("01.01", Some(7), json!({ "text": " " }), "incident.missing"),
    ] {
        assert_eq!(refused(item, origin, body), code, "{item}");
    }
    // Entered by somebody else: not even seen as the grid's.
    assert_eq!(refused("01.01", Some(3), text()), "incident.denied");
    let (world, mut incident) = found("01.01", 0.0);
    incident.origin_org = None;
    let everybody = crate::testing::person(1);
    let ctx = world.at(&everybody, monday());
    let refusal = decide(&incident, &parse("self-handle", text()), &ctx).expect_err("refused");
    assert_eq!(refusal, Refusal::NotOwnFinding);
    // A department is no grid.
    incident.origin_org = Some(org(3));
    let refusal = decide(&incident, &parse("self-handle", text()), &ctx).expect_err("refused");
    assert_eq!(refusal, Refusal::NotOwnFinding);
}
