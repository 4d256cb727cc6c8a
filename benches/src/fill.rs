//! Millions of cases: real ones, driven over HTTP to every stage, copied with other ids, times and places.
//!
//! The copies are rows of the server's own tables with all its indexes; their logs are left out, no list
//! reads them.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use rand::RngExt as _;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use uuid::Uuid;

use crate::lifecycle::{STEPS, Script};
use crate::server::Server;

/// One case in so many is open.
const OPEN_ONE_IN: usize = 100;
/// Real cases of each stage that are copied.
const MODELS_PER_STAGE: usize = 60;
const DAY_MICROS: i64 = 86_400_000_000;
/// Closed cases lie within the last three years, open ones within the last month.
const PAST_DAYS: i64 = 1_095;
const OPEN_DAYS: i64 = 30;

/// Values and how often each is drawn, in parts of a thousand.
type Draw = &'static [(&'static str, u32)];

const SOURCES: Draw = &[
    ("hotline", 480),
    ("citizen", 170),
    ("collector", 180),
    ("grid", 110),
    ("video", 30),
    ("sensor", 20),
    ("police", 8),
    ("drone", 1),
    ("superior", 1),
];
const GRADES: Draw = &[("iv", 700), ("v", 200), ("iii", 90), ("ii", 9), ("i", 1)];
const LIGHTS: Draw = &[("green", 800), ("yellow", 110), ("orange", 60), ("red", 30)];
/// How closed cases ended.
const ENDS: Draw = &[("closed", 985), ("merged", 10), ("void", 5)];

const SECRECY: Draw = &[("1", 970), ("2", 20), ("3", 7), ("4", 3)];
/// Units that lead; the first of them far more cases than the last.
const UNITS: usize = 400;

const TITLES: [&str; 4] = ["路面积水", "路灯不亮", "占道经营", "垃圾满溢"];

fn draw(of: Draw) -> String {
    let all: u32 = of.iter().map(|(_, part)| part).sum();
    let mut at = rand::rng().random_range(0..all);
    for (value, part) in of {
        if at < *part {
            return (*value).to_owned();
        }
        at -= part;
    }
    String::new()
}

/// The first ones often, the last ones seldom: the `power` says how much so.
fn pick_early<T>(of: &[T], power: i32) -> anyhow::Result<&T> {
    let part = rand::rng().random_range(0.0..1.0_f64).powi(power);
    of.get((of.len() as f64 * part) as usize)
        .context("nothing to pick from")
}

/// A row by its columns' names.
#[derive(Clone)]
struct Row {
    columns: std::rc::Rc<Vec<String>>,
    values: Vec<Value>,
}

impl Row {
    fn set(&mut self, column: &str, value: impl Into<Value>) {
        let at = self.columns.iter().position(|name| name == column);
        if let Some(cell) = at.and_then(|at| self.values.get_mut(at)) {
            *cell = value.into();
        }
    }

    fn get(&self, column: &str) -> Option<&Value> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.values.get(at)
    }

    fn integer(&self, column: &str) -> i64 {
        match self.get(column) {
            Some(Value::Integer(n)) => *n,
            _ => 0,
        }
    }
}

/// A real case: its row, its tasks.
struct Model {
    case: Row,
    tasks: Vec<Row>,
}

/// Makes a folder with `cases` cases and answers the database's path.
pub(crate) async fn fill(binary: &Path, data: &Path, cases: usize) -> anyhow::Result<PathBuf> {
    let server = Server::start(binary, data).await?;
    let script = Script::prepare(&server.host, false).await?;
    let mut worker = script.connect(&server.host, None).await?;
    for stage in 1..=STEPS {
        for _ in 0..MODELS_PER_STAGE {
            script.case(&mut worker, stage).await?;
        }
    }
    server.stop().await?;
    let database = data.join("yiwang.db");
    copy(&database, cases)?;
    Ok(database)
}

