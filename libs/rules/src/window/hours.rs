//! What the hour of the day had on the days before: one summary for each past hour instead of every sample.
//!
//! A value is compared with hours at least 22 hours older than itself, so that samples which come late by less
//! than that still come in time.

use super::ordered::{NORMAL_OF_MEDIAN, median, score as scored};
use crate::duration::{DAY, HOUR};

/// Days whose values an estimate needs.
const DAYS_MIN: usize = 3;
/// Days that can be looked back.
const DAYS_MAX: usize = 62;
/// From so many days on, weekdays and weekends are told apart.
const CLASSES_FROM: i64 = 14;
/// From so many days on, each weekday is.
const WEEKDAYS_FROM: i64 = 21;

#[derive(Debug, Clone, Copy)]
struct Hour {
    /// Which, since 1970 local.
    number: i64,
    count: u32,
    center: f64,
    sum: f64,
    squares: f64,
}

const NOTHING: Hour = Hour {
    number: i64::MIN,
    count: 0,
    center: 0.0,
    sum: 0.0,
    squares: 0.0,
};

/// The past hours of one slot.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hours {
    /// Empty until the first sample; the hour's number says its place.
    ring: Box<[Hour]>,
}

/// What is to be expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Expected {
    pub(crate) value: f64,
    /// What the whole hour has; between it and `value` nothing is unusual, since a course may go up in a slope or in
    /// a step.
    hour: f64,
    spread: f64,
}

impl Expected {
    pub(crate) fn score(self, value: f64, floor: f64) -> f64 {
        let usual = value.clamp(self.value.min(self.hour), self.value.max(self.hour));
        scored(value - usual, self.spread.max(floor))
    }
}

impl Hours {
    /// Takes in a sample, wherever it lies; `lapse` is what the estimate looks back, `late` how late samples may be.
    pub(crate) fn add(&mut self, local: i64, value: f64, lapse: i64, late: i64) {
        if self.ring.is_empty() {
            let hours = (lapse + late) / HOUR + 26;
            self.ring = vec![NOTHING; hours as usize].into();
        }
        let number = local.div_euclid(HOUR);
        if let Some(hour) = self.place(number) {
            if hour.number > number {
                return;
            }
            if hour.number < number {
                *hour = Hour {
                    number,
                    center: value,
                    ..NOTHING
                };
            }
            let distance = value - hour.center;
            hour.count += 1;
            hour.sum += distance;
            hour.squares += distance * distance;
        }
    }

    /// Takes a sample back.
    pub(crate) fn remove(&mut self, local: i64, value: f64) {
        let number = local.div_euclid(HOUR);
        if let Some(hour) = self.place(number)
            && hour.number == number
            && hour.count > 0
        {
            let distance = value - hour.center;
            hour.count -= 1;
            hour.sum -= distance;
            hour.squares -= distance * distance;
        }
    }

    fn place(&mut self, number: i64) -> Option<&mut Hour> {
        let index = number.checked_rem_euclid(self.ring.len() as i64)?;
        self.ring.get_mut(index as usize)
    }

    fn hour(&self, number: i64) -> Option<&Hour> {
        let index = number.checked_rem_euclid(self.ring.len() as i64)?;
        self.ring
            .get(index as usize)
            .filter(|hour| hour.number == number && hour.count > 0)
    }

    /// What an instant should have by the days before it.
    pub(crate) fn expected(&self, local: i64, lapse: i64) -> Option<Expected> {
        let days = (lapse / DAY).min(DAYS_MAX as i64);
        let number = local.div_euclid(HOUR);
        // Between the middles of two hours their means are mixed.
        let past_middle = local.rem_euclid(HOUR) as f64 / HOUR as f64 - 0.5;
        let neighbour = if past_middle < 0.0 { -1 } else { 1 };
        let weight = past_middle.abs();
        let today = local.div_euclid(DAY);
        for alike in Alike::for_days(days) {
            let mut seen = Seen::default();
            for back in (1..=days).filter(|back| alike.holds(today, *back)) {
                let Some(hour) = self.hour(number - back * 24) else {
                    continue;
                };
                let mean = hour.mean();
                let beside = self.hour(number - back * 24 + neighbour);
                let mixed = beside.map_or(mean, |beside| mean + (beside.mean() - mean) * weight);
                seen.note(mean, mixed, hour.deviation());
            }
            if seen.days >= DAYS_MIN {
                return seen.expect();
            }
        }
        None
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.ring)
    }
}

/// What like hours of the days before had.
struct Seen {
    days: usize,
    means: [f64; DAYS_MAX],
    mixed: [f64; DAYS_MAX],
    spreads: [f64; DAYS_MAX],
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            days: 0,
            means: [0.0; DAYS_MAX],
            mixed: [0.0; DAYS_MAX],
            spreads: [0.0; DAYS_MAX],
        }
    }
}

impl Seen {
    fn note(&mut self, mean: f64, mixed: f64, spread: f64) {
        let lists = [
            (&mut self.means, mean),
            (&mut self.mixed, mixed),
            (&mut self.spreads, spread),
        ];
        for (list, value) in lists {
            if let Some(place) = list.get_mut(self.days) {
                *place = value;
            }
        }
        self.days = (self.days + 1).min(DAYS_MAX);
    }

