use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use yiwang_contracts::{Point, Quality, Series};

use super::*;
use crate::dataset::{Dataset, Partition};
use crate::disk::Disk;
use crate::testing::{
    DAY, Dice, HOUR, Model, SECOND, Shore, agrees, agrees_as_a_whole, at, deleted, event,
    folder_is_tidy, kept_events, point,
};

/// Three days before the clock's until a little after it.
fn days(shore: &Shore) -> (i64, i64) {
    (shore.now() - 3 * DAY, shore.now() + HOUR)
}

fn series() -> Vec<Arc<Series>> {
    let all = [
        ("d0", "level"),
        ("d1", "flow"),
        ("d1", "level"),
        ("d2", "x"),
        ("é", "y"),
    ];
    all.iter()
        .map(|(device, property)| Series::new(device, property))
        .collect()
}

/// Some points: new, late, repeated, deleted, of texts, not believed.
fn some(dice: &mut Dice, model: &Model, (from, to): (i64, i64)) -> Vec<Point> {
    let series = series();
    let count = 1 + dice.below(60);
    let known: Vec<(Arc<Series>, i64)> = model.0.keys().cloned().collect();
    let mut points = Vec::new();
    for _ in 0..count {
        let own = &series[dice.below(series.len() as u64) as usize];
        let time = from + (dice.below(((to - from) / SECOND) as u64) as i64) * SECOND;
        let mut point = point(own, time, dice.below(10_000) as f64 / 100.0);
        match dice.below(12) {
            0 => point.quality = Quality::OutOfRange,
            1 => point.text = Some(format!("text {}", dice.below(9)).into()),
            2 => point.value = f64::NAN,
            3 | 4 if !known.is_empty() => {
                let (own, time) = &known[dice.below(known.len() as u64) as usize];
                point = deleted(own, *time);
            }
            5 | 6 if !known.is_empty() => {
                let (own, time) = &known[dice.below(known.len() as u64) as usize];
                point.series = Arc::clone(own);
                point.time = *time;
            }
            7 => point = deleted(own, time),
            _ => {}
        }
        point.received = point.time + 2 * SECOND;
        points.push(point);
    }
    points
}

#[test]
fn whatever_comes_in_whatever_order_the_answers_are_right() {
    for seed in 0..12 {
        let mut dice = Dice(seed);
        let mut shore = Shore::new();
        shore.settings.merge_parts = 3;
        let mut lake = shore.open();
        let mut model = Model::default();
        for _ in 0..30 {
            match dice.below(10) {
                0..6 => {
                    let points = some(&mut dice, &model, days(&shore));
                    lake.append_points(&points).unwrap();
                    model.apply(&points);
                }
                6 => shore.wait((dice.below(20 * 3_600) as i64) * SECOND),
                7 | 8 => {
                    let effort = if dice.below(2) == 0 {
                        Effort::Due
                    } else {
                        Effort::All
                    };
                    lake.compact(effort).unwrap();
                    folder_is_tidy(&lake);
                }
                _ => {
                    drop(lake);
                    lake = shore.open();
                }
            }
        }
        let (_, to) = days(&shore);
        let span = (at("2026-11-19T00:00:00Z"), to);
        agrees(&lake, &model, span);
        lake.compact(Effort::All).unwrap();
        agrees(&lake, &model, span);
        lake.reader.forget();
        drop(lake);
        agrees(&shore.open(), &model, span);
    }
}

/// A lake with parts, views, and a segment that replaces, deletes, adds late and new rows; and what it should hold.
fn scene() -> (Shore, Model) {
    let mut shore = Shore::new();
    shore.settings.merge_parts = 3;
    let lake = shore.open();
    let mut model = Model::default();
    let mut dice = Dice(77);
    for round in 0..3 {
        let points = some(&mut dice, &model, days(&shore));
        lake.append_points(&points).unwrap();
        model.apply(&points);
        let first = i64::from(round) * 10;
        lake.append_events(&some_events(&shore, first..first + 10))
            .unwrap();
        let effort = if round == 1 { Effort::All } else { Effort::Due };
        shore.wait(11 * 60 * SECOND);
        lake.compact(effort).unwrap();
    }
    for _ in 0..2 {
        let points = some(&mut dice, &model, days(&shore));
        lake.append_points(&points).unwrap();
        model.apply(&points);
        lake.append_events(&some_events(&shore, 25..40)).unwrap();
    }
    drop(lake);
    (shore, model)
}

