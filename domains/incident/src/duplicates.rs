//! How likely two reports are about the same matter. Pure: weights and bounds are policy.

use std::collections::HashMap;

use jiff::SignedDuration;
use yiwang_kernel::{Position, Timestamp};

use crate::lifecycle::DuplicateRules;

/// One side of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    pub position: Option<Position>,
    pub address: &'a str,
    pub item: Option<&'a str>,
    pub text: &'a str,
    pub at: Timestamp,
    pub phone_key: Option<i64>,
}

/// The parts of a score, each 0..=1.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct Parts {
    pub space: f64,
    pub category: f64,
    pub text: f64,
    pub time: f64,
    pub person: f64,
}

/// How likely the two are one matter, and why.
pub fn score(a: Side<'_>, b: Side<'_>, rules: &DuplicateRules) -> (f64, Parts) {
    let parts = Parts {
        space: space(a, b, rules.space_m),
        category: category(a.item, b.item),
        text: text(a.text, b.text),
        time: time(a.at, b.at, rules.time_hours),
        person: person(a.phone_key, b.phone_key),
    };
    let score = rules.space * parts.space
        + rules.category * parts.category
        + rules.text * parts.text
        + rules.time * parts.time
        + rules.person * parts.person;
    (score, parts)
}

/// Falls with the distance; the same address is the same place.
fn space(a: Side<'_>, b: Side<'_>, scale_m: f64) -> f64 {
    if !a.address.is_empty() && a.address == b.address {
        return 1.0;
    }
    match (a.position, b.position) {
        (Some(a), Some(b)) => (-a.distance_m(b) / scale_m).exp(),
        _ => 0.0,
    }
}

/// The same item is 1; sharing its upper levels is worth their part of it.
fn category(a: Option<&str>, b: Option<&str>) -> f64 {
    let (Some(a), Some(b)) = (a, b) else {
        return 0.0;
    };
    if a == b {
        return 1.0;
    }
    let levels = a.split('.').count().max(b.split('.').count());
    let shared = a
        .split('.')
        .zip(b.split('.'))
        .take_while(|(a, b)| a == b)
        .count();
    shared as f64 / levels as f64
}

/// Cosine of the counts of pairs of characters.
fn text(a: &str, b: &str) -> f64 {
    let (a, b) = (pairs(a), pairs(b));
    let dot: f64 = a
        .iter()
        .filter_map(|(pair, n)| b.get(pair).map(|m| n * m))
        .sum();
    let norm =
        |counts: &HashMap<(char, char), f64>| counts.values().map(|n| n * n).sum::<f64>().sqrt();
    let product = norm(&a) * norm(&b);
    if product > 0.0 { dot / product } else { 0.0 }
}

fn pairs(text: &str) -> HashMap<(char, char), f64> {
    let chars: Vec<char> = text
        .chars()
        .filter(|char| char.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let mut counts = HashMap::new();
    for (a, b) in chars.iter().zip(chars.iter().skip(1)) {
        *counts.entry((*a, *b)).or_insert(0.0) += 1.0;
    }
    counts
}

fn time(a: Timestamp, b: Timestamp, scale_hours: f64) -> f64 {
    let apart: SignedDuration = a.duration_since(b).abs();
    (-apart.as_secs_f64() / 3600.0 / scale_hours).exp()
}

fn person(a: Option<i64>, b: Option<i64>) -> f64 {
    if a.is_some() && a == b { 1.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(text: &str) -> Side<'_> {
        Side {
            position: Position::new(120.28, 31.91).ok(),
            address: "",
            item: Some("01.01.02"),
            text,
            at: "2026-11-23T01:00:00Z".parse().unwrap(),
            phone_key: Some(7),
        }
    }

    #[test]
    fn the_same_report_scores_one_and_a_stranger_little() {
        let rules = DuplicateRules::default();
        let (score_same, _) = score(side("路灯不亮影响出行"), side("路灯不亮影响出行"), &rules);
        assert!((score_same - 1.0).abs() < 1e-9);
        let far = Side {
            position: Position::new(120.4, 31.8).ok(),
            item: Some("09.02"),
            at: "2026-11-01T01:00:00Z".parse().unwrap(),
            phone_key: None,
            ..side("饭店油烟扰民")
        };
        let (score_far, _) = score(side("路灯不亮影响出行"), far, &rules);
        assert!(score_far < 0.05, "{score_far}");
    }

    #[test]
    fn each_part_falls_as_it_should() {
        let rules = DuplicateRules::default();
        let parts = |b: Side<'_>| score(side("路灯不亮"), b, &rules).1;
        let near = Side {
            position: Position::new(120.28, 31.910_54).ok(),
            ..side("路灯不亮")
        };
        assert!(
            (parts(near).space - (-1.0_f64).exp()).abs() < 0.01,
            "60 m away"
        );
        assert!(
            (parts(Side {
                item: Some("01.01.03"),
                ..near
            })
            .category
                - 2.0 / 3.0)
                .abs()
                < 1e-9
        );
        assert!(
            (parts(Side {
                item: Some("02.01"),
                ..near
            })
            .category)
                .abs()
                < 1e-9
        );
        assert!(parts(side("路灯坏了不亮")).text > 0.4);
        let later = Side {
            at: "2026-11-26T01:00:00Z".parse().unwrap(),
            ..near
        };
        assert!(
            (parts(later).time - (-1.0_f64).exp()).abs() < 1e-9,
            "72 hours apart"
        );
        let nowhere = Side {
            position: None,
            address: "虹桥路1号",
            ..near
        };
        assert!((parts(nowhere).space).abs() < 1e-9);
        let same_address = score(nowhere, nowhere, &rules).1;
        assert!((same_address.space - 1.0).abs() < 1e-9);
    }
}
