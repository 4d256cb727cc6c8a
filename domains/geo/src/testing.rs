//! A small city with a map, for tests. The west of it, 320281001, belongs to one; the east, 320281002, to another.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use serde_json::{Value, json};
use yiwang_contracts::*;
use yiwang_kernel::{AreaCode, Clock, Fault, ManualClock, Position, Timestamp};
use yiwang_runtime::{Config, ConfigSources, Platform};
use yiwang_testkit::{TestDb, Units, org};

use crate::service::FeatureView;
use crate::{GeoService, Questions};

/// Between west and east.
pub(crate) const MIDDLE: f64 = 120.28;

/// The domain over a store.
pub(crate) struct Ground {
    pub(crate) test: TestDb,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) register: Arc<Register>,
    pub(crate) service: Arc<GeoService>,
    pub(crate) memory: Arc<Memory>,
    pub(crate) observer: Arc<dyn Observer>,
}

/// Devices of the city.
#[derive(Default)]
pub(crate) struct Register(pub(crate) Mutex<(i64, Vec<Arc<DeviceBrief>>)>);

impl Devices for Register {
    fn device(&self, code: &str) -> Option<Arc<DeviceBrief>> {
        self.all().into_iter().find(|device| &*device.code == code)
    }

    fn all(&self) -> Vec<Arc<DeviceBrief>> {
        self.0.lock().unwrap().1.clone()
    }

    fn of_profile(&self, _profile: &str) -> Vec<Arc<DeviceBrief>> {
        Vec::new()
    }

    fn profile(&self, _code: &str) -> Option<ProfileBrief> {
        None
    }

    fn revision(&self) -> i64 {
        self.0.lock().unwrap().0
    }
}

/// A history of positions.
#[derive(Default)]
pub(crate) struct Memory(pub(crate) Mutex<Vec<Point>>);

impl History for Memory {
    fn append(&self, points: &[Point]) -> Asked<()> {
        self.0.lock().unwrap().extend_from_slice(points);
        Ok(())
    }

    fn latest(&self) -> BoxFuture<'_, Asked<Latest>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    fn contains<'a>(&'a self, keys: &'a [(Arc<Series>, i64)]) -> BoxFuture<'a, Asked<Vec<bool>>> {
        Box::pin(std::future::ready(Ok(vec![false; keys.len()])))
    }

    fn samples<'a>(
        &'a self,
        series: &'a Series,
        span: Span,
        newest_first: bool,
        limit: usize,
    ) -> BoxFuture<'a, Asked<Vec<Sample>>> {
        let points = self.0.lock().unwrap();
        let own = points
            .iter()
            .filter(|point| *point.series == *series && (span.from..span.to).contains(&point.time));
        let mut samples: Vec<Sample> = own
            .map(|point| Sample {
                time: point.time,
                received: point.received,
                value: point.value,
                text: None,
                quality: point.quality,
            })
            .collect();
        samples.sort_by_key(|sample| sample.time);
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
    ) -> BoxFuture<'a, Asked<Vec<Bucket>>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    fn replay<'a>(
        &'a self,
        _devices: &'a [Box<str>],
        _span: Span,
    ) -> futures::stream::BoxStream<'a, Asked<Vec<Point>>> {
        Box::pin(futures::stream::empty())
    }
}

struct Log;

impl Audit for Log {
    fn record(&self, _entry: AuditEntry) -> BoxFuture<'_, Result<(), Box<dyn Fault>>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

fn areas() -> yiwang_testkit::Areas {
    yiwang_testkit::Areas {
        area: |code| {
            ["320281001", "320281002"]
                .contains(&code.as_str())
                .then(|| AreaBrief {
                    code: code.clone(),
                    name: format!("镇{code}"),
                    parent: Some("320281".into()),
                    level: 2,
                    label: Position::new(MIDDLE, 31.9).expect("a good position"),
                })
        },
        located: |at| {
            Some(if at.lon < MIDDLE {
                "320281001"
            } else {
                "320281002"
            })
        },
        outlines: || {
            let ring = |west: f64, east: f64| {
                let text = format!("{west} 31.8;{east} 31.8;{east} 32.0;{west} 32.0;{west} 31.8");
                text.parse().ok()
            };
            let halves = [("320281001", 120.0, MIDDLE), ("320281002", MIDDLE, 120.5)];
            halves
                .into_iter()
                .map(|(code, west, east)| AreaOutline {
                    brief: AreaBrief {
                        code: code.into(),
                        name: format!("镇{code}"),
                        parent: Some("320281".into()),
                        level: 2,
                        label: Position::new(f64::midpoint(west, east), 31.9)
                            .expect("a good position"),
                    },
                    ring: ring(west, east),
                })
                .collect()
        },
    }
}

/// On every database: layers, and nothing on them.
pub(crate) async fn grounds() -> Vec<Ground> {
    let mut grounds = Vec::new();
    for test in yiwang_testkit::databases(&[crate::migrations()]).await {
        let clock = yiwang_testkit::clock();
        let ground = Ground::open(test, clock, Arc::default()).await;
        ground.install(&layers()).await;
        grounds.push(ground);
    }
    grounds
}

/// Layers of each kind.
pub(crate) fn layers() -> Value {
    json!([
        { "code": "component", "name": { "zh": "部件" }, "geometry": "point", "content": "components", "searched": true,
            "cluster": { "below": 14, "cell": 256 },
            "states": [{ "code": "intact", "name": { "zh": "完好" } }, { "code": "damaged", "name": { "zh": "破损" } }],
            "attributes": [{ "code": "keeper", "name": { "zh": "养护单位" } },
                { "code": "depth", "name": { "zh": "深" }, "kind": "number", "tile_zoom": 16 }] },
        { "code": "road", "name": { "zh": "道路" }, "geometry": "line", "searched": true },
        { "code": "cell", "name": { "zh": "网格" }, "geometry": "area" },
        { "code": "town", "name": { "zh": "镇街" }, "geometry": "area", "content": "towns", "searched": true },
        { "code": "device", "name": { "zh": "设备" }, "geometry": "point", "content": "devices" },
    ])
}

impl Ground {
    pub(crate) async fn open(
        test: TestDb,
        clock: Arc<ManualClock>,
        register: Arc<Register>,
    ) -> Self {
        Self::open_with(test, clock, register, |_config| ()).await
    }

