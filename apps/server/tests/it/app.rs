//! A city in a test: its own store, its own clock, no port.
//!
//! The packs and the demo people are put in once; every test starts from a copy. When it is dropped, a
//! city with unhandled events or parked messages fails its test.

mod answer;
mod case;
mod client;
mod seed;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::Value;
use tempfile::TempDir;
use yiwang_contracts::{OrgBrief, Organisations as _};
use yiwang_kernel::{Clock as _, ManualClock, Timestamp};
use yiwang_runtime::{Config, ConfigSources, Platform};
use yiwang_server::city::{self, City};
use yiwang_store::{Blobs, Db, StoreOptions};
use yiwang_testkit::TestDb;

pub(crate) use answer::Answer;
pub(crate) use case::{Case, ITEM, TOWN};
pub(crate) use client::{Client, query};

/// The key of the Open311 clients, and the secret that the webhook channel signs with.
pub(crate) const OPEN311_KEY: &str = "yiwang-demo";
pub(crate) const WEBHOOK_SECRET: &str = "a secret that nobody guesses";

/// The accounts that the demo lists.
pub(crate) const ACCOUNTS: [&str; 13] = [
    "intake",
    "dispatcher",
    "handler",
    "verifier",
    "duty",
    "analyst",
    "supervisor",
    "leader",
    "grid",
    "integrator",
    "admin.system",
    "admin.security",
    "admin.audit",
];

/// Subscriptions that follow every case: a test that looks at what they do settles, others need not wait for them.
const FOLLOWERS: [&str; 5] = [
    "lake",
    "alerting.cases",
    "alerting.incidents",
    "vitals.alarms",
    "vitals.cases",
];

/// On which engine a test runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// SQLite, and PostgreSQL when the environment names a server.
    pub(crate) fn all() -> Vec<Self> {
        let mut engines = vec![Self::Sqlite];
        engines.extend(yiwang_testkit::postgres_server().map(|_server| Self::Postgres));
        engines
    }
}

/// What holds the store's place while the city is there.
enum Place {
    Folder(TempDir),
    Server(TestDb),
}

pub(crate) struct TestApp {
    pub(crate) city: City,
    clock: Arc<ManualClock>,
    pub(crate) blobs: Blobs,
    tokens: BTreeMap<String, String>,
    place: Place,
    url: String,
    expects_unrest: bool,
    _lake: TempDir,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With settings of its own, by name.
    pub(crate) async fn start_with(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let file = folder.path().join("yiwang.db");
        let tokens = seed::copy_to(&file).await;
        let options = options(&format!("sqlite:{}", file.display()));
        let db = Db::open(&options).await.expect("the copied store opens");
        Self::over(db, options.url, Place::Folder(folder), tokens, settings).await
    }

    /// On the given engine; PostgreSQL is filled anew each time.
    pub(crate) async fn start_on(engine: Engine) -> Self {
        if engine == Engine::Sqlite {
            return Self::start().await;
        }
        let server = yiwang_testkit::postgres_server().expect("the engine was offered");
        let place = yiwang_testkit::postgres(&server, &city::migrations()).await;
        let (db, url) = (
            place.db.clone(),
            place.url.clone().expect("a server has an address"),
        );
        let mut app = Self::over(db, url, Place::Server(place), BTreeMap::new(), &[]).await;
        app.tokens = seed::fill(&app.city).await;
        app
    }

