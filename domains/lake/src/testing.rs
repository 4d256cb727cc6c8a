//! A lake in a folder that is thrown away, and what it should answer, worked out by looking at everything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use jiff::SignedDuration;
use tempfile::TempDir;
use yiwang_contracts::{Bucket, Point, Quality, Sample, Series, Span, Step};
use yiwang_http::Metrics;
use yiwang_kernel::{Clock as _, ManualClock, Timestamp};

use crate::ask::Replay;
use crate::disk::Disk;
use crate::lake::Lake;
use crate::settings::LakeSettings;
use crate::table::ALWAYS;

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const HOUR: i64 = 3_600 * SECOND;
pub(crate) const DAY: i64 = 24 * HOUR;

pub(crate) fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_microsecond()
}

/// A lake that can be closed and opened again.
pub(crate) struct Shore {
    pub(crate) folder: TempDir,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) settings: LakeSettings,
    pub(crate) metrics: Metrics,
}

impl Shore {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            clock: yiwang_testkit::clock(),
            settings: LakeSettings::default(),
            metrics: Metrics::new(),
        }
    }

    /// Another one with the same files.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self {
            clock: Arc::new(ManualClock::at(self.clock.now())),
            settings: self.settings.clone(),
            ..Self::new()
        };
        copy_folder(&self.root(), &copy.root());
        copy
    }

    pub(crate) fn root(&self) -> std::path::PathBuf {
        self.folder.path().join("lake")
    }

    pub(crate) fn open(&self) -> Lake {
        self.open_on(Disk::default())
    }

    pub(crate) fn open_on(&self, disk: Disk) -> Lake {
        let (settings, clock) = (self.settings.clone(), Arc::clone(&self.clock));
        Lake::open_on(disk, &self.root(), settings, clock, &self.metrics).unwrap()
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now().as_microsecond()
    }

    pub(crate) fn wait(&self, micros: i64) {
        self.clock.advance(SignedDuration::from_micros(micros));
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

pub(crate) fn point(series: &Arc<Series>, time: i64, value: f64) -> Point {
    Point {
        series: Arc::clone(series),
        time,
        received: time + 2 * SECOND,
        value,
        text: None,
        quality: Quality::Good,
    }
}

pub(crate) fn deleted(series: &Arc<Series>, time: i64) -> Point {
    Point {
        quality: Quality::Deleted,
        ..point(series, time, f64::NAN)
    }
}

/// What should be kept.
#[derive(Default, Clone)]
pub(crate) struct Model(pub(crate) BTreeMap<(Arc<Series>, i64), Point>);

impl Model {
    pub(crate) fn apply(&mut self, points: &[Point]) {
        for point in points {
            let key = (Arc::clone(&point.series), point.time);
            if point.quality == Quality::Deleted {
                self.0.remove(&key);
            } else {
                self.0.insert(key, point.clone());
            }
        }
    }

    pub(crate) fn series(&self) -> BTreeSet<Arc<Series>> {
        let keys = self.0.keys();
        keys.map(|(series, _)| Arc::clone(series)).collect()
    }

    fn points(&self, series: &Arc<Series>, span: Span) -> Vec<Point> {
        let from = (Arc::clone(series), span.from);
        let to = (Arc::clone(series), span.to);
        self.0
            .range(from..to)
            .map(|(_, point)| point.clone())
            .collect()
    }

    pub(crate) fn samples(&self, series: &Arc<Series>, span: Span) -> Vec<Sample> {
        let points = self.points(series, span);
        points.into_iter().map(sample).collect()
    }

    /// The zone is eight hours east, as everywhere in these tests.
    pub(crate) fn buckets(&self, series: &Arc<Series>, span: Span, step: Step) -> Vec<Bucket> {
        let length = match step {
            Step::Minute => 60 * SECOND,
            Step::Hour => HOUR,
            Step::Day => DAY,
        };
        let start = |time: i64| (time + 8 * HOUR).div_euclid(length) * length - 8 * HOUR;
        let mut groups: BTreeMap<i64, Vec<Point>> = BTreeMap::new();
        let whole = Span {
            from: start(span.from),
            to: start(span.to - 1) + length,
        };
        for point in self.points(series, whole) {
            groups.entry(start(point.time)).or_default().push(point);
        }
        let bucket = |(start, points): (i64, Vec<Point>)| {
            let believed = points.iter().filter(|point| {
                matches!(point.quality, Quality::Good | Quality::Manual) && !point.value.is_nan()
            });
            let values: Vec<f64> = believed.map(|point| point.value).collect();
            Bucket {
                start,
                min: values.iter().copied().fold(f64::NAN, f64::min),
                max: values.iter().copied().fold(f64::NAN, f64::max),
                sum: values.iter().fold(0.0, |sum, value| sum + value),
                count: values.len() as u64,
                total: points.len() as u64,
            }
        };
        groups.into_iter().map(bucket).collect()
    }
}

fn sample(point: Point) -> Sample {
    Sample {
        time: point.time,
        received: point.received,
        value: point.value,
        text: point.text,
        quality: point.quality,
    }
}

/// The debug form: equal where values are not numbers too.
pub(crate) fn form(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}")
}

