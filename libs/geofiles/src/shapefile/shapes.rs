//! The .shp: shapes of one kind, found by the index beside it. Heights and measures stand behind the points and are
//! not read.

mod rings;

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, Point};

use crate::door::Wrong;
use crate::record::Broken;

const HEADER: usize = 100;
const FILE_CODE: i32 = 9994;
const ADVICE: &str = "export the layer again";

pub(super) struct Shapes<'a> {
    bytes: &'a [u8],
    /// Where each shape's content begins and how long it is.
    places: Vec<(usize, usize)>,
}

impl<'a> Shapes<'a> {
    pub(super) fn open(bytes: &'a [u8], index: Option<&[u8]>) -> Result<Self, Broken> {
        if big_i32(bytes, 0) != Some(FILE_CODE) || bytes.len() < HEADER {
            return Err(Broken::new("the .shp is none", ADVICE));
        }
        let indexed = index.filter(|index| big_i32(index, 0) == Some(FILE_CODE));
        let places = match indexed.and_then(|index| index.get(HEADER..)) {
            Some(index) => index
                .chunks_exact(8)
                .map(|entry| words(big_i32(entry, 0)))
                .map(|begin| (begin + 8, content_length(bytes, begin)))
                .collect(),
            None => walk(bytes),
        };
        Ok(Self { bytes, places })
    }

    pub(super) fn count(&self) -> usize {
        self.places.len()
    }

    /// What stands behind a shape's own header; nothing where it lies beyond the end.
    pub(super) fn content(&self, place: usize) -> Option<&'a [u8]> {
        let (begin, length) = *self.places.get(place)?;
        self.bytes.get(begin..begin.checked_add(length)?)
    }
}

/// Lengths and places are counted in words of two bytes.
fn words(count: Option<i32>) -> usize {
    count.map_or(usize::MAX / 4, |count| (count.max(0) as usize) * 2)
}

fn content_length(bytes: &[u8], begin: usize) -> usize {
    words(begin.checked_add(4).and_then(|at| big_i32(bytes, at)))
}

fn walk(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    let mut begin = HEADER;
    while begin + 8 <= bytes.len() {
        let length = content_length(bytes, begin);
        places.push((begin + 8, length));
        begin = begin.saturating_add(8).saturating_add(length);
    }
    places
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn big_i32(bytes: &[u8], at: usize) -> Option<i32> {
    array(bytes, at).map(i32::from_be_bytes)
}

fn count(bytes: &[u8], at: usize) -> Option<usize> {
    let count = array(bytes, at).map(i32::from_le_bytes)?;
    usize::try_from(count).ok()
}

fn coord(bytes: &[u8], at: usize) -> Option<Coord<f64>> {
    Some(Coord {
        x: array(bytes, at).map(f64::from_le_bytes)?,
        y: array(bytes, at + 8).map(f64::from_le_bytes)?,
    })
}

/// The geometry of a shape, and whether it has heights or measures.
pub(super) fn read(content: &[u8]) -> Result<(Geometry<f64>, bool), Wrong> {
    let kind = array(content, 0).map(i32::from_le_bytes);
    let cut_off = || Wrong::new("its shape is shorter than it says", ADVICE);
    let geometry = match kind {
        None => None,
        Some(0) => {
            return Err(Wrong::new(
                "it has no geometry",
                "draw one, or leave the record out",
            ));
        }
        Some(1 | 11 | 21) => coord(content, 4).map(|coord| Point::from(coord).into()),
        Some(8 | 18 | 28) => points(content, 40, 36).map(|all| MultiPoint::from(all).into()),
        Some(3 | 13 | 23) => parts(content).map(|mut lines| {
            if lines.len() == 1 {
                Geometry::LineString(lines.remove(0))
            } else {
                MultiLineString::new(lines).into()
            }
        }),
        Some(5 | 15 | 25) => parts(content).map(rings::polygons),
        Some(kind) => {
            return Err(Wrong::new(
                format!("its shape is of kind {kind}, which is not read"),
                "export the layer as points, lines or polygons",
            ));
        }
    };
    let geometry = geometry.ok_or_else(cut_off)?;
    Ok((geometry, kind.is_some_and(|kind| kind > 10)))
}

/// As many points as stand at `count_at`, beginning at `at`.
fn points(content: &[u8], at: usize, count_at: usize) -> Option<Vec<Coord<f64>>> {
    let count = count(content, count_at)?;
    let bytes = content.get(at..at.checked_add(count.checked_mul(16)?)?)?;
    bytes
        .chunks_exact(16)
        .map(|point| coord(point, 0))
        .collect()
}

/// A box, the number of parts and of points, where each part begins, the points.
fn parts(content: &[u8]) -> Option<Vec<LineString<f64>>> {
    let part_count = count(content, 36)?;
    let points_at = part_count.checked_mul(4)?.checked_add(44)?;
    let begins = content.get(44..points_at)?.chunks_exact(4);
    let begins: Vec<usize> = begins.map(|begin| count(begin, 0)).collect::<Option<_>>()?;
    let points = points(content, points_at, 40)?;
    let ends = begins.iter().skip(1).copied().chain([points.len()]);
    let lines = begins.iter().zip(ends).map(|(begin, end)| {
        points
            .get(*begin..end)
            .map(|part| LineString::from(part.to_vec()))
    });
    lines.collect()
}
