//! The domain as a whole, on both engines.
#![expect(clippy::too_many_lines, reason = "a story is read from top to bottom")]

mod access;
mod administrators;
mod api;
mod demo;
mod lists;
mod matrix;
mod tokens;

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_contracts::{
    Actor, Authenticate as _, Installing, Origin, PackContent, PackTarget as _, SectionEntry,
};
use yiwang_kernel::{Clock as _, Fault as _, ManualClock, Masked, Timestamp};
use yiwang_runtime::{Config, ConfigSources, Platform};
use yiwang_testkit::TestDb;

use crate::settings::HashPolicy;
use crate::*;

/// A small city with an administrator of each duty and a few people.
pub(crate) struct City {
    pub(crate) test: TestDb,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) platform: Platform,
    pub(crate) service: Arc<IdentityService>,
    pub(crate) domain: yiwang_runtime::Domain,
}

pub(crate) const PASSWORD: &str = "Passwort-12";

pub(crate) fn settings() -> IdentitySettings {
    IdentitySettings {
        hash: HashPolicy {
            memory_kib: 64,
            passes: 1,
            lanes: 1,
            at_once_max: 4,
            waiting_max: 100,
        },
        demo: true,
        ..IdentitySettings::default()
    }
}

/// The city on every engine that is there.
pub(crate) async fn cities() -> Vec<City> {
    let mut cities = Vec::new();
    for test in yiwang_testkit::databases(&[migrations()]).await {
        cities.push(City::new(test).await);
    }
    cities
}

impl City {
    pub(crate) async fn new(test: TestDb) -> Self {
        let config =
            Arc::new(Config::load(&ConfigSources::default()).expect("the defaults are good"));
        let clock = yiwang_testkit::clock();
        let platform = Platform::new(
            test.db.clone(),
            yiwang_store::Blobs::temporary().expect("a folder can be made"),
            Arc::clone(&clock) as Arc<dyn yiwang_kernel::Clock>,
            config,
        );
        let opened = open_with(&platform, settings()).await.unwrap();
        let city = Self {
            test,
            clock,
            platform,
            service: opened.service,
            domain: opened.domain,
        };
        city.service
            .install(
                &small_pack(),
                Installing::new(&Actor::system("test"), city.now()),
            )
            .await
            .map_err(|e| e.to_string())
            .unwrap();
        for (username, role) in [
            ("sys", "system_admin"),
            ("sec", "security_admin"),
            ("aud", "audit_admin"),
        ] {
            let new = NewAdministrator {
                username: username.into(),
                name: username.into(),
                password: Masked::new(PASSWORD),
                role: role.into(),
            };
            city.service
                .create_administrator(new, city.now())
                .await
                .unwrap();
        }
        city
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    pub(crate) fn org(&self, code: &str) -> yiwang_contracts::OrgId {
        self.service
            .tree()
            .unit_by_code(code)
            .expect("the unit is in the pack")
            .brief
            .id
    }

    pub(crate) async fn sign_in(&self, username: &str) -> SignedIn {
        self.try_sign_in(username, PASSWORD).await.unwrap()
    }

    pub(crate) async fn try_sign_in(
        &self,
        username: &str,
        password: &str,
    ) -> Result<SignedIn, IdentityError> {
        self.service
            .sign_in(
                username,
                Masked::new(password),
                Origin::default(),
                self.now(),
            )
            .await
    }

    pub(crate) async fn who(&self, token: &str) -> Option<Actor> {
        self.service
            .authenticate(token, Origin::default(), self.now())
            .await
    }

    pub(crate) async fn actor(&self, username: &str) -> Actor {
        let token = self.sign_in(username).await.token;
        self.who(&token).await.unwrap()
    }

    /// A person with one post and, if given, one grant over that unit.
    pub(crate) async fn person(&self, username: &str, org: &str, role: Option<&str>) -> UserView {
        let create = CreateUser {
            username: username.into(),
            name: format!("人{username}"),
            phone: Some(Masked::new("10000001234")),
            kind: UserKind::Person,
            password: Some(Masked::new(PASSWORD)),
            must_change_password: false,
            posts: vec![Post {
                org_id: self.org(org),
                title: "科员".into(),
                primary: true,
            }],
        };
        let host = Actor::system("test");
        let user = self
            .service
            .create_user(&host, create, self.now())
            .await
            .unwrap();
        if let Some(role) = role {
            let grant = CreateGrant {
                user_id: user.id,
                role: role.into(),
                org_id: Some(self.org(org)),
                area: None,
                secrecy_max: 1,
                purpose: None,
                expires_at: None,
            };
            self.service
                .create_grant(&host, grant, self.now())
                .await
                .unwrap();
        }
        user
    }

    /// Actions of the audit log from the newest, with their outcomes.
    pub(crate) async fn audited(&self, count: u32) -> Vec<String> {
        let page = yiwang_kernel::PageRequest {
            limit: Some(count),
            cursor: None,
        };
        let host = Actor::system("test");
        let found = self
            .service
            .audit_log(&host, &AuditFilter::default(), &page, self.now())
            .await
            .unwrap();
        found
            .items
            .into_iter()
            .map(|row| format!("{} {}", row.action, row.outcome))
            .collect()
    }
}

pub(crate) fn code<T>(result: Result<T, IdentityError>) -> &'static str {
    result.err().map_or("", |error| error.code())
}

