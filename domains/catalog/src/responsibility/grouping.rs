//! Pairs put together so that people can read them: as few (item code, area code) rectangles as the
//! two trees allow, each with the number of pairs in it.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use super::PlaceIndex;
use crate::model::{ANY, prefixes};

/// Pairs with the same mark under one item code and one area code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairGroup<M> {
    /// [`ANY`] for every item.
    pub item: String,
    pub area: String,
    pub mark: M,
    pub count: usize,
}

/// Which pairs bear which mark: for each leaf a row, for each row a mark per cell.
#[derive(Debug)]
pub struct Rows<M> {
    pub row_of: Vec<usize>,
    pub rows: Vec<Vec<Option<M>>>,
}

/// The marked pairs in groups, the largest first.
pub fn group_pairs<M: Copy + Eq + Hash + Ord>(
    leaves: &[String],
    places: &PlaceIndex,
    marked: &Rows<M>,
) -> Vec<PairGroup<M>> {
    let by_row: Vec<Vec<(M, usize)>> = marked
        .rows
        .iter()
        .map(|row| areas_of(row, places))
        .collect();
    let mut leaves_of: HashMap<(M, usize), Vec<&str>> = HashMap::new();
    for (leaf, row) in leaves.iter().zip(&marked.row_of) {
        for key in by_row.get(*row).into_iter().flatten() {
            leaves_of.entry(*key).or_default().push(leaf);
        }
    }
    let totals = count_prefixes(leaves.iter().map(String::as_str));
    let mut groups = Vec::new();
    for ((mark, area), marked_leaves) in leaves_of {
        for (item, count) in items_of(&marked_leaves, leaves.len(), &totals) {
            let area_code = places.code(area).to_owned();
            groups.push(PairGroup {
                item,
                area: area_code,
                mark,
                count: count * places.cells_under(area),
            });
        }
    }
    groups.sort_by(|a, b| {
        let key = |group: &PairGroup<M>| {
            (
                std::cmp::Reverse(group.count),
                group.item.clone(),
                group.area.clone(),
            )
        };
        key(a).cmp(&key(b)).then_with(|| a.mark.cmp(&b.mark))
    });
    groups
}

/// The largest areas all of whose cells bear one mark.
fn areas_of<M: Copy + Eq + Hash + Ord>(row: &[Option<M>], places: &PlaceIndex) -> Vec<(M, usize)> {
    if row.iter().all(Option::is_none) {
        return Vec::new();
    }
    let mut counts: HashMap<(M, usize), usize> = HashMap::new();
    for (chain, mark) in places.chains().iter().zip(row) {
        if let Some(mark) = mark {
            for area in chain {
                *counts.entry((*mark, *area)).or_default() += 1;
            }
        }
    }
    let mut areas = BTreeSet::new();
    for (chain, mark) in places.chains().iter().zip(row) {
        let Some(mark) = mark else { continue };
        let is_full =
            |area: &&usize| counts.get(&(*mark, **area)) == Some(&places.cells_under(**area));
        if let Some(largest) = chain.iter().take_while(is_full).last() {
            areas.insert((*mark, *largest));
        }
    }
    areas.into_iter().collect()
}

/// The shortest item codes all of whose leaves are marked, each with its number of leaves.
fn items_of(marked: &[&str], leaves: usize, totals: &HashMap<&str, usize>) -> Vec<(String, usize)> {
    if marked.len() == leaves {
        return vec![(ANY.to_owned(), leaves)];
    }
    let counts = count_prefixes(marked.iter().copied());
    let mut items = BTreeSet::new();
    for leaf in marked {
        let is_full = |code: &&str| counts.get(code) == totals.get(code);
        if let Some(shortest) = prefixes(leaf).take_while(is_full).last() {
            items.insert(shortest);
        }
    }
    items
        .into_iter()
        .map(|code| (code.to_owned(), counts.get(code).copied().unwrap_or(0)))
        .collect()
}

fn count_prefixes<'a>(leaves: impl Iterator<Item = &'a str>) -> HashMap<&'a str, usize> {
    let mut counts = HashMap::new();
    for prefix in leaves.flat_map(prefixes) {
        *counts.entry(prefix).or_insert(0) += 1;
    }
    counts
}
