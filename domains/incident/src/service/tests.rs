//! The use cases on every database: SQLite always, PostgreSQL where there is one.

mod cases;
mod intake;
mod lists;
mod logs;
mod media;
mod refusals;
mod sweeps;

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use serde_json::{Value, json};
use yiwang_contracts::{Actor, Audit, AuditEntry, IncidentId, People, UserId};
use yiwang_http::Metrics;
use yiwang_kernel::{Fault, Timestamp};
use yiwang_runtime::Config;
use yiwang_store::Blobs;
use yiwang_testkit::TestDb;

use super::{EvidenceRoom, Given, IncidentService, Keeping, Questions};
use crate::IncidentError;
use crate::lifecycle::{Command, CommandKind};
use crate::model::{Incident, NewIncident, Source};
use crate::testing::{City, Rulebook, monday, org, person};

#[derive(Default)]
struct Notebook(Mutex<Vec<AuditEntry>>);

impl Audit for Notebook {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), Box<dyn Fault>>> {
        self.0.lock().unwrap().push(entry);
        Box::pin(async { Ok(()) })
    }
}

struct Nobody;

impl People for Nobody {
    fn names<'a>(
        &'a self,
        ids: &'a [UserId],
    ) -> BoxFuture<'a, Result<Vec<Option<String>>, Box<dyn Fault>>> {
        Box::pin(async move {
            Ok(ids
                .iter()
                .map(|id| Some(format!("p{}", id.0.as_u128())))
                .collect())
        })
    }
}

/// A hub over one database.
struct Hub {
    service: Arc<IncidentService>,
    audit: Arc<Notebook>,
    blobs: Blobs,
    db: TestDb,
}

async fn hubs() -> Vec<Hub> {
    let mut hubs = Vec::new();
    for db in yiwang_testkit::databases(&[crate::migrations()]).await {
        hubs.push(hub(db, 1).await);
    }
    hubs
}

async fn hub(db: TestDb, calendar_version: u32) -> Hub {
    hub_keeping(db, calendar_version, Keeping::default()).await
}

async fn hub_keeping(db: TestDb, calendar_version: u32, keeping: Keeping) -> Hub {
    let audit = Arc::new(Notebook::default());
    let catalog = Rulebook {
        version: calendar_version,
        ..Rulebook::new()
    };
    let questions = Questions {
        catalog: Arc::new(catalog),
        orgs: Arc::new(City),
        people: Arc::new(Nobody),
        audit: audit.clone(),
    };
    let blobs = Blobs::temporary().unwrap();
    let metrics = Metrics::new();
    let room = EvidenceRoom::new(blobs.clone(), &Config::defaults().media, &metrics);
    let service = IncidentService::open(db.db.clone(), questions, keeping, room)
        .await
        .unwrap();
    Hub {
        service,
        audit,
        blobs,
        db,
    }
}

fn report(title: &str) -> NewIncident {
    let mut new = NewIncident::new(Source::Hotline, title, "门口的路灯三天没亮");
    new.item_code = Some("01.01".to_owned());
    new.address = "虹桥路1号".to_owned();
    new
}

impl Hub {
    /// Another process on the same database.
    async fn beside(&self) -> Arc<IncidentService> {
        let questions = Questions {
            catalog: Arc::new(Rulebook::new()),
            orgs: Arc::new(City),
            people: Arc::new(Nobody),
            audit: self.audit.clone(),
        };
        let media = &Config::defaults().media;
        let room = EvidenceRoom::new(self.blobs.clone(), media, &Metrics::new());
        let keeping = Keeping::default();
        IncidentService::open(self.db.db.clone(), questions, keeping, room)
            .await
            .unwrap()
    }

    async fn create(&self, new: NewIncident, now: Timestamp) -> IncidentId {
        let mut answers = self
            .service
            .create(vec![new], &person(1), now)
            .await
            .unwrap();
        answers.pop().unwrap().unwrap().id
    }

    async fn give(
        &self,
        id: IncidentId,
        actor: &Actor,
        command: &str,
        body: Value,
        now: Timestamp,
    ) -> Result<Arc<Incident>, IncidentError> {
        let given = given(id, actor, command, body, now);
        self.service.give(given).await
    }

    /// Brings a new case to the unit that handles it.
    async fn handling(&self, now: Timestamp) -> Arc<Incident> {
        let id = self.create(report("路灯不亮"), now).await;
        let desk = person(1);
        for (command, body) in [
            ("accept", json!({})),
            ("register", json!({})),
            ("dispatch", json!({ "mode": "single", "lead": org(3) })),
        ] {
            self.give(id, &desk, command, body, now).await.unwrap();
        }
        let dispatched = self.service.load(id).await.unwrap();
        let task = dispatched.tasks[0].id;
        self.give(id, &desk, "sign", json!({ "task_id": task }), now)
            .await
            .unwrap()
    }

    async fn closed(&self, now: Timestamp) -> Arc<Incident> {
        let case = self.handling(now).await;
        let (id, task) = (case.id, case.tasks[0].id);
        for (n, command, body) in [
            (
                1,
                "report",
                json!({ "task_id": task, "text": "已更换灯泡" }),
            ),
            (2, "verify", json!({ "passed": true, "text": "已亮" })),
        ] {
            self.give(id, &person(n), command, body, now).await.unwrap();
        }
        let body = json!({ "text": "路灯已修复", "outcome": "solved" });
        self.give(id, &person(2), "close", body, now).await.unwrap()
    }
}

fn given(id: IncidentId, actor: &Actor, command: &str, body: Value, now: Timestamp) -> Given {
    let kind = CommandKind::parse(command).expect("a command");
    Given {
        incident: id,
        command: Arc::new(Command::parse(kind, body).expect("a body")),
        actor: Arc::new(actor.clone()),
        expected: None,
        now,
    }
}

fn now() -> Timestamp {
    monday()
}
