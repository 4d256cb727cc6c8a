//! Every state that can be reached by every command, with small domains: two units, two people,
//! an early and a late instant. Ended tasks and requests, cards and instants are left out of what
//! makes two states differ; counters are held at the bounds of the rules.

mod commands;
mod document;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fmt::Write as _;

use jiff::SignedDuration;
use serde_json::json;
use yiwang_contracts::{ClockKind, Grade};
use yiwang_kernel::{Text, Timestamp};

use self::commands::{MERGE_TARGET, command, commands};
use self::document::{Exits, compare_with_document, document};
use crate::lifecycle::{CommandKind, Context, LifecycleRules, allowed, decide};
use crate::model::{Clock, Incident, PauseReason, Request, RequestStatus, Status, TaskStatus};
use crate::testing::{World, monday, org, person};

#[derive(Clone)]
struct Node {
    incident: Incident,
    late: bool,
}

struct Edge {
    from: usize,
    command: CommandKind,
    to: usize,
}

struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

fn instant(late: bool) -> Timestamp {
    if late {
        monday() + SignedDuration::from_hours(24 * 400)
    } else {
        monday()
    }
}

/// What makes two states differ.
fn key(node: &Node) -> String {
    let incident = &node.incident;
    let open: Vec<u16> = incident
        .tasks
        .iter()
        .filter(|task| task.status.is_open())
        .map(|task| task.no)
        .collect();
    let place = |no: u16| open.iter().position(|other| *other == no);
    let mut key = format!("{}|{}", node.late, whole(incident));
    for task in incident.tasks.iter().filter(|task| task.status.is_open()) {
        let doc = &task.doc;
        let parent = doc.parent.and_then(place);
        let (contacted, arrived) = (doc.contacted_at.is_some(), doc.arrived_at.is_some());
        let (org, role, status) = (task.org_id, task.role, task.status);
        let (reworks, extensions) = (doc.reworks.min(1), doc.extensions);
        let _ = write!(key, "|{org} {role} {status} {} {parent:?}", doc.order);
        let _ = write!(key, " {reworks} {extensions} {contacted} {arrived}");
    }
    let doc = &incident.doc;
    let request = |request: &Request| {
        let task = request.task.and_then(place);
        format!(
            "{} {} {task:?} {}",
            request.kind, request.status, request.appeal
        )
    };
    let requests = doc
        .requests
        .iter()
        .filter(|request| matters(request))
        .map(request);
    let clock = |clock: &Clock| {
        let task = clock.task.and_then(place);
        format!("{:?} {task:?} {}", clock.kind, clock.due_at.is_some())
    };
    let clocks = doc
        .clocks
        .iter()
        .filter(|clock| clock.stopped_at.is_none())
        .map(clock);
    for mut parts in [requests.collect::<Vec<_>>(), clocks.collect()] {
        parts.sort();
        let _ = write!(key, "|{}", parts.join(","));
    }
    key
}

/// The part of it that is the case's as a whole.
fn whole(incident: &Incident) -> String {
    let doc = &incident.doc;
    let lead = incident
        .tasks
        .iter()
        .rev()
        .find(|task| task.is_lead())
        .map(|task| task.org_id);
    let merged = doc
        .pauses
        .iter()
        .any(|pause| pause.reason == PauseReason::Merge);
    let facts = [
        incident.is_suspended(),
        doc.consulting,
        doc.concluded,
        doc.rating.is_some(),
        doc.registered_at.is_some(),
        doc.excluded.is_some(),
        merged,
        doc.whistles.is_empty(),
        settles_itself(incident),
    ];
    format!(
        "{} {:?} {facts:?} {} {} {:?} {:?} {lead:?}",
        incident.status, incident.grade, doc.returns, doc.reopens, doc.outcome, doc.before_merge,
    )
}

/// The grid that entered the case can still settle it: later on it does not matter who entered it.
fn settles_itself(incident: &Incident) -> bool {
    incident.origin_org == Some(org(7))
        && matches!(incident.status, Status::Received | Status::Accepted)
}

fn matters(request: &Request) -> bool {
    request.status == RequestStatus::Pending
        || (request.kind == crate::model::RequestKind::Exclusion
            && request.status == RequestStatus::Rejected)
}

/// The second start: the same case, entered by a grid that may settle it.
fn found_by_the_grid(start: &Node) -> Node {
    let mut found = start.clone();
    found.incident.origin_org = Some(org(7));
    found.incident.item_code = Some("01.01".to_owned());
    found
}

/// Whether a verifier draws a case follows from its id; in the search both happen.
fn drawn_or_not(rules: &LifecycleRules) -> [LifecycleRules; 2] {
    [0.0, 1.0].map(|sample_part| {
        let mut rules = rules.clone();
        rules.self_handling.sample_part = sample_part;
        rules
    })
}

