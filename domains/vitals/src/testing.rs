//! A small city with a few indicators, for tests. Two towns, 320281001 and 320281002.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex};

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use serde_json::{Value, json};
use yiwang_contracts::*;
use yiwang_kernel::{AreaCode, Clock, Fault, ManualClock, Position, Timestamp, Uuid};
use yiwang_runtime::{Config, ConfigSources, Platform};
use yiwang_store::EventHandler as _;
use yiwang_testkit::{TestDb, Units};

use crate::service::{FeedAnswer, Form, IncidentEvents};
use crate::{Questions, VitalsService};

pub(crate) const CITY: &str = "320281";
pub(crate) const WEST: &str = "320281001";
pub(crate) const EAST: &str = "320281002";

/// The domain over a store.
pub(crate) struct Ground {
    pub(crate) test: TestDb,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) service: Arc<VitalsService>,
}

/// The other domains.
#[derive(Default)]
pub(crate) struct Hub {
    pub(crate) cases: Mutex<Vec<CaseFacts>>,
    pub(crate) opened: Mutex<Vec<CaseWanted>>,
    pub(crate) alarms: Mutex<Vec<AlarmFacts>>,
    pub(crate) heard: Mutex<Vec<DeviceHeard>>,
    pub(crate) last: Mutex<Vec<LastValue>>,
    /// By device.
    pub(crate) readings: Mutex<Vec<(String, Sample)>>,
    pub(crate) audited: Mutex<Vec<AuditEntry>>,
    /// What the lake says, and what it was asked.
    pub(crate) lake: Mutex<Option<LakeSays>>,
    pub(crate) asked: Mutex<Vec<SqlQuestion>>,
}

/// Answers a question.
pub(crate) type LakeSays = fn(&SqlQuestion) -> SqlAnswer;

fn ready<T: Send + 'static>(value: T) -> BoxFuture<'static, Asked<T>> {
    Box::pin(std::future::ready(Ok(value)))
}

impl Cases for Hub {
    fn open(&self, wanted: CaseWanted, _now: Timestamp) -> BoxFuture<'_, Asked<CaseRef>> {
        let mut opened = self.opened.lock().unwrap();
        let known = opened
            .iter()
            .position(|case| case.reference == wanted.reference);
        let place = known.unwrap_or(opened.len());
        if known.is_none() {
            opened.push(wanted);
        }
        ready(CaseRef {
            id: IncidentId(Uuid::from_u128(place as u128 + 1)),
            number: format!("N{place}"),
        })
    }

    fn note(&self, _: IncidentId, _: String, _: Timestamp) -> BoxFuture<'_, Asked<()>> {
        ready(())
    }

    fn of_item<'a>(
        &'a self,
        _: CasesOfItem,
        _: &'a Actor,
        _: Timestamp,
    ) -> BoxFuture<'a, Asked<Vec<CaseSeen>>> {
        ready(Vec::new())
    }
}

impl CaseFigures for Hub {
    fn facts<'a>(
        &'a self,
        ids: &'a [IncidentId],
        _now: Timestamp,
    ) -> BoxFuture<'a, Asked<Vec<CaseFacts>>> {
        let cases = self.cases.lock().unwrap();
        let asked = cases.iter().filter(|case| ids.contains(&case.id));
        ready(asked.cloned().collect())
    }

    fn facts_after(
        &self,
        after: Option<IncidentId>,
        limit: u32,
        _now: Timestamp,
    ) -> BoxFuture<'_, Asked<Vec<CaseFacts>>> {
        let cases = self.cases.lock().unwrap();
        let later = cases
            .iter()
            .filter(|case| after.is_none_or(|after| case.id > after));
        ready(later.take(limit as usize).cloned().collect())
    }
}

impl AlarmFigures for Hub {
    fn alarms(&self, _since: Timestamp, _limit: u32) -> BoxFuture<'_, Asked<Vec<AlarmFacts>>> {
        ready(self.alarms.lock().unwrap().clone())
    }
}

impl DeviceFigures for Hub {
    fn heard(&self, _now: Timestamp) -> Vec<DeviceHeard> {
        self.heard.lock().unwrap().clone()
    }

