//! A small city with a history in memory, devices, a desk for cases, and the domain over them, for tests.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_contracts::*;
use yiwang_kernel::{
    AreaCode, Clock, ManualClock, PageRequest, Position, Text, Timestamp, Uuid, micros,
};
use yiwang_runtime::{Config, ConfigSources, Platform};
use yiwang_store::{Subscription, SubscriptionRunner};
use yiwang_testkit::TestDb;
use yiwang_worktime::Calendar;

use crate::service::{AlarmQuery, AlarmView, AlertingService};
use crate::{Ear, Questions};

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn ready<'a, T: Send + 'a>(value: T) -> BoxFuture<'a, T> {
    Box::pin(std::future::ready(value))
}

/// Keeps points in memory, by time and series.
#[derive(Default)]
pub(crate) struct Memory {
    kept: Mutex<BTreeMap<(i64, String, String), Point>>,
}

impl History for Memory {
    fn append(&self, points: &[Point]) -> Asked<()> {
        let mut kept = locked(&self.kept);
        for point in points {
            let series = &point.series;
            let key = (
                point.time,
                series.device.to_string(),
                series.property.to_string(),
            );
            kept.insert(key, point.clone());
        }
        Ok(())
    }

    fn latest(&self) -> BoxFuture<'_, Asked<Latest>> {
        ready(Ok(Vec::new()))
    }

    fn contains<'a>(&'a self, keys: &'a [(Arc<Series>, i64)]) -> BoxFuture<'a, Asked<Vec<bool>>> {
        ready(Ok(vec![false; keys.len()]))
    }

    fn samples<'a>(
        &'a self,
        _series: &'a Series,
        _span: Span,
        _newest_first: bool,
        _limit: usize,
    ) -> BoxFuture<'a, Asked<Vec<Sample>>> {
        ready(Ok(Vec::new()))
    }

    fn buckets<'a>(
        &'a self,
        _series: &'a Series,
        _span: Span,
        _step: Step,
    ) -> BoxFuture<'a, Asked<Vec<Bucket>>> {
        ready(Ok(Vec::new()))
    }

    fn replay<'a>(
        &'a self,
        devices: &'a [Box<str>],
        span: Span,
    ) -> BoxStream<'a, Asked<Vec<Point>>> {
        let kept = locked(&self.kept);
        let is_meant = |point: &&Point| {
            let is_named = devices.is_empty() || devices.contains(&point.series.device);
            is_named && span.from <= point.time && point.time < span.to
        };
        let points: Vec<Point> = kept.values().filter(is_meant).cloned().collect();
        let pieces: Vec<Asked<Vec<Point>>> =
            points.chunks(64).map(|piece| Ok(piece.to_vec())).collect();
        futures::stream::iter(pieces).boxed()
    }
}

/// The devices of the city.
#[derive(Default)]
pub(crate) struct Register {
    devices: Mutex<BTreeMap<String, Arc<DeviceBrief>>>,
    revision: AtomicI64,
}