/// On several days.
fn some_events(shore: &Shore, seqs: std::ops::Range<i64>) -> Vec<yiwang_contracts::Event> {
    let at = |seq: i64| shore.now() - (seq % 3) * DAY;
    seqs.map(|seq| event(seq, at(seq))).collect()
}

/// What the scene has, each event once.
fn has_all_events(lake: &Lake) {
    assert_eq!(kept_events(lake), (0..40).collect::<Vec<_>>());
}

/// Fails at the step of the number, and, if the process has died there, at all that follow.
fn failing(at: u64, is_dead: bool) -> (Disk, Arc<AtomicU64>) {
    let steps = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&steps);
    let disk = Disk::probed(Arc::new(move |_step| {
        let step = count.fetch_add(1, Ordering::SeqCst);
        if step == at || is_dead && step > at {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        Ok(())
    }));
    (disk, steps)
}

#[test]
fn a_crash_at_any_step_loses_nothing_and_doubles_nothing() {
    let (scene, model) = scene();
    let (from, to) = days(&scene);
    let mut crashes = 0;
    for step in 0.. {
        let shore = scene.copy();
        // The steps of opening are survived by opening again.
        let (disk, steps) = failing(step, true);
        let clock = Arc::clone(&shore.clock);
        let opened = Lake::open_on(
            disk,
            &shore.root(),
            shore.settings.clone(),
            clock,
            &shore.metrics,
        );
        let outcome = opened.and_then(|lake| lake.compact(Effort::All));
        let lake = shore.open();
        folder_is_tidy(&lake);
        agrees_as_a_whole(&lake, &model, (from, to));
        has_all_events(&lake);
        lake.compact(Effort::All).unwrap();
        folder_is_tidy(&lake);
        agrees_as_a_whole(&lake, &model, (from, to));
        has_all_events(&lake);
        if steps.load(Ordering::SeqCst) <= step {
            assert!(outcome.is_ok());
            break;
        }
        crashes += 1;
    }
    assert!(crashes > 50, "{crashes}");
}

#[test]
fn a_step_that_fails_is_done_by_the_next_pass() {
    let (scene, model) = scene();
    let (from, to) = days(&scene);
    let begun = {
        let shore = scene.copy();
        let (disk, steps) = failing(u64::MAX, false);
        let _lake = shore.open_on(disk);
        steps.load(Ordering::SeqCst)
    };
    for step in begun.. {
        let shore = scene.copy();
        let (disk, steps) = failing(step, false);
        let lake = shore.open_on(disk);
        let outcome = lake.compact(Effort::All);
        assert_eq!(lake.tally.last_failure().is_some(), outcome.is_err());
        agrees_as_a_whole(&lake, &model, (from, to));
        lake.compact(Effort::All).unwrap();
        agrees_as_a_whole(&lake, &model, (from, to));
        drop(lake);
        let lake = shore.open();
        folder_is_tidy(&lake);
        agrees_as_a_whole(&lake, &model, (from, to));
        has_all_events(&lake);
        if steps.load(Ordering::SeqCst) <= step {
            assert!(outcome.is_ok());
            break;
        }
    }
}

