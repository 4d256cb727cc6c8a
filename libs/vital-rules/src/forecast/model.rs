//! The usual shape, the trend, and what is unusual now.

use std::ops::RangeInclusive;

use super::Band;
use crate::median;

/// Errors that a band needs for one hour.
const ERRORS_MIN: usize = 20;
/// What is unusual now never lasts for good.
const MEMORY_MAX: f64 = 0.98;
/// A residual beyond so many typical ones says nothing about how the others follow each other.
const OUTLIER: f64 = 5.0;

pub(super) struct Model {
    season: usize,
    slope: f64,
    profile: Vec<f64>,
    residuals: Vec<f64>,
    memory: f64,
    /// Makes up for the residuals being those of the data that the profile was made of: seen there, an hour of `n` varies
    /// by `1 - 1/n` of what it does, and what is to come by `1 + 1/n`.
    widening: f64,
}

impl Model {
    pub(super) fn fit(history: &[f64], season: usize) -> Option<Self> {
        let slope = slope(history, season);
        let end = history.len() as f64;
        // The level that each hour would have had in the first hour to come.
        let level = |(hour, value): (usize, &f64)| value - slope * (hour as f64 - end);
        let level: Vec<f64> = history.iter().enumerate().map(level).collect();
        let mut all: Vec<f64> = level
            .iter()
            .copied()
            .filter(|value| value.is_finite())
            .collect();
        let middle = median(&mut all)?;
        let of_phase = |phase: usize| {
            let hours = level.iter().skip(phase).step_by(season);
            let mut values: Vec<f64> = hours.copied().filter(|value| value.is_finite()).collect();
            median(&mut values).unwrap_or(middle)
        };
        let profile: Vec<f64> = (0..season).map(of_phase).collect();
        let usual = profile.iter().cycle();
        let residuals: Vec<f64> = level
            .iter()
            .zip(usual)
            .map(|(value, usual)| value - usual)
            .collect();
        let seasons = (history.len() / season).max(2) as f64;
        Some(Self {
            season,
            slope,
            memory: memory(&residuals),
            profile,
            residuals,
            widening: ((seasons + 1.0) / (seasons - 1.0)).sqrt(),
        })
    }

    /// What hours to come bring together, the next being 1; no hour brings less than the floor.
    pub(super) fn sum(&self, hours: RangeInclusive<usize>, floor: Option<f64>) -> Band {
        let mut latest = self.residuals.iter().rev().enumerate();
        let now = latest.find(|(_, value)| value.is_finite());
        let of_hour = |ahead: usize| {
            let left = now.map_or(0.0, |(age, value)| value * self.fading(ahead + age));
            let value = self.usual(ahead) + self.slope * (ahead - 1) as f64 + left;
            floor.map_or(value, |floor| value.max(floor))
        };
        let center: f64 = hours.clone().map(of_hour).sum();
        let (low, high) = self.spread(hours);
        Band {
            p10: center + low * self.widening,
            p50: center,
            p90: center + high * self.widening,
        }
    }

    /// What an hour usually is; 0 is the last one of the history.
    pub(super) fn usual(&self, ahead: usize) -> f64 {
        let hour = (self.residuals.len() + ahead + self.season - 1) % self.season;
        self.profile.get(hour).copied().unwrap_or_default()
    }

    /// How far off it was in eight of ten cases.
    fn spread(&self, hours: RangeInclusive<usize>) -> (f64, f64) {
        let count = hours.clone().count() as f64;
        let mut errors = self.errors(hours);
        if errors.len() < ERRORS_MIN {
            // Too little is known to say how wrong it is: as wide as what was ever unusual.
            let known = self.residuals.iter().filter(|value| value.is_finite());
            let widest = known.fold(0.0_f64, |widest, value| widest.max(value.abs())) * count;
            return (-widest, widest);
        }
        errors.sort_unstable_by(f64::total_cmp);
        (
            quantile(&errors, 0.1).min(0.0),
            quantile(&errors, 0.9).max(0.0),
        )
    }

    fn fading(&self, hours: usize) -> f64 {
        self.memory.powi(hours as i32)
    }

    /// What this would have been wrong by, so many hours ahead, at each hour of the history.
    fn errors(&self, hours: RangeInclusive<usize>) -> Vec<f64> {
        let fading: f64 = hours.clone().map(|ahead| self.fading(ahead)).sum();
        let of_hour = |(hour, now): (usize, &f64)| {
            let later = self
                .residuals
                .get(hour + hours.start()..=hour + hours.end())?;
            let error = later.iter().sum::<f64>() - now * fading;
            error.is_finite().then_some(error)
        };
        let residuals = self.residuals.iter().enumerate();
        residuals.filter_map(of_hour).collect()
    }
}

/// How much it grows in an hour: the median of what it grew in a season.
fn slope(history: &[f64], season: usize) -> f64 {
    let later = history.iter().skip(season);
    let grown = history
        .iter()
        .zip(later)
        .map(|(before, after)| (after - before) / season as f64);
    let mut grown: Vec<f64> = grown.filter(|grown| grown.is_finite()).collect();
    if grown.len() < season {
        0.0
    } else {
        median(&mut grown).unwrap_or(0.0)
    }
}

/// How much of what is unusual in one hour is still there in the next.
fn memory(residuals: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = residuals
        .iter()
        .map(|value| value.abs())
        .filter(|size| size.is_finite())
        .collect();
    let bound = median(&mut sizes).unwrap_or(0.0) * OUTLIER;
    let bounded = |value: &f64| value.clamp(-bound, bound);
    let (mut together, mut alone) = (0.0, 0.0);
    for (now, next) in residuals.iter().zip(residuals.iter().skip(1)) {
        if now.is_finite() && next.is_finite() {
            together += bounded(now) * bounded(next);
            alone += bounded(now).powi(2);
        }
    }
    if alone > 0.0 {
        (together / alone).clamp(0.0, MEMORY_MAX)
    } else {
        0.0
    }
}

/// The value that a part of sorted ones do not exceed, between neighbours by a straight line.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * sorted.len().saturating_sub(1) as f64;
    let low = sorted
        .get(place.floor() as usize)
        .copied()
        .unwrap_or_default();
    let high = sorted.get(place.ceil() as usize).copied().unwrap_or(low);
    low + (high - low) * place.fract()
}
