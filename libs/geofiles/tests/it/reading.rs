//! Reading a whole file into lists.

use std::io::{Cursor, Read as _};
use std::ops::ControlFlow;

use yiwang_geofiles::{Broken, Fault, Item, Note, Reading, Record, Summary, System, read};

pub(crate) struct All {
    pub(crate) records: Vec<Record>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) summary: Summary,
}

impl All {
    pub(crate) fn notes(&self) -> &[Note] {
        &self.summary.notes
    }
}

/// For systems that stay as they are.
pub(crate) fn nowhere(system: System, x: f64, y: f64) -> (f64, f64) {
    panic!("({x}, {y}) of {system} are to be projected")
}

pub(crate) fn all(bytes: &[u8], reading: &Reading<'_>) -> Result<All, Broken> {
    let (mut records, mut faults) = (Vec::new(), Vec::new());
    let summary = read(Cursor::new(bytes), reading, &mut |item| {
        match item {
            Item::Record(record) => records.push(*record),
            Item::Fault(fault) => faults.push(fault),
        }
        ControlFlow::Continue(())
    })?;
    assert_eq!(summary.records, records.len() as u64);
    assert_eq!(summary.faults, faults.len() as u64);
    Ok(All {
        records,
        faults,
        summary,
    })
}

/// Everything as it is found, in degrees.
pub(crate) fn plain(bytes: &[u8]) -> Result<All, Broken> {
    all(bytes, &Reading::of(System::Wgs84, &nowhere))
}

/// The only file of an archive.
pub(crate) fn unpacked(archive: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).expect("an archive");
    let mut bytes = Vec::new();
    let mut only = archive.by_index(0).expect("a file");
    only.read_to_end(&mut bytes).expect("its bytes");
    bytes
}
