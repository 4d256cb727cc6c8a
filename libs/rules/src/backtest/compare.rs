//! How well alarms fit what is known to have happened.

use crate::{backtest::replay::Episodes, duration::DAY};

/// Something that is known to have happened to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label<O> {
    /// To whom.
    pub object: O,
    /// From when on an alarm about it is right.
    pub from: i64,
    /// Until when.
    pub to: i64,
    /// The instant that an alarm should precede; without it `from`.
    pub event: Option<i64>,
}

/// How well alarms fit labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Alarms raised.
    pub alarms: usize,
    /// Of them, those that were open at any instant of a label of their object.
    pub right: usize,
    /// Labels.
    pub labels: usize,
    /// Of them, those at any instant of which an alarm of their object was open.
    pub found: usize,
    /// Right among all alarms; nothing when there is none.
    pub precision: Option<f64>,
    /// Found among all labels; nothing when there is none.
    pub recall: Option<f64>,
    /// For each label that was found, how long before its event the first alarm about it was raised, in
    /// microseconds; negative when it was raised after. In rising order.
    pub leads: Vec<i64>,
    /// Alarms that were not right, for each day of one object.
    pub false_per_day: f64,
}

impl Score {
    /// The middle lead.
    pub fn lead(&self) -> Option<i64> {
        self.leads.get(self.leads.len() / 2).copied()
    }

    /// Precision and recall in one.
    pub fn f1(&self) -> Option<f64> {
        let (precision, recall) = (self.precision?, self.recall?);
        let sum = precision + recall;
        Some(if sum > 0.0 {
            2.0 * precision * recall / sum
        } else {
            0.0
        })
    }
}

/// Compares alarms with labels. Rules are not told apart: hand in the alarms of those that are to be judged.
pub fn compare<O: PartialEq>(episodes: &Episodes<O>, labels: &[Label<O>]) -> Score {
    let mut right = 0;
    for episode in &episodes.list {
        let is_right = labels.iter().any(|label| {
            let end = episode.cleared.unwrap_or(episodes.to);
            label.object == episode.object && label.touches(episode.raised, end)
        });
        right += usize::from(is_right);
    }
    let mut leads = Vec::new();
    for label in labels {
        let about = episodes.list.iter().filter(|episode| {
            let end = episode.cleared.unwrap_or(episodes.to);
            label.object == episode.object && label.touches(episode.raised, end)
        });
        if let Some(first) = about.map(|episode| episode.raised).min() {
            leads.push(label.event.unwrap_or(label.from) - first);
        }
    }
    leads.sort_unstable();
    let alarms = episodes.list.len();
    let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
    let days = (episodes.to - episodes.from) as f64 / DAY as f64 * episodes.objects as f64;
    Score {
        alarms,
        right,
        labels: labels.len(),
        found: leads.len(),
        precision: share(right, alarms),
        recall: share(leads.len(), labels.len()),
        leads,
        false_per_day: if days > 0.0 {
            (alarms - right) as f64 / days
        } else {
            0.0
        },
    }
}

impl<O> Label<O> {
    /// Whether an alarm open from one instant until before another has any instant in common with it.
    fn touches(&self, raised: i64, end: i64) -> bool {
        raised <= self.to && self.from < end.max(raised + 1)
    }
}
