//! What took how much of a score away. Losses add up exactly to what is missing from 100.

use serde::{Deserialize, Serialize};

use super::{CityPart, DomainPart, DomainScore};

/// Below this a score counts as this much when the city's loss is divided; of nothing there is no logarithm.
const SCORE_MIN: f64 = 0.01;

/// One cause of a loss.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Its place in the list that was given.
    pub part: usize,
    /// Points that it takes away.
    pub loss: f64,
}

/// What each indicator takes from its domain: its own distance from 100 by its weight, and what holding the domain down
/// costs, divided among the worst veto indicators.
pub fn domain_losses(parts: &[DomainPart], domain: &DomainScore) -> Vec<f64> {
    let (Some(score), Some(mean)) = (domain.score, domain.mean) else {
        return vec![0.0; parts.len()];
    };
    let known = || parts.iter().filter(|part| part.score.is_some());
    let heard: f64 = known().map(|part| part.weight).sum();
    let vetoes = known()
        .filter(|part| part.is_veto)
        .filter_map(|part| part.score);
    let worst = vetoes.fold(f64::INFINITY, f64::min);
    let is_worst = |part: &DomainPart| part.is_veto && part.score.is_some_and(|own| own <= worst);
    let holding = known().filter(|part| is_worst(part)).count().max(1) as f64;
    let held = (mean - score).max(0.0) / holding;
    let loss = |part: &DomainPart| {
        let own = part
            .score
            .map_or(0.0, |own| part.weight * (100.0 - own) / heard);
        own + if is_worst(part) { held } else { 0.0 }
    };
    parts.iter().map(loss).collect()
}

/// What each domain takes from the city: the index is a product, so its loss is divided by the logarithms.
pub fn city_losses(parts: &[CityPart], city: Option<f64>) -> Vec<f64> {
    let Some(city) = city else {
        return vec![0.0; parts.len()];
    };
    let share = |part: &CityPart| {
        part.score.map_or(0.0, |score| {
            part.weight * (100.0 / score.max(SCORE_MIN)).ln()
        })
    };
    let total: f64 = parts.iter().map(share).sum();
    let loss = |part: &CityPart| {
        if total > 0.0 {
            (100.0 - city) * share(part) / total
        } else {
            0.0
        }
    };
    parts.iter().map(loss).collect()
}

/// What each indicator of one domain takes from the city, given what the domain takes.
pub fn indicator_losses(in_domain: &[f64], of_domain: f64) -> Vec<f64> {
    let total: f64 = in_domain.iter().sum();
    let loss = |own: &f64| {
        if total > 0.0 {
            of_domain * own / total
        } else {
            0.0
        }
    };
    in_domain.iter().map(loss).collect()
}

/// The so many largest losses, the largest first; of equal ones the earlier first.
pub fn top_reasons(losses: &[f64], count: usize) -> Vec<Reason> {
    let reasons = losses.iter().enumerate().filter(|(_, loss)| **loss > 1e-9);
    let mut reasons: Vec<Reason> = reasons
        .map(|(part, loss)| Reason { part, loss: *loss })
        .collect();
    reasons.sort_by(|one, other| other.loss.total_cmp(&one.loss));
    reasons.truncate(count);
    reasons
}
