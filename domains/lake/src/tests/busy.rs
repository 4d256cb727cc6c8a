//! Appending, compacting and asking at once.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use yiwang_contracts::{Series, Span, Step};

use crate::compact::Effort;
use crate::table::ALWAYS;
use crate::testing::{HOUR, SECOND, Shore, folder_is_tidy, kept_events, point};

const GROUPS: i64 = 150;
const GROUP: i64 = 20;

#[test]
fn whoever_asks_meanwhile_sees_what_was_answered_for_and_nothing_twice() {
    let mut shore = Shore::new();
    // Many segments, merges and replaced parts in a short time.
    shore.settings.seal_bytes = 8_000;
    shore.settings.sealed_max = 1_000;
    shore.settings.merge_parts = 3;
    let lake = shore.open();
    let series = Series::new("d0", "level");
    let begin = shore.now();
    let (appended, is_done) = (AtomicI64::new(0), AtomicBool::new(false));
    std::thread::scope(|threads| {
        threads.spawn(|| {
            for group in 0..GROUPS {
                // Every second point repeats one of the group before, with the same value.
                let times = (0..GROUP).map(|n| (group * GROUP + n - (n % 2) * GROUP).max(0));
                let points: Vec<_> = times
                    .map(|n| point(&series, begin + n * 30 * SECOND, n as f64))
                    .collect();
                lake.append_points(&points).unwrap();
                lake.append_events(&[crate::testing::event(group, begin)])
                    .unwrap();
                appended.store(group + 1, Ordering::SeqCst);
                shore.wait(10 * 60 * SECOND);
            }
            is_done.store(true, Ordering::SeqCst);
        });
        threads.spawn(|| {
            while !is_done.load(Ordering::SeqCst) {
                lake.compact(Effort::All).unwrap();
            }
        });
        threads.spawn(|| {
            while !is_done.load(Ordering::SeqCst) {
                let groups = appended.load(Ordering::SeqCst);
                let ask = lake.ask();
                let samples = ask.samples(&series, ALWAYS, false, usize::MAX).unwrap();
                assert!(samples.is_sorted_by(|a, b| a.time < b.time));
                let even = samples.iter().filter(|sample| sample.value % 2.0 == 0.0);
                assert!(even.count() as i64 >= groups * GROUP / 2);
                let span = Span {
                    from: begin,
                    to: begin + 100 * HOUR,
                };
                let hours = ask.buckets(&series, span, Step::Hour).unwrap();
                let total: u64 = hours.iter().map(|bucket| bucket.total).sum();
                // The open table goes on growing between questions.
                let again = ask.samples(&series, ALWAYS, false, usize::MAX).unwrap();
                assert!((samples.len()..=again.len()).contains(&(total as usize)));
                let events = kept_events(&lake);
                assert!(events.is_sorted_by(|a, b| a < b) && events.len() as i64 >= groups);
            }
        });
    });
    lake.compact(Effort::All).unwrap();
    folder_is_tidy(&lake);
    let samples = lake
        .ask()
        .samples(&series, ALWAYS, false, usize::MAX)
        .unwrap();
    let last = samples.last().map(|sample| sample.value as i64);
    assert_eq!(last, Some(GROUPS * GROUP - 2));
    assert_eq!(kept_events(&lake).len() as i64, GROUPS);
    assert_eq!(crate::check(&lake.root).unwrap().faults, []);
}
