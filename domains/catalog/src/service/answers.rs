//! The questions other domains ask, answered from memory.

use std::sync::Arc;

use yiwang_contracts::{
    AreaBrief, AreaOutline, Catalog, Grade, ItemPolicy, ItemSuggestion, Responsibility,
    ResponsibilityQuery, StepLimit,
};
use yiwang_kernel::{AreaCode, Position, Timestamp};
use yiwang_worktime::Calendar;

use super::Service;
use crate::areas::Area;

impl Catalog for Service {
    fn item(&self, code: &str, at: Timestamp) -> Option<Arc<ItemPolicy>> {
        self.snapshot().items.policy(code, at)
    }

    fn leaves(&self, at: Timestamp) -> Vec<Arc<ItemPolicy>> {
        let snapshot = self.snapshot();
        snapshot
            .items
            .leaves(at)
            .iter()
            .filter_map(|code| snapshot.items.policy(code, at))
            .collect()
    }

    fn is_leaf(&self, code: &str, at: Timestamp) -> bool {
        self.snapshot().items.is_leaf(code, at)
    }

    fn limits(&self, item: Option<&str>, grade: Grade, at: Timestamp) -> Vec<StepLimit> {
        self.snapshot().step_limits(item, grade, at)
    }

    fn escalate_at(&self, grade: Grade, _at: Timestamp) -> Option<f64> {
        let snapshot = self.snapshot();
        snapshot
            .grades
            .get(&grade)
            .and_then(|entry| entry.escalate_at)
    }

    fn version(&self) -> i64 {
        self.snapshot().version
    }

    fn calendar(&self, name: &str) -> Option<Arc<Calendar>> {
        self.snapshot().calendars.get(name).cloned()
    }

    fn calendar_version(&self) -> u32 {
        self.snapshot().calendar_version
    }

    fn suggest(&self, text: &str, at: Timestamp, limit: usize) -> Vec<ItemSuggestion> {
        let snapshot = self.snapshot();
        snapshot.suggest.suggest(&snapshot.items, text, at, limit)
    }

    fn responsible(&self, queries: &[ResponsibilityQuery]) -> Vec<Responsibility> {
        let (snapshot, orgs) = (self.snapshot(), self.orgs());
        queries
            .iter()
            .map(|query| snapshot.responsible(&orgs, query))
            .collect()
    }

    fn area(&self, code: &AreaCode) -> Option<AreaBrief> {
        self.snapshot()
            .areas
            .get(code.as_str())
            .map(|area| area.brief.clone())
    }

    fn locate(&self, positions: &[Position]) -> Vec<Option<AreaBrief>> {
        let snapshot = self.snapshot();
        positions
            .iter()
            .map(|position| snapshot.areas.locate(*position).cloned())
            .collect()
    }

    fn outlines(&self) -> Vec<AreaOutline> {
        let snapshot = self.snapshot();
        let outline = |area: &Area| AreaOutline {
            brief: area.brief.clone(),
            ring: area.ring.clone(),
        };
        snapshot.areas.all().map(outline).collect()
    }
}
