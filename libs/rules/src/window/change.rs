//! Has the level changed within the window? Its older half says what is usual; the newer half is summed up (CUSUM)
//! as far as it leaves that.

use super::ordered::{score as scored, spread};
use crate::series::Sample;

/// Points that a score needs at the least.
const POINTS_MIN: usize = 16;
/// Points that are looked at; of more samples the means of neighbours are taken.
const POINTS_MAX: usize = 64;
/// What every point gives away for nothing: shifts of less than twice this many deviations are not sought.
const SLACK: f64 = 0.5;
/// What one point can contribute at most, so that a single spike is no change.
const POINT_MAX: f64 = 4.0;

/// How surely the level has changed: in deviations summed up, positive after a rise, negative after a fall.
pub(super) fn score(samples: impl ExactSizeIterator<Item = Sample>, floor: f64) -> Option<f64> {
    let mut points = [0.0; POINTS_MAX];
    let count = thin(samples, &mut points);
    if count < POINTS_MIN {
        return None;
    }
    let (usual, recent) = points.get(..count)?.split_at(count / 2);
    let mut sorted = [0.0; POINTS_MAX];
    let sorted = sorted.get_mut(..usual.len())?;
    sorted.copy_from_slice(usual);
    sorted.sort_unstable_by(f64::total_cmp);
    let (center, deviation) = spread(sorted)?;
    let deviation = deviation.max(floor);
    if deviation == 0.0 {
        return Some(score_of_flat(center, recent));
    }
    let (mut up, mut down) = (0.0_f64, 0.0_f64);
    for point in recent {
        let distance = scored(point - center, deviation).clamp(-POINT_MAX, POINT_MAX);
        up = (up + distance - SLACK).max(0.0);
        down = (down - distance - SLACK).max(0.0);
    }
    Some(if up >= down { up } else { -down })
}

/// What never moved has no deviation to measure by: every other value then counts in full.
fn score_of_flat(center: f64, recent: &[f64]) -> f64 {
    let moved = recent
        .iter()
        .map(|point| point - center)
        .filter(|distance| distance.abs() > 0.0);
    moved
        .map(|distance| (POINT_MAX - SLACK).copysign(distance))
        .sum()
}

/// Fills the points, from the oldest; tells how many there are.
fn thin(samples: impl ExactSizeIterator<Item = Sample>, points: &mut [f64; POINTS_MAX]) -> usize {
    let count = samples.len();
    let kept = count.min(POINTS_MAX);
    let (mut filled, mut sum, mut summed) = (0, 0.0, 0.0);
    for (index, (_, value)) in samples.enumerate() {
        sum += value;
        summed += 1.0;
        // The last sample of each of `kept` shares of as equal size as can be.
        if (index + 1) * kept / count > filled {
            if let Some(point) = points.get_mut(filled) {
                *point = sum / summed;
            }
            (filled, sum, summed) = (filled + 1, 0.0, 0.0);
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise without randomness, within -1..1.
    fn noise(step: usize) -> f64 {
        (step as f64 * 12.9898).sin() * 43_758.547 % 1.0
    }

    fn score_of(values: impl Fn(usize) -> f64, count: usize) -> f64 {
        let samples: Vec<Sample> = (0..count).map(|step| (step as i64, values(step))).collect();
        score(samples.into_iter(), 0.0).unwrap()
    }

    #[test]
    fn a_shift_is_seen_and_a_spike_is_not() {
        for count in [40, 60, 500] {
            assert!(score_of(noise, count).abs() < 6.0, "{count}");
            let shift = |step| noise(step) + if step > count * 3 / 4 { 3.0 } else { 0.0 };
            assert!(score_of(shift, count) > 12.0, "{count}");
            assert!(score_of(|step| -shift(step), count) < -12.0, "{count}");
            let spike = |step| noise(step) + if step == count - 3 { 100.0 } else { 0.0 };
            assert!(score_of(spike, count) < 8.0, "{count}");
        }
    }

    #[test]
    fn what_never_moved_is_scored_too() {
        assert!(score_of(|_| 5.0, 30).abs() < f64::EPSILON);
        assert!(score_of(|step| if step > 25 { 5.1 } else { 5.0 }, 30) > 12.0);
    }

    #[test]
    fn thinning_keeps_all_samples_in_equal_shares() {
        let mut points = [0.0; POINTS_MAX];
        let samples: Vec<Sample> = (0..128).map(|step| (step, step as f64)).collect();
        assert_eq!(thin(samples.into_iter(), &mut points), POINTS_MAX);
        assert_eq!(points.first().zip(points.last()), Some((&0.5, &126.5)));
        let few: Vec<Sample> = (0..5).map(|step| (step, step as f64)).collect();
        assert_eq!(thin(few.into_iter(), &mut points), 5);
    }
}
