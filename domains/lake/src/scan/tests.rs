use std::collections::BTreeMap;

use datafusion::arrow::array::{AsArray as _, Int64Array};
use datafusion::arrow::datatypes::{Float64Type, TimestampMicrosecondType};
use yiwang_contracts::{Actor, Bucket, Grant, OrgScope, Point, Series};
use yiwang_kernel::Clock as _;

use super::*;
use crate::compact::Effort;
use crate::lake::Lake;
use crate::table::ALWAYS;
use crate::testing::{DAY, Dice, HOUR, Model, SECOND, Shore, deleted, event, form, point};

/// Five days with files of most, views of some, and rows in segments that replace, delete and add.
fn lake() -> (Shore, Lake, Model) {
    let mut shore = Shore::new();
    shore.settings.merge_parts = 3;
    let lake = shore.open();
    let (mut model, mut dice) = (Model::default(), Dice(5));
    let begin = shore.now();
    let mut append = |points: Vec<Point>| {
        lake.append_points(&points).unwrap();
        model.apply(&points);
    };
    for hour in 0..100 {
        let mut points = Vec::new();
        for device in ["a", "b", "c"] {
            let series = Series::new(device, "level");
            let time = begin + hour * HOUR + dice.below(3_000) as i64 * SECOND;
            points.push(point(&series, time, dice.below(1_000) as f64 / 8.0));
        }
        append(points);
        shore.wait(HOUR);
        if hour % 7 == 0 {
            lake.compact(Effort::Due).unwrap();
        }
    }
    let late = Series::new("b", "level");
    append(vec![
        point(&late, begin + 30 * HOUR, 77.0),
        deleted(&late, begin + 3 * HOUR),
        point(&Series::new("d", "new"), begin + 99 * HOUR, 1.0),
    ]);
    (shore, lake, model)
}

fn scan(lake: &Lake, dataset: Dataset, devices: &[&str], span: Span) -> Scan {
    let devices: Vec<Box<str>> = devices.iter().map(|device| Box::from(*device)).collect();
    Scan {
        ask: lake.ask(),
        dataset,
        wanted: Wanted::devices(&devices),
        span,
        rights: None,
        columns: (0..schema(dataset).fields().len()).collect(),
    }
}

fn batches(scan: &Scan) -> Vec<RecordBatch> {
    let read = |unit| {
        scan.read(unit)
            .unwrap()
            .map(Result::unwrap)
            .collect::<Vec<_>>()
    };
    scan.units().into_iter().flat_map(read).collect()
}

/// Every row's series, time and value, each once.
fn rows(batches: &[RecordBatch], value: usize) -> BTreeMap<(String, i64), f64> {
    let mut found = BTreeMap::new();
    for batch in batches {
        let devices = batch.column(0).as_string::<i32>();
        let times = batch.column(2).as_primitive::<TimestampMicrosecondType>();
        let values = batch.column(value).as_primitive::<Float64Type>();
        for row in 0..batch.num_rows() {
            let key = (devices.value(row).to_owned(), times.value(row));
            assert!(
                found.insert(key.clone(), values.value(row)).is_none(),
                "{key:?} twice"
            );
        }
    }
    found
}

fn expected(model: &Model, devices: &[&str], span: Span) -> BTreeMap<(String, i64), f64> {
    let wanted = |point: &&Point| {
        (devices.is_empty() || devices.contains(&&*point.series.device))
            && (span.from..span.to).contains(&point.time)
    };
    let points = model.0.values().filter(wanted);
    points
        .map(|point| ((point.series.device.to_string(), point.time), point.value))
        .collect()
}

#[test]
fn a_scan_has_every_row_once_wherever_it_lies() {
    let (shore, lake, model) = lake();
    let begin = shore.now() - 100 * HOUR;
    for devices in [&[][..], &["b"], &["a", "d", "nobody"]] {
        for (from, to) in [(0, 200), (-5, 27), (30, 31), (50, 99), (7, 7)] {
            let span = Span {
                from: begin + from * HOUR,
                to: begin + to * HOUR,
            };
            let found = rows(
                &batches(&scan(&lake, Dataset::Observations, devices, span)),
                3,
            );
            assert_eq!(
                found,
                expected(&model, devices, span),
                "{devices:?} {from} {to}"
            );
        }
    }
}

