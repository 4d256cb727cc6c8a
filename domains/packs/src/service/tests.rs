use std::sync::Mutex as StdMutex;

use futures::future::BoxFuture;
use serde_json::Value;
use yiwang_contracts::{Diagnostic, Installing, PackContent};
use yiwang_kernel::{Fault, OtherFault};
use yiwang_runtime::Config;
use yiwang_testkit::{TestDb, clock, databases, postgres, postgres_server};

use super::*;
use crate::migration::migrations;

/// Remembers what was installed through it.
#[derive(Default)]
struct Words {
    installed: StdMutex<Vec<String>>,
}

impl PackTarget for Words {
    fn sections(&self) -> Vec<(&'static str, Value)> {
        vec![("words", json!({"type": "object", "required": ["code"]}))]
    }

    fn check(&self, _pack: &PackContent, _under: &[&PackContent]) -> Vec<Diagnostic> {
        Vec::new()
    }

    fn rehearse<'a>(
        &'a self,
        change: &'a PackChange<'a>,
        by: Installing<'a>,
    ) -> BoxFuture<'a, Result<Value, Box<dyn Fault>>> {
        let entries = |packs: &[&PackContent]| -> usize {
            packs.iter().map(|pack| pack.sections["words"].len()).sum()
        };
        let lost = entries(&change.before).saturating_sub(entries(&change.after));
        let answer = match (lost, by.accepted) {
            (0, _) => Ok(Value::Null),
            (lost, Some(_)) => Ok(json!({ "lost": lost })),
            _ => Err(OtherFault::new(FaultKind::Refused, "words.lost", "words are lost").into()),
        };
        Box::pin(std::future::ready(answer))
    }

    fn install<'a>(
        &'a self,
        pack: &'a PackContent,
        _by: Installing<'a>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Fault>>> {
        self.installed
            .lock()
            .unwrap()
            .push(format!("{} {}", pack.id, pack.version));
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Keeps what goes to the audit log.
#[derive(Default)]
struct Log(StdMutex<Vec<String>>);

impl Audit for Log {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), Box<dyn Fault>>> {
        self.0.lock().unwrap().push(format!(
            "{} {} by {}",
            entry.action, entry.object, entry.user_name
        ));
        if let Some(reason) = entry.detail.get("accepted") {
            let opened = &entry.detail["opened"];
            self.0.lock().unwrap().push(format!("{reason} {opened}"));
        }
        if entry.outcome == AuditOutcome::Refused {
            let code = entry.detail["code"].to_string();
            self.0.lock().unwrap().push(format!("refused {code}"));
        }
        Box::pin(std::future::ready(Ok(())))
    }
}

struct House {
    service: PackService,
    words: Arc<Words>,
    log: Arc<Log>,
    _db: TestDb,
}

async fn houses() -> Vec<House> {
    let databases = databases(&[migrations()]).await;
    databases.into_iter().map(house).collect()
}

fn house(db: TestDb) -> House {
    let (service, words, log) = node(&db);
    House {
        service,
        words,
        log,
        _db: db,
    }
}

/// A node of the city that has this database.
fn node(db: &TestDb) -> (PackService, Arc<Words>, Arc<Log>) {
    let platform = Platform::new(
        db.db.clone(),
        yiwang_store::Blobs::temporary().expect("a folder can be made"),
        clock(),
        Arc::new(Config::defaults()),
    );
    let (words, log) = (Arc::new(Words::default()), Arc::new(Log::default()));
    platform.audit.connect(Arc::clone(&log) as Arc<dyn Audit>);
    let targets: Vec<Arc<dyn PackTarget>> = vec![Arc::clone(&words) as Arc<dyn PackTarget>];
    (
        PackService::new(&platform, targets, Shelf::Shipped),
        words,
        log,
    )
}

#[tokio::test]
async fn of_two_nodes_that_start_at_once_one_installs() {
    let Some(server) = postgres_server() else {
        return;
    };
    let db = postgres(&server, &[migrations()]).await;
    let ((one, first, _), (other, second, _)) = (node(&db), node(&db));
    let packs = [
        pack("ground", "1.0.0", "", "- code: a\n"),
        pack("alone", "1.0.0", "ground", "- code: b\n"),
    ];
    let actor = Actor::system("start");
    let both = tokio::join!(
        one.install(&packs, &actor, None),
        other.install(&packs, &actor, None)
    );
    let (one, other) = (both.0.unwrap(), both.1.unwrap());
    let fresh =
        |outcomes: &[Installation]| outcomes.iter().filter(|outcome| outcome.is_changed).count();
    assert_eq!(fresh(&one) + fresh(&other), 2);
    let mut installed = first.installed.lock().unwrap().clone();
    installed.extend(second.installed.lock().unwrap().clone());
    assert_eq!(installed, ["ground 1.0.0", "alone 1.0.0"]);
}

fn pack(id: &str, version: &str, requires: &str, words: &str) -> PackFiles {
    let manifest = format!(
        "id: {id}\nversion: {version}\ntitle: {{ zh: 包, en: Pack }}\nrequires: [{requires}]\n"
    );
    PackFiles::new(
        id,
        [("pack.yaml", manifest.as_str()), ("words.yaml", words)],
    )
}

fn changed(outcomes: &[Installation]) -> Vec<(&str, bool)> {
    outcomes
        .iter()
        .map(|outcome| (outcome.id.as_str(), outcome.is_changed))
        .collect()
}

