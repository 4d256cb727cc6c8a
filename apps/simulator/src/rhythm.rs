//! When people report: the hour of the day, the day of the week, and days on which much goes wrong.

use yiwang_kernel::{Timestamp, from_micros};

use crate::dice::Dice;

const HOUR_SECONDS: i64 = 3_600;
const DAY_SECONDS: i64 = 24 * HOUR_SECONDS;
/// The city lives by UTC+8 and knows no summer time.
const OFFSET_SECONDS: i64 = 8 * HOUR_SECONDS;

/// Share of a day's reports per hour; two humps, after breakfast and after the midday rest.
const HOURS: [f64; 24] = [
    0.9, 0.6, 0.4, 0.3, 0.4, 0.9, 2.0, 4.0, 7.0, 8.6, 8.4, 7.0, 4.6, 5.0, 7.2, 7.6, 7.0, 6.0, 5.2,
    4.8, 4.4, 3.6, 2.4, 1.7,
];

/// Monday first.
const WEEKDAYS: [f64; 7] = [1.18, 1.10, 1.06, 1.04, 1.06, 0.82, 0.74];

const HOT_DAY_CHANCE: f64 = 0.06;

/// What a bad day is about; each names the items it brings by parts of their names.
const HOT_TOPICS: [(&str, &[&str]); 5] = [
    (
        "暴雨",
        &["道路积水", "小区内涝", "下水道堵塞", "树木倒伏", "雨水箅"],
    ),
    ("停水", &["停水", "水压不足", "水管破裂", "水质浑浊"]),
    ("大风", &["树木倒伏", "外墙脱落", "广告牌", "施工围挡"]),
    (
        "噪声",
        &["夜间违规施工", "施工扰民", "广场舞噪声", "商业经营噪声"],
    ),
    (
        "异味",
        &["工业废气异味", "焚烧垃圾", "垃圾中转站异味", "餐饮油烟"],
    ),
];

/// Simulated time: it starts at `begins` when the clock shows `real`, and runs `speed` times as fast.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CityTime {
    pub(crate) real: Timestamp,
    pub(crate) begins: Timestamp,
    pub(crate) speed: f64,
}

impl CityTime {
    pub(crate) fn at(&self, now: Timestamp) -> Timestamp {
        let passed = (now.as_microsecond() - self.real.as_microsecond()) as f64 * self.speed;
        from_micros(self.begins.as_microsecond() + passed as i64)
    }

    /// The instant of the real clock at which so many simulated seconds have passed since `now`.
    pub(crate) fn after(&self, now: Timestamp, seconds: f64) -> Timestamp {
        from_micros(now.as_microsecond() + (seconds / self.speed * 1e6) as i64)
    }
}

/// Where an instant lies in the day and the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Local {
    pub(crate) day: i64,
    pub(crate) hour: usize,
    pub(crate) minute: usize,
    /// 0 is Monday.
    pub(crate) weekday: usize,
}

pub(crate) fn local(at: Timestamp) -> Local {
    let seconds = at.as_second() + OFFSET_SECONDS;
    let day = seconds.div_euclid(DAY_SECONDS);
    let within = seconds.rem_euclid(DAY_SECONDS);
    Local {
        day,
        hour: (within / HOUR_SECONDS) as usize,
        minute: (within % HOUR_SECONDS / 60) as usize,
        // 1970-01-01 was a Thursday.
        weekday: (day + 3).rem_euclid(7) as usize,
    }
}

/// Half past eight of the same day in the city.
pub(crate) fn morning_of(at: Timestamp) -> Timestamp {
    let seconds = local(at).day * DAY_SECONDS + 8 * HOUR_SECONDS + HOUR_SECONDS / 2;
    from_micros((seconds - OFFSET_SECONDS) * 1_000_000)
}

/// A day on which one thing is on everybody's mind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct HotDay {
    pub(crate) factor: f64,
    pub(crate) name: &'static str,
    pub(crate) items: &'static [&'static str],
}

