//! Sum, mean and deviation of samples that come and go.
//!
//! Sums carry what rounding lost, so that the mean of equal values is that value, and the order in which samples
//! came does not show. After as many have gone as are left, the sums are made anew from the samples.

/// A sum and its rounding errors.
#[derive(Debug, Clone, Copy, Default)]
struct Exact {
    sum: f64,
    lost: f64,
}

impl Exact {
    #[inline]
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        let part = sum - self.sum;
        self.lost += (self.sum - (sum - part)) + (value - part);
        self.sum = sum;
    }

    /// Adds a square, or takes it away.
    fn add_square(&mut self, value: f64, sign: f64) {
        let (square, rest) = product(value, value);
        self.add(sign * square);
        self.lost += sign * rest;
    }

    fn value(self) -> f64 {
        self.sum + self.lost
    }

    /// As a double and what is left below its last digit.
    fn parts(self) -> (f64, f64) {
        let high = self.value();
        (high, (self.sum - high) + self.lost)
    }

    /// A share of the sum, rounded once.
    fn share(self, of: f64) -> f64 {
        let share = self.sum / of;
        let rest = (-share).mul_add(of, self.sum) + self.lost;
        share + rest / of
    }
}

/// A product and its rounding error.
fn product(one: f64, other: f64) -> (f64, f64) {
    let product = one * other;
    (product, one.mul_add(other, -product))
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moments {
    count: u32,
    gone: u32,
    sum: Exact,
    squares: Exact,
}

impl Moments {
    #[inline]
    pub(super) fn add(&mut self, value: f64) {
        if self.count == 0 {
            *self = Self::default();
        }
        self.count += 1;
        self.sum.add(value);
        self.squares.add_square(value, 1.0);
    }

    pub(super) fn remove(&mut self, value: f64) {
        self.count = self.count.saturating_sub(1);
        self.gone += 1;
        self.sum.add(-value);
        self.squares.add_square(value, -1.0);
    }

    /// Makes the sums anew when as many samples have gone as are left.
    pub(super) fn refresh<I: Iterator<Item = (i64, f64)>>(&mut self, samples: impl Fn() -> I) {
        if self.gone <= self.count {
            return;
        }
        *self = Self::default();
        for (_, value) in samples() {
            self.add(value);
        }
    }

    pub(super) fn sum(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum.value())
    }

    pub(super) fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum.share(f64::from(self.count)))
    }

    /// Of a sample, so of two values at least.
    pub(super) fn deviation(&self) -> Option<f64> {
        if self.count < 2 {
            return None;
        }
        let count = f64::from(self.count);
        // What is left of the squares is little, so nothing may be lost before the difference.
        let (squares, squares_rest) = self.squares.parts();
        let (all, all_rest) = product(count, squares);
        let (sum, sum_rest) = self.sum.parts();
        let (square, square_rest) = product(sum, sum);
        let rest =
            count.mul_add(squares_rest, all_rest) - (2.0 * sum).mul_add(sum_rest, square_rest);
        let spread = (all - square) + rest;
        Some((spread.max(0.0) / (count * (count - 1.0))).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_equal_values_is_that_value() {
        let mut moments = Moments::default();
        for step in 0..10_000 {
            moments.add(0.1);
            if step > 2 {
                moments.remove(0.1);
            }
            assert_eq!(moments.mean().map(f64::to_bits), Some(0.1_f64.to_bits()));
        }
        assert_eq!(moments.deviation(), Some(0.0));
    }

    #[test]
    fn what_has_gone_leaves_no_trace() {
        let mut moments = Moments::default();
        for value in [1.0, 1e15, 2.0, 3.0] {
            moments.add(value);
        }
        moments.remove(1.0);
        moments.remove(1e15);
        assert_eq!(moments.mean(), Some(2.5));
        moments.remove(2.0);
        moments.refresh(|| [(0, 3.0)].into_iter());
        assert_eq!((moments.sum(), moments.deviation()), (Some(3.0), None));
    }
}