/// The state after the grid has settled the case, where it may.
fn settled(node: &Node, ctx: &Context<'_>) -> Option<Node> {
    let own = command("self-handle", json!({ "text": "x" }));
    let decision = decide(&node.incident, &own, ctx).ok()?;
    within_bounds(&decision.incident).then_some(Node {
        incident: decision.incident,
        late: node.late,
    })
}

/// The state after one of two stages of a task, as it were, is done: the same as if there had been but the other.
fn a_stage_done(node: &Node, ctx: &Context<'_>) -> Option<Node> {
    let mut staged = node.incident.clone();
    let handles = |clock: &&mut Clock| {
        clock.kind == ClockKind::Handle && clock.stopped_at.is_none() && clock.task.is_some()
    };
    let first = staged.doc.clocks.iter_mut().find(handles)?;
    first.stage = Some(Text::zh("一"));
    let (second, no) = (
        Clock {
            stage: Some(Text::zh("二")),
            ..first.clone()
        },
        first.task?,
    );
    staged.doc.clocks.push(second);
    let task_id = staged.task(no)?.id;
    let body = json!({ "task_id": task_id, "stage": "二" });
    let mut incident = decide(&staged, &command("finish-stage", body), ctx)
        .ok()?
        .incident;
    for clock in &mut incident.doc.clocks {
        clock.stage = None;
    }
    let late = node.late;
    Some(Node { incident, late })
}

/// What happens only under other rules or limits than the search's.
fn beside(node: &Node, drawn: &[LifecycleRules], ctx: &Context<'_>) -> Vec<(CommandKind, Node)> {
    let own = drawn
        .iter()
        .filter_map(|rules| settled(node, &Context { rules, ..*ctx }));
    let mut next: Vec<_> = own.map(|next| (CommandKind::SelfHandle, next)).collect();
    if let Some(staged) = a_stage_done(node, ctx) {
        assert_eq!(key(&staged), key(node), "a stage's end changed more");
        next.push((CommandKind::FinishStage, staged));
    }
    next
}

fn explore() -> Graph {
    let world = World::new();
    let (asker, decider) = (person(1), person(2));
    let mut parent = world.fresh(monday());
    parent.id = MERGE_TARGET.parse().expect("an id");
    let start = Node {
        incident: world.fresh(monday()),
        late: false,
    };
    let found = found_by_the_grid(&start);
    let mut seen = HashMap::from([(key(&start), 0_usize), (key(&found), 1)]);
    let mut graph = Graph {
        nodes: vec![start, found],
        edges: Vec::new(),
    };
    let mut queue = VecDeque::from([0_usize, 1]);
    let drawn = drawn_or_not(&world.rules);
    while let Some(from) = queue.pop_front() {
        let node = graph.nodes[from].clone();
        let mut successors: Vec<(CommandKind, Node)> = Vec::new();
        let mut accepted = BTreeSet::new();
        let context = |actor| Context {
            other: Some(&parent),
            ..world.at(actor, instant(node.late))
        };
        for command in commands(&node.incident) {
            let outcome = decide(&node.incident, &command, &context(&asker))
                .or_else(|_| decide(&node.incident, &command, &context(&decider)));
            let Ok(decision) = outcome else { continue };
            accepted.insert(command.kind());
            if !within_bounds(&decision.incident) {
                continue;
            }
            successors.push((
                command.kind(),
                Node {
                    incident: decision.incident,
                    late: node.late,
                },
            ));
        }
        successors.extend(beside(&node, &drawn, &context(&asker)));
        check(&node, &accepted, &context(&asker), &context(&decider));
        if !node.late {
            successors.push((
                CommandKind::Note,
                Node {
                    late: true,
                    ..node.clone()
                },
            ));
        }
        for (command, next) in successors {
            let fresh = graph.nodes.len();
            let to = *seen.entry(key(&next)).or_insert(fresh);
            if to == fresh {
                graph.nodes.push(next);
                queue.push_back(to);
            }
            graph.edges.push(Edge { from, command, to });
        }
        assert!(
            graph.nodes.len() < STATES_MAX,
            "the state space is not bounded"
        );
    }
    graph
}

const STATES_MAX: usize = 60_000;

/// How far the search follows: one request at a time, one exception (or any number of returns).
fn within_bounds(incident: &Incident) -> bool {
    let doc = &incident.doc;
    let pending = doc
        .requests
        .iter()
        .filter(|r| r.status == RequestStatus::Pending)
        .count();
    let any = |fits: fn(&crate::model::Task) -> bool| u16::from(incident.tasks.iter().any(fits));
    let courtesies = any(|task| task.doc.contacted_at.is_some())
        + any(|task| task.doc.arrived_at.is_some())
        + u16::from(!doc.whistles.is_empty())
        + u16::from(incident.grade == Grade::I);
    let extensions: u16 = incident.tasks.iter().map(|task| task.doc.extensions).sum();
    let merged = u16::from(doc.pauses.iter().any(|p| p.reason == PauseReason::Merge));
    let suspended = u16::from(
        doc.pauses
            .iter()
            .any(|p| p.reason == PauseReason::Suspension),
    );
    let exceptions = doc.reworks + doc.reopens + extensions + merged + suspended + courtesies;
    pending <= 1 && exceptions + doc.returns.min(1) <= 1
}

