//! Joins neighbouring cells into the ring around them.
//!
//! Works on rounded whole coordinates: two cells that touch share the very same corners, so an
//! inner edge appears once in each direction and cancels out.

use std::collections::{BTreeMap, BTreeSet};

use super::shape::edges;

/// A corner in units of 0.00001 degrees.
pub(super) type Corner = (i64, i64);

/// The one ring around `cells`; `None` when they do not make a single whole.
pub(super) fn joined<'a>(cells: impl IntoIterator<Item = &'a [Corner]>) -> Option<Vec<Corner>> {
    let mut outer: BTreeSet<(Corner, Corner)> = BTreeSet::new();
    for (from, to) in cells.into_iter().flat_map(edges) {
        if !outer.remove(&(to, from)) {
            outer.insert((from, to));
        }
    }
    let next: BTreeMap<Corner, Corner> = outer.iter().copied().collect();
    let (&start, _) = next.first_key_value()?;
    let mut ring = vec![start];
    let mut at = *next.get(&start)?;
    while at != start && ring.len() <= outer.len() {
        ring.push(at);
        at = *next.get(&at)?;
    }
    // Fewer corners than edges: a second ring, a hole or two parts that only touch in a corner.
    (ring.len() == outer.len()).then_some(ring)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: i64, y: i64) -> Vec<Corner> {
        vec![(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
    }

    #[test]
    fn cells_become_one_ring_or_nothing() {
        let check = |cells: &[Vec<Corner>], corners: Option<usize>| {
            assert_eq!(
                joined(cells.iter().map(Vec::as_slice)).map(|ring| ring.len()),
                corners
            );
        };
        check(&[square(0, 0)], Some(4));
        check(&[square(0, 0), square(1, 0)], Some(6));
        check(&[square(0, 0), square(2, 0)], None);
        check(&[square(0, 0), square(1, 1)], None);
        check(&[], None);
    }
}
