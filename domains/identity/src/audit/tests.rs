#![expect(clippy::too_many_lines, reason = "a table is read from top to bottom")]

use sea_orm::{ConnectionTrait, Statement, Value as SqlValue};
use serde_json::json;
use yiwang_contracts::{AuditEntry, Origin, UserId};
use yiwang_kernel::{PageRequest, Timestamp, Uuid};
use yiwang_store::{Backend, Db, StoreError, Tx};
use yiwang_testkit::databases;

use super::*;

fn entry(number: u32) -> AuditEntry {
    let now: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    AuditEntry {
        at: now + jiff::SignedDuration::from_secs(i64::from(number)),
        user_id: (!number.is_multiple_of(3)).then(|| UserId(Uuid::from_u128(u128::from(number)))),
        user_name: format!("张三{number}"),
        origin: Origin {
            ip: (number.is_multiple_of(2)).then(|| "10.0.0.1".to_owned()),
            device: None,
        },
        action: if number.is_multiple_of(2) {
            "session.open"
        } else {
            "grant.create"
        }
        .to_owned(),
        object: format!("user:{number}"),
        outcome: if number.is_multiple_of(5) {
            AuditOutcome::Refused
        } else {
            AuditOutcome::Done
        },
        detail: json!({ "number": number, "words": "100%_\\'\"" }),
    }
}

async fn filled(db: &Db, rows: u32) -> AuditWriter {
    let writer = AuditWriter::start(db);
    for number in 1..=rows {
        writer.append(entry(number)).await.unwrap();
    }
    writer
}

#[tokio::test]
async fn entries_of_many_callers_make_one_chain() {
    for test in databases(&[crate::migrations()]).await {
        let writer = AuditWriter::start(&test.db);
        let jobs = (1..=300).map(|number| {
            let writer = writer.clone();
            async move { writer.append(entry(number)).await }
        });
        for outcome in futures::future::join_all(jobs).await {
            outcome.unwrap();
        }
        let verified = verify(test.db.read()).await.unwrap();
        assert_eq!(verified.rows, 300, "{}", test.name);
        assert_eq!(verified.head.len(), 64);
    }
}

#[tokio::test]
async fn an_empty_log_is_whole() {
    for test in databases(&[crate::migrations()]).await {
        assert_eq!(verify(test.db.read()).await.unwrap().rows, 0);
    }
}

#[tokio::test]
async fn the_database_refuses_changes() {
    for test in databases(&[crate::migrations()]).await {
        filled(&test.db, 3).await;
        for sql in [
            "UPDATE identity_audit SET user_name = 'x' WHERE seq = 2",
            "DELETE FROM identity_audit WHERE seq = 3",
        ] {
            let refused = test
                .db
                .write(move |tx| {
                    Box::pin(async move {
                        tx.execute_unprepared(sql).await?;
                        Ok::<_, StoreError>(())
                    })
                })
                .await;
            assert!(
                refused.unwrap_err_text().contains("append-only"),
                "{}: {sql}",
                test.name
            );
        }
        assert_eq!(verify(test.db.read()).await.unwrap().rows, 3);
    }
}

trait ErrText {
    fn unwrap_err_text(self) -> String;
}

impl ErrText for Result<(), StoreError> {
    fn unwrap_err_text(self) -> String {
        format!("{:?}", self.expect_err("it must be refused"))
    }
}

/// Runs SQL on a copy that nobody keeps and says where the chain breaks.
async fn broken_by(db: &Db, sql: Vec<(String, Vec<SqlValue>)>) -> Option<FirstBroken> {
    let backend = db.backend();
    let found = std::sync::Arc::new(std::sync::Mutex::new(None));
    let slot = std::sync::Arc::clone(&found);
    let rolled_back = db
        .write(move |tx| {
            Box::pin(async move {
                disarm(tx, backend).await?;
                for (text, values) in sql {
                    tx.execute_raw(Statement::from_sql_and_values(backend.db(), text, values))
                        .await?;
                }
                *slot.lock().unwrap() = match verify(tx).await {
                    Ok(_) => None,
                    Err(VerifyFault::Broken(broken)) => Some(broken),
                    Err(VerifyFault::Store(error)) => return Err(error),
                };
                Err::<(), _>(StoreError::Unsupported("rolled back on purpose"))
            })
        })
        .await;
    assert!(
        matches!(rolled_back, Err(StoreError::Unsupported(_))),
        "{rolled_back:?}"
    );
    found.lock().unwrap().take()
}

