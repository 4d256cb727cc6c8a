//! A city with screens, for tests.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use futures::future::BoxFuture;
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};
use yiwang_contracts::*;
use yiwang_kernel::{Clock, Fault, ManualClock, Timestamp};
use yiwang_runtime::{Config, ConfigSources, Platform};
use yiwang_testkit::TestDb;

use crate::ScreensService;
use crate::service::{DraftView, KeepDraft, PublishScreen, RestoreScreen, ScreenView};

/// The domain over a store.
pub(crate) struct Ground {
    pub(crate) test: TestDb,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) service: Arc<ScreensService>,
    pub(crate) audit: Arc<Log>,
}

/// What was recorded.
#[derive(Default)]
pub(crate) struct Log(pub(crate) Mutex<Vec<AuditEntry>>);

impl Audit for Log {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), Box<dyn Fault>>> {
        self.0.lock().unwrap().push(entry);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// On every database: no screen.
pub(crate) async fn grounds() -> Vec<Ground> {
    let databases = yiwang_testkit::databases(&[crate::migrations()]).await;
    databases.into_iter().map(Ground::open).collect()
}

/// A screen of one widget.
pub(crate) fn small(code: &str) -> Value {
    json!({
        "code": code,
        "title": { "zh": "总览" },
        "right": "vitals.read",
        "layouts": { "16:9": { "columns": [1], "areas": ["a"] } },
        "widgets": [{ "area": "a", "kind": "clock" }],
    })
}

/// The same with another title.
pub(crate) fn titled(code: &str, title: &str) -> Value {
    let mut screen = small(code);
    screen["title"]["zh"] = title.into();
    screen
}

/// A pack of entries of some sections, each written on a line of its own.
pub(crate) fn pack(id: &str, sections: &[(&str, Vec<Value>)]) -> PackContent {
    let sections = sections.iter().map(|(name, values)| {
        let entries = values.iter().zip(1..).map(|(value, line)| SectionEntry {
            file: format!("{name}.yaml"),
            line,
            value: value.clone(),
            lines: BTreeMap::new(),
        });
        ((*name).to_owned(), entries.collect())
    });
    PackContent {
        id: id.to_owned(),
        version: "1".to_owned(),
        sections: sections.collect(),
    }
}

/// The entries of a YAML file of the repository.
pub(crate) fn entries(path: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path);
    let text = std::fs::read_to_string(path).unwrap();
    match value(&Yaml::load_from_str(&text).unwrap()[0]) {
        Value::Array(entries) => entries,
        one => vec![one],
    }
}

fn value(node: &Yaml<'_>) -> Value {
    match node {
        Yaml::Value(Scalar::Boolean(flag)) => (*flag).into(),
        Yaml::Value(Scalar::Integer(number)) => (*number).into(),
        Yaml::Value(Scalar::FloatingPoint(number)) => (**number).into(),
        Yaml::Value(Scalar::String(text)) => text.as_ref().into(),
        Yaml::Sequence(items) => items.iter().map(value).collect(),
        Yaml::Mapping(fields) => {
            let field = |(key, item): (&Yaml<'_>, &Yaml<'_>)| {
                (key.as_str().unwrap().to_owned(), value(item))
            };
            Value::Object(fields.iter().map(field).collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}

pub(crate) fn actor(actions: &[&str]) -> Actor {
    let actions: HashSet<String> = actions.iter().map(|each| (*each).to_owned()).collect();
    Actor {
        grants: Arc::new(vec![Grant {
            role: "test".to_owned(),
            actions: Arc::new(actions),
            org: OrgScope::All,
            area: None,
            secrecy_max: 1,
            purpose: None,
            expires_at: None,
        }]),
        system: false,
        ..Actor::system("somebody")
    }
}

pub(crate) fn viewer() -> &'static Actor {
    static VIEWER: LazyLock<Actor> = LazyLock::new(|| actor(&["screens.read", "vitals.read"]));
    &VIEWER
}

pub(crate) fn editor() -> &'static Actor {
    static EDITOR: LazyLock<Actor> =
        LazyLock::new(|| actor(&["screens.read", "screens.edit", "vitals.read"]));
    &EDITOR
}

impl Ground {
    fn open(test: TestDb) -> Self {
        let clock = yiwang_testkit::clock();
        let config = Config::load(&ConfigSources::default()).expect("the defaults are good");
        let platform = Platform::new(
            test.db.clone(),
            yiwang_store::Blobs::temporary().expect("a folder can be made"),
            Arc::clone(&clock) as Arc<dyn Clock>,
            Arc::new(config),
        );
        let audit: Arc<Log> = Arc::default();
        platform.audit.connect(Arc::clone(&audit) as Arc<dyn Audit>);
        let service = crate::open(&platform).service;
        Self {
            test,
            clock,
            service,
            audit,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) async fn try_install(
        &self,
        id: &str,
        screens: Vec<Value>,
    ) -> Result<(), Box<dyn Fault>> {
        let pack = pack(id, &[("screens", screens)]);
        assert_eq!(self.service.check(&pack, &[]), []);
        let by = Actor::system("start");
        self.service
            .install(&pack, Installing::new(&by, self.now()))
            .await
    }

    pub(crate) async fn install(&self, id: &str, screens: Vec<Value>) {
        self.try_install(id, screens).await.unwrap();
    }

    pub(crate) async fn keep(
        &self,
        code: &str,
        screen: Value,
        based_on: Option<i64>,
        revision: Option<i64>,
    ) -> Result<DraftView, crate::ScreensError> {
        let keep = KeepDraft {
            screen,
            based_on,
            revision,
        };
        self.service
            .keep_draft(editor(), code, keep, self.now())
            .await
    }

    pub(crate) async fn publish(
        &self,
        code: &str,
        revision: i64,
    ) -> Result<ScreenView, crate::ScreensError> {
        let publish = PublishScreen {
            revision,
            note: "better so".to_owned(),
        };
        self.service
            .publish(editor(), code, publish, self.now())
            .await
    }

    pub(crate) async fn restore(
        &self,
        code: &str,
        version: i64,
    ) -> Result<ScreenView, crate::ScreensError> {
        let restore = RestoreScreen {
            version,
            note: "as before".to_owned(),
        };
        self.service
            .restore(editor(), code, restore, self.now())
            .await
    }

    pub(crate) async fn shown(&self, code: &str) -> ScreenView {
        let shown = self.service.screen(viewer(), code, None, self.now());
        shown.await.unwrap()
    }

    /// Version and origin of each version, the newest first.
    pub(crate) async fn versions(&self, code: &str) -> Vec<(i64, String)> {
        let versions = self.service.versions(viewer(), code, self.now());
        let versions = versions.await.unwrap().into_iter();
        versions.map(|each| (each.version, each.origin)).collect()
    }

    /// What happened so far, with code and version.
    pub(crate) async fn events(&self) -> Vec<String> {
        let events = self.test.db.events_after(0, 100);
        let told = |event: &Event| {
            let (code, version) = (&event.body["code"], &event.body["version"]);
            format!("{} {} {version}", event.kind, code.as_str().unwrap())
        };
        events.await.unwrap().iter().map(told).collect()
    }
}
