//! The log cannot be changed unseen.

use sea_orm::ConnectionTrait;
use yiwang_kernel::Uuid;
use yiwang_store::{Backend, StoreError};

use super::{Hub, hubs, now};
use crate::testing::person;

async fn tamper(hub: &Hub, sql: String) -> Result<(), StoreError> {
    hub.db
        .db
        .write(move |tx| {
            Box::pin(async move {
                tx.execute_unprepared(&sql).await?;
                Ok::<_, StoreError>(())
            })
        })
        .await
}

fn literal(hub: &Hub, id: Uuid) -> String {
    match hub.db.db.backend() {
        Backend::Sqlite => format!("X'{}'", id.simple()),
        Backend::Postgres => format!("'{id}'"),
    }
}

async fn unlock(hub: &Hub) {
    let drops = match hub.db.db.backend() {
        Backend::Sqlite => vec![
            "DROP TRIGGER incident_action_no_update".to_owned(),
            "DROP TRIGGER incident_action_no_delete".to_owned(),
        ],
        Backend::Postgres => {
            vec!["DROP TRIGGER incident_action_append_only ON incident_action".to_owned()]
        }
    };
    for sql in drops {
        tamper(hub, sql).await.unwrap();
    }
}

#[tokio::test]
async fn the_database_refuses_to_change_the_log() {
    for hub in hubs().await {
        hub.closed(now()).await;
        for sql in [
            "UPDATE incident_action SET body = '{}'",
            "DELETE FROM incident_action",
        ] {
            assert!(
                tamper(&hub, sql.to_owned()).await.is_err(),
                "{sql} on {}",
                hub.db.name
            );
        }
    }
}

#[tokio::test]
async fn whatever_is_changed_shows() {
    for hub in hubs().await {
        let changes = [
            (
                "UPDATE incident_action SET body = replace(body, '灯', '灰') WHERE seq = 1 AND",
                1,
            ),
            (
                "UPDATE incident_action SET at = at + 1000 WHERE seq = 3 AND",
                3,
            ),
            (
                "UPDATE incident_action SET command = 'refuse' WHERE seq = 2 AND",
                2,
            ),
            ("DELETE FROM incident_action WHERE seq = 4 AND", 4),
            ("DELETE FROM incident_action WHERE seq >= 7 AND", 7),
        ];
        let mut cases = Vec::new();
        for _ in &changes {
            cases.push(hub.closed(now()).await);
        }
        unlock(&hub).await;
        for ((sql, first), case) in changes.into_iter().zip(&cases) {
            let sql = format!("{sql} incident_id = {}", literal(&hub, case.id.0));
            tamper(&hub, sql.clone()).await.unwrap();
            let found = hub
                .service
                .verify_log(case.id, &person(1), now())
                .await
                .unwrap();
            assert_eq!(
                (found.intact, found.broken_at),
                (false, Some(first)),
                "{sql}"
            );
        }
        let all = crate::verify_logs(&hub.db.db).await.unwrap();
        assert_eq!((all.cases, all.broken.len()), (5, 5));
    }
}
