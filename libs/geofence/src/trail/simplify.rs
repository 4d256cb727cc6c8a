//! Fewer points for the same way (Douglas and Peucker), in metres.

use yiwang_coords::Plane;

use super::TrailPoint;

/// The points that are left, the ends and those that must be among them: every point between two of them lies within
/// the tolerance of the straight way.
pub(super) fn simplify(way: &[(TrailPoint, bool)], tolerance_m: f64) -> Vec<TrailPoint> {
    let last = way.len().saturating_sub(1);
    let is_kept = |index: &usize| {
        let is_end = *index == 0 || *index == last;
        is_end || way.get(*index).is_some_and(|(_, must_stay)| *must_stay)
    };
    let mut kept: Vec<usize> = (0..way.len()).filter(is_kept).collect();
    let ends = kept.iter().copied();
    let mut open: Vec<_> = ends.zip(kept.iter().copied().skip(1)).collect();
    while let Some((from, to)) = open.pop() {
        if let Some(middle) = farthest(way, from, to, tolerance_m) {
            kept.push(middle);
            open.extend([(from, middle), (middle, to)]);
        }
    }
    kept.sort_unstable();
    let points = kept.iter().filter_map(|index| way.get(*index));
    points.map(|(point, _)| *point).collect()
}

/// The point between two that lies farthest from the way between them, if that is too far.
fn farthest(way: &[(TrailPoint, bool)], from: usize, to: usize, tolerance_m: f64) -> Option<usize> {
    let ((begin, _), (end, _)) = (way.get(from)?, way.get(to)?);
    let between = way.get(from + 1..to)?.iter().enumerate();
    let distances = between.map(|(offset, (point, _))| {
        let plane = Plane::at(point.place);
        let distance = plane.distance_to_stretch_m(begin.place, end.place);
        (distance, from + 1 + offset)
    });
    let (distance, index) = distances.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (distance > tolerance_m).then_some(index)
}
