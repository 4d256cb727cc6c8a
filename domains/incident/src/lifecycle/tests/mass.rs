//! 群体性诉求: many callers of one case.

use std::collections::HashMap;

use serde_json::json;
use yiwang_contracts::IncidentId;

use super::{case, parse};
use crate::lifecycle::{Context, Decision, decide};
use crate::model::{Flag, Incident};
use crate::testing::{monday, person};

type Callers = HashMap<IncidentId, Option<i64>>;

fn give(child: &Incident, parent: &Incident, command: &str, callers: &Callers) -> Decision {
    let world = case().world;
    let actor = person(1);
    let ctx = Context {
        other: Some(parent),
        callers: Some(callers),
        ..world.at(&actor, monday())
    };
    let body = match command {
        "merge" => json!({ "into": parent.id }),
        _ => json!({ "reason": "不同的事" }),
    };
    decide(child, &parse(command, body), &ctx).expect("allowed")
}

/// Merges one case per caller into a parent whose caller is the first.
fn merged(callers: &[Option<i64>]) -> (Vec<(Incident, &'static str)>, Callers) {
    let mut parent = case().accepted().incident;
    parent.id = IncidentId::at(monday());
    let mut known = HashMap::from([(parent.id, callers[0])]);
    let mut steps = vec![(parent, "")];
    for caller in &callers[1..] {
        let mut child = case().accepted().incident;
        child.id = IncidentId::at(monday());
        known.insert(child.id, *caller);
        let parent = &steps.last().expect("a parent").0;
        let other = give(&child, parent, "merge", &known)
            .other
            .expect("a parent");
        steps.push((other.incident, other.event));
    }
    (steps, known)
}

#[test]
fn the_tenth_caller_makes_it_a_matter_of_the_public_once() {
    let callers: Vec<Option<i64>> = (0..11).map(Some).collect();
    let (steps, _) = merged(&callers);
    let told: Vec<usize> = (0..steps.len())
        .filter(|at| steps[*at].1 == "incident.mass")
        .collect();
    assert_eq!(told, [9], "the case's own caller and nine merged ones");
    for (at, (parent, _)) in steps.iter().enumerate() {
        assert_eq!(parent.has(Flag::Mass), at >= 9, "{at}");
    }
    assert_eq!(steps[10].0.doc.callers, 11);
}

#[test]
fn the_same_caller_again_is_no_crowd_and_those_without_a_phone_count_each() {
    let again = vec![Some(7); 12];
    let (steps, _) = merged(&again);
    assert_eq!(steps.last().expect("steps").0.doc.callers, 1);
    let without: Vec<Option<i64>> = vec![None; 10];
    let (steps, _) = merged(&without);
    assert!(steps.last().expect("steps").0.has(Flag::Mass));
}

#[test]
fn taking_one_apart_again_takes_the_mark_away() {
    let callers: Vec<Option<i64>> = (0..10).map(Some).collect();
    let (steps, known) = merged(&callers);
    let parent = &steps.last().expect("steps").0;
    let mut child = case().accepted().incident;
    child.id = parent.doc.children[0];
    child.status = crate::model::Status::Merged;
    child.merged_into = Some(parent.id);
    let other = give(&child, parent, "unmerge", &known)
        .other
        .expect("a parent");
    assert_eq!(other.incident.doc.callers, 9);
    assert!(!other.incident.has(Flag::Mass));
    assert_eq!(other.event, "incident.updated");
}
