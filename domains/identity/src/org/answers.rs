//! The tree's answers to other domains' questions.

use yiwang_contracts::{OrgBrief, OrgId, Organisations};

use crate::service::IdentityService;

impl Organisations for IdentityService {
    fn by_id(&self, ids: &[OrgId]) -> Vec<Option<OrgBrief>> {
        let tree = self.tree();
        ids.iter()
            .map(|id| tree.unit(*id).map(|unit| unit.brief.clone()))
            .collect()
    }

    fn by_code(&self, codes: &[&str]) -> Vec<Option<OrgBrief>> {
        let tree = self.tree();
        codes
            .iter()
            .map(|code| tree.unit_by_code(code).map(|unit| unit.brief.clone()))
            .collect()
    }

    fn subtree(&self, root: OrgId) -> Vec<OrgId> {
        self.tree()
            .subtree(root)
            .map(|unit| unit.brief.id)
            .collect()
    }

    fn ancestors(&self, id: OrgId) -> Vec<OrgId> {
        self.tree().ancestors(id)
    }

    fn search(&self, text: &str, limit: usize) -> Vec<OrgBrief> {
        self.tree().search(text, limit)
    }

    fn all(&self) -> Vec<OrgBrief> {
        self.tree()
            .active()
            .map(|unit| unit.brief.clone())
            .collect()
    }
}
