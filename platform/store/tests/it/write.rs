//! Writes: savepoints, groups, refusals, panics.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{ConnectionTrait, DbErr};
use yiwang_contracts::{EventScope, NewEvent};
use yiwang_kernel::{Clock, Fault, SystemClock, new_uuid};
use yiwang_store::{Db, DomainMigrations, Migration, StoreError, Tx};
use yiwang_testkit::databases;

use crate::MIGRATIONS;

pub(crate) async fn insert(tx: &Tx, text: &str) -> Result<(), DbErr> {
    let insert = Query::insert()
        .into_table(Alias::new("note"))
        .columns(["id", "text"].map(Alias::new))
        .values_panic([new_uuid(SystemClock.now()).into(), text.into()])
        .take();
    tx.execute(&insert).await.map(|_| ())
}

pub(crate) async fn texts(db: &Db) -> Vec<String> {
    let select = Query::select()
        .column(Alias::new("text"))
        .from(Alias::new("note"))
        .take();
    let rows = db.read().query_all(&select).await.unwrap();
    let mut texts: Vec<String> = rows
        .iter()
        .map(|row| row.try_get("", "text").unwrap())
        .collect();
    texts.sort();
    texts
}

fn event(kind: &str) -> NewEvent {
    let now = SystemClock.now();
    NewEvent {
        kind: kind.into(),
        subject_id: new_uuid(now),
        at: now,
        scope: EventScope {
            action: "note.read".into(),
            orgs: vec![],
            area: Some("320281".into()),
            secrecy: 2,
        },
        body: serde_json::json!({ "n": 1 }),
    }
}

#[tokio::test]
async fn a_failed_write_takes_back_only_itself() {
    for test in databases(&MIGRATIONS).await {
        let db = test.db.clone();
        let writes = (0..40).map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                db.write(move |tx| {
                    Box::pin(async move {
                        insert(tx, &format!("{n:02}")).await?;
                        tx.publish(event("note.written"));
                        if n % 4 == 3 {
                            Err(StoreError::Unsupported("every fourth is refused"))
                        } else {
                            Ok(n)
                        }
                    })
                })
                .await
            })
        });
        let outcomes = futures::future::join_all(writes).await;
        assert_eq!(
            outcomes
                .iter()
                .filter(|outcome| outcome.as_ref().unwrap().is_ok())
                .count(),
            30,
            "{}",
            test.name
        );
        assert_eq!(texts(&db).await.len(), 30, "{}", test.name);
        assert_eq!(
            db.events_after(0, 100).await.unwrap().len(),
            30,
            "{}",
            test.name
        );
    }
}

#[tokio::test]
async fn a_panic_harms_nobody_else() {
    let test = yiwang_testkit::sqlite(&MIGRATIONS).await;
    let db = &test.db;
    let bad = db.write::<(), StoreError, _>(|tx| {
        Box::pin(async move {
            insert(tx, "panicked").await?;
            panic!("on purpose")
        })
    });
    let good = db.write::<(), StoreError, _>(|tx| {
        Box::pin(async move {
            insert(tx, "good").await?;
            Ok(())
        })
    });
    let (bad, good) = tokio::join!(bad, good);
    assert!(bad.is_err());
    assert!(good.is_ok());
    assert_eq!(texts(db).await, ["good"]);
}

/// How often what a write left to be undone was undone, by how the write ended.
async fn undone(db: &Db, ending: &'static str) -> usize {
    let undone = Arc::new(AtomicUsize::new(0));
    let counter = undone.clone();
    let outcome = db
        .write::<(), StoreError, _>(move |tx| {
            Box::pin(async move {
                tx.on_rollback(move || {
                    counter.fetch_add(1, Ordering::SeqCst);
                });
                match ending {
                    "kept" => Ok(()),
                    "refused" => Err(StoreError::Unsupported("refused")),
                    _ => std::panic::resume_unwind(Box::new("on purpose")),
                }
            })
        })
        .await;
    assert_eq!(outcome.is_ok(), ending == "kept");
    undone.load(Ordering::SeqCst)
}

