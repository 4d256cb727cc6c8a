//! A small city with a history in memory, devices, a desk for cases, and the domain over them, for tests.

mod neighbours;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_contracts::*;
use yiwang_kernel::{AreaCode, Clock, ManualClock, PageRequest, Timestamp, Uuid, micros};
use yiwang_runtime::{Config, ConfigSources, Platform};
use yiwang_store::{Subscription, SubscriptionRunner};
use yiwang_testkit::TestDb;

use crate::service::{AlarmQuery, AlarmView, AlertingService};
use crate::{Ear, Questions};

pub(crate) use neighbours::{AuditLog, Desk, Memory, Register, case, org, position};
use neighbours::{City, areas};

/// The domain over a store, a history and a desk.
pub(crate) struct Watch {
    pub(crate) test: TestDb,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) memory: Arc<Memory>,
    pub(crate) register: Arc<Register>,
    pub(crate) desk: Arc<Desk>,
    pub(crate) audit: Arc<AuditLog>,
    pub(crate) service: Arc<AlertingService>,
    observer: Arc<dyn Observer>,
    followers: Vec<SubscriptionRunner>,
}

struct Parts {
    clock: Arc<ManualClock>,
    memory: Arc<Memory>,
    register: Arc<Register>,
    desk: Arc<Desk>,
    audit: Arc<AuditLog>,
}

/// On every database: no device, no rule.
pub(crate) async fn watches() -> Vec<Watch> {
    let mut watches = Vec::new();
    for test in yiwang_testkit::databases(&[crate::migrations()]).await {
        let parts = Parts {
            clock: yiwang_testkit::clock(),
            memory: Arc::default(),
            register: Arc::default(),
            desk: Arc::default(),
            audit: Arc::default(),
        };
        watches.push(Watch::open(test, parts).await);
    }
    watches
}

impl Watch {
    async fn open(test: TestDb, parts: Parts) -> Self {
        let config = Config::load(&ConfigSources::default()).expect("the defaults are good");
        let platform = Platform::new(
            test.db.clone(),
            yiwang_store::Blobs::temporary().expect("a folder can be made"),
            Arc::clone(&parts.clock) as Arc<dyn Clock>,
            Arc::new(config),
        );
        platform
            .audit
            .connect(Arc::clone(&parts.audit) as Arc<dyn Audit>);
        let questions = Questions {
            orgs: Arc::new(City),
            catalog: Arc::new(areas()),
            devices: Arc::clone(&parts.register) as Arc<dyn Devices>,
            history: Arc::clone(&parts.memory) as Arc<dyn History>,
            cases: Arc::clone(&parts.desk) as Arc<dyn Cases>,
        };
        let ear = Ear::open(Arc::clone(&parts.register) as Arc<dyn Devices>).unwrap();
        let observer = ear.observer();
        let opened = crate::open(&platform, ear, questions).await.unwrap();
        let follow = |subscription: Subscription| {
            let clock = Arc::clone(&parts.clock) as Arc<dyn Clock>;
            SubscriptionRunner::new(test.db.clone(), subscription, clock, Uuid::nil())
        };
        let followers: Vec<_> = opened
            .domain
            .subscriptions
            .into_iter()
            .map(follow)
            .collect();
        for follower in &followers {
            follower.register().await.unwrap();
        }
        Self {
            test,
            clock: parts.clock,
            memory: parts.memory,
            register: parts.register,
            desk: parts.desk,
            audit: parts.audit,
            service: opened.service,
            observer,
            followers,
        }
    }

