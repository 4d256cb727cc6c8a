//! The one writing connection of a SQLite store, with two ways into it.
//!
//! What is read goes through SQLx, as everywhere: its rows are what SeaORM decodes. SQLx hands every statement to a
//! thread of its own and waits for it; for the many small statements of a write, waiting costs more than the work.
//! Rows that are written, and the transaction's own statements, therefore go straight to the same handle, on the
//! thread of the writer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::types::{ToSqlOutput, Value as Plain, ValueRef};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection as _};
use sea_orm::{DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Value, Values};
use sea_query_sqlx::SqlxValues;

use crate::StoreError;

/// Statements kept prepared.
const PREPARED_MAX: usize = 256;

pub(crate) struct WriteConnection {
    // Borrows the handle of `driver`, so it must be dropped before it: fields are dropped in this order.
    direct: Mutex<rusqlite::Connection>,
    driver: tokio::sync::Mutex<sqlx::SqliteConnection>,
}

impl WriteConnection {
    pub(crate) async fn open(options: SqliteConnectOptions) -> Result<Self, StoreError> {
        // Two threads use the handle, never for long at once: SQLite's own lock keeps them apart.
        let options = options.serialized(true);
        let mut driver = sqlx::SqliteConnection::connect_with(&options)
            .await
            .map_err(failed)?;
        let direct = {
            let mut locked = driver.lock_handle().await.map_err(failed)?;
            let handle = locked.as_raw_handle().as_ptr();
            #[expect(unsafe_code, reason = "the only way to share SQLx's handle")]
            // SAFETY: SQLx and rusqlite are linked with the same SQLite; the handle is open, in serialized mode, and
            // lives as long as `driver`, which this struct owns and drops after `direct`.
            unsafe {
                rusqlite::Connection::from_handle(handle.cast())
            }
        }
        .map_err(plain)?;
        direct.set_prepared_statement_cache_capacity(PREPARED_MAX);
        Ok(Self {
            direct: Mutex::new(direct),
            driver: tokio::sync::Mutex::new(driver),
        })
    }

    fn direct(&self) -> MutexGuard<'_, rusqlite::Connection> {
        self.direct.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// BEGIN, COMMIT, SAVEPOINT and their like.
    pub(crate) fn control(&self, sql: &str) -> Result<(), DbErr> {
        let direct = self.direct();
        let mut statement = direct.prepare_cached(sql).map_err(plain)?;
        statement.raw_execute().map_err(plain)?;
        Ok(())
    }

    /// False when no transaction is open (any more: after some errors SQLite gives it up by itself).
    pub(crate) fn in_transaction(&self) -> bool {
        !self.direct().is_autocommit()
    }

    pub(crate) fn last_insert_rowid(&self) -> i64 {
        self.direct().last_insert_rowid()
    }

    /// Runs the statement once for each row of values.
    pub(crate) async fn execute_each(&self, sql: &str, rows: &[Vec<Value>]) -> Result<(), DbErr> {
        for row in rows {
            let refused = run(&self.direct(), sql, row).err();
            if let Some(error) = refused {
                if !self.in_transaction() {
                    return Err(plain(error));
                }
                // Nothing of it is done. Once more through the driver, whose errors SeaORM can tell apart.
                let values = row.iter().cloned();
                let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
                self.execute(&statement).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn execute(&self, statement: &Statement) -> Result<ExecResult, DbErr> {
        let mut driver = self.driver.lock().await;
        let result = query(statement).execute(&mut *driver).await;
        Ok(result.map_err(exec_failed)?.into())
    }

    /// One or more statements without values.
    pub(crate) async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        use sqlx::Executor as _;
        let mut driver = self.driver.lock().await;
        let result = driver
            .execute(sqlx::raw_sql(AssertSqlSafe(sql)))
            .await
            .map_err(exec_failed)?;
        Ok(result.into())
    }

    pub(crate) async fn query_one(
        &self,
        statement: Statement,
    ) -> Result<Option<QueryResult>, DbErr> {
        let mut driver = self.driver.lock().await;
        let row: Option<SqliteRow> = query(&statement)
            .fetch_optional(&mut *driver)
            .await
            .map_err(query_failed)?;
        Ok(row.map(QueryResult::from))
    }

    pub(crate) async fn query_all(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut driver = self.driver.lock().await;
        let rows: Vec<SqliteRow> = query(&statement)
            .fetch_all(&mut *driver)
            .await
            .map_err(query_failed)?;
        Ok(rows.into_iter().map(QueryResult::from).collect())
    }
}

/// Runs a statement that answers no rows.
fn run(direct: &rusqlite::Connection, sql: &str, values: &[Value]) -> rusqlite::Result<()> {
    let mut statement = direct.prepare_cached(sql)?;
    for (at, value) in (1_usize..).zip(values) {
        statement.raw_bind_parameter(at, bound(value)?)?;
    }
    statement.raw_execute()?;
    Ok(())
}

/// The value as SQLx would bind it.
fn bound(value: &Value) -> rusqlite::Result<ToSqlOutput<'_>> {
    let int = |value: Option<i64>| {
        Ok(ToSqlOutput::Owned(
            value.map_or(Plain::Null, Plain::Integer),
        ))
    };
    let real = |value: Option<f64>| Ok(ToSqlOutput::Owned(value.map_or(Plain::Null, Plain::Real)));
    match value {
        Value::Bool(value) => int(value.map(i64::from)),
        Value::TinyInt(value) => int(value.map(i64::from)),
        Value::SmallInt(value) => int(value.map(i64::from)),
        Value::Int(value) => int(value.map(i64::from)),
        Value::BigInt(value) => int(*value),
        Value::TinyUnsigned(value) => int(value.map(i64::from)),
        Value::SmallUnsigned(value) => int(value.map(i64::from)),
        Value::Unsigned(value) => int(value.map(i64::from)),
        Value::Double(value) => real(*value),
        Value::String(value) => Ok(ToSqlOutput::Borrowed(
            value
                .as_ref()
                .map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes())),
        )),
        Value::Bytes(value) => Ok(ToSqlOutput::Borrowed(
            value
                .as_ref()
                .map_or(ValueRef::Null, |bytes| ValueRef::Blob(bytes)),
        )),
        Value::Uuid(value) => Ok(ToSqlOutput::Borrowed(
            value
                .as_ref()
                .map_or(ValueRef::Null, |id| ValueRef::Blob(id.as_bytes())),
        )),
        // Rare ones go through the driver.
        other => Err(rusqlite::Error::ToSqlConversionFailure(
            format!("{other:?} is bound by the driver").into(),
        )),
    }
}

fn query(statement: &Statement) -> sqlx::query::Query<'_, sqlx::Sqlite, SqlxValues> {
    let values = statement.values.clone().unwrap_or(Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values))
}

fn plain(error: rusqlite::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::Internal(error.to_string()))
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)))
}

fn exec_failed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error)))
}

fn query_failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}