pub(crate) fn hot_day(seed: u64, at: Timestamp) -> Option<HotDay> {
    let mut dice = Dice::of(&[seed, 0x0007_0D47, local(at).day as u64]);
    if !dice.chance(HOT_DAY_CHANCE) {
        return None;
    }
    let factor = dice.between(1.5, 2.4);
    let (name, items) = *dice.pick(&HOT_TOPICS)?;
    Some(HotDay {
        factor,
        name,
        items,
    })
}

/// Reports at this time as a multiple of the average.
pub(crate) fn factor(seed: u64, at: Timestamp) -> f64 {
    let local = local(at);
    let hours: f64 = HOURS.iter().sum();
    let hour = HOURS.get(local.hour).copied().unwrap_or(1.0) / hours * 24.0;
    let weekday = WEEKDAYS.get(local.weekday).copied().unwrap_or(1.0);
    hour * weekday * hot_day(seed, at).map_or(1.0, |day| day.factor)
}

/// Simulated seconds until the next report.
pub(crate) fn next_report(dice: &mut Dice, seed: u64, per_day: f64, at: Timestamp) -> f64 {
    let rate = per_day * factor(seed, at) / DAY_SECONDS as f64;
    // An hour at most, so that the curve is followed even in the dead of night.
    dice.exponential(1.0 / rate.max(1e-9))
        .min(HOUR_SECONDS as f64)
}

/// Offices that are not urgent rest at night.
pub(crate) fn is_night(at: Timestamp) -> bool {
    !(7..19).contains(&local(at).hour)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_instant_lies_in_the_city_day() {
        let table = [
            ("2026-11-23T00:30:00Z", 8, 30, 0),
            ("2026-11-22T15:59:00Z", 23, 59, 6),
            ("2026-11-22T16:00:00Z", 0, 0, 0),
            ("1970-01-01T00:00:00Z", 8, 0, 3),
        ];
        for (text, hour, minute, weekday) in table {
            let local = local(at(text));
            assert_eq!(
                (local.hour, local.minute, local.weekday),
                (hour, minute, weekday),
                "{text}"
            );
        }
        assert_eq!(
            morning_of(at("2026-11-23T14:00:00Z")),
            at("2026-11-23T00:30:00Z")
        );
    }

    #[test]
    fn mornings_are_busy_and_nights_are_quiet() {
        let quiet = factor(3, at("2026-11-22T19:00:00Z"));
        let busy = factor(3, at("2026-11-23T01:30:00Z"));
        assert!(busy > 15.0 * quiet, "{busy} {quiet}");
        assert!(is_night(at("2026-11-22T19:00:00Z")) && !is_night(at("2026-11-23T01:30:00Z")));
    }

    #[test]
    fn a_week_brings_about_what_was_asked_for() {
        let (seed, per_day, mut dice) = (11, 500.0, Dice::of(&[5]));
        let (mut now, end) = (at("2026-11-22T16:00:00Z"), at("2026-12-20T16:00:00Z"));
        let mut count = 0;
        let time = CityTime {
            real: now,
            begins: now,
            speed: 1.0,
        };
        while now < end {
            now = time.after(now, next_report(&mut dice, seed, per_day, now));
            count += 1;
        }
        assert!((12_000..18_500).contains(&count), "{count}");
    }

    #[test]
    fn some_days_are_hot_and_always_the_same_ones() {
        let days: Vec<bool> = (0..2_000)
            .map(|day| hot_day(4, from_micros(day * 86_400_000_000)).is_some())
            .collect();
        let hot = days.iter().filter(|hot| **hot).count();
        assert!((70..180).contains(&hot), "{hot}");
        assert_eq!(
            hot_day(4, from_micros(86_400_000_000)),
            hot_day(4, from_micros(86_400_000_000))
        );
    }

    #[test]
    fn an_hour_a_minute() {
        let real = at("2026-11-23T02:00:00Z");
        let time = CityTime {
            real,
            begins: morning_of(real),
            speed: 60.0,
        };
        assert_eq!(
            time.at(at("2026-11-23T02:01:00Z")),
            at("2026-11-23T01:30:00Z")
        );
        assert_eq!(time.after(real, 3_600.0), at("2026-11-23T02:01:00Z"));
    }
}
