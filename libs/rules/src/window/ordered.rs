//! Samples in the order of their values: median, and how far a value lies from the others.

/// Samples that a robust score needs at the least.
const SCORED_MIN: usize = 12;
/// Makes the median distance of normal noise its standard deviation.
pub(super) const NORMAL_OF_MEDIAN: f64 = 1.4826;
/// Makes the mean distance of normal noise its standard deviation.
pub(super) const NORMAL_OF_MEAN: f64 = 1.2533;

#[derive(Debug, Clone, Default)]
pub(super) struct Ordered {
    values: Vec<f64>,
}

impl Ordered {
    pub(super) fn add(&mut self, value: f64) {
        let index = self.values.partition_point(|other| *other < value);
        self.values.insert(index, value);
    }

    pub(super) fn remove(&mut self, value: f64) {
        let index = self.values.partition_point(|other| *other < value);
        if index < self.values.len() {
            self.values.remove(index);
        }
    }

    pub(super) fn median(&self) -> Option<f64> {
        median(&self.values)
    }

    /// The distance of a value from the median, in robust deviations of at least `floor`.
    pub(super) fn score(&self, value: f64, floor: f64) -> Option<f64> {
        if self.values.len() < SCORED_MIN {
            return None;
        }
        let (center, spread) = spread(&self.values)?;
        Some(score(value - center, spread.max(floor)))
    }

    pub(super) fn bytes(&self) -> usize {
        self.values.capacity() * size_of::<f64>()
    }
}

/// A distance in units of the spread; where there is no spread, nothing is far.
pub(super) fn score(distance: f64, spread: f64) -> f64 {
    if spread > 0.0 { distance / spread } else { 0.0 }
}

/// The median of sorted values.
pub(super) fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let high = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(high);
    }
    let low = *sorted.get(middle.wrapping_sub(1))?;
    Some(low + (high - low) / 2.0)
}

/// Median and robust deviation of sorted values. Where most values are equal, the mean distance stands in for the
/// median distance, which is nothing then.
pub(super) fn spread(sorted: &[f64]) -> Option<(f64, f64)> {
    let center = median(sorted)?;
    let distance = median_distance(sorted, center)?;
    if distance > 0.0 {
        return Some((center, distance * NORMAL_OF_MEDIAN));
    }
    let total: f64 = sorted.iter().map(|value| (value - center).abs()).sum();
    Some((center, total / sorted.len() as f64 * NORMAL_OF_MEAN))
}

/// The median of the distances from a center, without sorting them: on both sides of it they are in order.
fn median_distance(sorted: &[f64], center: f64) -> Option<f64> {
    let middle = sorted.len() / 2;
    let high = kth_distance(sorted, center, middle)?;
    if sorted.len() % 2 == 1 {
        return Some(high);
    }
    let low = kth_distance(sorted, center, middle.checked_sub(1)?)?;
    Some(low + (high - low) / 2.0)
}

/// The distance that exactly `rank` others do not exceed. The `rank + 1` values nearest to the center are neighbours:
/// the stretch of so many neighbours whose ends lie nearest is found by halving.
fn kth_distance(sorted: &[f64], center: f64, rank: usize) -> Option<f64> {
    let width = rank + 1;
    let (mut low, mut high) = (0, sorted.len().checked_sub(width)?);
    while low < high {
        let start = low + (high - low) / 2;
        let before = center - sorted.get(start)?;
        let after = sorted.get(start + width)? - center;
        if before > after {
            low = start + 1;
        } else {
            high = start;
        }
    }
    let first = center - sorted.get(low)?;
    let last = sorted.get(low + width - 1)? - center;
    Some(first.max(last))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted(mut values: Vec<f64>) -> Vec<f64> {
        values.sort_by(f64::total_cmp);
        values
    }

    proptest! {
        #[test]
        fn median_distance_is_that_of_sorted_distances(values in prop::collection::vec(-20_i32..20, 1..40)) {
            let values = sorted(values.into_iter().map(f64::from).collect());
            let center = median(&values).unwrap();
            let distances = sorted(values.iter().map(|value| (value - center).abs()).collect());
            prop_assert_eq!(median_distance(&values, center), median(&distances));
        }
    }

    #[test]
    fn a_value_among_equals_is_scored_by_the_mean_distance() {
        let mut ordered = Ordered::default();
        for value in [1.0; 19] {
            ordered.add(value);
        }
        assert_eq!(ordered.score(1.0, 0.0), Some(0.0));
        ordered.add(2.0);
        let score = ordered.score(2.0, 0.0).unwrap();
        assert!((score - 20.0 / NORMAL_OF_MEAN).abs() < 1e-9);
        assert_eq!(ordered.score(2.0, 0.5), Some(2.0));
    }
}
