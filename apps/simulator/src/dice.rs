//! Chance that is the same for the same seed, on every machine and in every version (SplitMix64).

/// A stream of chances. Streams made from different parts do not follow one another.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The stream of one matter: `parts` name it, e.g. the seed, the kind of thing, its number.
    pub(crate) fn of(parts: &[u64]) -> Self {
        let mut state = 0x9E37_79B9_7F4A_7C15;
        for part in parts {
            state = mix(state ^ mix(part.wrapping_add(0x9E37_79B9_7F4A_7C15)));
        }
        Self(state)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// In `0.0..1.0`.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// In `0..below`; 0 when `below` is 0.
    pub(crate) fn below(&mut self, below: usize) -> usize {
        ((self.unit() * below as f64) as usize).min(below.saturating_sub(1))
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let at = self.below(from.len());
        from.get(at)
    }

    /// One of `from`, each with its weight.
    pub(crate) fn weighted<'a, T>(&mut self, from: &'a [(T, f64)]) -> Option<&'a T> {
        let total: f64 = from.iter().map(|(_, weight)| weight).sum();
        let mut left = self.unit() * total;
        for (value, weight) in from {
            left -= weight;
            if left < 0.0 {
                return Some(value);
            }
        }
        from.last().map(|(value, _)| value)
    }

    /// Waiting time of independent arrivals with the given mean.
    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }
}

fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_parts_give_the_same_stream() {
        let draw = |parts: &[u64]| {
            let mut dice = Dice::of(parts);
            [dice.next(), dice.next(), dice.next()]
        };
        assert_eq!(draw(&[1, 2]), draw(&[1, 2]));
        assert_ne!(draw(&[1, 2]), draw(&[2, 1]));
        assert_ne!(draw(&[1]), draw(&[1, 0]));
    }

    #[test]
    fn chances_come_out_as_asked() {
        let mut dice = Dice::of(&[7]);
        let hits = (0..20_000).filter(|_| dice.chance(0.3)).count();
        assert!((5_700..6_300).contains(&hits), "{hits}");
        let mean = (0..20_000).map(|_| dice.exponential(10.0)).sum::<f64>() / 20_000.0;
        assert!((9.5..10.5).contains(&mean), "{mean}");
        let heavy = (0..20_000)
            .filter(|_| dice.weighted(&[('a', 3.0), ('b', 1.0)]) == Some(&'a'))
            .count();
        assert!((14_600..15_400).contains(&heavy), "{heavy}");
    }

    #[test]
    fn nothing_to_pick_from_picks_nothing() {
        let mut dice = Dice::of(&[]);
        assert_eq!(dice.pick::<u8>(&[]), None);
        assert_eq!(dice.weighted::<u8>(&[]), None);
        assert_eq!(dice.below(0), 0);
    }
}
