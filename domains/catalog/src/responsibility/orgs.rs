//! The units a rule can name, by code and by the area they govern.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use yiwang_contracts::{OrgBrief, OrgKind};
use yiwang_kernel::AreaCode;

use crate::model::{AreaLevel, OrgRef};

/// The organisation tree as the resolver needs it; a unit's index stands for it in tables.
#[derive(Debug, Default)]
pub struct OrgIndex {
    orgs: Vec<OrgBrief>,
    by_code: HashMap<String, usize>,
    by_area: HashMap<(OrgKind, String), usize>,
    fingerprint: u64,
}

impl OrgIndex {
    pub fn new(orgs: Vec<OrgBrief>) -> Self {
        let mut hasher = DefaultHasher::new();
        let mut index = Self::default();
        for (at, org) in orgs.iter().enumerate() {
            (
                org.id,
                &org.code,
                &org.name,
                org.kind,
                org.area.as_ref().map(AreaCode::as_str),
            )
                .hash(&mut hasher);
            index.by_code.insert(org.code.clone(), at);
            if let Some(area) = &org.area {
                // The first unit of a kind governs; sections of it may carry the same area.
                index
                    .by_area
                    .entry((org.kind, area.as_str().to_owned()))
                    .or_insert(at);
            }
        }
        index.fingerprint = hasher.finish();
        index.orgs = orgs;
        index
    }

    pub fn get(&self, index: usize) -> Option<&OrgBrief> {
        self.orgs.get(index)
    }

    pub fn by_code(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    /// All codes, in the tree's order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.orgs.iter().map(|org| org.code.as_str())
    }

    /// Changes whenever a unit does.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The unit that a rule means at a place.
    pub fn resolve(&self, org: &OrgRef, area: Option<&str>) -> Option<usize> {
        let (kind, level) = match org {
            OrgRef::Code(code) => return self.by_code(code),
            OrgRef::Town => (OrgKind::Town, AreaLevel(2)),
            OrgRef::Village => (OrgKind::Village, AreaLevel(3)),
            OrgRef::Grid => (OrgKind::Grid, AreaLevel(4)),
        };
        let area = area?.get(..level.digits())?;
        self.by_area.get(&(kind, area.to_owned())).copied()
    }
}