#[test]
fn buckets_of_a_scan_are_those_of_the_values_also_where_late_ones_changed_them() {
    let (shore, lake, model) = lake();
    let span = Span {
        from: shore.now() - 5 * DAY,
        to: shore.now() + DAY,
    };
    assert!(!lake.snapshot().manifest.viewed.is_empty());
    for (dataset, step) in [(Dataset::Hours, Step::Hour), (Dataset::Days, Step::Day)] {
        let found = rows(&batches(&scan(&lake, dataset, &[], ALWAYS)), 5);
        let mut sums = BTreeMap::new();
        for series in model.series() {
            let buckets: Vec<Bucket> = model.buckets(&series, span, step);
            for bucket in buckets {
                sums.insert((series.device.to_string(), bucket.start), bucket.sum);
            }
        }
        assert_eq!(form(&found), form(&sums));
    }
}

#[test]
fn only_the_columns_that_are_asked_for_are_given_and_rows_can_be_counted_without_any() {
    let (shore, lake, model) = lake();
    let mut scan = scan(&lake, Dataset::Observations, &["a"], ALWAYS);
    scan.columns = vec![7, 3];
    let some = batches(&scan);
    assert_eq!(some[0].schema().field(0).name(), "day");
    assert_eq!(some[0].schema().field(1).name(), "value");
    scan.columns = Vec::new();
    let count: usize = batches(&scan).iter().map(RecordBatch::num_rows).sum();
    assert_eq!(count, expected(&model, &["a"], ALWAYS).len());
    drop(shore);
}

#[test]
fn events_are_seen_by_those_who_may_read_them_where_they_came_from() {
    let shore = Shore::new();
    let lake = shore.open();
    let some = |seqs: std::ops::Range<i64>| -> Vec<_> {
        seqs.map(|seq| event(seq, shore.now())).collect()
    };
    lake.append_events(&some(1..9)).unwrap();
    lake.compact(Effort::All).unwrap();
    lake.append_events(&some(9..17)).unwrap();
    let seqs = |rights: Option<Actor>| -> Vec<i64> {
        let mut scan = scan(&lake, Dataset::Events, &[], ALWAYS);
        scan.rights = rights.map(|actor| Arc::new(Rights::of(&actor, shore.clock.now())));
        scan.columns = vec![0];
        let mut seqs = Vec::new();
        for batch in batches(&scan) {
            let own = batch
                .column(0)
                .as_any()
                .downcast_ref::<Int64Array>()
                .unwrap();
            seqs.extend_from_slice(own.values());
        }
        seqs.sort_unstable();
        seqs
    };
    let actor = |action: &str, area: Option<&str>, secrecy_max| Actor {
        grants: Arc::new(vec![Grant {
            role: "test".to_owned(),
            actions: Arc::new([action.to_owned()].into()),
            org: OrgScope::All,
            area: area.map(Into::into),
            secrecy_max,
            purpose: None,
            expires_at: None,
        }]),
        system: false,
        ..Actor::system("test")
    };
    assert_eq!(seqs(None), (1..17).collect::<Vec<_>>());
    assert_eq!(seqs(Some(actor("pack.read", None, 4))), Vec::<i64>::new());
    assert_eq!(seqs(Some(actor("incident.read", None, 4))).len(), 16);
    // Secrecy is 1 + seq % 4.
    assert_eq!(seqs(Some(actor("incident.read", None, 1))), [4, 8, 12, 16]);
    // Even ones have a place in 320281001.
    assert_eq!(
        seqs(Some(actor("incident.read", Some("320281001"), 2))),
        [4, 8, 12, 16]
    );
    assert_eq!(
        seqs(Some(actor("incident.read", Some("320281004"), 4))),
        Vec::<i64>::new()
    );
}
