//! Domains, the index and feeds.

use std::collections::BTreeSet;

use super::Faults;
use crate::{DomainEntry, FeedEntry, IndexEntry, Section};

/// How far the weights' sum may lie from 1: they are written with two decimals.
const SUM_TOLERANCE: f64 = 1e-6;

pub(super) fn domains(entries: &[DomainEntry], faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    for (position, entry) in entries.iter().enumerate() {
        let mut of = faults.of(Section::Domains, position, &entry.code);
        let is_letter = matches!(entry.code.as_bytes(), [b'A'..=b'Z']);
        if !is_letter {
            of.add(
                "/code",
                "vitals.domain_code",
                "a domain's code is one capital letter",
            );
        }
        if !seen.insert(&entry.code) {
            let message = format!("the domain {} is there already", entry.code);
            of.add("/code", "vitals.twice", message);
        }
    }
}

pub(super) fn index(entries: &[IndexEntry], domains: &[DomainEntry], faults: &mut Faults) {
    let mut days: Vec<_> = entries.iter().map(|entry| entry.valid_from).collect();
    days.sort_unstable();
    for (position, entry) in entries.iter().enumerate() {
        let mut of = faults.of(Section::Index, position, &entry.valid_from.to_string());
        let before = days.iter().rev().find(|day| **day < entry.valid_from);
        let year_later = before.map(|day| day.saturating_add(jiff::Span::new().years(1)));
        if year_later.is_some_and(|day| entry.valid_from < day) {
            let message =
                "weights are frozen for a year: begin a year after the entry before, or later";
            of.add("/valid_from", "vitals.frozen", message);
        }
        let same = entries
            .iter()
            .take(position)
            .any(|other| other.valid_from == entry.valid_from);
        if same {
            of.add(
                "/valid_from",
                "vitals.twice",
                "another entry begins on this day",
            );
        }
        for (letter, weight) in &entry.weights {
            let pointer = format!("/weights/{letter}");
            if !domains.iter().any(|domain| domain.code == *letter) {
                of.add(
                    &pointer,
                    "vitals.unknown_domain",
                    format!("there is no domain {letter}"),
                );
            }
            of.number(&pointer, *weight, 0.0, 1.0);
        }
        let sum: f64 = entry.weights.values().sum();
        if (sum - 1.0).abs() > SUM_TOLERANCE {
            of.add(
                "/weights",
                "vitals.weights",
                format!("the weights make {sum}, not 1"),
            );
        }
        of.number("/lamps/green", entry.lamps.green, entry.lamps.yellow, 100.0);
        of.number(
            "/lamps/yellow",
            entry.lamps.yellow,
            entry.lamps.orange,
            100.0,
        );
        of.number("/lamps/orange", entry.lamps.orange, 0.0, 100.0);
        of.number("/grey_share_max", entry.grey_share_max, 0.0, 1.0);
        of.number("/veto_margin", entry.veto_margin, 0.0, 100.0);
    }
}

pub(super) fn feeds(entries: &[FeedEntry], faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    for (position, entry) in entries.iter().enumerate() {
        let mut of = faults.of(Section::Feeds, position, &entry.feed);
        if !is_name(&entry.feed) {
            let message = "a feed is named by small letters, digits, _ and dots: water.supply_day";
            of.add("/feed", "vitals.feed_name", message);
        }
        if !seen.insert(&entry.feed) {
            of.add(
                "/feed",
                "vitals.twice",
                format!("the feed {} is there already", entry.feed),
            );
        }
        let low = entry.min.unwrap_or(f64::MIN);
        let high = entry.max.unwrap_or(f64::MAX);
        of.number("/normal", entry.normal, low, high);
        of.number("/day_swing", entry.day_swing, 0.0, 1.0);
        of.number("/week_swing", entry.week_swing, 0.0, 1.0);
        of.number("/noise", entry.noise, 0.0, f64::MAX);
        of.number("/decimals", f64::from(entry.decimals), 0.0, 6.0);
    }
}

/// `water.supply_day`
pub(super) fn is_name(text: &str) -> bool {
    let word = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_lowercase())
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    text.split('.').all(word)
}