    /// The middle of the days; the spread is that between the days and that within the hour.
    fn expect(mut self) -> Option<Expected> {
        let hour = middle(self.means.get_mut(..self.days)?)?;
        let mixed = self.mixed.get_mut(..self.days)?;
        let value = middle(mixed)?;
        for one in &mut *mixed {
            *one = (*one - value).abs();
        }
        let between = middle(mixed)? * NORMAL_OF_MEDIAN;
        let within = middle(self.spreads.get_mut(..self.days)?)?;
        Some(Expected {
            value,
            hour,
            spread: between.hypot(within),
        })
    }
}

fn middle(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    median(values)
}

impl Hour {
    fn mean(&self) -> f64 {
        self.center + self.sum / f64::from(self.count)
    }

    fn deviation(&self) -> f64 {
        let count = f64::from(self.count);
        if self.count < 2 {
            return 0.0;
        }
        let squares = self.squares - self.sum * self.sum / count;
        (squares.max(0.0) / (count - 1.0)).sqrt()
    }
}

/// Which of the days before are like today.
#[derive(Debug, Clone, Copy)]
enum Alike {
    Weekday,
    /// Monday to Friday, or the weekend.
    Class,
    All,
}

impl Alike {
    /// From the closest likeness that so many days allow, to the widest.
    fn for_days(days: i64) -> impl Iterator<Item = Self> {
        let weekday = (days >= WEEKDAYS_FROM).then_some(Self::Weekday);
        let class = (days >= CLASSES_FROM).then_some(Self::Class);
        weekday.into_iter().chain(class).chain([Self::All])
    }

    fn holds(self, today: i64, back: i64) -> bool {
        // 1970-01-01 was a Thursday.
        let is_weekend = |day: i64| (day + 3).rem_euclid(7) > 4;
        match self {
            Self::Weekday => back % 7 == 0,
            Self::Class => is_weekend(today) == is_weekend(today - back),
            Self::All => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duration::MINUTE;

    /// A tide: high at noon, and on weekends twice as high.
    fn tide(local: i64) -> f64 {
        let hour = local.rem_euclid(DAY) as f64 / HOUR as f64;
        let is_weekend = (local.div_euclid(DAY) + 3).rem_euclid(7) > 4;
        let high = if is_weekend { 20.0 } else { 10.0 };
        high * (1.0 - (hour - 12.0).abs() / 12.0)
    }

    fn learnt(days: i64) -> Hours {
        let mut hours = Hours::default();
        for minute in 0..days * 144 {
            let local = minute * 10 * MINUTE;
            hours.add(
                local,
                tide(local) + (minute % 7) as f64 * 0.02,
                days * DAY,
                HOUR,
            );
        }
        hours
    }

    #[test]
    fn the_hour_of_the_day_says_what_is_usual() {
        let hours = learnt(28);
        for local in [
            28 * DAY + 6 * HOUR,
            28 * DAY + 15 * HOUR + 20 * MINUTE,
            30 * DAY - 11 * HOUR,
        ] {
            let expected = hours.expected(local, 28 * DAY).unwrap();
            assert!(
                (expected.value - tide(local)).abs() < 0.2,
                "{local} {expected:?}"
            );
            assert!(expected.score(tide(local) + 3.0, 0.0) > 6.0);
            assert!(expected.score(tide(local), 0.0).abs() < 1.0);
        }
    }

    #[test]
    fn a_step_of_every_day_is_usual() {
        let day_shift = |local: i64| {
            if (8..18).contains(&(local.rem_euclid(DAY) / HOUR)) {
                80.0
            } else {
                20.0
            }
        };
        let mut hours = Hours::default();
        for local in (0..7 * 288).map(|step| step * 5 * MINUTE) {
            hours.add(
                local,
                day_shift(local) + (local / MINUTE % 3) as f64,
                7 * DAY,
                HOUR,
            );
        }
        for local in (0..288).map(|step| 7 * DAY + step * 5 * MINUTE) {
            let score = hours
                .expected(local, 7 * DAY)
                .unwrap()
                .score(day_shift(local) + 1.0, 0.0);
            assert!(score.abs() < 2.0, "{local} {score}");
        }
        let noon = hours.expected(7 * DAY + 12 * HOUR, 7 * DAY).unwrap();
        assert!(noon.score(20.0, 0.0) < -10.0);
    }

    #[test]
    fn too_few_days_say_nothing() {
        let hours = learnt(2);
        assert_eq!(hours.expected(2 * DAY + HOUR, 7 * DAY), None);
        assert_eq!(Hours::default().expected(0, 7 * DAY), None);
    }

    #[test]
    fn what_is_taken_back_does_not_count() {
        let mut hours = learnt(7);
        let before = hours.expected(7 * DAY, 7 * DAY).unwrap();
        let local = 6 * DAY + 7;
        hours.add(local, 1_000.0, 7 * DAY, HOUR);
        hours.remove(local, 1_000.0);
        let after = hours.expected(7 * DAY, 7 * DAY).unwrap();
        assert!((before.value - after.value).abs() < 1e-9);
    }
}