    fn last_values(&self, _profile: &str, _property: &str) -> Vec<LastValue> {
        self.last.lock().unwrap().clone()
    }

    fn places(&self) -> Vec<DevicePlace> {
        Vec::new()
    }
}

impl SqlFigures for Hub {
    fn check(&self, sql: &str) -> Result<(), SqlFault> {
        // The lake's own tests say what it finds; here one word stands for all of it.
        if sql.contains("bad") {
            let message = "the column value is missing".to_owned();
            let kind = SqlFaultKind::Columns;
            return Err(SqlFault { kind, message });
        }
        Ok(())
    }

    fn answer<'a>(
        &'a self,
        questions: &'a [SqlQuestion],
        _: &'a [DevicePlace],
    ) -> BoxFuture<'a, Vec<SqlAnswer>> {
        let lake = self
            .lake
            .lock()
            .unwrap()
            .expect("the lake has something to say");
        self.asked.lock().unwrap().extend(questions.iter().cloned());
        Box::pin(std::future::ready(questions.iter().map(lake).collect()))
    }
}

impl Audit for Hub {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), Box<dyn Fault>>> {
        self.audited.lock().unwrap().push(entry);
        ready(())
    }
}

impl History for Hub {
    fn append(&self, _points: &[Point]) -> Asked<()> {
        Ok(())
    }

    fn latest(&self) -> BoxFuture<'_, Asked<Latest>> {
        ready(Vec::new())
    }

    fn contains<'a>(&'a self, keys: &'a [(Arc<Series>, i64)]) -> BoxFuture<'a, Asked<Vec<bool>>> {
        ready(vec![false; keys.len()])
    }

    fn samples<'a>(
        &'a self,
        series: &'a Series,
        span: Span,
        newest_first: bool,
        limit: usize,
    ) -> BoxFuture<'a, Asked<Vec<Sample>>> {
        let readings = self.readings.lock().unwrap();
        let is_asked = |(device, sample): &&(String, Sample)| {
            **device == *series.device && (span.from..span.to).contains(&sample.time)
        };
        let mut asked: Vec<Sample> = readings
            .iter()
            .filter(is_asked)
            .map(|(_, sample)| sample.clone())
            .collect();
        asked.sort_by_key(|sample| {
            if newest_first {
                -sample.time
            } else {
                sample.time
            }
        });
        asked.truncate(limit);
        ready(asked)
    }

    fn buckets<'a>(
        &'a self,
        _series: &'a Series,
        _span: Span,
        _step: Step,
    ) -> BoxFuture<'a, Asked<Vec<Bucket>>> {
        ready(Vec::new())
    }

    fn replay<'a>(
        &'a self,
        _devices: &'a [Box<str>],
        _span: Span,
    ) -> BoxStream<'a, Asked<Vec<Point>>> {
        Box::pin(futures::stream::empty())
    }
}

fn outline(code: &str, parent: Option<&str>, level: u8) -> AreaOutline {
    AreaOutline {
        brief: AreaBrief {
            code: code.into(),
            name: format!("区{code}"),
            parent: parent.map(AreaCode::from),
            level,
            label: Position::new(120.28, 31.9).expect("a good position"),
        },
        ring: None,
    }
}

pub(crate) fn outlines() -> Vec<AreaOutline> {
    vec![
        outline(CITY, None, 1),
        outline(WEST, Some(CITY), 2),
        outline(EAST, Some(CITY), 2),
    ]
}

fn areas() -> yiwang_testkit::Areas {
    yiwang_testkit::Areas {
        area: |code| {
            let brief = outlines().into_iter().map(|outline| outline.brief);
            brief.into_iter().find(|brief| brief.code == *code)
        },
        located: |_| None,
        outlines,
    }
}