#[test]
fn what_was_answered_for_survives_a_crash_of_appending() {
    for step in 0..12 {
        let shore = Shore::new();
        drop(shore.open());
        let (disk, _) = failing(step, true);
        let clock = Arc::clone(&shore.clock);
        let opened = Lake::open_on(
            disk,
            &shore.root(),
            shore.settings.clone(),
            clock,
            &shore.metrics,
        );
        let mut model = Model::default();
        let mut tried = Model::default();
        if let Ok(lake) = opened {
            for n in 0..4 {
                let points = [point(&series()[0], shore.now() + n * SECOND, n as f64)];
                tried.apply(&points);
                if lake.append_points(&points).is_ok() {
                    model.apply(&points);
                }
            }
        }
        let lake = shore.open();
        let kept = lake.ask().latest().unwrap();
        // A batch that was refused may have reached the disk: it is not lost, it may come again.
        let answered = model.0.len();
        let all = lake
            .ask()
            .samples(&series()[0], crate::table::ALWAYS, false, 99)
            .unwrap();
        assert!(
            all.len() >= answered && all.len() <= tried.0.len(),
            "{step}: {kept:?}"
        );
    }
}

#[test]
fn a_day_becomes_one_sorted_part_and_is_down_sampled_when_it_is_over() {
    let shore = Shore::new();
    let lake = shore.open();
    let own = &series()[0];
    let mut model = Model::default();
    // 09:00 on the 23rd; ten minutes of data in each of twelve segments.
    for n in 0..120 {
        let points = [point(own, shore.now(), f64::from(n))];
        lake.append_points(&points).unwrap();
        model.apply(&points);
        shore.wait(60 * SECOND);
        lake.compact(Effort::Due).unwrap();
    }
    let day = Partition::day(Dataset::Observations, Day::parse("2026-11-23").unwrap());
    let parts = |lake: &Lake| lake.snapshot().manifest.parts_of(day).len();
    assert!((2..8).contains(&parts(&lake)), "{}", parts(&lake));
    assert!(lake.snapshot().manifest.viewed.is_empty());
    shore.wait(15 * HOUR);
    assert_eq!(lake.compact(Effort::Due).unwrap().viewed, 1);
    assert_eq!(parts(&lake), 1);
    assert_eq!(lake.compact(Effort::Due).unwrap(), Compacted::default());
    agrees(&lake, &model, (at("2026-11-22T00:00:00Z"), shore.now()));
    // One late value waits for an hour, and is answered at once.
    let late = [point(own, at("2026-11-23T05:00:00Z"), 7.5)];
    lake.append_points(&late).unwrap();
    model.apply(&late);
    shore.wait(11 * 60 * SECOND);
    let flushed = lake.compact(Effort::Due).unwrap();
    assert_eq!(
        (flushed.segments, flushed.merged, flushed.viewed),
        (1, 0, 0)
    );
    assert_eq!(parts(&lake), 2);
    agrees(&lake, &model, (at("2026-11-22T00:00:00Z"), shore.now()));
    shore.wait(HOUR);
    let caught_up = lake.compact(Effort::Due).unwrap();
    assert_eq!((caught_up.merged, caught_up.viewed), (1, 1));
    agrees(&lake, &model, (at("2026-11-22T00:00:00Z"), shore.now()));
}

#[test]
fn a_day_of_which_everything_is_deleted_leaves_no_rows_anywhere() {
    let shore = Shore::new();
    let lake = shore.open();
    let own = &series()[0];
    lake.append_points(&[point(own, shore.now(), 1.0)]).unwrap();
    shore.wait(2 * DAY);
    lake.compact(Effort::Due).unwrap();
    assert_eq!(lake.snapshot().manifest.all_parts().count(), 3);
    lake.append_points(&[deleted(own, shore.now() - 2 * DAY)])
        .unwrap();
    shore.wait(HOUR);
    lake.compact(Effort::Due).unwrap();
    assert_eq!(lake.snapshot().manifest.all_parts().count(), 0);
    assert!(lake.ask().latest().unwrap().is_empty());
    folder_is_tidy(&lake);
    drop(lake);
    assert!(shore.open().ask().latest().unwrap().is_empty());
}

