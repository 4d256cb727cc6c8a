//! The rules: a table per group of commands, and the model check over all of them.

mod commands;
mod escalation;
mod exceptions;
mod mass;
mod model_check;
mod self_handling;
mod stages;

use std::sync::Arc;

use serde_json::{Value, json};
use yiwang_contracts::{Actor, TaskId};
use yiwang_kernel::Timestamp;

use super::{Command, CommandKind, Context, Decision, Refusal, decide};
use crate::model::Incident;
use crate::testing::{World, monday, org, person};

/// A case on its way. Person 1 does everything, person 2 is the second person.
#[derive(Clone)]
struct Case {
    world: Arc<World>,
    incident: Incident,
    now: Timestamp,
}

fn case() -> Case {
    let world = Arc::new(World::new());
    let incident = world.fresh(monday());
    Case {
        world,
        incident,
        now: monday(),
    }
}

fn parse(command: &str, body: Value) -> Command {
    let kind = CommandKind::parse(command).expect("a command");
    Command::parse(kind, body).expect("a body")
}

impl Case {
    fn as_actor(&self, actor: &Actor, command: &str, body: Value) -> Result<Decision, Refusal> {
        decide(
            &self.incident,
            &parse(command, body),
            &self.world.at(actor, self.now),
        )
    }

    fn try_give(&self, n: u128, command: &str, body: Value) -> Result<Decision, Refusal> {
        self.as_actor(&person(n), command, body)
    }

    fn give(&mut self, n: u128, command: &str, body: Value) {
        let decision = self.try_give(n, command, body);
        self.incident = decision
            .unwrap_or_else(|refusal| panic!("{command}: {refusal}"))
            .incident;
    }

    /// With the other case of a merge at hand.
    fn give_with(&mut self, other: &Incident, command: &str, body: Value) -> Decision {
        let actor = person(1);
        let ctx = Context {
            other: Some(other),
            ..self.world.at(&actor, self.now)
        };
        let decision = decide(&self.incident, &parse(command, body), &ctx).expect("allowed");
        self.incident = decision.incident.clone();
        decision
    }

    fn lead(&self) -> TaskId {
        self.incident.lead().expect("a lead").id
    }

    fn task_of(&self, unit: u128) -> TaskId {
        let mut tasks = self.incident.tasks.iter().rev();
        tasks
            .find(|task| task.org_id == org(unit))
            .expect("a task")
            .id
    }

    fn then(mut self, n: u128, command: &str, body: Value) -> Self {
        self.give(n, command, body);
        self
    }

    fn accepted(self) -> Self {
        self.then(1, "accept", json!({ "item_code": "01.01" }))
    }

    fn registered(self) -> Self {
        self.accepted().then(1, "register", json!({}))
    }

    /// From wherever it stands.
    fn dispatched(self) -> Self {
        let ready = match self.incident.status {
            crate::model::Status::Received => self.registered(),
            _ => self,
        };
        ready.then(1, "dispatch", json!({ "mode": "single", "lead": org(3) }))
    }

    fn signed(self) -> Self {
        let task = self.lead();
        self.then(1, "sign", json!({ "task_id": task }))
    }

    fn handling(self) -> Self {
        self.dispatched().signed()
    }

    fn reported(self) -> Self {
        let case = match self.incident.status {
            crate::model::Status::Received => self.handling(),
            _ => self,
        };
        let task = case.lead();
        case.then(1, "report", json!({ "task_id": task, "text": "已修复" }))
    }

    fn closed(self) -> Self {
        self.reported()
            .then(2, "verify", json!({ "passed": true }))
            .then(2, "close", json!({ "text": "已修复", "outcome": "solved" }))
    }
}