pub(crate) fn section(entries: &[Value]) -> Vec<SectionEntry> {
    let entry = |(at, value): (usize, &Value)| SectionEntry {
        file: "test.yaml".into(),
        line: at + 1,
        value: value.clone(),
        lines: std::collections::BTreeMap::new(),
    };
    entries.iter().enumerate().map(entry).collect()
}

pub(crate) fn small_pack() -> PackContent {
    let orgs = [
        json!({ "code": "jy", "name": { "zh": "江阴市" }, "kind": "city", "area": "320281" }),
        json!({ "code": "coc", "name": { "zh": "运管中心" }, "kind": "department", "parent": "jy" }),
        json!({ "code": "cgj", "name": { "zh": "城管局" }, "kind": "department", "parent": "jy", "pinyin": "cgj" }),
        json!({ "code": "cgj-zf", "name": { "zh": "执法大队" }, "kind": "department", "parent": "cgj" }),
        json!({ "code": "320281001", "name.zh": "澄江街道", "kind": "town", "parent": "jy", "area": "320281001" }),
        json!({ "code": "320281001003", "name": { "zh": "环城社区" }, "kind": "village", "parent": "320281001",
            "area": "320281001003" }),
        json!({ "code": "320281001003001", "name": { "zh": "环城01网格" }, "kind": "grid", "parent": "320281001003",
            "area": "320281001003001" }),
    ];
    let role = |code: &str, actions: &[&str]| json!({ "code": code, "name": { "zh": code }, "actions": actions });
    let roles = [
        role(
            "handler",
            &[
                "session.own",
                "incident.read",
                "incident.handle",
                "org.read",
            ],
        ),
        role(
            "dispatcher",
            &[
                "session.own",
                "incident.read",
                "incident.dispatch",
                "org.read",
            ],
        ),
        role(
            "integrator",
            &[
                "session.own",
                "incident.read",
                "incident.create",
                "counters.read",
            ],
        ),
        role(
            "system_admin",
            &["org.read", "user.read", "user.edit", "pack.install"],
        ),
        role(
            "security_admin",
            &["org.read", "user.read", "grant.edit", "token.edit"],
        ),
        role("audit_admin", &["org.read", "user.read", "audit.read"]),
    ];
    let mut pack = PackContent {
        id: "core".into(),
        version: "1".into(),
        ..PackContent::default()
    };
    pack.sections.insert("orgs".into(), section(&orgs));
    pack.sections.insert("roles".into(), section(&roles));
    pack
}