async fn disarm(tx: &Tx, backend: Backend) -> Result<(), StoreError> {
    let drops: &[&str] = match backend {
        Backend::Sqlite => &[
            "DROP TRIGGER identity_audit_no_update",
            "DROP TRIGGER identity_audit_no_delete",
        ],
        Backend::Postgres => &["DROP TRIGGER identity_audit_append_only ON identity_audit"],
    };
    for drop in drops {
        tx.execute_unprepared(drop).await?;
    }
    Ok(())
}

fn plain(sql: &str) -> Vec<(String, Vec<SqlValue>)> {
    vec![(sql.to_owned(), Vec::new())]
}

#[tokio::test]
async fn rows_taken_out_put_in_or_moved_are_named() {
    for test in databases(&[crate::migrations()]).await {
        filled(&test.db, 9).await;
        let copy = "INSERT INTO identity_audit SELECT 10, at, user_id, user_name, ip, device, action, object, outcome, \
                    detail, digest FROM identity_audit WHERE seq = 9";
        let table = [
            ("DELETE FROM identity_audit WHERE seq = 4", 4),
            ("DELETE FROM identity_audit WHERE seq = 1", 1),
            ("DELETE FROM identity_audit WHERE seq = 9", 9),
            ("DELETE FROM identity_audit", 1),
            ("UPDATE identity_audit SET seq = 20 WHERE seq = 6", 6),
            (copy, 10),
            ("UPDATE identity_audit_head SET seq = 8", 9),
            ("UPDATE identity_audit_head SET seq = 11", 10),
            ("DELETE FROM identity_audit_head", 9),
        ];
        for (sql, seq) in table {
            let broken = broken_by(&test.db, plain(sql)).await;
            assert_eq!(
                broken.map(|broken| broken.seq),
                Some(seq),
                "{}: {sql}",
                test.name
            );
        }
        assert_eq!(broken_by(&test.db, plain("SELECT 1")).await, None);
    }
}

/// Every byte of every text column of a few rows, changed one at a time.
#[tokio::test]
async fn any_byte_changed_anywhere_is_found() {
    for test in databases(&[crate::migrations()]).await {
        filled(&test.db, 7).await;
        for seq in [1_i64, 4, 7] {
            for column in [
                "user_name",
                "ip",
                "device",
                "action",
                "object",
                "outcome",
                "detail",
            ] {
                for sql in text_edits(&test.db, column, seq).await {
                    let broken = broken_by(&test.db, vec![sql.clone()]).await;
                    assert_eq!(
                        broken.map(|broken| broken.seq),
                        Some(seq),
                        "{}: {column} {sql:?}",
                        test.name
                    );
                }
            }
            for edit in ["at = at + 1", "user_id = NULL", "ip = ''", "device = ''"] {
                let sql = format!("UPDATE identity_audit SET {edit} WHERE seq = {seq}");
                let unchanged = edit.starts_with("user_id") && seq % 3 == 0;
                if !unchanged {
                    let broken = broken_by(&test.db, plain(&sql)).await;
                    assert_eq!(
                        broken.map(|broken| broken.seq),
                        Some(seq),
                        "{}: {sql}",
                        test.name
                    );
                }
            }
            for place in 0..32 {
                let sql = digest_edit(test.db.backend(), seq, place);
                let broken = broken_by(&test.db, plain(&sql)).await;
                assert_eq!(
                    broken.map(|broken| broken.seq),
                    Some(seq),
                    "{}: {sql}",
                    test.name
                );
            }
        }
    }
}

