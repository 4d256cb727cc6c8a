//! The bare limit: the rows that the server stored, stored again by a plain loop.
//!
//! The same tables, indexes and triggers (taken from the server's file), the same bytes, synchronous=FULL, 64
//! steps to a transaction, prepared statements, no network, no rules. A step is the case's row written anew
//! (inserted first, then updated in the columns that a life cycle moves), its task's row from the dispatch on,
//! one row of its log and one event. 64 cases are under way at a time, as with 64 clients.

use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, Transaction, params_from_iter};

/// Steps of one commit: as many as clients wait for an answer.
const STEPS_PER_COMMIT: usize = 64;
/// The status after each step; the case is open until the last.
const STATUSES: [&str; 8] = [
    "received",
    "accepted",
    "registered",
    "dispatched",
    "handling",
    "reported",
    "verified",
    "closed",
];
/// The first step that has a task.
const DISPATCH: usize = 3;

const TABLES: [&str; 4] = [
    "incident",
    "incident_task",
    "incident_action",
    "store_event",
];

/// The columns of a case that a life cycle moves.
const MOVING: [&str; 13] = [
    "status",
    "is_open",
    "light",
    "closed_at",
    "lead_org",
    "due_at",
    "due_kind",
    "sweep_at",
    "calendar_version",
    "version",
    "seq",
    "head",
    "doc",
];
const TASK_MOVING: [&str; 6] = ["status", "is_open", "light", "due_at", "due_kind", "doc"];

struct Table {
    name: &'static str,
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

impl Table {
    fn read(from: &Connection, name: &'static str, order: &str) -> anyhow::Result<Self> {
        let mut statement = from.prepare(&format!("SELECT * FROM {name} ORDER BY {order}"))?;
        let names = statement.column_names();
        let columns: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let rows = statement
            .query_map([], |row| {
                (0..columns.len())
                    .map(|at| row.get::<_, Value>(at))
                    .collect::<Result<Vec<_>, _>>()
            })?
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            name,
            columns,
            rows,
        })
    }

    fn at(&self, column: &str) -> anyhow::Result<usize> {
        let mut columns = self.columns.iter();
        columns
            .position(|name| name == column)
            .with_context(|| format!("{} has no {column}", self.name))
    }

    fn insert(&self, key: &str, moving: &[&str]) -> String {
        let marks = vec!["?"; self.columns.len()].join(", ");
        let names = self.columns.join(", ");
        let sets: Vec<String> = moving
            .iter()
            .map(|column| format!("{column} = excluded.{column}"))
            .collect();
        let conflict = if sets.is_empty() {
            String::new()
        } else {
            format!(" ON CONFLICT ({key}) DO UPDATE SET {}", sets.join(", "))
        };
        format!(
            "INSERT INTO {} ({names}) VALUES ({marks}){conflict}",
            self.name
        )
    }
}

struct Rows {
    cases: Table,
    tasks: Table,
    actions: Table,
    events: Table,
    status: usize,
    is_open: usize,
    sweep_at: usize,
    created_at: usize,
    task_open: usize,
}

impl Rows {
    fn read(from: &Connection) -> anyhow::Result<Self> {
        let cases = Table::read(from, "incident", "id")?;
        let tasks = Table::read(from, "incident_task", "incident_id, no")?;
        Ok(Self {
            status: cases.at("status")?,
            is_open: cases.at("is_open")?,
            sweep_at: cases.at("sweep_at")?,
            created_at: cases.at("created_at")?,
            task_open: tasks.at("is_open")?,
            actions: Table::read(from, "incident_action", "incident_id, seq")?,
            events: Table::read(from, "store_event", "seq")?,
            cases,
            tasks,
        })
    }

