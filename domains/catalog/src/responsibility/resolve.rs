//! Who is responsible for one item in one place.

use yiwang_kernel::Timestamp;

use super::rules::Match;
use super::{CellState, OrgIndex, RuleList};

/// What the list says, with everything that was weighed.
#[derive(Debug, Default)]
pub struct Resolution {
    /// The unit that leads; in an overlap the one whose rule comes first in the order of ties.
    pub lead: Option<usize>,
    /// The rules that decided; all equally specific.
    pub winners: Vec<Match>,
    /// Rules that match less closely.
    pub beaten: Vec<Match>,
    /// Closer rules whose lead cannot be told here.
    pub unresolved: Vec<Match>,
    /// The leads of the deciding rules, each once.
    pub leads: Vec<usize>,
    pub by_fallback: bool,
    /// The unit that the closest fallback rule names, whether it was needed or not.
    pub fallback: Option<usize>,
}

impl Resolution {
    pub fn state(&self) -> CellState {
        match (self.leads.len(), self.by_fallback) {
            (0, _) => CellState::Hole,
            (1, false) => CellState::Covered,
            (1, true) => CellState::Fallback,
            _ => CellState::Overlap,
        }
    }
}

/// Asks the list. `area` is the smallest area known, at best the grid.
pub fn resolve(
    list: &RuleList,
    orgs: &OrgIndex,
    item: &str,
    area: Option<&str>,
    at: Timestamp,
) -> Resolution {
    let is_fallback = |found: &Match| list.rule(found.rule).is_some_and(|rule| rule.fallback);
    let (fallback, main): (Vec<Match>, Vec<Match>) = list
        .matches(item, area, at)
        .into_iter()
        .partition(is_fallback);
    let mut resolution = decide(list, orgs, &main, area);
    let last_resort = decide(list, orgs, &fallback, area);
    let fallback_lead = last_resort.lead;
    if resolution.lead.is_none() && fallback_lead.is_some() {
        let unresolved = std::mem::take(&mut resolution.unresolved);
        resolution = Resolution {
            by_fallback: true,
            ..last_resort
        };
        resolution.unresolved.splice(0..0, unresolved);
    }
    Resolution {
        fallback: fallback_lead,
        ..resolution
    }
}

fn decide(list: &RuleList, orgs: &OrgIndex, matches: &[Match], area: Option<&str>) -> Resolution {
    let mut resolution = Resolution::default();
    for group in matches.chunk_by(|a, b| a.specificity() == b.specificity()) {
        if resolution.lead.is_some() {
            resolution.beaten.extend_from_slice(group);
            continue;
        }
        for found in group {
            let lead = list.get(found.rule).and_then(|rule| rule.lead.as_ref());
            let Some(lead) = lead.and_then(|lead| orgs.resolve(lead, area)) else {
                resolution.unresolved.push(*found);
                continue;
            };
            resolution.winners.push(*found);
            if !resolution.leads.contains(&lead) {
                resolution.leads.push(lead);
            }
        }
        resolution.lead = resolution.leads.first().copied();
    }
    resolution
}
