//! Finds shapes by their boxes: a tree without pointers.
//!
//! Shapes lie along the Morton curve, so sixteen that follow each other are near each other. A level holds one box
//! around each sixteen of the level below.

#![expect(
    clippy::indexing_slicing,
    reason = "each level is a sixteenth of the one below"
)]

use crate::world::Rect;

const FAN: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Boxes {
    /// From the boxes of the shapes themselves to the few at the top.
    levels: Vec<Vec<Rect>>,
}

impl Boxes {
    pub(super) fn new(boxes: Vec<Rect>) -> Self {
        let mut levels = vec![boxes];
        while let Some(below) = levels.last()
            && below.len() > FAN
        {
            let above = below.chunks(FAN).filter_map(around).collect();
            levels.push(above);
        }
        Self { levels }
    }

    pub(super) fn bytes(&self) -> usize {
        let boxes = self.levels.iter().map(Vec::capacity).sum::<usize>();
        boxes * size_of::<Rect>()
    }

    /// Calls `found` with the numbers of the boxes that meet a rectangle, in their order.
    pub(super) fn meeting(&self, rect: Rect, found: &mut impl FnMut(usize)) {
        let Some(top) = self.levels.len().checked_sub(1) else {
            return;
        };
        self.visit(top, 0..self.levels[top].len(), rect, found);
    }

    fn visit(
        &self,
        level: usize,
        range: core::ops::Range<usize>,
        rect: Rect,
        found: &mut impl FnMut(usize),
    ) {
        for at in range {
            if !self.levels[level][at].meets(rect) {
                continue;
            }
            match level.checked_sub(1) {
                None => found(at),
                Some(below) => {
                    let end = (at * FAN + FAN).min(self.levels[below].len());
                    self.visit(below, at * FAN..end, rect, found);
                }
            }
        }
    }
}

fn around(boxes: &[Rect]) -> Option<Rect> {
    boxes.iter().copied().reduce(Rect::union)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::world::World;

    fn rect() -> impl Strategy<Value = Rect> {
        (0_u32..1000, 0_u32..1000, 0_u32..200, 0_u32..200).prop_map(|(x, y, wide, high)| {
            let corner = World {
                x: x + wide,
                y: y + high,
            };
            Rect::of(World { x, y }).union(Rect::of(corner))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_finds_what_a_look_at_each_finds(boxes in proptest::collection::vec(rect(), 0..400), at in rect()) {
            let expected: Vec<usize> = (0..boxes.len()).filter(|number| boxes[*number].meets(at)).collect();
            let mut found = Vec::new();
            Boxes::new(boxes).meeting(at, &mut |number| found.push(number));
            prop_assert_eq!(found, expected);
        }
    }
}
