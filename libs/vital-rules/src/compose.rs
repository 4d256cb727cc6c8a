//! From scores of indicators to those of domains and of the city, and what took how much away.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{IndexEntry, ResponseLevel};

mod reasons;
#[cfg(test)]
mod tests;

pub use reasons::{Reason, city_losses, domain_losses, indicator_losses, top_reasons};

/// One indicator of a domain in one area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DomainPart {
    /// Its weight.
    pub weight: f64,
    /// Its score; nothing while it is interrupted. What is never scored is no part.
    pub score: Option<f64>,
    /// Whether it holds the domain down.
    pub is_veto: bool,
}

/// A domain's score.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct DomainScore {
    /// Nothing where too much is interrupted, or nothing is there.
    pub score: Option<f64>,
    /// The mean before the worst veto indicator held it down.
    pub mean: Option<f64>,
    /// The part of the weight that is interrupted.
    pub grey_share: f64,
}

/// One domain of the city.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CityPart {
    /// Its weight.
    pub weight: f64,
    /// Its score; nothing while it is interrupted.
    pub score: Option<f64>,
}

/// The health index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct CityScore {
    /// Nothing where too much is interrupted, or nothing is there.
    pub score: Option<f64>,
    /// The part of the weight that is interrupted.
    pub grey_share: f64,
}

/// The lamp of a score, the best first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Lamp {
    /// 绿
    Green,
    /// 黄
    Yellow,
    /// 橙
    Orange,
    /// 红
    Red,
}

/// The weighted mean of what is not interrupted, held down by the worst veto indicator.
pub fn domain_score(parts: &[DomainPart], policy: &IndexEntry) -> DomainScore {
    let all: f64 = parts.iter().map(|part| part.weight).sum();
    let known = || parts.iter().filter_map(|part| Some((part, part.score?)));
    let heard: f64 = known().map(|(part, _)| part.weight).sum();
    let grey_share = grey_share(all, heard);
    if heard <= 0.0 || is_too_grey(grey_share, policy) {
        return DomainScore {
            grey_share,
            ..DomainScore::default()
        };
    }
    let (low, high) = bounds(known().map(|(_, score)| score));
    let total: f64 = known().map(|(part, score)| part.weight * score).sum();
    let mean = (total / heard).clamp(low, high);
    let vetoes = known().filter(|(part, _)| part.is_veto);
    let worst = vetoes.map(|(_, score)| score).fold(f64::INFINITY, f64::min);
    DomainScore {
        score: Some(mean.min(worst + policy.veto_margin)),
        mean: Some(mean),
        grey_share,
    }
}

/// The weighted geometric mean of the domains that are not interrupted: it punishes what is out of balance.
pub fn city_score(parts: &[CityPart], policy: &IndexEntry) -> CityScore {
    let all: f64 = parts.iter().map(|part| part.weight).sum();
    let known = || {
        parts
            .iter()
            .filter_map(|part| Some((part.weight, part.score?)))
    };
    let heard: f64 = known().map(|(weight, _)| weight).sum();
    let grey_share = grey_share(all, heard);
    let score = (heard > 0.0 && !is_too_grey(grey_share, policy)).then(|| {
        let (low, high) = bounds(known().map(|(_, score)| score));
        let product: f64 = known()
            .map(|(weight, score)| score.powf(weight / heard))
            .product();
        product.clamp(low, high)
    });
    CityScore { score, grey_share }
}

/// The lamp of a score, and at least that which an active response asks for; nothing where there is neither.
pub fn lamp(
    score: Option<f64>,
    response: Option<ResponseLevel>,
    policy: &IndexEntry,
) -> Option<Lamp> {
    let lamps = policy.lamps;
    let by_score = score.map(|score| match score {
        score if score >= lamps.green => Lamp::Green,
        score if score >= lamps.yellow => Lamp::Yellow,
        score if score >= lamps.orange => Lamp::Orange,
        _ => Lamp::Red,
    });
    let floor = policy
        .response
        .filter(|floor| response.is_some_and(|level| level >= floor.from));
    by_score.max(floor.map(|floor| floor.lamp))
}

/// Places by score, the best first; equal scores share a place, and what has no score has none.
pub fn ranking(scores: &[Option<f64>]) -> Vec<Option<usize>> {
    let better = |mine: f64| {
        scores
            .iter()
            .flatten()
            .filter(|other| **other > mine)
            .count()
    };
    scores
        .iter()
        .map(|score| score.map(|mine| better(mine) + 1))
        .collect()
}

/// Shares are quotients: three of ten parts are not more than 0.3.
fn is_too_grey(share: f64, policy: &IndexEntry) -> bool {
    share > policy.grey_share_max + 1e-9
}

fn grey_share(all: f64, heard: f64) -> f64 {
    if all > 0.0 {
        (1.0 - heard / all).clamp(0.0, 1.0)
    } else {
        0.0
    }
}

fn bounds(scores: impl Iterator<Item = f64>) -> (f64, f64) {
    let start = (f64::INFINITY, f64::NEG_INFINITY);
    scores.fold(start, |(low, high), score| {
        (low.min(score), high.max(score))
    })
}