impl Register {
    pub(crate) fn put(&self, device: DeviceBrief) {
        locked(&self.devices).insert(device.code.to_string(), Arc::new(device));
        self.revision.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn remove(&self, code: &str) {
        locked(&self.devices).remove(code);
        self.revision.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn change(&self, code: &str, change: impl FnOnce(&mut DeviceBrief)) {
        let mut device = (*locked(&self.devices)[code]).clone();
        change(&mut device);
        self.put(device);
    }
}

impl Devices for Register {
    fn device(&self, code: &str) -> Option<Arc<DeviceBrief>> {
        locked(&self.devices).get(code).cloned()
    }

    fn of_profile(&self, profile: &str) -> Vec<Arc<DeviceBrief>> {
        let devices = locked(&self.devices);
        let own = devices
            .values()
            .filter(|device| &*device.profile == profile);
        own.cloned().collect()
    }

    fn profile(&self, code: &str) -> Option<ProfileBrief> {
        let property = |code: &str| PropertyBrief {
            code: code.to_owned(),
            name: Text::zh(code),
            unit: Some("m".to_owned()),
            min: Some(0.0),
            max: Some(100.0),
            is_number: true,
        };
        ["gauge", "gateway"].contains(&code).then(|| ProfileBrief {
            code: code.to_owned(),
            name: Text::zh(code),
            properties: vec![property("level"), property("link")],
        })
    }

    fn revision(&self) -> i64 {
        self.revision.load(Ordering::Acquire)
    }
}

/// Cases as the desk has them.
#[derive(Default)]
pub(crate) struct Desk {
    pub(crate) opened: Mutex<Vec<CaseWanted>>,
    pub(crate) notes: Mutex<Vec<String>>,
    /// What `of_item` answers.
    pub(crate) seen: Mutex<Vec<CaseSeen>>,
}

pub(crate) fn case(number: usize) -> CaseRef {
    CaseRef {
        id: IncidentId(Uuid::from_u128(number as u128)),
        number: format!("YW{number}"),
    }
}

impl Desk {
    pub(crate) fn titles(&self) -> Vec<String> {
        let opened = locked(&self.opened);
        opened.iter().map(|wanted| wanted.title.clone()).collect()
    }

    pub(crate) fn notes(&self) -> Vec<String> {
        locked(&self.notes).clone()
    }

    pub(crate) fn saw(&self, case: CaseSeen) {
        locked(&self.seen).push(case);
    }
}

impl Cases for Desk {
    fn open(&self, wanted: CaseWanted, _now: Timestamp) -> BoxFuture<'_, Asked<CaseRef>> {
        let mut opened = locked(&self.opened);
        let known = opened
            .iter()
            .position(|each| each.reference == wanted.reference);
        let place = known.unwrap_or_else(|| {
            opened.push(wanted);
            opened.len() - 1
        });
        ready(Ok(case(place + 1)))
    }

    fn note(&self, _id: IncidentId, text: String, _now: Timestamp) -> BoxFuture<'_, Asked<()>> {
        locked(&self.notes).push(text);
        ready(Ok(()))
    }

    fn of_item<'a>(
        &'a self,
        _wanted: CasesOfItem,
        _actor: &'a Actor,
        _now: Timestamp,
    ) -> BoxFuture<'a, Asked<Vec<CaseSeen>>> {
        ready(Ok(locked(&self.seen).clone()))
    }
}

pub(crate) fn org(n: u128) -> OrgId {
    OrgId(Uuid::from_u128(n))
}

struct City;

impl Organisations for City {
    fn by_id(&self, ids: &[OrgId]) -> Vec<Option<OrgBrief>> {
        ids.iter().map(|_| None).collect()
    }

    fn by_code(&self, codes: &[&str]) -> Vec<Option<OrgBrief>> {
        codes.iter().map(|_| None).collect()
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
        Vec::new()
    }
}

impl Catalog for City {
    fn item(&self, _code: &str, _at: Timestamp) -> Option<Arc<ItemPolicy>> {
        None
    }

    fn leaves(&self, _at: Timestamp) -> Vec<Arc<ItemPolicy>> {
        Vec::new()
    }

    fn limits(&self, _item: Option<&str>, _grade: Grade, _at: Timestamp) -> Vec<StepLimit> {
        Vec::new()
    }

    fn escalate_at(&self, _grade: Grade, _at: Timestamp) -> Option<f64> {
        None
    }

    fn version(&self) -> i64 {
        1
    }

    fn calendar(&self, _name: &str) -> Option<Arc<Calendar>> {
        None
    }

    fn calendar_version(&self) -> u32 {
        1
    }

    fn suggest(&self, _text: &str, _at: Timestamp, _limit: usize) -> Vec<ItemSuggestion> {
        Vec::new()
    }

    fn responsible(&self, _queries: &[ResponsibilityQuery]) -> Vec<Responsibility> {
        Vec::new()
    }

    fn area(&self, code: &AreaCode) -> Option<AreaBrief> {
        code.as_str().starts_with("320281").then(|| AreaBrief {
            code: code.clone(),
            name: format!("区域{code}"),
            parent: None,
            level: 2,
            label: position(),
        })
    }

    fn locate(&self, positions: &[Position]) -> Vec<Option<AreaBrief>> {
        positions.iter().map(|_| None).collect()
    }
}

/// Remembers what was done.
#[derive(Default)]
pub(crate) struct AuditLog(Mutex<Vec<String>>);

impl AuditLog {
    pub(crate) fn actions(&self) -> Vec<String> {
        locked(&self.0).clone()
    }
}

impl Audit for AuditLog {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Asked<()>> {
        locked(&self.0).push(entry.action);
        ready(Ok(()))
    }
}

pub(crate) fn position() -> Position {
    Position::new(120.28, 31.9).expect("a good position")
}

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
            catalog: Arc::new(City),
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
