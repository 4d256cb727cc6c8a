//! What a department sends in an ordinary week: enough to play one for a demonstration, and to say what is plausible.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Duration, Title};

/// One feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedEntry {
    /// As formulas name it.
    pub feed: String,
    /// What is sent.
    pub name: Title,
    /// Of its values.
    #[serde(default)]
    pub unit: String,
    /// How often a value comes.
    pub every: Duration,
    /// For which areas one comes.
    pub areas: FeedArea,
    /// The ordinary level, of one area.
    pub normal: f64,
    /// How it changes within a day.
    #[serde(default)]
    pub day: DayShape,
    /// By what part of the normal level it rises and falls within a day.
    #[serde(default)]
    pub day_swing: f64,
    /// How it changes within a week.
    #[serde(default)]
    pub week: WeekShape,
    /// By what part of the normal level it changes at the weekend.
    #[serde(default)]
    pub week_swing: f64,
    /// The standard deviation of what cannot be explained, in the unit of the values.
    #[serde(default)]
    pub noise: f64,
    /// Nothing is less.
    #[serde(default)]
    pub min: Option<f64>,
    /// Nothing is more.
    #[serde(default)]
    pub max: Option<f64>,
    /// Decimals.
    #[serde(default)]
    pub decimals: u8,
}

/// For which areas a department sends values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeedArea {
    /// One for the city.
    County,
    /// One for each town.
    Town,
}

/// The shape of a day, between -1 and 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayShape {
    /// Always the same.
    #[default]
    Flat,
    /// Highest in the early afternoon, lowest before dawn.
    Afternoon,
    /// Highest before dawn, lowest in the early afternoon.
    Night,
    /// Two peaks, at 8 and at 18 o'clock.
    Rush,
    /// High from 9 to 18 o'clock.
    Office,
    /// Two waves in a lunar day, as the tide has.
    Tide,
    /// From -1 at midnight to 1 at the next: what is counted up within a day.
    Growing,
}

/// The shape of a week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeekShape {
    /// Every day alike.
    #[default]
    Flat,
    /// Less at the weekend.
    WeekendLow,
    /// More at the weekend.
    WeekendHigh,
}

/// Hours from one high tide to that of the next lunar day.
const LUNAR_DAY: f64 = 24.84;

impl DayShape {
    /// From -1 to 1 at an hour of the day, 0 up to 24; a tide needs the hours since any fixed beginning.
    pub fn at(self, hours: f64) -> f64 {
        let hour = hours.rem_euclid(24.0);
        let bump = |peak: f64, width: f64| (-((hour - peak) / width).powi(2)).exp();
        let wave = |peak: f64, period: f64| ((hours - peak) / period * std::f64::consts::TAU).cos();
        match self {
            Self::Flat => 0.0,
            Self::Afternoon => wave(14.5, 24.0),
            Self::Night => -wave(14.5, 24.0),
            Self::Rush => 2.0 * (bump(8.0, 1.6) + bump(18.0, 1.8)).min(1.0) - 1.0,
            Self::Office => 2.0 / (1.0 + (-(4.5 - (hour - 13.5).abs()) * 2.0).exp()) - 1.0,
            Self::Tide => 0.8 * wave(0.0, LUNAR_DAY / 2.0) + 0.2 * wave(3.0, LUNAR_DAY),
            Self::Growing => hour / 12.0 - 1.0,
        }
    }
}

impl FeedEntry {
    /// The value at local hours since any Monday's beginning; `chance` is a draw from the standard normal distribution.
    pub fn value(&self, hours: f64, chance: f64) -> f64 {
        let is_weekend = hours.rem_euclid(168.0) >= 120.0;
        let week = match (self.week, is_weekend) {
            (WeekShape::WeekendLow, true) => -self.week_swing,
            (WeekShape::WeekendHigh, true) => self.week_swing,
            _ => 0.0,
        };
        let part = 1.0 + self.day_swing * self.day.at(hours) + week;
        let value = (self.normal * part + self.noise * chance)
            .max(self.min.unwrap_or(f64::NEG_INFINITY))
            .min(self.max.unwrap_or(f64::INFINITY));
        let unit = 10_f64.powi(i32::from(self.decimals));
        (value * unit).round() / unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traffic() -> FeedEntry {
        FeedEntry {
            feed: "traffic.tpi".into(),
            name: Title {
                zh: "指数".into(),
                en: "Index".into(),
            },
            unit: String::new(),
            every: Duration::minutes(5),
            areas: FeedArea::County,
            normal: 3.0,
            day: DayShape::Rush,
            day_swing: 0.5,
            week: WeekShape::WeekendLow,
            week_swing: 0.2,
            noise: 0.2,
            min: Some(0.0),
            max: Some(10.0),
            decimals: 1,
        }
    }

    #[test]
    fn a_week_has_its_peaks_and_its_rest() {
        let feed = traffic();
        let (monday_peak, monday_night) = (feed.value(8.0, 0.0), feed.value(3.0, 0.0));
        let sunday_peak = feed.value(6.0 * 24.0 + 8.0, 0.0);
        assert!(
            monday_peak > 4.0 && monday_night < 2.0,
            "{monday_peak} {monday_night}"
        );
        assert!(sunday_peak < monday_peak);
        assert!(
            (feed.value(8.0, 1e6) - 10.0).abs() < 1e-9,
            "within what is possible"
        );
    }

    #[test]
    fn shapes_stay_within_their_bounds() {
        for shape in [
            DayShape::Flat,
            DayShape::Afternoon,
            DayShape::Night,
            DayShape::Rush,
            DayShape::Office,
            DayShape::Tide,
            DayShape::Growing,
        ] {
            for tenth in 0..2_400 {
                let at = shape.at(f64::from(tenth) / 10.0);
                assert!((-1.0..=1.0).contains(&at), "{shape:?} {tenth}: {at}");
            }
        }
    }
}
