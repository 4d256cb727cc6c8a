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
    pub(crate) spread: f64,
}

impl Expected {
    pub(crate) fn score(self, value: f64, floor: f64) -> f64 {
        scored(value - self.value, self.spread.max(floor))
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
            let mut means = [0.0; DAYS_MAX];
            let mut spreads = [0.0; DAYS_MAX];
            let mut found = 0;
            for back in (1..=days).filter(|back| alike.holds(today, *back)) {
                let Some(hour) = self.hour(number - back * 24) else {
                    continue;
                };
                let mut mean = hour.mean();
                if let Some(beside) = self.hour(number - back * 24 + neighbour) {
                    mean += (beside.mean() - mean) * weight;
                }
                if let (Some(place), Some(spread)) = (means.get_mut(found), spreads.get_mut(found))
                {
                    (*place, *spread) = (mean, hour.deviation());
                    found += 1;
                }
            }
            if found >= DAYS_MIN {
                return expect(means.get_mut(..found)?, spreads.get_mut(..found)?);
            }
        }
        None
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.ring)
    }
}

/// The middle of the days' means; the spread is that between the days and that within the hour.
fn expect(means: &mut [f64], spreads: &mut [f64]) -> Option<Expected> {
    means.sort_unstable_by(f64::total_cmp);
    let value = median(means)?;
    for mean in &mut *means {
        *mean = (*mean - value).abs();
    }
    means.sort_unstable_by(f64::total_cmp);
    spreads.sort_unstable_by(f64::total_cmp);
    let between = median(means)? * NORMAL_OF_MEDIAN;
    let within = median(spreads)?;
    Some(Expected {
        value,
        spread: between.hypot(within),
    })
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
