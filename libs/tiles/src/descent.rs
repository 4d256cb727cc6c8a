//! Finds what of a list sorted by Morton key lies in a rectangle.
//!
//! The list is its own quadtree: each quad is one range of it. Quads outside are skipped, quads inside are given
//! whole, and only few entries near the rectangle's edge remain to be looked at one by one.

use core::ops::Range;

use crate::world::{Rect, World};

/// Fewer entries than this are rather looked at one by one than split further.
const SPLIT_MIN: usize = 24;

/// A part of the list: all entries of one quad, whose side is 2^`bits`.
struct Quad {
    key: u64,
    bits: u32,
    range: Range<usize>,
}

/// Calls `found` with the ranges that may hold entries of `rect`, in their order. With `true` all of the range lies
/// inside; with `false` each entry is yet to be tested. Keys may be of places, or of cells; `rect` counts in the same.
pub(crate) fn descend(keys: &[u64], rect: Rect, found: &mut impl FnMut(Range<usize>, bool)) {
    let differing = (rect.min.x ^ rect.max.x) | (rect.min.y ^ rect.max.y);
    let bits = 32 - differing.leading_zeros();
    let key = if bits == 32 {
        0
    } else {
        rect.min.key() >> (2 * bits) << (2 * bits)
    };
    let start = keys.partition_point(|each| *each < key);
    let end = end_of(keys, start..keys.len(), key, bits);
    let quad = Quad {
        key,
        bits,
        range: start..end,
    };
    visit(keys, rect, &quad, found);
}

/// Where the entries of a quad end, among those of `range`.
fn end_of(keys: &[u64], range: Range<usize>, key: u64, bits: u32) -> usize {
    if bits == 32 {
        return range.end;
    }
    let last = key | ((1_u64 << (2 * bits)) - 1);
    let part = keys.get(range.clone()).unwrap_or_default();
    range.start + part.partition_point(|each| *each <= last)
}

fn visit(keys: &[u64], rect: Rect, quad: &Quad, found: &mut impl FnMut(Range<usize>, bool)) {
    if quad.range.is_empty() {
        return;
    }
    let corner = World::from_key(quad.key);
    let ones = u32::MAX.checked_shr(32 - quad.bits).unwrap_or(0);
    let area = Rect {
        min: corner,
        max: World {
            x: corner.x | ones,
            y: corner.y | ones,
        },
    };
    if !area.meets(rect) {
        return;
    }
    if rect.covers(area) {
        return found(quad.range.clone(), true);
    }
    if quad.range.len() < SPLIT_MIN {
        return found(quad.range.clone(), false);
    }
    let bits = quad.bits - 1;
    let mut start = quad.range.start;
    for number in 0..4_u64 {
        let key = quad.key | number << (2 * bits);
        let end = end_of(keys, start..quad.range.end, key, bits);
        let range = start..end;
        visit(keys, rect, &Quad { key, bits, range }, found);
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places() -> impl Strategy<Value = Vec<(u32, u32)>> {
        let near = prop_oneof![0_u32..64, any::<u32>(), 0x7FFF_FFF0..0x8000_0010_u32];
        proptest::collection::vec((near.clone(), near), 0..200)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_finds_what_a_look_at_each_finds(places in places(), a: (u32, u32), b: (u32, u32), near: bool) {
            let (a, b) = if near { ((a.0 % 70, a.1 % 70), (b.0 % 70, b.1 % 70)) } else { (a, b) };
            let rect = Rect::of(World { x: a.0, y: a.1 }).union(Rect::of(World { x: b.0, y: b.1 }));
            let mut keys: Vec<u64> = places.iter().map(|(x, y)| World { x: *x, y: *y }.key()).collect();
            keys.sort_unstable();
            let inside = |key: &u64| rect.holds(World::from_key(*key));
            let expected: Vec<u64> = keys.iter().copied().filter(inside).collect();
            let mut seen = Vec::new();
            descend(&keys, rect, &mut |range, whole| {
                let part = &keys[range];
                assert!(!whole || part.iter().all(inside));
                seen.extend(part.iter().copied().filter(inside));
            });
            prop_assert_eq!(seen, expected);
        }
    }
}
