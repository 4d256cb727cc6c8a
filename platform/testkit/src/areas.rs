//! A catalog for those who ask for places alone.

use std::sync::Arc;

use yiwang_contracts::{
    AreaBrief, AreaOutline, Catalog, Grade, ItemPolicy, ItemSuggestion, Responsibility,
    ResponsibilityQuery, StepLimit,
};
use yiwang_kernel::{AreaCode, Position, Timestamp};
use yiwang_worktime::Calendar;

/// Knows areas, and no matters, limits or calendars.
#[derive(Debug, Clone, Copy)]
pub struct Areas {
    /// The area with a code, if there is one.
    pub area: fn(&AreaCode) -> Option<AreaBrief>,
    /// In which of them a place lies.
    pub located: fn(Position) -> Option<&'static str>,
    /// How they are drawn.
    pub outlines: fn() -> Vec<AreaOutline>,
}

impl Catalog for Areas {
    fn item(&self, _code: &str, _at: Timestamp) -> Option<Arc<ItemPolicy>> {
        None
    }

    fn leaves(&self, _at: Timestamp) -> Vec<Arc<ItemPolicy>> {
        Vec::new()
    }

    fn limits(&self, _item: Option<&str>, _grade: Grade, _at: Timestamp) -> Vec<StepLimit> {
        Vec::new()
    }

    fn escalate_at(&self, _grade: Grade, _at: Timestamp) -> Option<f64> {
        None
    }

    fn version(&self) -> i64 {
        1
    }

    fn calendar(&self, _name: &str) -> Option<Arc<Calendar>> {
        None
    }

    fn calendar_version(&self) -> u32 {
        1
    }

    fn suggest(&self, _text: &str, _at: Timestamp, _limit: usize) -> Vec<ItemSuggestion> {
        Vec::new()
    }

    fn responsible(&self, _queries: &[ResponsibilityQuery]) -> Vec<Responsibility> {
        Vec::new()
    }

    fn area(&self, code: &AreaCode) -> Option<AreaBrief> {
        (self.area)(code)
    }

    fn locate(&self, positions: &[Position]) -> Vec<Option<AreaBrief>> {
        let located = |at: &Position| (self.area)(&AreaCode::from((self.located)(*at)?));
        positions.iter().map(located).collect()
    }

    fn outlines(&self) -> Vec<AreaOutline> {
        (self.outlines)()
    }
}
