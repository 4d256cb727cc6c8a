//! Entries, domains, index and areas compiled together: what everything is computed by until one of them changes.

mod areas;

use std::collections::{BTreeMap, HashMap};

use jiff::tz::{self, Offset};
use yiwang_contracts::AreaOutline;
use yiwang_kernel::{AreaCode, Timestamp};
use yiwang_store::StoreError;
use yiwang_vital_rules::{
    Areas, DomainEntry, Formula, Grading, IndexEntry, IndicatorEntry, Recompute, RowKind,
    SpaceGrain,
};

pub(crate) use areas::Area;
use areas::{Places, numbered, tree};

/// Days and months are those of the city.
pub(crate) const UTC_OFFSET_MINUTES: i16 = 480;
pub(crate) const ZONE: Offset = tz::offset(8);

/// A version of an indicator.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Versioned {
    pub entry: IndicatorEntry,
    pub version: i64,
    pub pack: String,
    /// Microseconds since 1970 UTC.
    pub valid_from: i64,
    pub by: String,
}

/// Everything that computing needs and that rarely changes.
#[derive(Debug)]
pub(crate) struct Policy {
    pub indicators: Vec<Versioned>,
    pub domains: Vec<DomainEntry>,
    pub index: IndexEntry,
    pub engine: Recompute,
    pub gradings: Vec<Grading>,
    pub areas: Vec<Area>,
    /// The city itself.
    pub top: Option<usize>,
    /// Stands for what is in the city and in no area that is small enough.
    elsewhere: Option<usize>,
    by_area: HashMap<String, usize>,
    by_code: HashMap<String, usize>,
    /// Which indicators read a feed, directly or through facts of their own.
    pub feeds: BTreeMap<String, Vec<usize>>,
}

/// The parts of a policy.
pub(crate) struct Parts {
    pub indicators: Vec<Versioned>,
    pub domains: Vec<DomainEntry>,
    pub index: Vec<IndexEntry>,
    pub outlines: Vec<AreaOutline>,
}

impl Policy {
    pub(crate) fn compile(parts: Parts, now: Timestamp) -> Result<Self, StoreError> {
        let broken = |why: String| StoreError::Document(format!("vital signs: {why}"));
        let Parts {
            indicators,
            domains,
            index,
            outlines,
        } = parts;
        let today = ZONE.to_datetime(now).date();
        let index = match IndexEntry::in_force(&index, today) {
            Some(entry) => entry.clone(),
            None => serde_json::from_value(
                serde_json::json!({ "valid_from": today.to_string(), "weights": {} }),
            )?,
        };
        let (places, tree) = tree(&outlines);
        let tree = Areas::new(&tree).map_err(|fault| broken(fault.to_string()))?;
        Self::assemble(indicators, domains, index, tree, places).map_err(broken)
    }

    /// The same city with these indicators alone; why that cannot be.
    pub(crate) fn with(&self, indicators: Vec<Versioned>) -> Result<Self, String> {
        let places = Places {
            areas: self.areas.clone(),
            top: self.top,
            elsewhere: self.elsewhere,
            by_code: self.by_area.clone(),
        };
        let (domains, index) = (self.domains.clone(), self.index.clone());
        let tree = self.engine.areas().clone();
        Self::assemble(indicators, domains, index, tree, places)
    }

    fn assemble(
        indicators: Vec<Versioned>,
        domains: Vec<DomainEntry>,
        index: IndexEntry,
        tree: Areas,
        city: Places,
    ) -> Result<Self, String> {
        let entries: Vec<IndicatorEntry> =
            indicators.iter().map(|each| each.entry.clone()).collect();
        let letters: Vec<String> = domains.iter().map(|domain| domain.code.clone()).collect();
        let engine = Recompute::new(&entries, &letters, &index, tree, UTC_OFFSET_MINUTES).map_err(
            |faults| {
                let words: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
                words.join("; ")
            },
        )?;
        let mut feeds: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, entry) in entries.iter().enumerate() {
            for feed in entry.formula.iter().flat_map(Formula::feeds) {
                feeds.entry(feed.to_owned()).or_default().push(place);
            }
        }
        let gradings = entries
            .iter()
            .map(|entry| Grading::new(entry, UTC_OFFSET_MINUTES));
        Ok(Self {
            gradings: gradings.collect(),
            by_area: city.by_code,
            by_code: numbered(entries.iter().map(|entry| entry.code.as_str())),
            feeds,
            engine,
            indicators,
            domains,
            index,
            areas: city.areas,
            top: city.top,
            elsewhere: city.elsewhere,
        })
    }

    pub(crate) fn indicator(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    pub(crate) fn entry(&self, indicator: usize) -> Option<&IndicatorEntry> {
        self.indicators.get(indicator).map(|each| &each.entry)
    }

    pub(crate) fn area(&self, code: &str) -> Option<usize> {
        self.by_area.get(code).copied()
    }

    /// Those whose values are kept and graded: the city and its towns.
    pub(crate) fn kept(&self) -> impl Iterator<Item = (usize, &Area)> {
        self.areas
            .iter()
            .enumerate()
            .filter(|(_, area)| area.is_kept)
    }

    /// How a row is computed, where it is brought from outside.
    pub(crate) fn formula(&self, row: usize) -> Option<&Formula> {
        let of_row = self.engine.graph().rows().get(row)?;
        let formula = self.entry(of_row.indicator)?.formula.as_ref()?;
        match (&of_row.kind, formula) {
            (RowKind::Fact(name), Formula::Derived(derived)) => derived.facts.get(name),
            (RowKind::Indicator, Formula::Derived(_)) | (RowKind::Fact(_), _) => None,
            (RowKind::Indicator, formula) => Some(formula),
        }
    }

    /// The area of at most this fineness that a place lies in.
    fn within(&self, code: Option<&AreaCode>, space: SpaceGrain) -> Option<usize> {
        let mut text = code?.as_str();
        let mut at = loop {
            if let Some(at) = self.by_area.get(text) {
                break *at;
            }
            text = text.get(..text.len().checked_sub(1)?)?;
        };
        while self
            .engine
            .areas()
            .level(at)
            .is_some_and(|level| level > space)
        {
            at = self.engine.areas().parent(at)?;
        }
        Some(at)
    }

    /// Where something is counted in a row that adds up by itself.
    pub(crate) fn leaf(&self, code: Option<&AreaCode>, space: SpaceGrain) -> Option<usize> {
        if space == SpaceGrain::County {
            return self.top;
        }
        let exact = |at: &usize| self.engine.areas().level(*at) == Some(space);
        self.within(code, space).filter(exact).or(self.elsewhere)
    }

    /// In which areas something is counted in a row that is asked for each area: the smallest first.
    pub(crate) fn around(&self, code: Option<&AreaCode>, space: SpaceGrain) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = self.within(code, space).or(self.top);
        while let Some(area) = at {
            found.push(area);
            at = self.engine.areas().parent(area);
        }
        found
    }

    /// The areas of a row that facts are brought for.
    pub(crate) fn targets(&self, space: SpaceGrain, rolls: bool) -> Vec<usize> {
        let is_target = |(at, area): &(usize, &Area)| {
            if rolls {
                area.level == space || Some(*at) == self.elsewhere && space > SpaceGrain::County
            } else {
                area.level <= space && Some(*at) != self.elsewhere
            }
        };
        let areas = self.areas.iter().enumerate();
        areas.filter(is_target).map(|(at, _)| at).collect()
    }
}
