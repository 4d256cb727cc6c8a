use std::io;
use std::sync::Mutex;

use proptest::prelude::*;
use tempfile::tempdir;
use yiwang_contracts::{Point, Quality, Series};
use yiwang_kernel::Fault as _;

use super::*;
use crate::batch::{Stored, encode, time_column};
use crate::cell::Cell;

fn batch(from: i64, rows: i64) -> RecordBatch {
    let series = Series::new("320281YL0001", "level");
    let rows: Vec<(i64, Cell)> = (from..from + rows)
        .map(|time| {
            let point = Point {
                series: Arc::clone(&series),
                time,
                received: time + 1_500_000,
                value: time as f64 / 8.0,
                text: (time % 3 == 0).then(|| format!("t{time}").into()),
                quality: Quality::Good,
            };
            (time, Cell::of(&point))
        })
        .collect();
    encode(rows.iter().map(|(time, cell)| (&*series, *time, cell))).unwrap()
}

/// A segment of batches of 1, 2 … rows, and where each of them ends.
fn written(folder: &Path, batches: i64) -> Vec<u64> {
    let disk = Disk::default();
    let mut segment = Segment::create(&disk, folder, 7, &Cell::schema()).unwrap();
    let mut ends = vec![segment.bytes()];
    for number in 1..=batches {
        segment.append(&disk, &batch(number * 100, number)).unwrap();
        ends.push(segment.bytes());
    }
    ends
}

/// The times in it, and how it was read.
fn times(path: &Path) -> (Vec<i64>, Read) {
    let mut times = Vec::new();
    let read = read(path, &Cell::schema(), |batch| {
        times.extend_from_slice(time_column(batch).unwrap());
        Ok(())
    })
    .unwrap();
    (times, read)
}

fn expected(batches: i64) -> Vec<i64> {
    (1..=batches)
        .flat_map(|number| number * 100..number * 101)
        .collect()
}

#[test]
fn what_was_appended_is_read_back() {
    let folder = tempdir().unwrap();
    let ends = written(folder.path(), 5);
    let (times, read) = times(&path(folder.path(), 7));
    assert_eq!(times, expected(5));
    assert_eq!(read.tail, Tail::Whole);
    assert_eq!(Some(&read.good), ends.last());
    assert_eq!(numbers(folder.path()).unwrap(), [7]);
}

#[test]
fn a_tail_cut_anywhere_loses_only_the_batch_it_cuts() {
    let folder = tempdir().unwrap();
    let ends = written(folder.path(), 3);
    let path = path(folder.path(), 7);
    let whole = std::fs::read(&path).unwrap();
    for length in 0..=whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        let kept = ends.iter().filter(|end| **end <= length as u64).count() as i64 - 1;
        let (got, read) = times(&path);
        assert_eq!(got, expected(kept.max(0)), "{length}");
        let at_end = length == 0 || ends.contains(&(length as u64));
        let tail = if at_end { Tail::Whole } else { Tail::Torn };
        assert_eq!(read.tail, tail, "{length}");
        mend(&Disk::default(), &path, &read).unwrap();
        assert_eq!(times(&path).1.tail, Tail::Whole, "{length}");
    }
}

#[test]
fn a_mended_segment_keeps_a_copy_of_what_was_damaged() {
    let folder = tempdir().unwrap();
    let ends = written(folder.path(), 3);
    let path = path(folder.path(), 7);
    let mut bytes = std::fs::read(&path).unwrap();
    let second = ends[1] as usize..ends[2] as usize;
    let code = bytes[second.clone()]
        .windows(4)
        .position(|four| four == b"YL00");
    bytes[second.start + code.unwrap()] ^= 0x10;
    std::fs::write(&path, &bytes).unwrap();
    let (got, read) = times(&path);
    assert_eq!(got, expected(1));
    assert!(matches!(read.tail, Tail::Damaged(_)), "{:?}", read.tail);
    mend(&Disk::default(), &path, &read).unwrap();
    let kept = std::fs::read(path.with_extension("damaged")).unwrap();
    assert_eq!(kept, bytes[ends[1] as usize..]);
    assert_eq!(times(&path).0, expected(1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Zeros or noise where pages did not reach the disk: never a value that was not written, never a panic.
    #[test]
    fn noise_gives_no_rows_that_were_not_written(
        from in 0_usize..3_000, length in 1_usize..600, noise in any::<Option<u8>>(),
    ) {
        let folder = tempdir().unwrap();
        written(folder.path(), 4);
        let path = path(folder.path(), 7);
        let mut bytes = std::fs::read(&path).unwrap();
        for (at, byte) in bytes.iter_mut().enumerate().skip(from).take(length) {
            *byte = noise.map_or(0, |noise| noise.wrapping_mul(at as u8));
        }
        std::fs::write(&path, &bytes).unwrap();
        let (got, _) = times(&path);
        prop_assert!(expected(4).starts_with(&got));
    }
}

#[test]
fn a_full_disk_costs_the_batch_and_nothing_else() {
    let folder = tempdir().unwrap();
    let room = Arc::new(Mutex::new(true));
    let asked = Arc::clone(&room);
    let disk = Disk::probed(Arc::new(move |step| {
        if step.starts_with("append sync") && !*asked.lock().unwrap() {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        Ok(())
    }));
    let mut segment = Segment::create(&disk, folder.path(), 7, &Cell::schema()).unwrap();
    segment.append(&disk, &batch(100, 1)).unwrap();
    *room.lock().unwrap() = false;
    let fault = segment.append(&disk, &batch(900, 5)).unwrap_err();
    assert_eq!(fault.code(), "lake.disk_full");
    assert_eq!(fault.kind(), yiwang_kernel::FaultKind::Unavailable);
    let path = path(folder.path(), 7);
    assert_eq!(times(&path).0, expected(1));
    assert_eq!(std::fs::metadata(&path).unwrap().len(), segment.bytes());
    *room.lock().unwrap() = true;
    segment.append(&disk, &batch(200, 2)).unwrap();
    assert_eq!(times(&path), (expected(2), times(&path).1));
    assert_eq!(times(&path).1.tail, Tail::Whole);
}

#[test]
fn a_segment_that_could_not_be_begun_is_begun_again() {
    let folder = tempdir().unwrap();
    let full = Disk::probed(Arc::new(|step| {
        if step == "append sync" {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        Ok(())
    }));
    assert!(Segment::create(&full, folder.path(), 7, &Cell::schema()).is_err());
    assert_eq!(numbers(folder.path()).unwrap(), Vec::<u64>::new());
    let disk = Disk::default();
    let mut segment = Segment::create(&disk, folder.path(), 7, &Cell::schema()).unwrap();
    segment.append(&disk, &batch(100, 1)).unwrap();
    assert_eq!(times(&path(folder.path(), 7)).0, expected(1));
}
