//! The tree itself: build, look up, subtree, search. Pure.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use yiwang_contracts::{OrgBrief, OrgId, OrgScope};
use yiwang_pinyin::{Fit, Readings};

/// One unit with what only this domain looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgUnit {
    pub brief: OrgBrief,
    /// What else is typed for it, such as the initials of what people call it.
    pub pinyin: Option<String>,
    pub phone: Option<String>,
    /// A unit that left its pack stays for history, out of lists and subtrees.
    pub is_active: bool,
}

/// All units, parents before children.
#[derive(Debug, Default)]
pub struct OrgTree {
    units: Vec<OrgUnit>,
    /// How each name is read, for type-ahead.
    readings: Vec<Readings>,
    /// One past the last unit of the subtree that begins here.
    ends: Vec<usize>,
    by_id: HashMap<OrgId, usize>,
    by_code: HashMap<String, usize>,
    /// Subtrees as sets, shared by every grant over them.
    scopes: Mutex<HashMap<OrgId, Arc<HashSet<OrgId>>>>,
}

impl OrgTree {
    /// Builds the tree. A unit whose parent is unknown, or which is its own ancestor, stands as a root.
    pub fn new(units: Vec<OrgUnit>) -> Self {
        let known: HashSet<OrgId> = units.iter().map(|unit| unit.brief.id).collect();
        let mut children: HashMap<Option<OrgId>, Vec<usize>> = HashMap::new();
        for (at, unit) in units.iter().enumerate() {
            let parent = unit.brief.parent_id.filter(|parent| known.contains(parent));
            children.entry(parent).or_default().push(at);
        }
        let mut walk = Walk {
            units: &units,
            children: &children,
            order: Vec::new(),
            ends: Vec::new(),
            seen: HashSet::new(),
        };
        for root in children.get(&None).into_iter().flatten() {
            walk.visit(*root);
        }
        for at in 0..units.len() {
            walk.visit(at);
        }
        let (order, ends) = (walk.order, walk.ends);
        let mut slots: Vec<Option<OrgUnit>> = units.into_iter().map(Some).collect();
        let units: Vec<OrgUnit> = order
            .into_iter()
            .filter_map(|at| slots.get_mut(at)?.take())
            .collect();
        let by_id = units
            .iter()
            .enumerate()
            .map(|(at, unit)| (unit.brief.id, at))
            .collect();
        let by_code = units
            .iter()
            .enumerate()
            .map(|(at, unit)| (unit.brief.code.clone(), at))
            .collect();
        let readings = units
            .iter()
            .map(|unit| Readings::of(&unit.brief.name.zh))
            .collect();
        Self {
            units,
            readings,
            ends,
            by_id,
            by_code,
            scopes: Mutex::default(),
        }
    }

    /// Every unit that was ever there, parents before children.
    pub fn units(&self) -> &[OrgUnit] {
        &self.units
    }

    /// The units of today, parents before children.
    pub fn active(&self) -> impl Iterator<Item = &OrgUnit> {
        self.units.iter().filter(|unit| unit.is_active)
    }

    pub fn unit(&self, id: OrgId) -> Option<&OrgUnit> {
        self.by_id.get(&id).and_then(|at| self.units.get(*at))
    }

    pub fn unit_by_code(&self, code: &str) -> Option<&OrgUnit> {
        self.by_code.get(code).and_then(|at| self.units.get(*at))
    }

    /// The first unit of all: the city.
    pub fn root(&self) -> Option<&OrgUnit> {
        self.active().next()
    }

    /// The unit and the active ones under it; empty when it is unknown.
    pub fn subtree(&self, root: OrgId) -> impl Iterator<Item = &OrgUnit> {
        let run = self
            .by_id
            .get(&root)
            .map_or(0..0, |at| *at..self.ends.get(*at).copied().unwrap_or(*at));
        let units = self.units.get(run).unwrap_or_default();
        units
            .iter()
            .filter(move |unit| unit.is_active || unit.brief.id == root)
    }