/// Every question is answered as the model says.
pub(crate) fn agrees(lake: &Lake, model: &Model, (from, to): (i64, i64)) {
    let ask = lake.ask();
    let spans = [
        ALWAYS,
        Span { from, to },
        Span {
            from: from + DAY / 3,
            to: to - DAY / 2,
        },
        Span { from: to, to: from },
    ];
    for series in model.series() {
        for span in spans {
            let expected = if span.from < span.to {
                model.samples(&series, span)
            } else {
                Vec::new()
            };
            let got = ask.samples(&series, span, false, usize::MAX).unwrap();
            assert_eq!(form(&got), form(&expected), "{series:?} {span:?}");
            let newest: Vec<Sample> = expected.into_iter().rev().take(7).collect();
            let got = ask.samples(&series, span, true, 7).unwrap();
            assert_eq!(form(&got), form(&newest), "{series:?} {span:?}");
        }
        for (step, span) in [
            (Step::Minute, spans[2]),
            (Step::Hour, spans[2]),
            (Step::Hour, spans[1]),
            (Step::Day, spans[1]),
            (Step::Day, spans[2]),
        ] {
            let expected = model.buckets(&series, span, step);
            let got = ask.buckets(&series, span, step).unwrap();
            assert_eq!(form(&got), form(&expected), "{series:?} {span:?} {step:?}");
        }
    }
    latest_agrees(lake, model);
    contains_agrees(lake, model, (from, to));
    replay_agrees(lake, model, spans[2]);
}

/// All rows and all buckets are as the model says, asked for once each.
pub(crate) fn agrees_as_a_whole(lake: &Lake, model: &Model, (from, to): (i64, i64)) {
    let ask = lake.ask();
    let span = Span { from, to };
    for series in model.series() {
        let got = ask.samples(&series, ALWAYS, false, usize::MAX).unwrap();
        assert_eq!(
            form(&got),
            form(&model.samples(&series, ALWAYS)),
            "{series:?}"
        );
        let got = ask.buckets(&series, span, Step::Hour).unwrap();
        let expected = model.buckets(&series, span, Step::Hour);
        assert_eq!(form(&got), form(&expected), "{series:?}");
    }
    latest_agrees(lake, model);
}

fn latest_agrees(lake: &Lake, model: &Model) {
    let mut expected: BTreeMap<Arc<Series>, Sample> = BTreeMap::new();
    for ((series, _), point) in &model.0 {
        expected.insert(Arc::clone(series), sample(point.clone()));
    }
    let got = lake.ask().latest().unwrap();
    let expected: Vec<(Arc<Series>, Sample)> = expected.into_iter().collect();
    assert_eq!(form(&got), form(&expected));
}

