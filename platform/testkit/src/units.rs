//! A small city of units for those who ask for units alone.

use yiwang_contracts::{OrgBrief, OrgId, OrgKind, Organisations};
use yiwang_kernel::{Text, Uuid};

/// The id of a unit of [`Units`].
pub fn org(n: u128) -> OrgId {
    OrgId(Uuid::from_u128(n))
}

/// `jy` 1, and under it `slj` 2 and `sthj` 3.
#[derive(Debug, Clone, Copy)]
pub struct Units;

impl Organisations for Units {
    fn by_id(&self, ids: &[OrgId]) -> Vec<Option<OrgBrief>> {
        let all = self.all();
        ids.iter()
            .map(|id| all.iter().find(|org| org.id == *id).cloned())
            .collect()
    }

    fn by_code(&self, codes: &[&str]) -> Vec<Option<OrgBrief>> {
        let all = self.all();
        codes
            .iter()
            .map(|code| all.iter().find(|org| org.code == *code).cloned())
            .collect()
    }

    fn subtree(&self, root: OrgId) -> Vec<OrgId> {
        if root == org(1) {
            vec![org(1), org(2), org(3)]
        } else {
            vec![root]
        }
    }

    fn ancestors(&self, id: OrgId) -> Vec<OrgId> {
        if id == org(1) {
            vec![id]
        } else {
            vec![id, org(1)]
        }
    }

    fn search(&self, _text: &str, _limit: usize) -> Vec<OrgBrief> {
        Vec::new()
    }

    fn all(&self) -> Vec<OrgBrief> {
        [(1, "jy", None), (2, "slj", Some(1)), (3, "sthj", Some(1))]
            .into_iter()
            .map(|(n, code, parent)| OrgBrief {
                id: org(n),
                code: code.to_owned(),
                name: Text::zh(code),
                kind: OrgKind::Department,
                parent_id: parent.map(org),
                area: None,
            })
            .collect()
    }
}
