//! Measures the lake on this machine: `cargo run --release -p yiwang-lake --example measure -- append|day|day-ms|points|year FOLDER`.
//!
//! `append` writes durable groups, `day` one day of 5,787 devices at one value a minute with times of whole seconds,
//! `day-ms` the same with times that are up to 40 ms off, `points` what comes as lines `device,property,seconds,value`
//! ordered by their time (days are counted from the first), `year` 365 days of 1,389
//! devices (two million rows a day), or of as many as are given behind the folder. The folder is made and is left for `again`, which only asks.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement reads the clock, prints, and may stop"
)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use jiff::SignedDuration;
use yiwang_contracts::{
    Actor, Audit, AuditEntry, History as _, Point, Quality, Series, Span, Step,
};
use yiwang_http::Metrics;
use yiwang_kernel::{Clock as _, Fault, ManualClock, Timestamp};
use yiwang_lake::{Effort, Lake, LakeService, LakeSettings};
use yiwang_store::{Db, StoreOptions};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 1_440 * MINUTE;
const BEGIN: &str = "2025-12-31T16:00:00Z";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().unwrap_or_default();
    let folder = PathBuf::from(
        arguments
            .next()
            .unwrap_or_else(|| "lake-measured".to_owned()),
    );
    match what.as_str() {
        "append" => append(&folder)?,
        "day" => day(&folder, 0.0)?,
        "day-ms" => day(&folder, 80.0)?,
        "points" => points(&folder)?,
        "year" => {
            let devices = arguments.next().map_or(Ok(1_389), |count| count.parse())?;
            year(&folder, 365, devices)?;
            ask(&folder).await?;
        }
        "again" => ask(&folder).await?,
        other => anyhow::bail!("{other:?} is none of append, day, day-ms, points, year, again"),
    }
    Ok(())
}

/// A city of devices: six kinds, random walks with a wave of the day, each at its instrument's resolution.
struct City {
    devices: Vec<Device>,
    /// The width of what times are off by, in milliseconds.
    jitter: f64,
    dice: u64,
}

struct Device {
    series: Arc<Series>,
    level: f64,
    step: f64,
    resolution: f64,
    wave: f64,
}

impl City {
    fn new(count: usize, jitter: f64) -> Self {
        let kinds = [
            ("level", 2.0, 0.01, 0.01, 0.1),
            ("pm25", 40.0, 1.0, 1.0, 15.0),
            ("noise", 55.0, 1.5, 0.1, 8.0),
            ("temperature", 20.0, 0.1, 0.1, 6.0),
            ("smoke", 5.0, 0.5, 1.0, 0.0),
            ("methane", 0.5, 0.02, 0.01, 0.0),
        ];
        let device = |n: usize| {
            let (property, level, step, resolution, wave) = kinds[n % kinds.len()];
            let code = format!("320281{:02}{n:06}", n % kinds.len());
            Device {
                series: Series::new(&code, property),
                level,
                step,
                resolution,
                wave,
            }
        };
        Self {
            devices: (0..count).map(device).collect(),
            jitter,
            dice: 7,
        }
    }

