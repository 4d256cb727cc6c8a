//! The two engines, and the few places where their SQL differs.

use sea_orm::{DbBackend, StatementBuilder};

/// Which engine holds the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    pub fn db(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }

    /// The statement as SQL text with its values in place: for migrations, which have no outside input.
    pub fn sql<S: StatementBuilder>(self, statement: &S) -> String {
        self.db().build(statement).to_string()
    }

    /// The column type for a UUID.
    pub fn uuid(self) -> &'static str {
        match self {
            Self::Sqlite => "BLOB",
            Self::Postgres => "UUID",
        }
    }

    /// The column type for bytes.
    pub fn bytes(self) -> &'static str {
        match self {
            Self::Sqlite => "BLOB",
            Self::Postgres => "BYTEA",
        }
    }

    /// The column type for a 64-bit float.
    pub fn float(self) -> &'static str {
        match self {
            Self::Sqlite => "REAL",
            Self::Postgres => "DOUBLE PRECISION",
        }
    }

    /// An ever-growing 64-bit primary key given by the engine.
    pub fn serial_key(self) -> &'static str {
        match self {
            Self::Sqlite => "INTEGER PRIMARY KEY AUTOINCREMENT",
            Self::Postgres => "BIGSERIAL PRIMARY KEY",
        }
    }

    /// Text compared byte by byte: codes, cursors, hex (PostgreSQL's default collation is the locale's).
    pub fn code_text(self) -> &'static str {
        match self {
            Self::Sqlite => "TEXT",
            Self::Postgres => "TEXT COLLATE \"C\"",
        }
    }

    /// Triggers that make a table append-only: UPDATE and DELETE raise an error.
    pub fn append_only(self, table: &str) -> Vec<String> {
        match self {
            Self::Sqlite => ["UPDATE", "DELETE"]
                .iter()
                .map(|verb| {
                    format!(
                        "CREATE TRIGGER {table}_no_{} BEFORE {verb} ON {table} \
                         BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
                        verb.to_lowercase()
                    )
                })
                .collect(),
            Self::Postgres => vec![
                format!(
                    "CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ \
                     BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
                ),
                format!(
                    "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} \
                     FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
                ),
            ],
        }
    }
}