/// One statement for each byte of the column's value: the byte replaced by another.
async fn text_edits(db: &Db, column: &str, seq: i64) -> Vec<(String, Vec<SqlValue>)> {
    let select = format!("SELECT {column} AS text FROM identity_audit WHERE seq = {seq}");
    let row = db
        .read()
        .query_one_raw(Statement::from_string(db.backend().db(), select))
        .await
        .unwrap()
        .unwrap();
    let Some(text) = row.try_get::<Option<String>>("", "text").unwrap() else {
        return Vec::new();
    };
    let chars: Vec<char> = text.chars().collect();
    let edit = |at: usize| {
        let mut edited = chars.clone();
        edited[at] = char::from_u32(edited[at] as u32 ^ 1).unwrap();
        let sql = format!("UPDATE identity_audit SET {column} = $1 WHERE seq = {seq}");
        (
            sql,
            vec![SqlValue::from(edited.into_iter().collect::<String>())],
        )
    };
    let cut = (
        format!("UPDATE identity_audit SET {column} = $1 WHERE seq = {seq}"),
        vec![SqlValue::from(format!("{text} "))],
    );
    (0..chars.len()).map(edit).chain([cut]).collect()
}

fn digest_edit(backend: Backend, seq: i64, place: usize) -> String {
    match backend {
        Backend::Sqlite => format!(
            "UPDATE identity_audit SET digest = CAST(substr(digest, 1, {place}) || \
             CASE substr(digest, {place} + 1, 1) WHEN x'00' THEN x'01' ELSE x'00' END || \
             substr(digest, {place} + 2) AS BLOB) WHERE seq = {seq}"
        ),
        Backend::Postgres => format!(
            "UPDATE identity_audit SET digest = set_byte(digest, {place}, get_byte(digest, {place}) # 1) WHERE seq = {seq}"
        ),
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_named_too() {
    let test = yiwang_testkit::sqlite(&[crate::migrations()]).await;
    filled(&test.db, 5).await;
    for edit in [
        "user_id = x'00'",
        "user_name = x'ff'",
        "at = 'yesterday'",
        "detail = x'c328'",
        "digest = 7",
    ] {
        let sql = format!("UPDATE identity_audit SET {edit} WHERE seq = 3");
        let broken = broken_by(&test.db, plain(&sql)).await;
        assert_eq!(broken.map(|broken| broken.seq), Some(3), "{sql}");
    }
}

#[tokio::test]
async fn the_log_is_searched() {
    for test in databases(&[crate::migrations()]).await {
        filled(&test.db, 30).await;
        let at = |second: i64| Some(entry(0).at + jiff::SignedDuration::from_secs(second));
        let any = AuditFilter::default;
        let table = [
            ("all", any(), 30),
            (
                "from",
                AuditFilter {
                    from: at(11),
                    ..any()
                },
                20,
            ),
            (
                "until",
                AuditFilter {
                    until: at(11),
                    ..any()
                },
                10,
            ),
            (
                "user",
                AuditFilter {
                    user: Some(UserId(Uuid::from_u128(4))),
                    ..any()
                },
                1,
            ),
            (
                "action",
                AuditFilter {
                    action: Some("session.open".into()),
                    ..any()
                },
                15,
            ),
            (
                "action begins",
                AuditFilter {
                    action: Some("grant.".into()),
                    ..any()
                },
                15,
            ),
            (
                "object begins",
                AuditFilter {
                    object: Some("user:2".into()),
                    ..any()
                },
                11,
            ),
            (
                "name",
                AuditFilter {
                    q: Some("张三30".into()),
                    ..any()
                },
                1,
            ),
            (
                "detail",
                AuditFilter {
                    q: Some("\"NUMBER\":7,".into()),
                    ..any()
                },
                1,
            ),
            (
                "percent sign",
                AuditFilter {
                    q: Some("100%_".into()),
                    ..any()
                },
                30,
            ),
            (
                "no wild card",
                AuditFilter {
                    q: Some("1%0".into()),
                    ..any()
                },
                0,
            ),
        ];
        for (name, filter, expected) in table {
            let page = PageRequest {
                limit: Some(500),
                cursor: None,
            };
            let found = search(test.db.read(), &filter, &page).await.unwrap();
            assert_eq!(found.items.len(), expected, "{}: {name}", test.name);
        }
        let first = search(
            test.db.read(),
            &any(),
            &PageRequest {
                limit: Some(20),
                cursor: None,
            },
        )
        .await
        .unwrap();
        assert_eq!(first.items[0].seq, 30);
        let rest = search(
            test.db.read(),
            &any(),
            &PageRequest {
                limit: Some(20),
                cursor: first.next,
            },
        )
        .await
        .unwrap();
        assert_eq!((rest.items.len(), rest.next), (10, None));
    }
}