/// An indicator over a feed, worse when it is larger.
pub(crate) fn feed_indicator(code: &str, feed: &str) -> Value {
    json!({ "code": code, "name": { "zh": "水压", "en": "Pressure" }, "domain": "C", "unit": "%",
        "direction": "lower_is_better", "formula": { "feed": { "feed": feed } },
        "grain": { "time": "instant", "space": "county" }, "source": { "zh": "水利", "en": "Water" },
        "owner": "slj", "refresh": "5m", "lag_allowed": "10m", "range": { "min": 0, "max": 100 },
        "thresholds": [{ "attention": { "op": ">", "value": 10 }, "warning": { "op": ">", "value": 20 },
            "alarm": { "op": ">", "value": 50 } }],
        "on_breach": { "attention": "notify", "warning": "proposal", "alarm": "order" } })
}

pub(crate) fn g06() -> Value {
    json!({ "code": "G06", "name": { "zh": "按时办结率", "en": "Closed in time" }, "domain": "G", "unit": "%",
        "direction": "higher_is_better", "influence": "town",
        "formula": { "cases": { "state": "due", "over": "30d",
            "measure": { "share": { "numerator": ["closed_on_time"] } } } },
        "grain": { "time": "month", "space": "town" }, "source": { "zh": "事件", "en": "Hub" },
        "owner": "jy", "refresh": "1h", "range": { "min": 0, "max": 100 },
        "thresholds": [{ "attention": { "op": "<", "value": 98 }, "warning": { "op": "<", "value": 95 },
            "alarm": { "op": "<", "value": 90 } }] })
}

/// What most tests install.
pub(crate) fn entries() -> Vec<Value> {
    vec![feed_indicator("C01", "water.pressure"), g06()]
}

/// On every database.
pub(crate) async fn grounds() -> Vec<Ground> {
    let mut grounds = Vec::new();
    for test in yiwang_testkit::databases(&[crate::migrations()]).await {
        let ground = Ground::open(test, yiwang_testkit::clock(), Arc::default()).await;
        ground.service.read_cases(ground.now()).await.unwrap();
        ground.install(&entries()).await;
        grounds.push(ground);
    }
    grounds
}

pub(crate) fn pack(indicators: &[Value]) -> PackContent {
    let section = |values: &[Value]| {
        values
            .iter()
            .map(|value| SectionEntry {
                file: "x.yaml".to_owned(),
                line: 1,
                value: value.clone(),
                lines: BTreeMap::new(),
            })
            .collect()
    };
    let domains =
        ["C", "G"].map(|code| json!({ "code": code, "name": { "zh": code, "en": code } }));
    let index = [json!({ "valid_from": "2020-01-01", "weights": { "C": 0.5, "G": 0.5 } })];
    PackContent {
        id: "test".to_owned(),
        version: "1".to_owned(),
        sections: [
            ("domains".to_owned(), section(&domains)),
            ("index".to_owned(), section(&index)),
            ("indicators".to_owned(), section(indicators)),
        ]
        .into(),
    }
}

impl Ground {
    pub(crate) async fn open(test: TestDb, clock: Arc<ManualClock>, hub: Arc<Hub>) -> Self {
        let config = Config::load(&ConfigSources::default()).expect("the defaults are good");
        let platform = Platform::new(
            test.db.clone(),
            yiwang_store::Blobs::temporary().expect("a folder can be made"),
            Arc::clone(&clock) as Arc<dyn Clock>,
            Arc::new(config),
        );
        let questions = Questions {
            orgs: Arc::new(Units),
            catalog: Arc::new(areas()),
            audit: Arc::clone(&hub) as Arc<dyn Audit>,
            cases: Arc::clone(&hub) as Arc<dyn Cases>,
            case_figures: Arc::clone(&hub) as Arc<dyn CaseFigures>,
            alarms: Arc::clone(&hub) as Arc<dyn AlarmFigures>,
            devices: Arc::clone(&hub) as Arc<dyn DeviceFigures>,
            history: Arc::clone(&hub) as Arc<dyn History>,
            figures: Arc::clone(&hub) as Arc<dyn SqlFigures>,
        };
        let opened = crate::open(&platform, questions).await.unwrap();
        Self {
            test,
            clock,
            hub,
            service: opened.service,
        }
    }

    /// The same store in a new process.
    pub(crate) async fn again(self) -> Self {
        Self::open(self.test, self.clock, self.hub).await
    }