fn rows(connection: &Connection, sql: &str) -> anyhow::Result<Vec<Row>> {
    let mut statement = connection.prepare(sql)?;
    let names = statement.column_names();
    let columns: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let columns = std::rc::Rc::new(columns);
    let found = statement.query_map([], |row| {
        let values = (0..columns.len()).map(|at| row.get(at));
        Ok(Row {
            columns: columns.clone(),
            values: values.collect::<Result<_, _>>()?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn models(connection: &Connection) -> anyhow::Result<(Vec<Model>, Vec<Model>)> {
    let tasks = rows(connection, "SELECT * FROM incident_task ORDER BY no")?;
    let of = |case: Row| {
        let own = |task: &&Row| task.get("incident_id") == case.get("id");
        Model {
            tasks: tasks.iter().filter(own).cloned().collect(),
            case,
        }
    };
    let (open, closed): (Vec<Row>, Vec<Row>) = rows(connection, "SELECT * FROM incident")?
        .into_iter()
        .partition(|case| case.integer("is_open") != 0);
    Ok((
        open.into_iter().map(of).collect(),
        closed.into_iter().map(of).collect(),
    ))
}

fn copy(database: &Path, cases: usize) -> anyhow::Result<()> {
    let mut connection = Connection::open(database)?;
    for (name, value) in [
        ("journal_mode", "OFF"),
        ("synchronous", "OFF"),
        ("cache_size", "-1500000"),
        ("temp_store", "MEMORY"),
    ] {
        connection.pragma_update(None, name, value)?;
    }
    let (open, closed) = models(&connection)?;
    anyhow::ensure!(!open.is_empty() && !closed.is_empty(), "no real cases");
    let places = places(&open, &closed);
    let units = rows(
        &connection,
        &format!(
            "SELECT id FROM identity_org WHERE id NOT IN (SELECT org_id FROM incident_task) LIMIT {UNITS}"
        ),
    )?;
    let items = items(&open, &closed);
    let own = rows(
        &connection,
        "SELECT org_id AS id FROM incident_task LIMIT 1",
    )?;
    let indexes = drop_indexes(&connection)?;
    let write = connection.transaction()?;
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())?;
    let mut instants: Vec<(i64, bool)> = (0..cases)
        .map(|n| {
            let open = n % OPEN_ONE_IN == 0;
            let days = if open { OPEN_DAYS } else { PAST_DAYS };
            (now - rand::rng().random_range(0..days * DAY_MICROS), open)
        })
        .collect();
    instants.sort_unstable();
    let mut kept = Vec::new();
    for (n, (at, is_open)) in instants.into_iter().enumerate() {
        let from = if is_open { &open } else { &closed };
        let model = pick(from)?;
        let place = pick(&places)?;
        let unit = if n % 50 == 0 {
            pick(&own)?
        } else {
            pick_early(&units, 3)?
        };
        let unit = unit.get("id").cloned().context("a unit without an id")?;
        let (mut case, tasks) = copied(model, place, &unit, (n, at, now));
        case.set("item_code", pick_early(&items, 2)?.clone());
        insert(&write, "incident", &case)?;
        kept.extend(tasks);
        if kept.len() > 50_000 {
            for task in kept.drain(..) {
                insert(&write, "incident_task", &task)?;
            }
        }
    }
    for task in kept {
        insert(&write, "incident_task", &task)?;
    }
    write.execute(
        "UPDATE intake_counter SET n = n + ?1 WHERE kind = 'stored' AND source = 'hotline'",
        [i64::try_from(cases)?],
    )?;
    for sql in indexes {
        write.execute_batch(&sql)?;
    }
    write.commit()?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    Ok(())
}

fn pick<T>(of: &[T]) -> anyhow::Result<&T> {
    of.get(rand::rng().random_range(0..of.len().max(1)))
        .context("nothing to pick from")
}

/// The items of all real cases.
fn items(open: &[Model], closed: &[Model]) -> Vec<Value> {
    let cases = open.iter().chain(closed);
    cases
        .filter_map(|model| model.case.get("item_code").cloned())
        .collect()
}

const PLACE: [&str; 5] = ["area_code", "town", "lon", "lat", "cell"];

fn places(open: &[Model], closed: &[Model]) -> Vec<Vec<Value>> {
    let cases = open.iter().chain(closed);
    cases
        .filter_map(|model| {
            PLACE
                .iter()
                .map(|name| model.case.get(name).cloned())
                .collect()
        })
        .collect()
}

/// The row and tasks of another case like this one.
fn copied(
    model: &Model,
    place: &[Value],
    unit: &Value,
    (n, at, now): (usize, i64, i64),
) -> (Row, Vec<Row>) {
    let mut random = rand::rng();
    let mut case = model.case.clone();
    let is_open = case.integer("is_open") != 0;
    let id = uuid::Builder::from_unix_timestamp_millis(
        u64::try_from(at / 1000).unwrap_or(0),
        &random.random(),
    )
    .into_uuid();
    case.set("id", id.into_bytes().to_vec());
    case.set("number", format!("YW20000101HOT{n:08}"));
    case.set(
        "title",
        format!(
            "{} {n}",
            TITLES.get(n % TITLES.len()).copied().unwrap_or_default()
        ),
    );
    case.set("source", draw(SOURCES));
    case.set("grade", draw(GRADES));
    for (name, value) in PLACE.iter().zip(place) {
        case.set(name, value.clone());
    }
    case.set("secrecy", draw(SECRECY).parse().unwrap_or(1_i64));
    case.set("created_at", at);
    let due = now + random.random_range(1..72 * 3600) * 1_000_000;
    if is_open {
        case.set("light", draw(LIGHTS));
        case.set("due_at", due);
        case.set("sweep_at", due);
    } else {
        case.set("status", draw(ENDS));
        case.set(
            "closed_at",
            at + random.random_range(1..200) * 3_600_000_000,
        );
    }
    if case.get("lead_org") != Some(&Value::Null) {
        case.set("lead_org", unit.clone());
    }
    let tasks = model.tasks.iter().map(|task| {
        let mut task = task.clone();
        task.set("incident_id", id.into_bytes().to_vec());
        let task_id = Uuid::from_bytes(random.random());
        task.set("id", task_id.into_bytes().to_vec());
        task.set("org_id", unit.clone());
        task.set("created_at", at);
        if is_open {
            task.set("due_at", due);
        }
        task
    });
    let tasks = tasks.collect();
    (case, tasks)
}

fn insert(write: &Connection, table: &str, row: &Row) -> anyhow::Result<()> {
    let marks = vec!["?"; row.columns.len()].join(", ");
    let names = row.columns.join(", ");
    let sql = format!("INSERT INTO {table} ({names}) VALUES ({marks})");
    write
        .prepare_cached(&sql)?
        .execute(params_from_iter(&row.values))?;
    Ok(())
}

/// Sorted at the end, indexes are built many times faster than row by row.
fn drop_indexes(connection: &Connection) -> anyhow::Result<Vec<String>> {
    let indexes = rows(
        connection,
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL \
         AND tbl_name IN ('incident', 'incident_task')",
    )?;
    let mut statements = Vec::new();
    for index in indexes {
        if let (Some(Value::Text(name)), Some(Value::Text(sql))) =
            (index.get("name"), index.get("sql"))
        {
            connection.execute_batch(&format!("DROP INDEX {name}"))?;
            statements.push(sql.clone());
        }
    }
    Ok(statements)
}