    /// From the unit up to its root, the unit first.
    pub fn ancestors(&self, id: OrgId) -> Vec<OrgId> {
        let mut path = Vec::new();
        let mut next = self.unit(id);
        while let Some(unit) = next {
            if path.contains(&unit.brief.id) {
                break;
            }
            path.push(unit.brief.id);
            next = unit.brief.parent_id.and_then(|parent| self.unit(parent));
        }
        path
    }

    /// What a grant over this subtree covers. The city's subtree is everything, so that rows in which no unit
    /// takes part yet are covered too.
    pub fn scope(&self, root: Option<OrgId>) -> OrgScope {
        let Some(root) = root else {
            return OrgScope::All;
        };
        if self.root().is_some_and(|unit| unit.brief.id == root) {
            return OrgScope::All;
        }
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        let set = scopes.entry(root).or_insert_with(|| {
            let ids: HashSet<OrgId> = self.subtree(root).map(|unit| unit.brief.id).collect();
            Arc::new(ids)
        });
        OrgScope::Within(Arc::clone(set))
    }

    /// How the name of a unit is read.
    pub fn readings(&self, id: OrgId) -> &[String] {
        let readings = self.by_id.get(&id).and_then(|at| self.readings.get(*at));
        readings.map_or(&[], Readings::said)
    }

    /// Active units whose code, name or pinyin match, the best first.
    pub fn search(&self, text: &str, limit: usize) -> Vec<OrgBrief> {
        let text = text.trim().to_lowercase();
        let mut found: Vec<(u8, usize, &OrgUnit)> = self
            .units
            .iter()
            .zip(&self.readings)
            .enumerate()
            .filter(|(_, (unit, _))| unit.is_active)
            .filter_map(|(at, (unit, said))| rank(unit, said, &text).map(|rank| (rank, at, unit)))
            .collect();
        found.sort_by_key(|(rank, at, _)| (*rank, *at));
        found
            .into_iter()
            .take(limit)
            .map(|(_, _, unit)| unit.brief.clone())
            .collect()
    }
}

/// How well a unit answers a text; smaller is better, `None` is not at all.
fn rank(unit: &OrgUnit, readings: &Readings, text: &str) -> Option<u8> {
    let brief = &unit.brief;
    let code = brief.code.to_lowercase();
    let zh = brief.name.zh.to_lowercase();
    let en = brief.name.en.as_deref().unwrap_or_default().to_lowercase();
    let typed = unit.pinyin.as_deref().unwrap_or_default();
    let fit = || readings.fit(text);
    if code == text || zh == text {
        Some(0)
    } else if zh.starts_with(text) || code.starts_with(text) {
        Some(1)
    } else if typed.starts_with(text) || fit() == Some(Fit::Start) {
        Some(2)
    } else if zh.contains(text) || en.contains(text) {
        Some(3)
    } else if text.len() > 1 && (typed.contains(text) || fit().is_some()) {
        Some(4)
    } else {
        None
    }
}

struct Walk<'a> {
    units: &'a [OrgUnit],
    children: &'a HashMap<Option<OrgId>, Vec<usize>>,
    order: Vec<usize>,
    ends: Vec<usize>,
    seen: HashSet<usize>,
}

impl Walk<'_> {
    /// Depth first without recursion: a chain of units is as deep as the file says.
    fn visit(&mut self, root: usize) {
        let mut stack = vec![Step::Enter(root)];
        while let Some(step) = stack.pop() {
            match step {
                Step::Enter(at) if self.seen.insert(at) => {
                    let place = self.order.len();
                    self.order.push(at);
                    self.ends.push(place + 1);
                    stack.push(Step::Leave(place));
                    let id = self.units.get(at).map(|unit| unit.brief.id);
                    let below = id.and_then(|id| self.children.get(&Some(id)));
                    stack.extend(
                        below
                            .into_iter()
                            .flatten()
                            .rev()
                            .map(|child| Step::Enter(*child)),
                    );
                }
                Step::Enter(_) => {}
                Step::Leave(place) => {
                    let end = self.order.len();
                    if let Some(slot) = self.ends.get_mut(place) {
                        *slot = end;
                    }
                }
            }
        }
    }
}

enum Step {
    Enter(usize),
    Leave(usize),
}

#[cfg(test)]
mod tests;
