//! Which rows are kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use yiwang_contracts::{Series, Span};

use super::Ask;
use crate::error::LakeError;
use crate::piece::Key;
use crate::want::{Want, Wanted};
use crate::zone::Day;

/// The times asked for of each series, with their positions in the answer.
type Asked = BTreeMap<Arc<Series>, BTreeMap<i64, Vec<usize>>>;

impl Ask {
    /// In the order asked. What was deleted is not kept.
    pub(crate) fn contains(&self, keys: &[(Arc<Series>, i64)]) -> Result<Vec<bool>, LakeError> {
        let mut answers = vec![false; keys.len()];
        let mut days: BTreeMap<Day, Asked> = BTreeMap::new();
        let kept = self.kept(crate::table::ALWAYS);
        for (at, (answer, (series, time))) in answers.iter_mut().zip(keys).enumerate() {
            if *time < kept.from {
                continue;
            }
            let tables = self.snapshot.points.iter().rev();
            let newest = tables
                .into_iter()
                .find_map(|table| table.cell(series, *time));
            if let Some(cell) = newest {
                *answer = !cell.is_deleted();
            } else {
                let day = days.entry(self.zone.day(*time)).or_default();
                let times = day.entry(Arc::clone(series)).or_default();
                times.entry(*time).or_default().push(at);
            }
        }
        for (day, asked) in days {
            self.look(day, &asked, &mut answers)?;
        }
        Ok(answers)
    }

    fn look(&self, day: Day, asked: &Asked, answers: &mut [bool]) -> Result<(), LakeError> {
        let times = || asked.values().flat_map(BTreeMap::keys).copied();
        let Some((first, last)) = times().min().zip(times().max()) else {
            return Ok(());
        };
        let span = Span {
            from: first,
            to: last + 1,
        };
        let want = Want {
            series: Wanted::Series(asked.keys().cloned().collect()),
            span: Some(span),
        };
        for part in self.parts(day, span) {
            for piece in self.reader.pieces::<Key>(part, &want)? {
                let piece = piece?;
                let Some((first, last)) = piece.cells.first().zip(piece.cells.last()) else {
                    continue;
                };
                let wanted = asked.get(&piece.series).into_iter();
                for (time, positions) in wanted.flat_map(|times| times.range(first.0..=last.0)) {
                    let found = piece.cells.binary_search_by_key(time, |(time, _)| *time);
                    for at in positions.iter().filter(|_| found.is_ok()) {
                        if let Some(answer) = answers.get_mut(*at) {
                            *answer = true;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}