    /// The case's row as it is after the step: what partial indexes hold follows from it.
    fn shape(&self, case: &mut [Value], task: &mut [Value], step: usize) {
        let open = step + 1 < STATUSES.len();
        let created = case.get(self.created_at).cloned().unwrap_or(Value::Null);
        let mut set = |at: usize, value: Value| {
            if let Some(cell) = case.get_mut(at) {
                *cell = value;
            }
        };
        let status = STATUSES.get(step).copied().unwrap_or_default();
        set(self.status, Value::Text(status.to_owned()));
        set(self.is_open, Value::Integer(i64::from(open)));
        let turns = match created {
            Value::Integer(at) if open => Value::Integer(at + 1_000_000 * step as i64),
            _ => Value::Null,
        };
        set(self.sweep_at, turns);
        if let Some(cell) = task.get_mut(self.task_open) {
            *cell = Value::Integer(i64::from(open));
        }
    }
}

struct Statements<'a> {
    case: CachedStatement<'a>,
    task: CachedStatement<'a>,
    action: CachedStatement<'a>,
    event: CachedStatement<'a>,
}

impl<'a> Statements<'a> {
    fn prepare(commit: &'a Transaction<'_>, rows: &Rows) -> anyhow::Result<Self> {
        Ok(Self {
            case: commit.prepare_cached(&rows.cases.insert("id", &MOVING))?,
            task: commit.prepare_cached(&rows.tasks.insert("incident_id, no", &TASK_MOVING))?,
            action: commit.prepare_cached(&rows.actions.insert("", &[]))?,
            event: commit.prepare_cached(&rows.events.insert("", &[]))?,
        })
    }
}

/// Steps per second of the bare loop over what is in `source`.
pub(crate) fn steps_per_second(source: &Path, folder: &Path) -> anyhow::Result<f64> {
    let from = Connection::open(source).context("cannot open the server's database")?;
    let file = tempfile::Builder::new().prefix("bare").tempdir_in(folder)?;
    let mut to = Connection::open(file.path().join("bare.db"))?;
    to.pragma_update(None, "journal_mode", "WAL")?;
    to.pragma_update(None, "synchronous", "FULL")?;
    to.pragma_update(None, "cache_size", -65_536)?;
    to.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    copy_schema(&from, &to)?;
    let rows = Rows::read(&from)?;
    drop(from);
    let steps = STATUSES.len();
    let cases = rows.cases.rows.len();
    anyhow::ensure!(
        cases >= STEPS_PER_COMMIT && rows.actions.rows.len() >= cases * steps,
        "too little was stored to copy"
    );
    let start = Instant::now();
    let mut done = 0;
    for first in (0..cases).step_by(STEPS_PER_COMMIT) {
        let last = (first + STEPS_PER_COMMIT).min(cases);
        for step in 0..steps {
            let commit = to.transaction()?;
            write_group(&commit, &rows, first..last, step)?;
            commit.commit()?;
            done += last - first;
        }
    }
    Ok(done as f64 / start.elapsed().as_secs_f64())
}

/// One step of each of these cases.
fn write_group(
    commit: &Transaction<'_>,
    rows: &Rows,
    group: std::ops::Range<usize>,
    step: usize,
) -> anyhow::Result<()> {
    let mut statements = Statements::prepare(commit, rows)?;
    for at in group {
        let row = |table: &Table, at: usize| {
            let row = table.rows.get(at).or_else(|| table.rows.last());
            row.cloned().context("no row")
        };
        let mut case = row(&rows.cases, at)?;
        let mut task = row(&rows.tasks, at)?;
        rows.shape(&mut case, &mut task, step);
        statements.case.execute(params_from_iter(case))?;
        if step >= DISPATCH {
            statements.task.execute(params_from_iter(task))?;
        }
        let line = at * STATUSES.len() + step;
        let action = rows.actions.rows.get(line).context("no log line")?;
        statements.action.execute(params_from_iter(action))?;
        let event = rows.events.rows.get(line).context("no event")?;
        statements.event.execute(params_from_iter(event))?;
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
        if TABLES.contains(&table.as_str()) {
            to.execute_batch(&sql)?;
        }
    }
    Ok(())
}

/// Bytes in use of a database with delivered events pruned: its pages after a VACUUM.
pub(crate) fn bytes_pruned(database: &Path) -> anyhow::Result<i64> {
    let connection = Connection::open(database)?;
    connection.execute("DELETE FROM store_event", [])?;
    connection.execute_batch("VACUUM")?;
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let size: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    Ok(pages * size)
}