#[tokio::test]
async fn packs_are_installed_in_order_and_once() {
    for house in houses().await {
        let actor = Actor::system("setup");
        let packs = [
            pack("alone", "1.0.0", "ground", "- code: b\n"),
            pack("ground", "1.0.0", "", "- code: a\n"),
        ];
        let outcomes = house.service.install(&packs, &actor, None).await.unwrap();
        assert_eq!(changed(&outcomes), [("ground", true), ("alone", true)]);
        assert_eq!(
            changed(&house.service.install(&packs, &actor, None).await.unwrap()),
            [("alone", false), ("ground", false)]
        );
        assert_eq!(
            *house.words.installed.lock().unwrap(),
            ["ground 1.0.0", "alone 1.0.0"]
        );
        assert_eq!(
            *house.log.0.lock().unwrap(),
            [
                "pack.install pack:ground by setup",
                "pack.install pack:alone by setup"
            ]
        );
        let detail = house.service.detail("alone").await.unwrap();
        assert_eq!(detail.sections, BTreeMap::from([("words".to_owned(), 1)]));
        assert_eq!(
            (detail.pack.version.as_str(), detail.pack.requires),
            ("1.0.0", vec!["ground".to_owned()])
        );
        assert_eq!(detail.pack.installed_at, house.service.clock.now());
    }
}

#[tokio::test]
async fn a_new_version_is_compared_and_takes_the_old_ones_place() {
    for house in houses().await {
        let actor = Actor::system("setup");
        house
            .service
            .install(
                &[pack("ground", "1.0.0", "", "- code: a\n- code: b\n")],
                &actor,
                None,
            )
            .await
            .unwrap();
        let next = pack("ground", "1.1.0", "", "- { code: a, n: 1 }\n- code: c\n");
        let diff = house.service.diff(&next).await.unwrap();
        insta::allow_duplicates! {
            insta::assert_snapshot!(diff, @r"
            ground: 1.0.0 -> 1.1.0
            words: 1 added, 1 changed, 1 removed, 0 unchanged
              + c
              - b
              ~ a
                  n: null -> 1
            ");
        }
        house
            .service
            .install(std::slice::from_ref(&next), &actor, None)
            .await
            .unwrap();
        assert!(house.service.diff(&next).await.unwrap().is_empty());
        assert_eq!(house.service.installed().await.unwrap().len(), 1);
        let older = house
            .service
            .install(&[pack("ground", "1.0.0", "", "- code: a\n")], &actor, None)
            .await
            .unwrap_err();
        assert_eq!(older.code(), "pack.older");
        // A program that brings an older one starts all the same, with what else it brings.
        let shelf = [
            pack("ground", "1.0.0", "", "- code: a\n"),
            pack("other", "1.0.0", "ground", "- code: e\n"),
        ];
        let started = house.service.install_unless_newer(&shelf, &actor).await;
        let ids: Vec<String> = started.unwrap().into_iter().map(|pack| pack.id).collect();
        assert_eq!(ids, ["other"]);
        let kept = house.service.installed().await.unwrap();
        let kept = kept.iter().find(|pack| pack.id == "ground");
        assert_eq!(kept.map(|pack| pack.version.as_str()), Some("1.1.0"));
        // A pack that stands on the installed one is checked against it.
        let top = pack("alone", "1.0.0", "ground", "- code: d\n");
        assert!(
            house
                .service
                .check(&[top])
                .await
                .unwrap()
                .iter()
                .all(|loaded| !loaded.has_errors())
        );
    }
}

#[tokio::test]
async fn with_one_error_nothing_is_installed() {
    for house in houses().await {
        let actor = Actor::system("setup");
        let packs = [
            pack("ground", "1.0.0", "", "- code: a\n"),
            pack("alone", "1.0.0", "ground, none", "- n: b\n"),
        ];
        let refused = house
            .service
            .install(&packs, &actor, None)
            .await
            .unwrap_err();
        assert_eq!(refused.code(), "pack.faulty");
        assert_eq!(refused.data()["count"], 2);
        assert_eq!(house.service.installed().await.unwrap(), []);
        assert!(house.words.installed.lock().unwrap().is_empty());
        assert!(house.log.0.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn what_a_domain_refuses_is_installed_only_when_it_is_taken_on_the_record() {
    for house in houses().await {
        let actor = Actor::system("setup");
        let first = pack("ground", "1.0.0", "", "- code: a\n- code: b\n");
        house.service.install(&[first], &actor, None).await.unwrap();
        let next = [pack("ground", "1.1.0", "", "- code: a\n")];
        let refused = house.service.install(&next, &actor, None).await;
        assert_eq!(refused.unwrap_err().code(), "words.lost");
        assert_eq!(
            house.service.detail("ground").await.unwrap().pack.version,
            "1.0.0"
        );
        let taken = Some("agreed");
        house.service.install(&next, &actor, taken).await.unwrap();
        assert_eq!(
            *house.words.installed.lock().unwrap(),
            ["ground 1.0.0", "ground 1.1.0"]
        );
        assert_eq!(
            *house.log.0.lock().unwrap(),
            [
                "pack.install pack:ground by setup",
                "pack.install pack:ground by setup",
                "refused \"words.lost\"",
                "pack.install pack:ground by setup",
                "\"agreed\" [{\"lost\":1}]",
            ]
        );
    }
}
