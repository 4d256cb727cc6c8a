//! What a snapshot answers.

use std::sync::Arc;

use yiwang_contracts::{Grade, Responsibility, ResponsibilityQuery, StepLimit};
use yiwang_kernel::{Text, Timestamp};

use super::Snapshot;
use crate::responsibility::{Names, OrgIndex, explain, resolve};

/// Minutes from UTC where a calendar is not known.
const CITY_OFFSET_MINUTES: i32 = 480;

impl Snapshot {
    /// The limits of an item at a grade, with their calendars.
    pub fn step_limits(&self, item: Option<&str>, grade: Grade, at: Timestamp) -> Vec<StepLimit> {
        let offset = |name: &str| {
            self.calendars.get(name).map_or(CITY_OFFSET_MINUTES, |own| {
                i32::from(own.spec().utc_offset_minutes)
            })
        };
        let limit = |applied: crate::limits::Applied<'_>| {
            let Some(calendar) = self.calendars.get(&applied.line.calendar) else {
                tracing::error!(
                    row = applied.row.id,
                    calendar = applied.line.calendar,
                    "a limit names an unknown calendar"
                );
                return None;
            };
            Some(StepLimit {
                kind: applied.line.step,
                limit: applied.line.limit,
                calendar: Arc::clone(calendar),
                yellow: applied.row.yellow,
                orange: applied.row.orange,
                stage: applied.line.stage.clone(),
                follows: applied.line.follows,
            })
        };
        self.limits
            .applied(item, grade, at, offset)
            .into_iter()
            .filter_map(limit)
            .collect()
    }

    /// Who is responsible, and why.
    pub fn responsible(&self, orgs: &OrgIndex, query: &ResponsibilityQuery) -> Responsibility {
        let city = || self.areas.city().map(|city| city.brief.code.clone());
        let area = query.area.clone().or_else(city);
        let area = area.as_ref().map(yiwang_kernel::AreaCode::as_str);
        let names = CodeNames {
            snapshot: self,
            at: query.at,
        };
        let Some(list) = self.list_at(query.at) else {
            return unknown(
                0,
                Text::new(
                    "尚未发布权责清单",
                    "No responsibility list is published yet",
                ),
            );
        };
        if self.items.entry(&query.item, query.at).is_none() {
            let said = Text::new(
                format!("事项 {} 在该时间不存在", query.item),
                format!("Item {} does not exist at that time", query.item),
            );
            return unknown(list.version, said);
        }
        let resolution = resolve(&list.list, orgs, &query.item, area, query.at);
        explain(
            &resolution,
            &list.list,
            list.version,
            orgs,
            (&query.item, area),
            &names,
        )
    }
}

fn unknown(list_version: u32, reason: Text) -> Responsibility {
    Responsibility {
        lead: None,
        assistants: Vec::new(),
        supervisor: None,
        fallback: None,
        list_version,
        reasons: vec![reason],
        by_fallback: false,
    }
}

/// The names of codes at an instant; a code that is not known is its own name.
pub(crate) struct CodeNames<'a> {
    pub snapshot: &'a Snapshot,
    pub at: Timestamp,
}

impl Names for CodeNames<'_> {
    fn item(&self, code: &str) -> Text {
        if code == crate::model::ANY {
            return Text::new("全部事项", "every item");
        }
        self.snapshot
            .items
            .entry(code, self.at)
            .map_or_else(|| Text::zh(code), |item| item.value.name.clone())
    }

    fn area(&self, code: &str) -> Text {
        self.snapshot
            .areas
            .get(code)
            .map_or_else(|| Text::zh(code), |area| Text::zh(area.brief.name.clone()))
    }
}
