//! The whole domain on both engines: packs come in, lists are published, history stays.

mod api;
mod lists;
mod packs;
mod size;

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use serde_json::{Value, json};
use yiwang_contracts::{
    Actor, Audit, AuditEntry, Installing, OrgBrief, OrgId, OrgKind, Organisations, PackContent,
};
use yiwang_kernel::{AreaCode, Fault, ManualClock, Text, Uuid};
use yiwang_store::Db;
use yiwang_testkit::TestDb;

use super::Service;
use crate::check::tests::pack;

/// A unit tree that tests can add to.
#[derive(Default)]
pub(super) struct Units(Mutex<Vec<OrgBrief>>);

impl Units {
    fn of(codes: &[(&str, OrgKind, Option<&str>)]) -> Arc<Self> {
        let units = codes
            .iter()
            .zip(1_u128..)
            .map(|((code, kind, area), number)| OrgBrief {
                id: OrgId(Uuid::from_u128(number)),
                code: (*code).to_owned(),
                name: Text::zh(format!("{code}单位")),
                kind: *kind,
                parent_id: None,
                area: area.map(AreaCode::from),
            });
        Arc::new(Self(Mutex::new(units.collect())))
    }
}

impl Organisations for Units {
    fn by_id(&self, ids: &[OrgId]) -> Vec<Option<OrgBrief>> {
        let units = self.0.lock().unwrap();
        ids.iter()
            .map(|id| units.iter().find(|unit| unit.id == *id).cloned())
            .collect()
    }

    fn by_code(&self, codes: &[&str]) -> Vec<Option<OrgBrief>> {
        let units = self.0.lock().unwrap();
        codes
            .iter()
            .map(|code| units.iter().find(|unit| unit.code == *code).cloned())
            .collect()
    }

    fn subtree(&self, root: OrgId) -> Vec<OrgId> {
        vec![root]
    }

    fn ancestors(&self, id: OrgId) -> Vec<OrgId> {
        vec![id]
    }

    fn search(&self, _text: &str, _limit: usize) -> Vec<OrgBrief> {
        Vec::new()
    }

    fn all(&self) -> Vec<OrgBrief> {
        self.0.lock().unwrap().clone()
    }
}

/// An audit log in memory.
#[derive(Default)]
pub(super) struct Log(Mutex<Vec<AuditEntry>>);

impl Log {
    fn actions(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap()
            .iter()
            .map(|entry| entry.action.clone())
            .collect()
    }
}

impl Audit for Log {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), Box<dyn Fault>>> {
        self.0.lock().unwrap().push(entry);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// A catalogue on one engine.
pub(super) struct World {
    service: Arc<Service>,
    clock: Arc<ManualClock>,
    units: Arc<Units>,
    log: Arc<Log>,
    _db: TestDb,
}

impl World {
    async fn new(db: TestDb) -> Self {
        let clock = yiwang_testkit::clock();
        let units = Units::of(&[
            ("cgj", OrgKind::Department, None),
            ("zjj", OrgKind::Department, None),
            ("320281001", OrgKind::Town, Some("320281001")),
            ("320281002", OrgKind::Town, Some("320281002")),
        ]);
        let log = Arc::new(Log::default());
        let service = service(&db.db, &clock, &units, &log).await;
        Self {
            service,
            clock,
            units,
            log,
            _db: db,
        }
    }

    /// The same city on every engine.
    async fn all() -> Vec<Self> {
        let mut worlds = Vec::new();
        for db in yiwang_testkit::databases(&[crate::migrations()]).await {
            worlds.push(Self::new(db).await);
        }
        worlds
    }

    async fn install(&self, content: &PackContent) {
        self.service
            .install_pack(content, Installing::new(&actor(), self.service.now()))
            .await
            .unwrap();
    }

    /// A second node on the same database.
    async fn other_node(&self) -> Arc<Service> {
        service(&self.service.db, &self.clock, &self.units, &self.log).await
    }

    async fn events(&self) -> Vec<String> {
        let events = self.service.db.events_after(0, 100).await.unwrap();
        events.into_iter().map(|event| event.kind).collect()
    }
}

async fn service(
    db: &Db,
    clock: &Arc<ManualClock>,
    units: &Arc<Units>,
    log: &Arc<Log>,
) -> Arc<Service> {
    let (clock, audit, units) = (clock.clone(), log.clone(), units.clone());
    Arc::new(
        Service::assemble(db.clone(), clock, audit, units)
            .await
            .unwrap(),
    )
}

pub(super) fn actor() -> Actor {
    Actor::system("tests")
}

/// A city of two towns with two grids each, two items, and rules without hole or overlap.
pub(super) fn city() -> Value {
    let mut areas = vec![area("320281", "", 1)];
    for town in ["320281001", "320281002"] {
        areas.push(area(town, "320281", 2));
        areas.push(area(&format!("{town}001"), town, 3));
        for grid in ["001", "002"] {
            areas.push(area(&format!("{town}001{grid}"), &format!("{town}001"), 4));
        }
    }
    json!({
        "areas": areas,
        "calendars": [
            {"name": "office", "title": {"zh": "机关"}, "kind": "weekly", "weekdays": ["mon", "tue", "wed", "thu", "fri"],
             "shifts": ["08:30-11:30", "13:30-17:30"]},
        ],
        "grades": [{"grade": "iv", "name": "一般", "colour": "blue"}, {"grade": "iii", "name": "较快", "colour": "yellow"}],
        "items": [
            {"code": "01", "name": "市容环卫", "grade": "iv"},
            {"code": "01.01", "name": "暴露垃圾", "keywords": ["垃圾"], "crosswalk": {"dum": "01"}},
            {"code": "05", "name": "园林绿化", "grade": "iii"},
            {"code": "05.02", "name": "树木倒伏", "keywords": ["树倒了"]},
        ],
        "limits": [
            {"id": "all", "limits": [{"step": "handle", "limit": "5wd", "calendar": "office"}]},
            {"id": "iii", "grade": "iii", "limits": [{"step": "handle", "limit": "1wd", "calendar": "office"}]},
        ],
        "responsibility": [
            {"id": "city", "items": ["01"], "areas": ["*"], "lead": "cgj", "basis": "三定方案"},
            {"id": "trees", "items": ["05"], "areas": ["320281"], "lead": "@town", "supervisor": "cgj", "basis": "属地管理"},
        ],
        "codesets": [{"id": "DUM", "title": "事件代码", "crosswalk": "dum", "entries": [{"code": "01", "name": "市容环境"}]}],
    })
}

fn area(code: &str, parent: &str, level: u8) -> Value {
    // Each grid is a unit square in a row; the levels above have no outline.
    let place: f64 = match code {
        "320281001001001" => 0.0,
        "320281001001002" => 1.0,
        "320281002001001" => 2.0,
        _ => 3.0,
    };
    let ring = if level == 4 {
        format!(
            "{place} 10;{} 10;{} 11;{place} 11;{place} 10",
            place + 1.0,
            place + 1.0
        )
    } else {
        String::new()
    };
    json!({"code": code, "name": format!("地{code}"), "parent": parent, "level": level.to_string(),
        "lon": (place + 0.5).to_string(), "lat": "10.5", "ring": ring})
}

pub(super) fn core() -> PackContent {
    pack("core", city())
}

/// The city with something different in it.
pub(super) fn changed_core(change: impl Fn(&mut Value)) -> PackContent {
    let mut sections = city();
    change(&mut sections);
    PackContent {
        version: "2".to_owned(),
        ..pack("core", sections)
    }
}