/// What holds in every single state.
fn check(
    node: &Node,
    accepted: &BTreeSet<CommandKind>,
    asker: &Context<'_>,
    decider: &Context<'_>,
) {
    let incident = &node.incident;
    let said = key(node);
    let runs = incident
        .doc
        .clocks
        .iter()
        .any(|clock| clock.stopped_at.is_none());
    let open: Vec<_> = incident
        .tasks
        .iter()
        .filter(|task| task.status.is_open())
        .collect();
    let leads = open.iter().filter(|task| task.is_lead()).count();
    if incident.status.is_open() {
        assert!(incident.owner().is_some(), "nobody owns {said}");
        assert!(runs, "no clock runs in {said}");
    }
    match incident.status {
        Status::Dispatched | Status::Handling | Status::Reported | Status::Verified => {
            assert_eq!(leads, 1, "not exactly one lead in {said}");
        }
        _ => assert!(open.is_empty(), "open tasks in {said}"),
    }
    if matches!(incident.status, Status::Closed | Status::Void) {
        assert!(incident.doc.outcome.is_some(), "no outcome in {said}");
        assert!(!runs, "a clock runs in {said}");
    }
    let waits = open.iter().any(|task| task.status == TaskStatus::Pending);
    let works = open
        .iter()
        .any(|t| matches!(t.status, TaskStatus::ToSign | TaskStatus::Handling));
    assert!(!waits || works, "a sequence stands still in {said}");
    let offered: BTreeSet<CommandKind> = allowed(incident, asker)
        .into_iter()
        .chain(allowed(incident, decider))
        .collect();
    // A whistle is blown at most once here, and the one unit below is tasked at most once.
    let bounded = [CommandKind::Whistle, CommandKind::Assist];
    let more: Vec<_> = offered
        .difference(accepted)
        .filter(|kind| !bounded.contains(kind))
        .collect();
    assert!(more.is_empty(), "offered but refused: {more:?} in {said}");
    assert!(
        accepted.is_subset(&offered),
        "accepted but not offered in {said}"
    );
}

fn reaches_closed(graph: &Graph) -> Vec<bool> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    for edge in &graph.edges {
        before[edge.to].push(edge.from);
    }
    let closed = |node: &Node| node.incident.status == Status::Closed;
    let mut reaches: Vec<bool> = graph.nodes.iter().map(closed).collect();
    let mut queue: Vec<usize> = (0..graph.nodes.len()).filter(|at| reaches[*at]).collect();
    while let Some(at) = queue.pop() {
        for from in &before[at] {
            if !reaches[*from] {
                reaches[*from] = true;
                queue.push(*from);
            }
        }
    }
    reaches
}

#[test]
fn every_reachable_state_is_sound_and_can_end() {
    let graph = explore();
    let reaches = reaches_closed(&graph);
    for (node, reaches) in graph.nodes.iter().zip(&reaches) {
        let ends = node.incident.status == Status::Void || *reaches;
        assert!(ends, "a dead end: {}", key(node));
    }
    let mut exits = Exits::new();
    let mut stays: BTreeMap<Status, BTreeSet<CommandKind>> = BTreeMap::new();
    for edge in &graph.edges {
        let status = |at: usize| graph.nodes[at].incident.status;
        let (from, to) = (status(edge.from), status(edge.to));
        if from == to {
            stays.entry(from).or_default().insert(edge.command);
        } else {
            exits
                .entry(from)
                .or_default()
                .entry(to)
                .or_default()
                .insert(edge.command);
        }
    }
    for status in Status::ALL {
        let seen = graph
            .nodes
            .iter()
            .any(|node| node.incident.status == *status);
        assert!(seen, "{status} is never reached");
        let terminal = *status == Status::Void;
        assert!(
            terminal || exits.contains_key(status),
            "{status} has no exit"
        );
    }
    let used: BTreeSet<CommandKind> = graph.edges.iter().map(|edge| edge.command).collect();
    let unused: Vec<_> = CommandKind::ALL
        .iter()
        .filter(|kind| !used.contains(kind))
        .collect();
    assert!(unused.is_empty(), "never accepted: {unused:?}");
    assert!(
        graph.nodes.len() > 5_000,
        "only {} states",
        graph.nodes.len()
    );
    compare_with_document(&document(&exits, &stays));
}