#[tokio::test]
async fn what_is_taken_back_is_undone_in_memory_too() {
    let test = yiwang_testkit::sqlite(&MIGRATIONS).await;
    for (ending, times) in [("kept", 0), ("refused", 1), ("panicked", 1)] {
        assert_eq!(undone(&test.db, ending).await, times, "alone, {ending}");
    }
    // Several in one group: each stands or falls by itself.
    let endings = ["kept", "refused", "panicked", "kept", "refused"];
    let together = endings.map(|ending| undone(&test.db, ending));
    assert_eq!(futures::future::join_all(together).await, [0, 1, 1, 0, 1]);
}

#[tokio::test]
async fn a_taken_key_is_a_duplicate() {
    for test in databases(&MIGRATIONS).await {
        let write = |text: &'static str| {
            test.db.write::<(), StoreError, _>(move |tx| {
                Box::pin(async move {
                    insert(tx, text).await?;
                    Ok(())
                })
            })
        };
        write("one").await.unwrap();
        let error = write("one").await.unwrap_err();
        assert_eq!(error.code(), "store.duplicate", "{}", test.name);
        write("two").await.unwrap();
    }
}

#[tokio::test]
async fn readers_cannot_write() {
    let test = yiwang_testkit::sqlite(&MIGRATIONS).await;
    assert!(
        test.db
            .read()
            .execute_unprepared("DELETE FROM note")
            .await
            .is_err()
    );
}

#[tokio::test]
async fn migrations_go_forward_once_and_a_newer_database_is_refused() {
    for test in databases(&MIGRATIONS).await {
        assert_eq!(
            test.db.migrate(&MIGRATIONS).await.unwrap(),
            Vec::<String>::new(),
            "{}",
            test.name
        );
        let older = [DomainMigrations {
            domain: "note",
            steps: &[],
        }];
        assert_eq!(
            test.db.migrate(&older).await.unwrap_err().code(),
            "store.newer"
        );
        let failing = [DomainMigrations {
            domain: "other",
            steps: &[Migration {
                version: 1,
                name: "half",
                up: |_| {
                    vec![
                        "CREATE TABLE half (a INTEGER)".into(),
                        "CREATE NONSENSE".into(),
                    ]
                },
            }],
        }];
        assert_eq!(
            test.db.migrate(&failing).await.unwrap_err().code(),
            "store.migration_failed"
        );
        let left = Query::select()
            .expr(Expr::cust("1"))
            .from(Alias::new("half"))
            .take();
        assert!(
            test.db.read().query_one(&left).await.is_err(),
            "{}: half a migration stayed",
            test.name
        );
    }
}

#[tokio::test]
async fn append_only_tables_refuse_change() {
    let steps = &[Migration {
        version: 1,
        name: "log",
        up: |backend| {
            let mut sql = vec!["CREATE TABLE log (n INTEGER NOT NULL)".to_owned()];
            sql.extend(backend.append_only("log"));
            sql
        },
    }];
    for test in databases(&[DomainMigrations {
        domain: "log",
        steps,
    }])
    .await
    {
        let run = |sql: &'static str| {
            test.db.write::<(), StoreError, _>(move |tx| {
                Box::pin(async move {
                    tx.execute_unprepared(sql).await?;
                    Ok(())
                })
            })
        };
        run("INSERT INTO log (n) VALUES (1)").await.unwrap();
        assert!(run("UPDATE log SET n = 2").await.is_err(), "{}", test.name);
        assert!(run("DELETE FROM log").await.is_err(), "{}", test.name);
    }
}

#[tokio::test]
async fn a_copy_of_the_running_store_is_whole() {
    let test = yiwang_testkit::sqlite(&MIGRATIONS).await;
    test.db
        .write::<(), StoreError, _>(|tx| {
            Box::pin(async move {
                insert(tx, "kept").await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.db");
    test.db.backup(&path).await.unwrap();
    let copy = Db::open(&yiwang_store::StoreOptions::sqlite(&path))
        .await
        .unwrap();
    assert_eq!(texts(&copy).await, ["kept"]);
    assert_eq!(copy.check_integrity().await.unwrap(), Vec::<String>::new());
    assert!(copy.size_bytes().await.unwrap() > 0);
    copy.check_writable().await.unwrap();
}
