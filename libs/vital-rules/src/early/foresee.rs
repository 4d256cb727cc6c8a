//! Which warning a forecast asks for, and how warnings of this kind would have fared on the past.

use super::{Crossing, Episode, PastWarning, WarningScore, crossing, score_warnings};
use crate::{Daily, Forecast, Grade, HOUR, PhysicalRange, Scale, forecast};

/// A warning counts for so long: as far as a forecast looks.
pub const WARNING_HORIZON: i64 = 24 * HOUR;
/// Hours that a forecast is made from.
pub const HISTORY_HOURS: usize = 28 * 24;
/// How far apart the past is foretold.
const EVERY_HOURS: usize = 3;
/// So much of the past is foretold, and what was before is learned from.
const TRIED_HOURS: usize = 14 * 24;

/// A crossing that is to be warned of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Foreseen {
    /// The grade that begins.
    pub grade: Grade,
    /// The limit that is crossed.
    pub limit: f64,
    /// Whether values rise to it.
    pub rising: bool,
    /// When.
    pub crossing: Crossing,
}

/// The worst grade beyond the present one that is more likely than not to begin within the forecast.
pub fn foresee(forecast: &Forecast, scale: &Scale, now: Grade) -> Option<Foreseen> {
    let worst_first = Grade::LIMITED.into_iter().rev();
    let mut beyond = worst_first.filter(|grade| *grade > now);
    beyond.find_map(|grade| {
        // Whoever stands at a limit that must be passed does not pass it.
        let is_passed = |band: &crate::Band| scale.is_past(band.p50, grade, false);
        if !forecast.hours.iter().any(is_passed) {
            return None;
        }
        [true, false].into_iter().find_map(|rising| {
            let limit = scale.limit(grade, rising)?;
            let crossing = crossing(forecast, limit, rising);
            crossing.median.map(|_| Foreseen {
                grade,
                limit,
                rising,
                crossing,
            })
        })
    })
}

/// What would have become of warnings, had they been given on this past: hourly values, the oldest first, what is not
/// known is no number. The last two weeks are foretold, each time from what was known then.
/// `daily` as [`forecast()`] asks.
pub fn backtest(
    hours: &[f64],
    scale: &Scale,
    range: PhysicalRange,
    daily: Option<Daily>,
) -> WarningScore {
    let grade = |hour: usize| {
        let value = hours.get(hour).copied().filter(|value| value.is_finite());
        value.map(|value| scale.grade(value))
    };
    let begin = hours.len().saturating_sub(TRIED_HOURS);
    let mut warnings: Vec<PastWarning> = Vec::new();
    for hour in (begin..hours.len()).step_by(EVERY_HOURS) {
        let known = hours.get((hour + 1).saturating_sub(HISTORY_HOURS)..=hour);
        let (Some(known), Some(now)) = (known, grade(hour)) else {
            continue;
        };
        let at = hour as i64 * HOUR;
        let Some(foretold) = forecast(
            known,
            range,
            daily.map(|daily| daily.before(hours.len() - 1 - hour)),
        ) else {
            continue;
        };
        let Some(foreseen) = foresee(&foretold, scale, now) else {
            continue;
        };
        let is_known = |warning: &PastWarning| {
            warning.grade >= foreseen.grade && at - warning.at < WARNING_HORIZON
        };
        if !warnings.iter().any(is_known) {
            warnings.push(PastWarning {
                indicator: 0,
                area: 0,
                at,
                grade: foreseen.grade,
            });
        }
    }
    let until = hours.len().saturating_sub(1) as i64 * HOUR;
    let episodes = episodes(&|hour| grade(hour), begin + 1..hours.len());
    let scores = score_warnings(&warnings, &episodes, WARNING_HORIZON, until);
    scores.into_iter().next().unwrap_or_default()
}

/// Each time that a grade became worse.
fn episodes(grade: &dyn Fn(usize) -> Option<Grade>, hours: std::ops::Range<usize>) -> Vec<Episode> {
    let begins = |hour: usize| {
        let (before, now) = (grade(hour - 1)?, grade(hour)?);
        (now > before).then(|| Episode {
            indicator: 0,
            area: 0,
            grade: now,
            from: hour as i64 * HOUR,
        })
    };
    hours.filter_map(begins).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Direction, ThresholdSet};

    fn scale(warning: f64) -> Scale {
        let set: ThresholdSet = serde_json::from_value(serde_json::json!({
            "warning": { "op": ">", "value": warning } }))
        .unwrap();
        Scale::new(&set, Direction::LowerIsBetter, PhysicalRange::default()).unwrap()
    }

    /// A wave of a day between 0 and 100, highest at noon.
    fn wave(hours: usize) -> Vec<f64> {
        let at = |hour: usize| ((hour % 24) as f64 - 12.0) / 24.0 * std::f64::consts::TAU;
        (0..hours)
            .map(|hour| 50.0 + 50.0 * at(hour).cos())
            .collect()
    }

    #[test]
    fn what_comes_every_day_is_warned_of_every_day() {
        let score = backtest(&wave(40 * 24), &scale(80.0), PhysicalRange::default(), None);
        assert_eq!((score.false_alarms, score.missed), (0, 0), "{score:?}");
        assert!(score.right >= 12, "{score:?}");
        assert!(score.lead_median().unwrap() >= 3 * HOUR);
    }

    #[test]
    fn what_never_comes_is_not_warned_of() {
        let score = backtest(
            &wave(40 * 24),
            &scale(200.0),
            PhysicalRange::default(),
            None,
        );
        assert_eq!(score, WarningScore::default());
    }

    #[test]
    fn who_stands_at_a_limit_is_not_warned_of() {
        let hours = vec![80.0; 20 * 24];
        let foretold = forecast(&hours, PhysicalRange::default(), None).unwrap();
        assert_eq!(foresee(&foretold, &scale(80.0), Grade::Normal), None);
    }

    #[test]
    fn what_could_not_be_known_is_missed() {
        let mut hours = vec![10.0; 40 * 24];
        let sudden = hours.len() - 100;
        hours[sudden] = 90.0;
        let score = backtest(&hours, &scale(80.0), PhysicalRange::default(), None);
        assert_eq!((score.found, score.missed), (0, 1), "{score:?}");
    }

    #[test]
    fn the_worst_grade_is_warned_of_once_it_is_not_there_yet() {
        let foretold = forecast(&wave(20 * 24), PhysicalRange::default(), None).unwrap();
        let found = foresee(&foretold, &scale(80.0), Grade::Normal).unwrap();
        assert_eq!((found.grade, found.rising), (Grade::Warning, true));
        assert_eq!(foresee(&foretold, &scale(80.0), Grade::Warning), None);
    }
}