#[test]
fn when_compaction_stops_intake_stops_at_a_bound_and_goes_on_after_it() {
    let mut shore = Shore::new();
    shore.settings.seal_bytes = 2_000;
    shore.settings.sealed_max = 2;
    let lake = shore.open();
    let own = &series()[0];
    let mut taken = Vec::new();
    let refused = loop {
        let n = taken.len() as i64;
        let points = [point(own, shore.now() + n * SECOND, n as f64)];
        match lake.append_points(&points) {
            Ok(()) => taken.extend(points),
            Err(fault) => break fault,
        }
        assert!(taken.len() < 1_000);
    };
    assert!(
        matches!(refused, LakeError::Behind { sealed: 2 }),
        "{refused}"
    );
    assert_eq!(lake.compact(Effort::Due).unwrap().segments, 2);
    lake.append_points(&[point(own, shore.now() - SECOND, 0.0)])
        .unwrap();
    let kept = lake
        .ask()
        .samples(own, crate::table::ALWAYS, false, usize::MAX)
        .unwrap();
    assert_eq!(kept.len(), taken.len() + 1);
}

#[test]
fn a_lake_is_written_by_one_and_read_by_many() {
    let (shore, model) = scene();
    let lake = shore.open();
    let clock = Arc::clone(&shore.clock);
    let again = Lake::open(&shore.root(), shore.settings.clone(), clock, &shore.metrics);
    assert!(matches!(again, Err(LakeError::Locked(_))));
    let clock = Arc::clone(&shore.clock);
    let reader = Lake::open_to_read(&shore.root(), shore.settings.clone(), clock).unwrap();
    lake.compact(Effort::All).unwrap();
    let clock = Arc::clone(&shore.clock);
    let after = Lake::open_to_read(&shore.root(), shore.settings.clone(), clock).unwrap();
    agrees(&after, &model, days(&shore));
    // Its files were replaced after it was opened, and nobody told it.
    drop(reader);
}

#[test]
fn whoever_reads_while_files_are_replaced_reads_to_the_end() {
    let (shore, model) = scene();
    let lake = shore.open();
    let ask = lake.ask();
    let parts: Vec<_> = ask.manifest().all_parts().cloned().collect();
    lake.compact(Effort::All).unwrap();
    lake.reader.forget();
    for series in model.series() {
        let got = ask
            .samples(&series, crate::table::ALWAYS, false, usize::MAX)
            .unwrap();
        let expected = model.samples(&series, crate::table::ALWAYS);
        assert_eq!(crate::testing::form(&got), crate::testing::form(&expected));
    }
    drop((ask, parts));
    lake.compact(Effort::All).unwrap();
    folder_is_tidy(&lake);
}

#[test]
fn without_its_manifest_a_lake_with_parts_is_not_opened() {
    let (shore, _) = scene();
    std::fs::remove_file(shore.root().join("manifest.json")).unwrap();
    let clock = Arc::clone(&shore.clock);
    let opened = Lake::open(&shore.root(), shore.settings.clone(), clock, &shore.metrics);
    assert!(matches!(opened, Err(LakeError::Damaged { .. })));
}

#[test]
fn an_event_that_comes_again_is_kept_once() {
    let shore = Shore::new();
    let mut lake = shore.open();
    let some = |seqs| some_events(&shore, seqs);
    assert_eq!(lake.append_events(&some(1..5)).unwrap(), 4);
    // Delivered again after a crash, in part.
    drop(lake);
    lake = shore.open();
    assert_eq!(lake.append_events(&some(3..8)).unwrap(), 3);
    lake.compact(Effort::All).unwrap();
    assert_eq!(lake.append_events(&some(1..8)).unwrap(), 0);
    // One that was parked and comes late, after greater ones were compacted.
    assert_eq!(lake.append_events(&some(9..10)).unwrap(), 1);
    lake.compact(Effort::All).unwrap();
    assert_eq!(lake.append_events(&some(8..10)).unwrap(), 1);
    assert_eq!(kept_events(&lake), (1..10).collect::<Vec<_>>());
    shore.wait(2 * DAY);
    lake.compact(Effort::All).unwrap();
    assert_eq!(kept_events(&lake), (1..10).collect::<Vec<_>>());
    folder_is_tidy(&lake);
}
