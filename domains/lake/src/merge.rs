//! Merges sources that are sorted by series and time. Of two rows with the same key the one of the later source
//! stands. Memory holds one piece of each source.

use std::iter::Peekable;
use std::sync::Arc;

use crate::error::LakeError;
use crate::piece::Piece;

/// A sorted source of pieces; the times of a series grow over its pieces.
pub(crate) type Source<'a, C> = Box<dyn Iterator<Item = Result<Piece<C>, LakeError>> + Send + 'a>;

pub(crate) struct Merge<'a, C> {
    sources: Vec<Peekable<Source<'a, C>>>,
}

impl<'a, C> Merge<'a, C> {
    /// `sources` from the oldest to the newest.
    pub(crate) fn new(sources: Vec<Source<'a, C>>) -> Self {
        Self {
            sources: sources.into_iter().map(Iterator::peekable).collect(),
        }
    }

    fn advance(&mut self) -> Result<Option<Piece<C>>, LakeError> {
        let mut least = None;
        for source in &mut self.sources {
            match source.peek() {
                Some(Ok(piece)) if least.as_ref().is_none_or(|least| piece.series < *least) => {
                    least = Some(Arc::clone(&piece.series));
                }
                Some(Err(_)) => {
                    // The peeked fault is the next item.
                    if let Some(Err(fault)) = source.next() {
                        return Err(fault);
                    }
                }
                Some(Ok(_)) | None => {}
            }
        }
        let Some(series) = least else {
            return Ok(None);
        };
        let cells = self.cells_of(&series);
        Ok(Some(Piece { series, cells }))
    }

    /// The cells of a series up to the last time for which every source has given what it has.
    fn cells_of(&mut self, series: &Arc<yiwang_contracts::Series>) -> Vec<(i64, C)> {
        let mut own: Vec<&mut Peekable<Source<'a, C>>> = Vec::new();
        let mut until = i64::MAX;
        for source in &mut self.sources {
            if let Some(Ok(piece)) = source.peek()
                && piece.series == *series
            {
                let last = piece.cells.last().map_or(i64::MIN, |(time, _)| *time);
                until = until.min(last);
                own.push(source);
            }
        }
        let mut cells: Vec<(i64, C)> = Vec::new();
        let is_alone = own.len() == 1;
        for source in own {
            let Some(Ok(piece)) = source.peek_mut() else {
                continue;
            };
            if piece.cells.last().is_none_or(|(time, _)| *time <= until) {
                cells.append(&mut piece.cells);
                source.next();
            } else {
                let taken = piece.cells.partition_point(|(time, _)| *time <= until);
                let rest = piece.cells.split_off(taken);
                cells.append(&mut piece.cells);
                piece.cells = rest;
            }
        }
        if is_alone {
            cells
        } else {
            newest_of_each(cells)
        }
    }
}

/// Sorts by time; of equal times the last given one stands.
pub(crate) fn newest_of_each<C>(mut cells: Vec<(i64, C)>) -> Vec<(i64, C)> {
    cells.sort_by_key(|(time, _)| *time);
    cells.reverse();
    cells.dedup_by_key(|(time, _)| *time);
    cells.reverse();
    cells
}

impl<C> Iterator for Merge<'_, C> {
    type Item = Result<Piece<C>, LakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use yiwang_contracts::Series;

    use super::*;

    /// A source of rows `(device, time)` in pieces of `piece` rows.
    fn source(rows: &BTreeMap<(u8, i64), usize>, piece: usize) -> Source<'static, usize> {
        let mut pieces: Vec<Piece<usize>> = Vec::new();
        for ((device, time), value) in rows {
            let series = Series::new(&device.to_string(), "x");
            match pieces.last_mut() {
                Some(last) if last.series == series && last.cells.len() < piece => {
                    last.cells.push((*time, *value));
                }
                _ => pieces.push(Piece {
                    series,
                    cells: vec![(*time, *value)],
                }),
            }
        }
        Box::new(pieces.into_iter().map(Ok))
    }

    proptest! {
        /// As if everything had been put into one map, the newest source last.
        #[test]
        fn the_newest_row_of_each_key_stands(
            sources in prop::collection::vec(
                (prop::collection::btree_set((0_u8..4, 0_i64..30), 0..40), 1_usize..7), 0..5),
        ) {
            let mut expected = BTreeMap::new();
            let mut given = Vec::new();
            for (at, (keys, piece)) in sources.into_iter().enumerate() {
                let rows: BTreeMap<(u8, i64), usize> = keys.into_iter().map(|key| (key, at)).collect();
                expected.extend(rows.clone());
                given.push(source(&rows, piece));
            }
            let mut got = Vec::new();
            for piece in Merge::new(given) {
                let piece = piece.unwrap();
                let device: u8 = piece.series.device.parse().unwrap();
                got.extend(piece.cells.iter().map(|(time, value)| ((device, *time), *value)));
            }
            prop_assert_eq!(got, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