fn contains_agrees(lake: &Lake, model: &Model, (from, to): (i64, i64)) {
    let series: Vec<Arc<Series>> = model.series().into_iter().collect();
    let mut keys: Vec<(Arc<Series>, i64)> = model.0.keys().cloned().rev().collect();
    for own in &series {
        keys.extend((0..50).map(|n| (Arc::clone(own), from + (to - from) / 50 * n)));
    }
    keys.push((Series::new("none", "such"), from));
    let expected: Vec<bool> = keys.iter().map(|key| model.0.contains_key(key)).collect();
    assert_eq!(lake.ask().contains(&keys).unwrap(), expected);
}

fn replay_agrees(lake: &Lake, model: &Model, span: Span) {
    for devices in [Vec::new(), vec![Box::from("d2"), Box::from("d0")]] {
        let mut expected: Vec<Point> = model
            .0
            .values()
            .filter(|point| span.from <= point.time && point.time < span.to)
            .filter(|point| devices.is_empty() || devices.contains(&point.series.device))
            .cloned()
            .collect();
        expected.sort_by_key(|point| point.time);
        let mut replay = Replay::new(lake.ask(), &devices, span);
        let mut got = Vec::new();
        loop {
            let piece = replay.next_piece().unwrap();
            if piece.is_empty() {
                break;
            }
            got.extend(piece);
        }
        assert_eq!(form(&got), form(&expected), "{devices:?}");
    }
}

/// The parts in the folder are those of the manifest, and nothing else is there.
pub(crate) fn folder_is_tidy(lake: &Lake) {
    let manifest = Arc::clone(&lake.snapshot().manifest);
    let found = crate::sweep::find(&lake.root, &manifest).unwrap();
    assert_eq!(found.strange, Vec::<std::path::PathBuf>::new());
    assert_eq!(found.hidden, Vec::<std::path::PathBuf>::new());
    assert!(
        found.parts.iter().all(|(_, is_named)| *is_named),
        "{:?}",
        found.parts
    );
    assert_eq!(found.parts.len(), manifest.all_parts().count());
}

/// Numbers that look random and are the same each time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

pub(crate) fn event(seq: i64, at: i64) -> yiwang_contracts::Event {
    yiwang_contracts::Event {
        seq,
        kind: format!("incident.kind_{}", seq % 3),
        subject_id: yiwang_kernel::Uuid::from_u128(seq as u128),
        at: Timestamp::from_microsecond(at).unwrap(),
        scope: yiwang_contracts::EventScope {
            action: "incident.read".to_owned(),
            orgs: Vec::new(),
            area: (seq % 2 == 0).then(|| "320281001".into()),
            secrecy: 1 + (seq % 4) as u8,
        },
        body: serde_json::json!({ "seq": seq }),
    }
}

/// Every event that is kept, as often as it is kept.
pub(crate) fn kept_events(lake: &Lake) -> Vec<i64> {
    let snapshot = lake.snapshot();
    let mut seqs = Vec::new();
    for (partition, parts) in snapshot
        .manifest
        .partitions(crate::dataset::Dataset::Events)
    {
        for part in parts {
            let everything = crate::want::Want::everything();
            for batch in lake.reader.batches(part, &everything, None).unwrap() {
                let rows = crate::event::EventRow::decode(&batch.unwrap()).unwrap();
                assert!(rows.is_sorted_by_key(|row| row.seq));
                for row in rows {
                    assert_eq!(row, crate::event::EventRow::of(&event(row.seq, row.time)));
                    assert_eq!(lake.zone.day(row.time), partition.first_day());
                    seqs.push(row.seq);
                }
            }
        }
    }
    for table in &snapshot.events {
        seqs.extend(table.all().iter().map(|row| row.seq));
    }
    seqs.sort_unstable();
    seqs
}
