//! Everything that is wrong with the entries of a pack, at once.

use std::collections::{BTreeMap, BTreeSet};

use crate::{DomainEntry, Fault, FeedEntry, Graph, IndexEntry, IndicatorEntry, Section};

mod composition;
mod entries;
mod formulas;
mod thresholds;

/// What entries may name that is defined elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The properties of each kind of device.
    pub profiles: BTreeMap<String, BTreeSet<String>>,
    /// Ids of alarm rules.
    pub rules: BTreeSet<String>,
    /// Codes of items.
    pub items: BTreeSet<String>,
    /// Codes of units.
    pub orgs: BTreeSet<String>,
}

/// All faults of the sections of a pack. Without surroundings what lies outside is taken to be there.
pub fn check(
    domains: &[DomainEntry],
    index: &[IndexEntry],
    indicators: &[IndicatorEntry],
    around: Option<&Surroundings>,
) -> Vec<Fault> {
    let mut faults = Faults::default();
    composition::domains(domains, &mut faults);
    composition::index(index, domains, &mut faults);
    let mut seen = BTreeSet::new();
    for (position, entry) in indicators.iter().enumerate() {
        let mut of = faults.of(Section::Indicators, position, &entry.code);
        if !seen.insert(entry.code.as_str()) {
            let message = format!("the indicator {} is there already", entry.code);
            of.add("/code", "vitals.twice", message);
        }
        entries::check(entry, domains, around, &mut of);
        thresholds::check(entry, &mut of);
        if let Some(formula) = &entry.formula {
            formulas::check(formula, "/formula", around, &mut of);
        }
    }
    grains(indicators, &mut faults);
    if let Err(found) = Graph::new(indicators) {
        for fault in found {
            let code = indicators
                .get(fault.indicator)
                .map_or("", |entry| entry.code.as_str());
            let mut of = faults.of(Section::Indicators, fault.indicator, code);
            of.add(&fault.pointer, fault.kind, fault.message);
        }
    }
    faults.list
}

/// All faults of a list of feeds, beside the indicators that read them.
pub fn check_feeds(feeds: &[FeedEntry], indicators: &[IndicatorEntry]) -> Vec<Fault> {
    let mut faults = Faults::default();
    composition::feeds(feeds, &mut faults);
    let known: BTreeSet<&str> = feeds.iter().map(|entry| entry.feed.as_str()).collect();
    let mut read = BTreeSet::new();
    for (position, entry) in indicators.iter().enumerate() {
        for feed in entry.formula.iter().flat_map(crate::Formula::feeds) {
            read.insert(feed);
            if !known.contains(feed) {
                let mut of = faults.of(Section::Indicators, position, &entry.code);
                of.add(
                    "/formula",
                    "vitals.unknown_feed",
                    format!("there is no feed {feed}"),
                );
            }
        }
    }
    for (position, entry) in feeds.iter().enumerate() {
        if !read.contains(entry.feed.as_str()) {
            let mut of = faults.of(Section::Feeds, position, &entry.feed);
            of.add("/feed", "vitals.unused_feed", "no indicator reads it");
        }
    }
    faults.list
}

/// A value of a small area is not derived from one that only larger areas have.
fn grains(indicators: &[IndicatorEntry], faults: &mut Faults) {
    let spaces: BTreeMap<&str, crate::SpaceGrain> = indicators
        .iter()
        .map(|entry| (entry.code.as_str(), entry.grain.space))
        .collect();
    for (position, entry) in indicators.iter().enumerate() {
        let Some(crate::Formula::Derived(derived)) = &entry.formula else {
            continue;
        };
        for (place, code) in derived.uses.iter().enumerate() {
            if spaces
                .get(code.as_str())
                .is_some_and(|space| *space < entry.grain.space)
            {
                let mut of = faults.of(Section::Indicators, position, &entry.code);
                let pointer = format!("/formula/derived/uses/{place}");
                let message =
                    format!("{code} has no values of areas as small as /grain/space says");
                of.add(&pointer, "vitals.grain", message);
            }
        }
    }
}

/// Collects faults.
#[derive(Default)]
struct Faults {
    list: Vec<Fault>,
}

impl Faults {
    fn of<'a>(&'a mut self, section: Section, position: usize, entry: &str) -> EntryFaults<'a> {
        EntryFaults {
            list: &mut self.list,
            section,
            position,
            entry: entry.into(),
        }
    }
}

/// Collects those of one entry.
struct EntryFaults<'a> {
    list: &'a mut Vec<Fault>,
    section: Section,
    position: usize,
    entry: String,
}

impl EntryFaults<'_> {
    fn add(&mut self, pointer: &str, kind: &'static str, message: impl Into<String>) {
        self.list.push(Fault {
            section: self.section,
            position: self.position,
            entry: self.entry.clone(),
            pointer: pointer.into(),
            kind,
            message: message.into(),
        });
    }

    /// A number that is finite and within the bounds.
    fn number(&mut self, pointer: &str, value: f64, low: f64, high: f64) {
        if !(low..=high).contains(&value) {
            let message = format!("{value} does not lie between {low} and {high}");
            self.add(pointer, "vitals.number", message);
        }
    }
}
