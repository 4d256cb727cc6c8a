//! The sky: dry, until somebody lets a storm come. Rain falls unevenly and water stands where it falls faster than it
//! drains.

use std::sync::atomic::{AtomicI64, Ordering};

/// Seconds from the first drop to the heaviest rain, of the heaviest rain, and until the last drop.
const RISE: f64 = 60.0;
const PEAK: f64 = 900.0;
const FALL: f64 = 600.0;
/// Millimetres an hour at the heaviest.
const HEAVIEST: f64 = 80.0;

/// The sky over the city. Times are seconds since 1970.
#[derive(Debug, Default)]
pub struct Weather {
    /// When the storm began; 0 for none.
    began: AtomicI64,
}

impl Weather {
    /// Lets a storm come now, or come again.
    pub fn storm(&self, now: i64) {
        self.began.store(now, Ordering::Relaxed);
    }

    /// Is there one, or its water?
    pub fn is_stormy(&self, now: i64) -> bool {
        let began = self.began.load(Ordering::Relaxed);
        began > 0 && ((now - began) as f64) < RISE + PEAK + FALL
    }

    /// Millimetres an hour at an instant; `share` is how much of it falls here.
    pub(crate) fn rain(&self, at: f64, share: f64) -> f64 {
        let began = self.began.load(Ordering::Relaxed) as f64;
        let age = at - began;
        if began <= 0.0 || age < 0.0 {
            return 0.0;
        }
        let shape = if age < RISE {
            age / RISE
        } else if age < RISE + PEAK {
            1.0
        } else {
            (1.0 - (age - RISE - PEAK) / FALL).max(0.0)
        };
        HEAVIEST * shape * share
    }

    /// Metres of water on a low road: what falls faster than `drains` mm/h gathers from an area 40 times its size.
    pub(crate) fn depth(&self, at: f64, share: f64, drains: f64) -> f64 {
        let began = self.began.load(Ordering::Relaxed) as f64;
        if began <= 0.0 {
            return 0.0;
        }
        let (mut depth, mut second) = (0.0_f64, began);
        while second < at && second < began + 86_400.0 {
            let gathers = (self.rain(second, share) - drains) * 40.0 / 1_000.0 / 3_600.0;
            depth = (depth + gathers * 10.0).max(0.0);
            second += 10.0;
        }
        depth.min(1.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn water_gathers_in_a_storm_and_drains_after_it() {
        let weather = Weather::default();
        assert!(weather.rain(1_000.0, 1.0) < 1e-9);
        weather.storm(1_000);
        assert!(weather.rain(1_030.0, 1.0) > 30.0);
        assert!(weather.depth(1_600.0, 1.0, 20.0) > 0.15);
        assert!(
            weather.depth(1_600.0, 0.1, 20.0) < 1e-9,
            "drains take a shower"
        );
        assert!(weather.depth(20_000.0, 1.0, 20.0) < 1e-9);
        assert!(weather.is_stormy(1_100) && !weather.is_stormy(5_000));
    }
}
