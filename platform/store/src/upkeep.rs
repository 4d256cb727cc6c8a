//! Looking after the store: can it be written, is it whole, a copy of it while it runs.

use std::path::Path;

use sea_orm::{ConnectionTrait, Statement};

use crate::connect::sqlite_pool;
use crate::{Backend, Db, StoreError};

impl Db {
    /// True when a write can be committed now (a full disk or a lost server says no).
    pub async fn check_writable(&self) -> Result<(), StoreError> {
        self.write(|tx| {
            Box::pin(async move {
                tx.execute_unprepared("UPDATE store_migration SET name = name WHERE domain = ''")
                    .await?;
                Ok(())
            })
        })
        .await
    }

    /// What the engine itself finds wrong; empty means whole. Reads the whole file.
    pub async fn check_integrity(&self) -> Result<Vec<String>, StoreError> {
        if self.backend() == Backend::Postgres {
            return Ok(Vec::new());
        }
        let mut faults = Vec::new();
        for (pragma, good) in [
            ("PRAGMA integrity_check", true),
            ("PRAGMA foreign_key_check", false),
        ] {
            let rows = self
                .read()
                .query_all_raw(Statement::from_string(self.backend().db(), pragma))
                .await?;
            for row in rows {
                let text: String = row.try_get_by_index(0)?;
                if !(good && text == "ok") {
                    faults.push(format!("{pragma}: {text}"));
                }
            }
        }
        Ok(faults)
    }

    /// Writes a consistent copy of the running store to `path`, which must not exist.
    pub async fn backup(&self, path: &Path) -> Result<(), StoreError> {
        let Some(own) = &self.inner.path else {
            return Err(StoreError::Unsupported(
                "back PostgreSQL up with pg_dump or its own archive",
            ));
        };
        // A connection of its own: readers may not write, not even to another file.
        let connection = sqlite_pool(own, 1, false, true, 8192).await?;
        let quoted = path.display().to_string().replace('\'', "''");
        let sql = format!("VACUUM INTO '{quoted}'");
        connection.execute_unprepared(&sql).await?;
        connection.close().await?;
        Ok(())
    }

    /// Bytes of the database: pages in use, without free ones.
    pub async fn size_bytes(&self) -> Result<i64, StoreError> {
        let sql = match self.backend() {
            Backend::Sqlite => {
                "SELECT (page_count - freelist_count) * page_size AS bytes \
                 FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()"
            }
            Backend::Postgres => "SELECT pg_database_size(current_database()) AS bytes",
        };
        let row = self
            .read()
            .query_one_raw(Statement::from_string(self.backend().db(), sql))
            .await?;
        Ok(row
            .map(|row| row.try_get::<i64>("", "bytes"))
            .transpose()?
            .unwrap_or(0))
    }
}