    async fn over(
        db: Db,
        url: String,
        place: Place,
        tokens: BTreeMap<String, String>,
        settings: &[(&str, &str)],
    ) -> Self {
        let clock = yiwang_testkit::clock();
        let blobs = Blobs::temporary().expect("a folder can be made");
        let platform = Platform::new(db, blobs.clone(), clock.clone(), Arc::new(config(settings)));
        let lake = tempfile::tempdir().expect("a folder can be made");
        let city = Box::pin(city::open(platform, lake.path()))
            .await
            .expect("the city opens");
        city.node
            .open()
            .await
            .expect("subscriptions are registered");
        Self {
            city,
            clock,
            blobs,
            tokens,
            place,
            url,
            expects_unrest: false,
            _lake: lake,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Moves the clock; nothing runs until [`Self::settle`].
    pub(crate) fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// Runs what is due until everything has come to rest.
    pub(crate) async fn settle(&self) {
        self.city
            .node
            .settle()
            .await
            .expect("the city comes to rest");
    }

    /// Moves the clock and lets everything that is due by then happen.
    pub(crate) async fn pass(&self, by: SignedDuration) {
        self.advance(by);
        self.settle().await;
    }

    /// Unhandled events are what this test is about.
    pub(crate) fn expect_unrest(&mut self) {
        self.expects_unrest = true;
    }

    /// Nobody in particular.
    pub(crate) fn anybody(&self) -> Client {
        Client::anonymous(self.city.app.clone())
    }

    /// A demo account that is signed in.
    pub(crate) fn client(&self, account: &str) -> Client {
        let token = self.tokens.get(account);
        self.anybody()
            .with_token(token.unwrap_or_else(|| panic!("no account {account}")))
    }

    /// Another account, signed in now.
    pub(crate) async fn sign_in(&self, username: &str, password: &str) -> Client {
        let body = serde_json::json!({"username": username, "password": password});
        let session = self.anybody().post("/api/v1/sessions", body).await.ok();
        self.anybody()
            .with_token(session["token"].as_str().unwrap())
    }

    /// The unit with this code.
    pub(crate) fn org(&self, code: &str) -> OrgBrief {
        let found = self.city.identity.by_code(&[code]).pop().flatten();
        found.unwrap_or_else(|| panic!("no unit {code}"))
    }

    pub(crate) fn org_id(&self, code: &str) -> Value {
        serde_json::json!(self.org(code).id)
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if std::thread::panicking() || self.expects_unrest {
            return;
        }
        let options = options(&self.url);
        // The test's own runtime may be ending, so the look is taken from another one.
        let look = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let db = Db::open(&options).await.unwrap();
                (
                    db.subscriptions().await.unwrap(),
                    db.parked().await.unwrap(),
                )
            })
        });
        let (subscriptions, parked) = look.join().expect("the store can be looked at");
        let looked_at = |name: &str| !FOLLOWERS.contains(&name);
        for one in subscriptions.into_iter().filter(|one| looked_at(&one.name)) {
            assert_eq!(
                one.behind, 0,
                "{} events are not handled by {}",
                one.behind, one.name
            );
        }
        assert!(parked.is_empty(), "parked: {parked:?}");
        match &self.place {
            Place::Folder(folder) => tracing::trace!(folder = %folder.path().display(), "gone"),
            Place::Server(server) => tracing::trace!(engine = server.name, "gone"),
        }
    }
}

/// How tests open a store: what a power cut would lose is of no interest.
fn options(url: &str) -> StoreOptions {
    let mut options = StoreOptions::new(url);
    options.synchronous = false;
    options.readers = 2;
    options.connections = 6;
    options.cache_kib = 8_192;
    options
}

/// The demo's settings without what would stand in a test's way.
fn config(settings: &[(&str, &str)]) -> Config {
    let webhook =
        format!(r#"[{{ channel = "town", secret = "{WEBHOOK_SECRET}", source = "hotline" }}]"#);
    let keys = format!(r#"[{{ key = "{OPEN311_KEY}", name = "demo" }}]"#);
    let mut sources = ConfigSources::default()
        .with_flag("demo.enabled", "true")
        .with_flag("log.level", "warn")
        .with_flag("open311.keys", keys)
        .with_flag("intake.webhooks", webhook);
    for limit in ["token", "address", "sign_in", "public"] {
        sources = sources.with_flag(&format!("server.rate_limits.{limit}.per_second"), "0");
    }
    for (name, value) in settings {
        sources = sources.with_flag(name, *value);
    }
    let mut config = Config::load(&sources).unwrap_or_else(|faults| panic!("{faults}"));
    if settings
        .iter()
        .all(|(name, _)| !name.starts_with("session."))
    {
        // Tests that let months pass are not about sessions.
        config.session.idle_minutes = 60 * 24 * 400;
        config.session.absolute_hours = 24 * 400;
    }
    config
}