    /// With other settings than the defaults.
    pub(crate) async fn open_with(
        test: TestDb,
        clock: Arc<ManualClock>,
        register: Arc<Register>,
        set: impl FnOnce(&mut Config),
    ) -> Self {
        let memory: Arc<Memory> = Arc::default();
        let mut config = Config::load(&ConfigSources::default()).expect("the defaults are good");
        set(&mut config);
        let platform = Platform::new(
            test.db.clone(),
            yiwang_store::Blobs::temporary().expect("a folder can be made"),
            Arc::clone(&clock) as Arc<dyn Clock>,
            Arc::new(config),
        );
        let questions = Questions {
            orgs: Arc::new(Units),
            catalog: Arc::new(areas()),
            audit: Arc::new(Log),
            devices: Arc::clone(&register) as Arc<dyn Devices>,
            history: Arc::clone(&memory) as Arc<dyn History>,
        };
        let opened = crate::open(&platform, questions).await.unwrap();
        Self {
            test,
            clock,
            register,
            service: opened.service,
            memory,
            observer: opened.observer,
        }
    }

    /// The same store in a new process, or on another node.
    pub(crate) async fn again(self) -> Self {
        Self::open(self.test, self.clock, self.register).await
    }

    pub(crate) async fn install(&self, layers: &Value) {
        self.install_pack(&pack("layers", layers)).await;
    }

    pub(crate) async fn install_pack(&self, pack: &PackContent) {
        let findings = self.service.check(pack, &[]);
        assert_eq!(findings, []);
        let by = Actor::system("test");
        let installing = Installing::new(&by, self.now());
        self.service.install(pack, installing).await.unwrap();
        self.service.follow_others(self.now()).await;
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn wait(&self, seconds: i64) -> Timestamp {
        self.clock.advance(jiff::SignedDuration::from_secs(seconds));
        self.now()
    }

    /// A component of a bureau, some thousandths of a degree east of the middle.
    pub(crate) fn component(sequence: u32, east: i32) -> Value {
        json!({ "code": format!("3202810103{sequence:06}"), "org": "slj",
            "geometry": { "type": "Point", "coordinates": [MIDDLE + f64::from(east) / 1e3, 31.91] } })
    }

    pub(crate) async fn draw(&self, layer: &str, feature: Value) -> FeatureView {
        let create = serde_json::from_value(feature).unwrap();
        let (all, now) = (everybody(), self.now());
        let drawn = self.service.create_feature(&all, layer, create, now);
        drawn.await.unwrap()
    }
}

/// A pack of one section.
pub(crate) fn pack(section: &str, entries: &Value) -> PackContent {
    let entries = entries.as_array().into_iter().flatten();
    let entries = entries.map(|value| SectionEntry {
        file: format!("{section}.yaml"),
        line: 1,
        value: value.clone(),
        lines: std::collections::BTreeMap::new(),
    });
    PackContent {
        id: "test".to_owned(),
        version: "1".to_owned(),
        sections: [(section.to_owned(), entries.collect())].into(),
    }
}

/// May do everything to all features.
pub(crate) fn everybody() -> Actor {
    actor(
        &["geo.read", "geo.edit", "sensing.read", "catalog.read"],
        None,
        None,
    )
}

pub(crate) fn actor(actions: &[&str], unit: Option<u128>, area: Option<&str>) -> Actor {
    let unit = unit.map(|unit| OrgScope::Within(Arc::new(HashSet::from([org(unit)]))));
    let actions: HashSet<String> = actions.iter().map(|each| (*each).to_owned()).collect();
    Actor {
        grants: Arc::new(vec![Grant {
            role: "test".to_owned(),
            actions: Arc::new(actions),
            org: unit.unwrap_or(OrgScope::All),
            area: area.map(AreaCode::from),
            secrecy_max: 1,
            purpose: None,
            expires_at: None,
        }]),
        system: false,
        ..Actor::system("somebody")
    }
}
