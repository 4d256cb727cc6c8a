//! A history in memory, a small city, and a domain over them, for tests.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use serde_json::{Value, json};
use yiwang_contracts::*;
use yiwang_kernel::{Fault, FaultKind, ManualClock, OtherFault, Position, Timestamp};
use yiwang_runtime::{Config, ConfigSources, Platform};
use yiwang_testkit::TestDb;
pub(crate) use yiwang_testkit::org;

use crate::slot::locked;
use crate::{Questions, SensingService, SensingSettings};

type Kept = BTreeMap<(String, String), BTreeMap<i64, Sample>>;

/// Keeps points in memory; can be told that the disk is full.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) kept: Mutex<Kept>,
    pub(crate) is_full: AtomicBool,
    pub(crate) appended: Mutex<Vec<usize>>,
}

fn key(series: &Series) -> (String, String) {
    (series.device.to_string(), series.property.to_string())
}

impl Memory {
    pub(crate) fn values(&self, device: &str, property: &str) -> Vec<(i64, f64)> {
        let kept = locked(&self.kept);
        let series = kept.get(&(device.to_owned(), property.to_owned()));
        let samples = series.into_iter().flatten();
        samples
            .map(|(time, sample)| (*time, sample.value))
            .collect()
    }
}

impl History for Memory {
    fn append(&self, points: &[Point]) -> Result<(), Box<dyn Fault>> {
        if self.is_full.load(Ordering::Acquire) {
            let message = "no room on the disk";
            return Err(OtherFault::new(FaultKind::Unavailable, "lake.disk_full", message).into());
        }
        locked(&self.appended).push(points.len());
        let mut kept = locked(&self.kept);
        for point in points {
            let sample = Sample {
                time: point.time,
                received: point.received,
                value: point.value,
                text: point.text.clone(),
                quality: point.quality,
            };
            kept.entry(key(&point.series))
                .or_default()
                .insert(point.time, sample);
        }
        Ok(())
    }

    fn latest(&self) -> BoxFuture<'_, Result<Vec<(Arc<Series>, Sample)>, Box<dyn Fault>>> {
        let kept = locked(&self.kept);
        let newest = kept.iter().filter_map(|((device, property), samples)| {
            let (_, sample) = samples.last_key_value()?;
            Some((Series::new(device, property), sample.clone()))
        });
        Box::pin(std::future::ready(Ok(newest.collect())))
    }

    fn contains<'a>(
        &'a self,
        keys: &'a [(Arc<Series>, i64)],
    ) -> BoxFuture<'a, Result<Vec<bool>, Box<dyn Fault>>> {
        let kept = locked(&self.kept);
        let there = keys.iter().map(|(series, time)| {
            kept.get(&key(series))
                .is_some_and(|all| all.contains_key(time))
        });
        Box::pin(std::future::ready(Ok(there.collect())))
    }

    fn samples<'a>(
        &'a self,
        series: &'a Series,
        span: Span,
        newest_first: bool,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Sample>, Box<dyn Fault>>> {
        let kept = locked(&self.kept);
        let all = kept.get(&key(series));
        let within = all
            .into_iter()
            .flat_map(|all| all.range(span.from..span.to));
        let mut samples: Vec<Sample> = within.map(|(_, sample)| sample.clone()).collect();
        if newest_first {
            samples.reverse();
        }
        samples.truncate(limit);
        Box::pin(std::future::ready(Ok(samples)))
    }

    fn buckets<'a>(
        &'a self,
        _series: &'a Series,
        _span: Span,
        _step: Step,
    ) -> BoxFuture<'a, Result<Vec<Bucket>, Box<dyn Fault>>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    fn replay<'a>(
        &'a self,
        _devices: &'a [Box<str>],
        _span: Span,
    ) -> BoxStream<'a, Result<Vec<Point>, Box<dyn Fault>>> {
        Box::pin(futures::stream::empty())
    }
}

/// Everything lies in 320281001.
pub(crate) fn areas() -> yiwang_testkit::Areas {
    yiwang_testkit::Areas {
        area: |code| {
            ["320281", "320281001"]
                .contains(&code.as_str())
                .then(|| AreaBrief {
                    code: code.clone(),
                    name: code.0.clone(),
                    parent: None,
                    level: 2,
                    label: Position::new(120.28, 31.9).expect("a good position"),
                })
        },
        located: |_| Some("320281001"),
        outlines: Vec::new,
    }
}

/// Tokens: everything; reads of the water unit; reads of the air unit; edits and posts of the water unit; only its
/// posts; and nothing of devices.
pub(crate) struct Tokens;

impl Authenticate for Tokens {
    fn authenticate<'a>(
        &'a self,
        token: &'a str,
        _origin: Origin,
        _now: Timestamp,
    ) -> BoxFuture<'a, Option<Actor>> {
        let all = ["sensing.read", "sensing.edit", "sensing.ingest"];
        let actor = match token {
            "all" => Some(actor(&all, None, 4)),
            "water" => Some(actor(&["sensing.read"], Some(org(2)), 1)),
            "air" => Some(actor(&["sensing.read"], Some(org(3)), 4)),
            "owner" => Some(actor(&all, Some(org(2)), 1)),
            "pusher" => Some(actor(&["sensing.ingest"], Some(org(2)), 1)),
            "nobody" => Some(actor(&["other.read"], None, 4)),
            _ => None,
        };
        Box::pin(std::future::ready(actor))
    }
}

