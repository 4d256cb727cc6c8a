//! The bare limit: the rows that the server stored, stored again by a plain loop.
//!
//! The same tables and indexes (taken from the server's file), the same bytes, synchronous=FULL, 64 steps
//! to a transaction, prepared statements, no network, no rules. A step is the case's row written anew, its
//! tasks' rows written anew, one row of its action log and one event.

use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// Steps of one commit: as many as clients wait for an answer.
const STEPS_PER_COMMIT: usize = 64;

/// The tables of one step and how many rows of each a case holds at its end.
const TABLES: [&str; 4] = [
    "incident",
    "incident_task",
    "incident_action",
    "store_event",
];

struct Table {
    insert: String,
    rows: Vec<Vec<Value>>,
}

/// Steps per second of the bare loop over what is in `source`.
pub(crate) fn steps_per_second(source: &Path, folder: &Path) -> anyhow::Result<f64> {
    let from = Connection::open(source).context("cannot open the server's database")?;
    let file = tempfile::Builder::new()
        .prefix("bare")
        .suffix(".db")
        .tempfile_in(folder)?;
    let mut to = Connection::open(file.path())?;
    to.pragma_update(None, "journal_mode", "WAL")?;
    to.pragma_update(None, "synchronous", "FULL")?;
    to.pragma_update(None, "cache_size", -65_536)?;
    to.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    copy_schema(&from, &to)?;
    let tables = TABLES
        .map(|name| read(&from, name))
        .into_iter()
        .collect::<anyhow::Result<Vec<_>>>()?;
    let [cases, tasks, actions, events] = tables.as_slice() else {
        anyhow::bail!("four tables")
    };
    let steps = actions.rows.len();
    anyhow::ensure!(
        steps > 0 && !cases.rows.is_empty(),
        "nothing was stored to copy"
    );
    let start = Instant::now();
    let mut done = 0;
    while done < steps {
        let commit = to.transaction()?;
        {
            let mut case = commit.prepare_cached(&cases.insert)?;
            let mut task = commit.prepare_cached(&tasks.insert)?;
            let mut action = commit.prepare_cached(&actions.insert)?;
            let mut event = commit.prepare_cached(&events.insert)?;
            for step in done..(done + STEPS_PER_COMMIT).min(steps) {
                // The case that this step belongs to, as its rows lie: about eight steps to a case.
                let at = step * cases.rows.len() / steps;
                write(&mut case, cases, at)?;
                write(&mut task, tasks, at * tasks.rows.len() / cases.rows.len())?;
                write(&mut action, actions, step)?;
                write(&mut event, events, step)?;
            }
        }
        commit.commit()?;
        done += STEPS_PER_COMMIT;
    }
    Ok(steps as f64 / start.elapsed().as_secs_f64())
}

fn write(
    statement: &mut rusqlite::CachedStatement<'_>,
    table: &Table,
    at: usize,
) -> anyhow::Result<()> {
    if let Some(row) = table.rows.get(at) {
        statement.execute(params_from_iter(row))?;
    }
    Ok(())
}

/// Tables, indexes and triggers of the four tables, as the server made them.
fn copy_schema(from: &Connection, to: &Connection) -> anyhow::Result<()> {
    let mut statement = from
        .prepare("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")?;
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    for row in rows {
        let (table, sql) = row?;
        // Replacing an append-only row would be refused by its trigger; the loop writes each once.
        if TABLES.contains(&table.as_str()) {
            to.execute_batch(&sql)?;
        }
    }
    Ok(())
}

fn read(from: &Connection, name: &str) -> anyhow::Result<Table> {
    let mut statement = from.prepare(&format!("SELECT * FROM {name}"))?;
    let columns: Vec<String> = statement
        .column_names()
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    let marks = vec!["?"; columns.len()].join(", ");
    let verb = if name == "incident_action" || name == "store_event" {
        "INSERT"
    } else {
        "INSERT OR REPLACE"
    };
    let insert = format!(
        "{verb} INTO {name} ({}) VALUES ({marks})",
        columns.join(", ")
    );
    let rows = statement
        .query_map([], |row| {
            (0..columns.len())
                .map(|at| row.get::<_, Value>(at))
                .collect::<Result<Vec<_>, _>>()
        })?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Table { insert, rows })
}

/// Bytes of the database per closed case, with delivered events pruned: pages in use after a VACUUM.
pub(crate) fn bytes_per_case(database: &Path, cases: usize) -> anyhow::Result<f64> {
    let connection = Connection::open(database)?;
    connection.execute("DELETE FROM store_event", [])?;
    connection.execute_batch("VACUUM")?;
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let size: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    Ok((pages * size) as f64 / cases as f64)
}
