#![doc = include_str!("../README.md")]

mod areas;
mod units;

use std::sync::Arc;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use yiwang_kernel::{ManualClock, Timestamp, Uuid};
use yiwang_store::{Db, DomainMigrations, StoreOptions};

pub use areas::Areas;
pub use units::{Units, org};

/// The environment variable that names a PostgreSQL server for tests, `postgres://user@host:port/db`.
pub const POSTGRES_VARIABLE: &str = "YIWANG_TEST_POSTGRES";

/// A throw-away database; dropped with its content.
pub struct TestDb {
    pub db: Db,
    pub name: &'static str,
    /// What to open the same database with again (`None` for a store in memory).
    pub url: Option<String>,
    _schema: Option<Schema>,
}

struct Schema {
    name: String,
    server: String,
}

impl Drop for Schema {
    fn drop(&mut self) {
        let (name, server) = (
            std::mem::take(&mut self.name),
            std::mem::take(&mut self.server),
        );
        // Drop cannot wait on the test's own runtime, which may be ending.
        let removal = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let server = Database::connect(server).await?;
                server
                    .execute_unprepared(&format!("DROP SCHEMA \"{name}\" CASCADE"))
                    .await?;
                Ok::<_, anyhow::Error>(())
            })
        });
        let _left_behind = removal.join();
    }
}

/// The databases every store suite runs on: SQLite always, PostgreSQL when [`POSTGRES_VARIABLE`] is set.
/// Each has the migrations applied.
pub async fn databases(migrations: &[DomainMigrations]) -> Vec<TestDb> {
    let mut databases = vec![sqlite(migrations).await];
    if let Some(server) = postgres_server() {
        databases.push(postgres(&server, migrations).await);
    }
    databases
}

/// The PostgreSQL server for tests, if there is one.
#[expect(
    clippy::disallowed_methods,
    reason = "tests are told of the server by the environment"
)]
pub fn postgres_server() -> Option<String> {
    std::env::var(POSTGRES_VARIABLE)
        .ok()
        .filter(|server| !server.is_empty())
}

/// A fresh store in memory.
pub async fn sqlite(migrations: &[DomainMigrations]) -> TestDb {
    let db = Db::open(&StoreOptions::memory())
        .await
        .expect("a store in memory opens");
    db.migrate(migrations)
        .await
        .expect("migrations apply to an empty SQLite");
    TestDb {
        db,
        name: "sqlite",
        url: None,
        _schema: None,
    }
}

/// A fresh schema on the given server.
pub async fn postgres(server: &str, migrations: &[DomainMigrations]) -> TestDb {
    let name = format!("test_{}", Uuid::now_v7().simple());
    let connection: DatabaseConnection = Database::connect(server)
        .await
        .expect("the test server answers");
    connection
        .execute_unprepared(&format!("CREATE SCHEMA \"{name}\""))
        .await
        .expect("a schema can be made");
    connection.close().await.expect("a connection closes");
    let joint = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{joint}options=-csearch_path%3D{name}");
    let mut options = StoreOptions::new(url.clone());
    options.connections = 6;
    let db = Db::open(&options)
        .await
        .expect("a store on PostgreSQL opens");
    db.migrate(migrations)
        .await
        .expect("migrations apply to an empty PostgreSQL");
    TestDb {
        db,
        name: "postgres",
        url: Some(url),
        _schema: Some(Schema {
            name,
            server: server.to_owned(),
        }),
    }
}

/// A clock that stands at `2026-11-23T01:00:00Z` (09:00 on a Monday in the city) until it is moved.
pub fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(
        "2026-11-23T01:00:00Z"
            .parse::<Timestamp>()
            .expect("a valid instant"),
    ))
}