    pub(crate) async fn install(&self, indicators: &[Value]) {
        let pack = pack(indicators);
        assert_eq!(self.service.check(&pack, &[]), []);
        let by = Actor::system("test");
        let installing = Installing::new(&by, self.now());
        self.service.install(&pack, installing).await.unwrap();
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn wait(&self, seconds: i64) -> Timestamp {
        self.clock.advance(jiff::SignedDuration::from_secs(seconds));
        self.now()
    }

    pub(crate) async fn pass(&self) {
        self.service.pass(true, self.now()).await.unwrap();
    }

    /// Sends one value of now for the city.
    pub(crate) async fn send(&self, feed: &str, value: f64) -> FeedAnswer {
        self.send_all(feed, &json!([{ "time": self.now(), "value": value }]))
            .await
    }

    pub(crate) async fn send_all(&self, feed: &str, values: &Value) -> FeedAnswer {
        let body = values.to_string();
        let form = (Form::Json, body.as_bytes());
        let sent = self
            .service
            .take_values(everybody(), feed, form, self.now());
        sent.await.unwrap()
    }

    /// A case changes, and its event arrives.
    pub(crate) async fn tell(&self, case: CaseFacts) {
        let id = case.id;
        {
            let mut cases = self.hub.cases.lock().unwrap();
            cases.retain(|known| known.id != id);
            cases.push(case);
        }
        let event = Event {
            seq: 1,
            kind: "incident.closed".to_owned(),
            subject_id: id.0,
            at: self.now(),
            scope: EventScope {
                action: "incident.read".to_owned(),
                orgs: Vec::new(),
                area: None,
                secrecy: 1,
            },
            body: Value::Null,
        };
        let handler = IncidentEvents(Arc::clone(&self.service));
        handler.handle(&[event]).await.unwrap();
    }

    /// Kinds and bodies of what was told.
    pub(crate) async fn events(&self) -> Vec<(String, Value)> {
        let events = self.test.db.events_after(0, 500).await.unwrap();
        events
            .into_iter()
            .map(|event| (event.kind, event.body))
            .collect()
    }
}

/// A case of the west, due an hour ago.
pub(crate) fn case(number: u128, is_on_time: bool, now: Timestamp) -> CaseFacts {
    let ago = |hours: i64| now - jiff::SignedDuration::from_hours(hours);
    CaseFacts {
        id: IncidentId(Uuid::from_u128(number)),
        version: 1,
        source: "hotline".to_owned(),
        item: Some("02.02.01".to_owned()),
        area: Some("320281001003".into()),
        position: None,
        caller: Some(number as i64),
        counts: true,
        is_open: !is_on_time,
        is_valid: true,
        opened_at: ago(10),
        registered_at: Some(ago(9)),
        dispatched_at: Some(ago(8)),
        signed_at: Some(ago(7)),
        contacted_at: None,
        arrived_at: None,
        reported_at: Some(ago(4)),
        closed_at: is_on_time.then(|| ago(3)),
        handle_due_at: Some(ago(1)),
        total_due_at: None,
        dispatched_on_time: Some(true),
        signed_on_time: Some(true),
        contacted_on_time: None,
        handled_on_time: Some(is_on_time),
        closed_on_time: is_on_time.then_some(true),
        is_answered: false,
        is_self_handled: false,
        is_returned: false,
        is_reworked: false,
        is_repeated: false,
        rated_at: None,
        rating: None,
        is_solved: false,
        is_outcome_solved: is_on_time,
    }
}

/// May do everything everywhere.
pub(crate) fn everybody() -> &'static Actor {
    static EVERYBODY: LazyLock<Actor> =
        LazyLock::new(|| actor(&["vitals.read", "vitals.feed", "vitals.edit"], None));
    &EVERYBODY
}

pub(crate) fn actor(actions: &[&str], area: Option<&str>) -> Actor {
    let actions: HashSet<String> = actions.iter().map(|each| (*each).to_owned()).collect();
    Actor {
        grants: Arc::new(vec![Grant {
            role: "test".to_owned(),
            actions: Arc::new(actions),
            org: OrgScope::All,
            area: area.map(AreaCode::from),
            secrecy_max: 1,
            purpose: None,
            expires_at: None,
        }]),
        system: false,
        ..Actor::system("somebody")
    }
}
