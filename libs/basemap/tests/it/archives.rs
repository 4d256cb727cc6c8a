//! Archives that the reference implementation wrote (`pmtiles` 3.8.1 of PyPI).

use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use yiwang_basemap::pmtiles::{Archive, ArchiveFault, Ranges, TileKind};
use yiwang_basemap::{PictureFormat, Tile};

/// What lies in `leaves.pmtiles`, as the reference reads it.
const LEAF_TILES: [(u32, u32, Option<u32>); 9] = [
    (200, 100, None),
    (200, 101, Some(47)),
    (200, 102, Some(46)),
    (255, 199, Some(1)),
    (130, 60, Some(18)),
    (131, 61, None),
    (130, 30, Some(36)),
    (255, 30, None),
    (190, 150, Some(29)),
];

const RASTER: &[u8] = include_bytes!("../fixtures/raster.pmtiles");
const LEAVES: &[u8] = include_bytes!("../fixtures/leaves.pmtiles");

/// A file in memory that counts how often it is read.
#[derive(Default)]
struct Bytes(Vec<u8>, AtomicUsize);

impl Ranges for Bytes {
    fn read(&self, offset: u64, length: u64) -> std::io::Result<Vec<u8>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        let end = offset.checked_add(length);
        let part = end.and_then(|end| self.0.get(offset as usize..end as usize));
        part.map(<[u8]>::to_vec)
            .ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
    }
}

fn archive(bytes: &[u8]) -> Result<Archive<Bytes>, ArchiveFault> {
    Archive::open(Bytes(bytes.to_vec(), AtomicUsize::default()))
}

fn tile(z: u8, x: u32, y: u32) -> Tile {
    Tile::new(z, x, y).expect("a tile")
}

#[test]
fn raster_tiles_are_found() {
    let archive = archive(RASTER).unwrap();
    let header = archive.header();
    assert_eq!(
        (header.kind, header.zoom_min, header.zoom_max),
        (TileKind::Png, 0, 3)
    );
    assert_eq!(header.bounds.map(|edge| edge as i32), [-180, -85, 180, 85]);
    for z in 0..4 {
        for (x, y) in (0..1 << z).flat_map(|x| (0..1 << z).map(move |y| (x, y))) {
            let found = archive.tile(tile(z, x, y)).unwrap();
            if (z, x, y) == (3, 7, 0) {
                assert_eq!(found, None);
                continue;
            }
            let bytes = found.unwrap();
            assert_eq!(PictureFormat::sniff(&bytes), Some(PictureFormat::Png));
            // The writer colored each tile by its numbers, and a quarter of the last zoom alike.
            let is_alike = z == 3 && x < 4 && y >= 4;
            let n = if is_alike {
                9999
            } else {
                u32::from(z) * 10_000 + x * 100 + y
            };
            let picture = yiwang_basemap::Picture::decode(&bytes).unwrap();
            let color = [(n % 256) as u8, (n / 256 % 256) as u8, 40, 255];
            assert_eq!(picture.rgba()[..4], color, "{z}/{x}/{y}");
        }
    }
    assert_eq!(archive.tile(tile(4, 0, 0)).unwrap(), None);
    assert_eq!(archive.metadata().unwrap(), br#"{"attribution": "nobody"}"#);
}

#[test]
fn tiles_are_found_through_further_directories() {
    let ranges = Bytes(LEAVES.to_vec(), AtomicUsize::default());
    let archive = Archive::open(&ranges).unwrap();
    assert_eq!(archive.header().kind, TileKind::Vector);
    for (x, y, content) in LEAF_TILES {
        let found = archive.tile(tile(8, x, y)).unwrap();
        let wanted = content.map(|n: u32| format!("tile {n}").into_bytes());
        assert_eq!(found, wanted, "{x}, {y}");
    }
    let before = ranges.1.load(Ordering::Relaxed);
    archive.tile(tile(8, 255, 199)).unwrap();
    let reads = ranges.1.load(Ordering::Relaxed) - before;
    assert_eq!(reads, 1, "the directory was known already");
    let mut there = 0;
    for (x, y) in (130..256).flat_map(|x| (30..200).map(move |y| (x, y))) {
        let is_written = (x * 7 + y * 13) % 3 != 0;
        let found = archive.tile(tile(8, x, y)).unwrap();
        assert_eq!(found.is_some(), is_written, "{x}, {y}");
        there += u32::from(is_written);
    }
    assert_eq!(there, 14_280);
}

impl Ranges for &Bytes {
    fn read(&self, offset: u64, length: u64) -> std::io::Result<Vec<u8>> {
        (*self).read(offset, length)
    }
}

#[test]
fn what_is_no_archive_is_told() {
    assert!(matches!(archive(b""), Err(ArchiveFault::Read(_))));
    let page = b"<html>".repeat(40);
    assert!(matches!(archive(&page), Err(ArchiveFault::NotAnArchive)));
    assert!(matches!(
        archive(&RASTER[..150]),
        Err(ArchiveFault::Read(_))
    ));
    let changed = |at: usize, byte: u8| {
        let mut bytes = RASTER.to_vec();
        bytes[at] = byte;
        archive(&bytes)
    };
    assert!(matches!(changed(7, 2), Err(ArchiveFault::NotAnArchive)));
    assert!(matches!(changed(97, 5), Err(ArchiveFault::Compression(5))));
    assert!(matches!(changed(99, 5), Err(ArchiveFault::Header(_))));
    assert!(matches!(changed(101, 99), Err(ArchiveFault::Header(_))));
    // A first directory of exabytes.
    assert!(matches!(changed(23, 0x7F), Err(ArchiveFault::TooLarge(_))));
}

proptest! {
    /// However bytes are changed, reading ends with an answer or with an error.
    #[test]
    fn broken_archives_are_errors(changes in prop::collection::vec((0_usize..2_000, any::<u8>()), 1..20),
        (z, x, y) in (0_u8..9, 0_u32..512, 0_u32..512)) {
        for original in [RASTER, LEAVES] {
            let mut bytes = original.to_vec();
            for (at, byte) in &changes {
                bytes[*at] = *byte;
            }
            if let Ok(archive) = archive(&bytes) {
                let _ = archive.metadata();
                let _ = archive.tile(tile(z, x >> (9 - z), y >> (9 - z)));
            }
        }
    }
}
