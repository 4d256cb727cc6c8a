//! What is too much is refused, and the receiver may stop.

use std::io::Cursor;
use std::ops::ControlFlow;

use yiwang_geofiles::{Limits, Reading, System, read};

use crate::reading::{all, nowhere};

fn limited(change: impl FnOnce(&mut Limits)) -> Reading<'static> {
    let mut reading = Reading::of(System::Wgs84, &nowhere);
    change(&mut reading.limits);
    reading
}

const TABLE: &[u8] = b"lon,lat,n\n120.1,31.9,a\n120.1,31.9,b\n120.1,31.9,c\n";

#[test]
fn files_and_records_are_bounded() {
    let broken = all(TABLE, &limited(|limits| limits.file_bytes_max = 20))
        .map(|_| ())
        .expect_err("bytes");
    assert!(broken.what.contains("the file has 49 bytes"), "{broken}");
    let broken = all(TABLE, &limited(|limits| limits.records_max = 2))
        .map(|_| ())
        .expect_err("records");
    assert!(broken.what.contains("more than 2 records"), "{broken}");
    let broken = all(TABLE, &limited(|limits| limits.columns_max = 2))
        .map(|_| ())
        .expect_err("columns");
    assert!(broken.what.contains("3 columns"), "{broken}");
    assert_eq!(
        all(TABLE, &limited(|limits| limits.records_max = 3))
            .expect("three")
            .records
            .len(),
        3
    );
}

#[test]
fn a_record_that_is_too_long_is_a_fault_of_its_own() {
    let line = "[120.1, 31.9], ".repeat(50);
    let text = format!(
        "{{\"type\": \"LineString\", \"coordinates\": [{}]}}\n{{\"type\": \"Point\", \"coordinates\": [120, 31]}}",
        line.trim_end_matches([',', ' '])
    );
    let read = all(text.as_bytes(), &limited(|limits| limits.vertices_max = 40)).expect("a file");
    assert!(
        read.faults[0].what.contains("50 points"),
        "{}",
        read.faults[0]
    );
    assert_eq!(read.records.len(), 1);
    let read = all(
        text.as_bytes(),
        &limited(|limits| limits.record_bytes_max = 200),
    )
    .expect("a file");
    assert!(
        read.faults[0].what.contains("more than 200 bytes"),
        "{}",
        read.faults[0]
    );
    assert_eq!(read.records.len(), 1);
    let read = all(TABLE, &limited(|limits| limits.attribute_bytes_max = 1)).expect("a file");
    assert!(
        read.faults[0].what.contains("attributes have 2 bytes"),
        "{}",
        read.faults[0]
    );
}

#[test]
fn a_quote_that_is_never_closed_does_not_take_the_whole_file_into_memory() {
    let text = format!("lon,lat,n\n120.1,31.9,\"{}", "x".repeat(1 << 20));
    let broken = all(
        text.as_bytes(),
        &limited(|limits| limits.record_bytes_max = 1 << 16),
    );
    let broken = broken.map(|_| ()).expect_err("a quote");
    assert!(broken.what.contains("quote that is not closed"), "{broken}");
}

#[test]
fn the_receiver_may_stop() {
    let mut seen = 0;
    let reading = Reading::of(System::Wgs84, &nowhere);
    let summary = read(Cursor::new(TABLE), &reading, &mut |_item| {
        seen += 1;
        ControlFlow::Break(())
    });
    assert_eq!((seen, summary.expect("a summary").records), (1, 1));
}
