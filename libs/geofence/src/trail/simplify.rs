//! Fewer points for the same way (Douglas and Peucker), in metres.

use yiwang_coords::Plane;

use crate::fix::Fix;

/// The fixes that are left, the ends and those to keep among them: every fix between two of them lies within the
/// tolerance of the straight way.
pub(super) fn simplify(
    run: &[Fix],
    keep: impl Iterator<Item = usize>,
    tolerance_m: f64,
) -> Vec<Fix> {
    let mut kept: Vec<usize> = [0, run.len().saturating_sub(1)]
        .into_iter()
        .chain(keep)
        .collect();
    kept.sort_unstable();
    kept.dedup();
    let begins = kept.iter().copied();
    let mut open: Vec<_> = begins.zip(kept.iter().copied().skip(1)).collect();
    while let Some((from, to)) = open.pop() {
        if let Some(middle) = farthest(run, from, to, tolerance_m) {
            kept.push(middle);
            open.extend([(from, middle), (middle, to)]);
        }
    }
    kept.sort_unstable();
    kept.iter()
        .filter_map(|index| run.get(*index).copied())
        .collect()
}

/// The fix between two that lies farthest from the way between them, if that is too far.
fn farthest(run: &[Fix], from: usize, to: usize, tolerance_m: f64) -> Option<usize> {
    let (begin, end) = (run.get(from)?, run.get(to)?);
    let between = run.get(from + 1..to)?.iter().enumerate();
    let distances = between.map(|(offset, fix)| {
        let plane = Plane::at(fix.place);
        let distance = plane.distance_to_stretch_m(begin.place, end.place);
        (distance, from + 1 + offset)
    });
    let (distance, index) = distances.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (distance > tolerance_m).then_some(index)
}