    fn roll(&mut self) -> f64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        (self.dice >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A value of every device, at its own second of the minute or a little beside it.
    fn minute(&mut self, minute: i64, points: &mut Vec<Point>) {
        let angle = (minute % DAY) as f64 / DAY as f64 * std::f64::consts::TAU;
        for at in 0..self.devices.len() {
            let (walk, jitter) = (self.roll() - 0.5, self.roll());
            let off = ((jitter - 0.5) * self.jitter) as i64 * 1_000;
            let device = &mut self.devices[at];
            device.level = (device.level + walk * device.step).max(0.0);
            let value = device.level + device.wave * angle.sin();
            let value = (value / device.resolution).round() * device.resolution;
            let second = (at % 60) as i64 * SECOND + off;
            points.push(Point {
                series: Arc::clone(&device.series),
                time: minute + second,
                received: minute + second + 2 * SECOND,
                // As a device would write it.
                value: (value * 1e6).round() / 1e6,
                text: None,
                quality: Quality::Good,
            });
        }
    }
}

fn open(folder: &Path, clock: &Arc<ManualClock>, settings: LakeSettings) -> anyhow::Result<Lake> {
    let clock = Arc::clone(clock);
    Ok(Lake::open(folder, settings, clock, &Metrics::new())?)
}

fn clock() -> anyhow::Result<Arc<ManualClock>> {
    let begin: Timestamp = BEGIN.parse()?;
    Ok(Arc::new(ManualClock::at(begin)))
}

/// An audit log that keeps nothing.
struct Nobody;

impl Audit for Nobody {
    fn record(&self, _entry: AuditEntry) -> BoxFuture<'_, Result<(), Box<dyn Fault>>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// CPU seconds of this process so far.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ticks: f64 = fields
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: Option<u64> = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kib.unwrap_or(0) / 1_024
}

fn append(folder: &Path) -> anyhow::Result<()> {
    for group in [10, 100, 1_000, 5_000] {
        let folder = folder.join(format!("append-{group}"));
        let clock = clock()?;
        let lake = open(&folder, &clock, LakeSettings::default())?;
        let mut city = City::new(group, 80.0);
        let mut minutes = Vec::new();
        for minute in 0..50 {
            let mut points = Vec::new();
            city.minute(clock.now().as_microsecond() + minute * MINUTE, &mut points);
            minutes.push(points);
        }
        let (begun, cpu_before) = (Instant::now(), cpu());
        let (mut groups, mut slowest) = (0_usize, Duration::ZERO);
        while begun.elapsed() < Duration::from_secs(5) {
            let one = Instant::now();
            lake.append_points(&minutes[groups % minutes.len()])?;
            slowest = slowest.max(one.elapsed());
            groups += 1;
        }
        let seconds = begun.elapsed().as_secs_f64();
        println!(
            "append: groups of {group}: {:.0} points/s, {:.0} groups/s, slowest {slowest:?}, {:.2} CPU-us/point",
            (groups * group) as f64 / seconds,
            groups as f64 / seconds,
            (cpu() - cpu_before) * 1e6 / (groups * group) as f64,
        );
        drop(lake);
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

fn day(folder: &Path, jitter: f64) -> anyhow::Result<()> {
    let clock = clock()?;
    let lake = open(folder, &clock, LakeSettings::default())?;
    let mut city = City::new(5_787, jitter);
    let begin = clock.now().as_microsecond();
    let (begun, mut appending, mut compacting) = (Instant::now(), 0.0, 0.0);
    let mut longest = 0.0_f64;
    for minute in 0..1_440 {
        let mut points = Vec::new();
        city.minute(begin + minute * MINUTE, &mut points);
        let before = cpu();
        lake.append_points(&points)?;
        let between = cpu();
        appending += between - before;
        clock.advance(SignedDuration::from_mins(1));
        lake.compact(Effort::Due)?;
        let took = cpu() - between;
        compacting += took;
        longest = longest.max(took);
    }
    clock.advance(SignedDuration::from_mins(30));
    let before = cpu();
    lake.compact(Effort::Due)?;
    let closing = cpu() - before;
    println!(
        "day: {} points in {:.0} s; CPU seconds: appending {appending:.1}, compacting through the day {compacting:.1} \
         (longest pass {longest:.1}), closing the day {closing:.1}; peak memory {} MiB",
        5_787 * 1_440,
        begun.elapsed().as_secs_f64(),
        peak_mib(),
    );
    sizes(&lake);
    Ok(())
}

/// Series of somebody else, a value at each of their times, as they would have come.
fn points(folder: &Path) -> anyhow::Result<()> {
    let clock = clock()?;
    let lake = open(folder, &clock, LakeSettings::default())?;
    let mut known = HashMap::<String, Arc<Series>>::new();
    let (mut group, mut count, mut first) = (Vec::<Point>::new(), 0, None);
    let append = |group: &mut Vec<Point>| -> anyhow::Result<()> {
        if let Some(point) = group.first() {
            let at = Timestamp::from_microsecond(point.time)?;
            clock.advance(at.duration_since(clock.now()));
            lake.append_points(group)?;
            lake.compact(Effort::Due)?;
        }
        group.clear();
        Ok(())
    };
    for line in std::io::stdin().lines() {
        let line = line?;
        let cells: Vec<&str> = line.split(',').collect();
        let [device, property, seconds, value] = cells[..] else {
            anyhow::bail!("not four cells: {line}");
        };
        let key = format!("{device},{property}");
        let series = known
            .entry(key)
            .or_insert_with(|| Series::new(device, property));
        let seconds: i64 = seconds.parse()?;
        let time = (seconds - *first.get_or_insert(seconds)) * SECOND
            + BEGIN.parse::<Timestamp>()?.as_microsecond();
        if group.first().is_some_and(|point| point.time != time) {
            append(&mut group)?;
        }
        count += 1;
        group.push(Point {
            series: Arc::clone(series),
            time,
            received: time + 2 * SECOND,
            value: value.parse()?,
            text: None,
            quality: Quality::Good,
        });
    }
    append(&mut group)?;
    clock.advance(SignedDuration::from_hours(36));
    lake.compact(Effort::Due)?;
    println!("points: {count} of {} series", known.len());
    sizes(&lake);
    Ok(())
}

fn sizes(lake: &Lake) {
    for view in lake.view().datasets {
        println!(
            "{}: {} rows in {} files, {} bytes, {:.3} bytes a row",
            view.dataset.name(),
            view.rows,
            view.files,
            view.bytes,
            view.bytes_per_row.unwrap_or(0.0)
        );
    }
}

fn year(folder: &Path, days: i64, devices: usize) -> anyhow::Result<()> {
    let clock = clock()?;
    let settings = LakeSettings {
        seal_bytes: 1 << 30,
        ..LakeSettings::default()
    };
    let lake = open(folder, &clock, settings)?;
    let mut city = City::new(devices, 80.0);
    let begin = clock.now().as_microsecond();
    let begun = Instant::now();
    for day in 0..days {
        let mut points = Vec::new();
        for minute in 0..1_440 {
            city.minute(begin + day * DAY + minute * MINUTE, &mut points);
            if points.len() > 200_000 {
                lake.append_points(&points)?;
                points.clear();
            }
        }
        lake.append_points(&points)?;
        clock.advance(SignedDuration::from_hours(24));
        lake.compact(Effort::All)?;
        if day % 30 == 29 {
            println!(
                "year: day {} after {:.0} s",
                day + 1,
                begun.elapsed().as_secs_f64()
            );
        }
    }
    clock.advance(SignedDuration::from_hours(1));
    lake.compact(Effort::All)?;
    println!(
        "year: {days} days of {devices} devices in {:.0} s, {:.0} CPU seconds; peak memory {} MiB",
        begun.elapsed().as_secs_f64(),
        cpu(),
        peak_mib()
    );
    sizes(&lake);
    Ok(())
}

/// Asks for one device's year in a few ways, each of several devices; the first ones find no footer in memory.
async fn ask(folder: &Path) -> anyhow::Result<()> {
    let clock = clock()?;
    clock.advance(SignedDuration::from_hours(366 * 24));
    let opened = Instant::now();
    let lake = Arc::new(open(folder, &clock, LakeSettings::default())?);
    println!("open: {:?}", opened.elapsed());
    let db = Db::open(&StoreOptions::memory()).await?;
    let service = LakeService::new(lake, db, Arc::new(Nobody))?;
    let begin: Timestamp = BEGIN.parse()?;
    let from = begin.as_microsecond();
    let span = |days: i64| Span {
        from: from + 100 * DAY,
        to: from + (100 + days) * DAY,
    };
    let year = Span {
        from,
        to: from + 366 * DAY,
    };
    let failed = |fault: Box<dyn Fault>| anyhow::anyhow!("{fault}");
    let asked = Instant::now();
    let latest = service.latest().await.map_err(failed)?;
    println!("latest: {} series in {:?}", latest.len(), asked.elapsed());
    let series: Vec<Arc<Series>> = latest.into_iter().map(|(series, _)| series).collect();
    for round in ["cold", "warm", "other device", "third device"] {
        let own = match round {
            "cold" | "warm" => &series[series.len() / 2],
            "other device" => &series[series.len() / 10],
            _ => &series[series.len() - 1],
        };
        for (name, span) in [("day", span(1)), ("week", span(7)), ("year", year)] {
            let asked = Instant::now();
            let samples = service
                .samples(own, span, false, usize::MAX)
                .await
                .map_err(failed)?;
            let took = asked.elapsed();
            println!(
                "samples of a {name}, {round}: {} in {took:?}",
                samples.len()
            );
        }
        let asked = Instant::now();
        let newest = service
            .samples(own, year, true, 100)
            .await
            .map_err(failed)?;
        println!("newest {}, {round}: {:?}", newest.len(), asked.elapsed());
        for (step, name) in [(Step::Hour, "hours"), (Step::Day, "days")] {
            let asked = Instant::now();
            let buckets = service.buckets(own, year, step).await.map_err(failed)?;
            println!(
                "{name} of a year, {round}: {} in {:?}",
                buckets.len(),
                asked.elapsed()
            );
        }
    }
    contains(&service, &series, from).await?;
    sql(&service).await?;
    println!("peak memory {} MiB", peak_mib());
    Ok(())
}

async fn contains(service: &LakeService, series: &[Arc<Series>], from: i64) -> anyhow::Result<()> {
    let failed = |fault: Box<dyn Fault>| anyhow::anyhow!("{fault}");
    let keys: Vec<(Arc<Series>, i64)> = (0..1_000)
        .map(|n| {
            (
                Arc::clone(&series[n % series.len()]),
                from + 200 * DAY + n as i64 * SECOND,
            )
        })
        .collect();
    for round in ["cold", "warm"] {
        let asked = Instant::now();
        let kept = service.contains(&keys).await.map_err(failed)?;
        let found = kept.iter().filter(|kept| **kept).count();
        println!(
            "contains, 1000 keys of one day, {round}: {found} in {:?}",
            asked.elapsed()
        );
    }
    Ok(())
}

async fn sql(service: &LakeService) -> anyhow::Result<()> {
    let day = "day = '2026-04-11'";
    for sql in [
        format!("SELECT count(*), avg(value) FROM observations WHERE {day}"),
        format!(
            "SELECT property, count(*), avg(value), max(value) FROM observations WHERE {day} GROUP BY property"
        ),
        "SELECT count(*), max(value) FROM observations WHERE device = '32028100000060'".to_owned(),
        "SELECT month, property, sum(count), max(max) FROM observations_1h GROUP BY month, property".to_owned(),
    ] {
        for round in ["first", "again"] {
            let asked = Instant::now();
            let actor = Actor::system("measure");
            let answer = service.query(&sql, 1_000, &actor, Timestamp::UNIX_EPOCH).await;
            match answer {
                Ok(answer) => println!(
                    "sql, {round}: {} rows in {:?}: {sql}",
                    answer.rows.len(),
                    asked.elapsed()
                ),
                Err(fault) => println!("sql, {round}: {fault} after {:?}: {sql}", asked.elapsed()),
            }
        }
    }
    Ok(())
}