    /// The same store, history and devices in a new process.
    pub(crate) async fn restarted(self) -> Self {
        let parts = Parts {
            clock: self.clock,
            memory: self.memory,
            register: self.register,
            desk: self.desk,
            audit: self.audit,
        };
        Self::open(self.test, parts).await
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn wait(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    /// A gauge of a bureau in a village.
    pub(crate) fn gauge(&self, code: &str, bureau: u128, village: &str) {
        self.device(code, "gauge", bureau, village, None);
    }

    pub(crate) fn device(
        &self,
        code: &str,
        profile: &str,
        bureau: u128,
        village: &str,
        group: Option<&str>,
    ) {
        self.register.put(DeviceBrief {
            id: Uuid::from_u128(
                code.bytes()
                    .fold(7, |sum, byte| sum * 256 + u128::from(byte)),
            ),
            code: code.into(),
            name: format!("站{code}"),
            profile: profile.into(),
            org: Some(org(bureau)),
            area: Some(village.into()),
            secrecy: 1,
            position: Some(position()),
            place: None,
            group: group.map(Into::into),
            attributes: vec![("warn".to_owned(), 5.0)],
            is_active: true,
        });
    }

    /// The rules and escalations of the pack are these now.
    pub(crate) async fn install(&self, rules: Vec<Value>, escalations: Vec<Value>) {
        let entry = |value: Value| SectionEntry {
            file: "rules.yaml".to_owned(),
            line: 1,
            value,
            lines: BTreeMap::new(),
        };
        let profile = |code: &str| {
            let property = |code: &str| json!({ "code": code, "min": 0, "max": 100 });
            entry(json!({ "code": code, "properties": [property("level"), property("link")] }))
        };
        let section = |values: Vec<Value>| values.into_iter().map(entry).collect::<Vec<_>>();
        let pack = PackContent {
            id: "core".to_owned(),
            version: "1.0.0".to_owned(),
            sections: BTreeMap::from([
                (
                    "profiles".to_owned(),
                    vec![profile("gauge"), profile("gateway")],
                ),
                ("alarm_rules".to_owned(), section(rules)),
                ("alarm_escalations".to_owned(), section(escalations)),
            ]),
        };
        assert_eq!(self.service.check(&pack, &[]), Vec::new());
        let actor = Actor::system("pack");
        let by = Installing::new(&actor, self.now());
        self.service.install(&pack, by).await.unwrap();
    }

    /// Readings of one property become durable and are heard; each `minutes` before now.
    pub(crate) fn read_at(&self, device: &str, property: &str, minutes: i64, value: f64) {
        let time = micros(self.now()) - minutes * 60_000_000;
        let points: Arc<[Point]> = Arc::new([Point {
            series: Series::new(device, property),
            time,
            received: micros(self.now()),
            value,
            text: None,
            quality: Quality::Good,
        }]);
        self.memory.append(&points).unwrap();
        self.observer.observe(&points, self.now());
    }

    /// A level, now, and everything that follows from it.
    pub(crate) async fn level(&self, device: &str, value: f64) {
        self.read_at(device, "level", 0, value);
        self.settle().await;
    }

    /// Everything that waits is done: what was said is written, sweeps are made, events are heard.
    pub(crate) async fn settle(&self) {
        self.service.pass(self.now()).await.unwrap();
        self.service.sweep(self.now()).await.unwrap();
        self.service.call_attention(self.now()).await.unwrap();
        for _ in 0..3 {
            for follower in &self.followers {
                while follower.run_due().await.unwrap() > 0 {}
            }
        }
    }

    /// What one sees, the newest first.
    pub(crate) async fn alarms_of(&self, actor: &Actor, query: AlarmQuery) -> Vec<AlarmView> {
        let page = PageRequest {
            limit: Some(500),
            cursor: None,
        };
        let page = self.service.alarms(actor, query, &page, self.now()).await;
        page.unwrap().items
    }

    pub(crate) async fn alarms(&self) -> Vec<AlarmView> {
        self.alarms_of(&everybody(), AlarmQuery::default()).await
    }

    /// The one alarm that there is.
    pub(crate) async fn only(&self) -> AlarmView {
        let mut alarms = self.alarms().await;
        assert_eq!(alarms.len(), 1, "{alarms:#?}");
        alarms.remove(0)
    }

    /// What the log of an alarm says happened.
    pub(crate) async fn log(&self, alarm: &AlarmView) -> Vec<String> {
        let detail = self.service.alarm(&everybody(), alarm.id, self.now()).await;
        let lines = detail.unwrap().log.into_iter();
        lines.map(|line| line.what).collect()
    }

    /// Kinds of all events so far.
    pub(crate) async fn events(&self) -> Vec<Event> {
        self.test.db.events_after(0, 1_000).await.unwrap()
    }
}

/// Somebody with these actions over one unit.
pub(crate) fn actor(actions: &[&str], over: Option<u128>, area: Option<&str>) -> Actor {
    let org = match over {
        Some(n) => OrgScope::Within(Arc::new(HashSet::from([org(n)]))),
        None => OrgScope::All,
    };
    let actions: HashSet<String> = actions.iter().map(|each| (*each).to_owned()).collect();
    Actor {
        grants: Arc::new(vec![Grant {
            role: "test".to_owned(),
            actions: Arc::new(actions),
            org,
            area: area.map(AreaCode::from),
            secrecy_max: 4,
            purpose: None,
            expires_at: None,
        }]),
        system: false,
        ..Actor::system("somebody")
    }
}

const ALL: [&str; 4] = [
    "alerting.read",
    "alerting.handle",
    "alerting.edit",
    "alerting.publish",
];

/// Who may do everything here.
pub(crate) fn everybody() -> Actor {
    actor(&ALL, None, None)
}

pub(crate) fn bureau(n: u128) -> Actor {
    actor(&ALL, Some(n), None)
}

/// The rule of most tests: over 3 is III, over 6 is II, with a case from III on.
pub(crate) fn flood() -> Value {
    json!({
        "profile": "gauge",
        "rule": {
            "id": "flood", "name": { "zh": "积水" }, "uses": ["level"],
            "levels": [
                { "severity": "III", "when": "level > slow" },
                { "severity": "II", "when": "level > 6" },
            ],
            "clear": { "below": "slow" },
            "params": { "slow": 3 },
        },
        "case": { "item": "07.02.05", "from": "III" },
    })
}

/// The same with more beside it.
pub(crate) fn flood_with(more: &Value) -> Value {
    let mut rule = flood();
    for (key, value) in more.as_object().expect("an object") {
        rule[key] = value.clone();
    }
    rule
}