#[derive(Default)]
struct NoLog;

impl Audit for NoLog {
    fn record(&self, _entry: AuditEntry) -> BoxFuture<'_, Result<(), Box<dyn Fault>>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// The domain over a store and a history.
pub(crate) struct Net {
    pub(crate) test: TestDb,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) platform: Platform,
    pub(crate) memory: Arc<Memory>,
    pub(crate) service: Arc<SensingService>,
}

impl Net {
    pub(crate) async fn open(test: TestDb) -> Self {
        let clock = yiwang_testkit::clock();
        let memory = Arc::new(Memory::default());
        let (platform, service) = open(&test, &clock, &memory).await;
        let net = Self {
            test,
            clock,
            platform,
            memory,
            service,
        };
        net.install().await;
        net
    }

    /// The same store and history in a new process.
    pub(crate) async fn restarted(self) -> Self {
        self.service.intake.close();
        let (platform, service) = open(&self.test, &self.clock, &self.memory).await;
        Self {
            platform,
            service,
            ..self
        }
    }

    async fn install(&self) {
        let entry = SectionEntry {
            file: "profiles.yaml".to_owned(),
            line: 1,
            value: river_station(),
            lines: BTreeMap::new(),
        };
        let pack = PackContent {
            id: "core".to_owned(),
            version: "1.0.0".to_owned(),
            sections: BTreeMap::from([("profiles".to_owned(), vec![entry])]),
        };
        assert_eq!(self.service.check(&pack, &[]), Vec::new());
        let actor = Actor::system("test");
        let by = Installing::new(&actor, self.platform.now());
        self.service.install(&pack, by).await.unwrap();
    }

    pub(crate) fn device(code: &str) -> Value {
        json!({ "code": code, "profile": "river-station", "name": "西横河", "org": "slj", "protocol": "http",
            "position": { "lon": 120.28, "lat": 31.9 } })
    }

    /// Registers a device and gives it a token.
    pub(crate) async fn register(&self, device: Value) -> (crate::DeviceId, String) {
        let actor = Actor::system("test");
        let create = serde_json::from_value(device).unwrap();
        let now = self.platform.now();
        let view = self
            .service
            .create_device(&actor, create, now)
            .await
            .unwrap();
        let token = self
            .service
            .issue_token(&actor, view.id, now)
            .await
            .unwrap()
            .token;
        (view.id, token)
    }
}

/// Another node on the same store.
pub(crate) async fn beside(net: &Net) -> Arc<SensingService> {
    open(&net.test, &net.clock, &net.memory).await.1
}

async fn open(
    test: &TestDb,
    clock: &Arc<ManualClock>,
    memory: &Arc<Memory>,
) -> (Platform, Arc<SensingService>) {
    let config = Config::load(&ConfigSources::default()).expect("the defaults are good");
    let platform = Platform::new(
        test.db.clone(),
        yiwang_store::Blobs::temporary().expect("a folder can be made"),
        Arc::clone(clock) as Arc<dyn yiwang_kernel::Clock>,
        Arc::new(config),
    );
    let questions = Questions {
        orgs: Arc::new(yiwang_testkit::Units),
        catalog: Arc::new(areas()),
        audit: Arc::new(NoLog),
        people: Arc::new(Tokens),
        history: Arc::clone(memory) as Arc<dyn History>,
    };
    let opened = crate::open(&platform, SensingSettings::default(), questions)
        .await
        .unwrap();
    (platform, opened.service)
}

fn river_station() -> Value {
    json!({ "code": "river-station", "name": { "zh": "河道水位站" }, "theme": "hydrology",
        "interval_seconds": 300,
        "foreign": [{ "topic": "vendor/{device}/data", "time": "/at", "values": { "level": "/m/h" } },
                    { "topic": "vendor/batch", "device": "/sn", "values": { "level": "/h" } }],
        "commands": [{ "code": "set_interval", "name": { "zh": "设置上报间隔" }, "parameters": [
            { "code": "seconds", "name": { "zh": "秒" }, "min": 10, "max": 3600 }] }],
        "properties": [
            { "code": "level", "name": { "zh": "水位" }, "unit": "m", "min": -1, "max": 10, "resolution": 0.001,
              "elements": { "sl651": ["39"] } },
            { "code": "rain", "name": { "zh": "时段雨量" }, "unit": "mm", "min": 0, "max": 200, "resolution": 0.5 },
            { "code": "door", "name": { "zh": "柜门" }, "kind": "text" }] })
}

/// Somebody with these actions over one unit.
pub(crate) fn actor(actions: &[&str], over: Option<OrgId>, secrecy_max: u8) -> Actor {
    let org = match over {
        Some(org) => OrgScope::Within(Arc::new(HashSet::from([org]))),
        None => OrgScope::All,
    };
    let actions: HashSet<String> = actions.iter().map(|each| (*each).to_owned()).collect();
    Actor {
        grants: Arc::new(vec![Grant {
            role: "test".to_owned(),
            actions: Arc::new(actions),
            org,
            area: None,
            secrecy_max,
            purpose: None,
            expires_at: None,
        }]),
        system: false,
        ..Actor::system("somebody")
    }
}
