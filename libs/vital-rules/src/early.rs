//! Early warnings: when a forecast crosses a limit, and whether past warnings were right.

mod foresee;

use serde::{Deserialize, Serialize};

pub use foresee::{Foreseen, HISTORY_HOURS, WARNING_HORIZON, backtest, foresee};

use crate::{Forecast, Grade, HOUR};

/// When a forecast crosses a limit, in microseconds after the last hour of its history.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crossing {
    /// When it is as likely past it as not.
    pub median: Option<i64>,
    /// When it is past it with a chance of one in ten.
    pub edge: Option<i64>,
}

/// The first crossing of a limit by values that rise to it, or that fall to it.
pub fn crossing(forecast: &Forecast, limit: f64, rising: bool) -> Crossing {
    let sign = if rising { 1.0 } else { -1.0 };
    let first = |of: &dyn Fn(&crate::Band) -> f64| {
        let mut before = forecast.last * sign;
        for (hour, band) in forecast.hours.iter().enumerate() {
            let value = of(band) * sign;
            let limit = limit * sign;
            if value >= limit {
                // Already past it, or on the line between the two hours.
                let part = if before >= limit {
                    0.0
                } else {
                    (limit - before) / (value - before)
                };
                return Some(((hour as f64 + part) * HOUR as f64) as i64);
            }
            before = value;
        }
        None
    };
    Crossing {
        median: first(&|band| band.p50),
        edge: first(&|band| if rising { band.p90 } else { band.p10 }),
    }
}

/// A warning that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastWarning {
    /// Of which indicator.
    pub indicator: usize,
    /// In which area.
    pub area: usize,
    /// When it was given.
    pub at: i64,
    /// Of at least which grade.
    pub grade: Grade,
}

/// A stretch of time in which an indicator had a grade or a worse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// Which indicator.
    pub indicator: usize,
    /// In which area.
    pub area: usize,
    /// The worst grade that it reached.
    pub grade: Grade,
    /// When it began.
    pub from: i64,
}

/// What became of the warnings of one indicator.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WarningScore {
    /// Of which.
    pub indicator: usize,
    /// Warnings after which it came to pass in time.
    pub right: u32,
    /// Warnings after which it did not.
    pub false_alarms: u32,
    /// Warnings whose time is not over yet.
    pub pending: u32,
    /// Episodes that were warned of.
    pub found: u32,
    /// Episodes that were not.
    pub missed: u32,
    /// How long before each episode it was first warned of, microseconds, the shortest first.
    pub leads: Vec<i64>,
}

impl WarningScore {
    /// The part of the decided warnings that was right.
    pub fn precision(&self) -> Option<f64> {
        part(self.right, self.false_alarms)
    }

    /// The part of the episodes that was warned of.
    pub fn recall(&self) -> Option<f64> {
        part(self.found, self.missed)
    }

    /// The lead time that half of the found episodes had at least.
    pub fn lead_median(&self) -> Option<i64> {
        self.leads.get(self.leads.len() / 2).copied()
    }
}

fn part(yes: u32, no: u32) -> Option<f64> {
    let all = yes + no;
    (all > 0).then(|| f64::from(yes) / f64::from(all))
}

/// Scores warnings by what happened until `until`. A warning is right when an episode of its grade or a worse one begins
/// after it within `horizon`; warning of what has begun already is no help and counts as false.
pub fn score_warnings(
    warnings: &[PastWarning],
    episodes: &[Episode],
    horizon: i64,
    until: i64,
) -> Vec<WarningScore> {
    let fits = |warning: &PastWarning, episode: &Episode| {
        warning.indicator == episode.indicator
            && warning.area == episode.area
            && warning.grade <= episode.grade
            && warning.at < episode.from
            && episode.from - warning.at <= horizon
    };
    let mut indicators: Vec<usize> = warnings
        .iter()
        .map(|warning| warning.indicator)
        .chain(episodes.iter().map(|episode| episode.indicator))
        .collect();
    indicators.sort_unstable();
    indicators.dedup();
    let score = |indicator: usize| {
        let mut score = WarningScore {
            indicator,
            ..WarningScore::default()
        };
        for warning in warnings
            .iter()
            .filter(|warning| warning.indicator == indicator)
        {
            let is_right = episodes.iter().any(|episode| fits(warning, episode));
            let counter = if is_right {
                &mut score.right
            } else if warning.at + horizon > until {
                &mut score.pending
            } else {
                &mut score.false_alarms
            };
            *counter += 1;
        }
        for episode in episodes
            .iter()
            .filter(|episode| episode.indicator == indicator)
        {
            let before = warnings.iter().filter(|warning| fits(warning, episode));
            match before.map(|warning| episode.from - warning.at).max() {
                Some(lead) => {
                    score.found += 1;
                    score.leads.push(lead);
                }
                None => score.missed += 1,
            }
        }
        score.leads.sort_unstable();
        score
    };
    indicators.into_iter().map(score).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Band;

    fn rising() -> Forecast {
        let band = |hour: u32| Band {
            p10: f64::from(hour) - 2.0,
            p50: f64::from(hour),
            p90: f64::from(hour) + 2.0,
        };
        Forecast {
            hours: (1..=24).map(band).collect(),
            last: 0.0,
            season: 24,
        }
    }

    #[test]
    fn a_crossing_is_between_the_hours() {
        let found = crossing(&rising(), 3.5, true);
        assert_eq!(found.median, Some(7 * HOUR / 2));
        assert_eq!(found.edge, Some(3 * HOUR / 2));
        assert_eq!(crossing(&rising(), 25.0, true).median, None);
        assert_eq!(crossing(&rising(), 25.0, true).edge, Some(23 * HOUR));
        assert_eq!(
            crossing(&rising(), -3.0, true).median,
            Some(0),
            "already past it"
        );
        assert_eq!(crossing(&rising(), -0.5, false).edge, Some(HOUR / 2));
    }

    #[test]
    fn warnings_are_scored_by_what_came() {
        let warning = |at: i64, grade| PastWarning {
            indicator: 7,
            area: 0,
            at: at * HOUR,
            grade,
        };
        let episode = |from: i64, grade| Episode {
            indicator: 7,
            area: 0,
            grade,
            from: from * HOUR,
        };
        let warnings = [
            warning(1, Grade::Warning),
            warning(3, Grade::Warning),
            warning(20, Grade::Alarm),
            warning(50, Grade::Warning),
            warning(95, Grade::Warning),
        ];
        let episodes = [
            episode(5, Grade::Alarm),
            // Only a warning came of the alarm that was foretold.
            episode(24, Grade::Warning),
            // Warned of when it had begun.
            episode(50, Grade::Warning),
        ];
        let scores = score_warnings(&warnings, &episodes, 6 * HOUR, 100 * HOUR);
        let expected = WarningScore {
            indicator: 7,
            right: 2,
            false_alarms: 2,
            pending: 1,
            found: 1,
            missed: 2,
            leads: vec![4 * HOUR],
        };
        assert_eq!(scores, [expected]);
        assert_eq!(scores[0].precision(), Some(0.5));
        assert_eq!(scores[0].lead_median(), Some(4 * HOUR));
        assert!((scores[0].recall().unwrap() - 1.0 / 3.0).abs() < 1e-9);
    }
}
