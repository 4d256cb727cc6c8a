//! The hub's numbers, each with the list that it counts, and the dry run of escalation.

use jiff::SignedDuration;
use serde_json::{Map, Value};
use yiwang_contracts::{Actor, ClockKind, Grade, OrgId, OrgScope};
use yiwang_kernel::{AreaCode, Text, Timestamp};

use super::super::{IncidentService, reader};
use super::lists::ListQuery;
use crate::IncidentError;
use crate::clocks;
use crate::lifecycle::escalations;
use crate::model::{EscalationLevel, Light, Source, Status};
use crate::store::{self, Group, GroupBy, Sort};
use crate::view::{IncidentRow, OrgName};

#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct Numbers {
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Timestamp,
    /// Every case that the reader may see.
    pub total: i64,
    /// There are more than `total`; they were not counted further.
    pub total_is_more: bool,
    pub open: i64,
    /// Came in since midnight.
    pub today: i64,
    /// Open cases by the thing asked for.
    pub groups: Vec<NumbersGroup>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct NumbersGroup {
    pub key: String,
    pub label: Text,
    pub count: i64,
    /// The filter of the list that has exactly these cases.
    #[schema(value_type = Object)]
    pub query: Map<String, Value>,
}

/// What would happen until an instant if nobody did anything.
#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct DryRun {
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// Lights that would turn, the next first.
    pub items: Vec<TurnRow>,
    /// Escalations, the next first.
    pub escalations: Vec<EscalationRow>,
    /// More cases than this many would turn; those that are due first were looked at.
    pub cut_at_cases: Option<u64>,
}

/// A light that would turn.
#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct TurnRow {
    pub incident: IncidentRow,
    pub kind: ClockKind,
    pub task_no: Option<u16>,
    /// What it turns to: yellow and orange warn, red is over the limit.
    pub light: Light,
    /// When it turns.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
}

/// What would escalate a case if nobody did anything, and what that would do.
#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct EscalationRow {
    pub incident: IncidentRow,
    pub kind: ClockKind,
    pub task_no: Option<u16>,
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// When it would happen.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub level: EscalationLevel,
    /// The case's grade after it.
    pub grade: Grade,
    /// The unit that would be told.
    pub informed: Option<OrgName>,
}

/// The filter's name and its value for cases without the thing.
pub(super) const NONE: &str = "none";
/// Cases of a dry run at most.
const DRY_RUN_MAX: u64 = 500;

impl IncidentService {
    /// How many cases there are, by something.
    pub async fn numbers(
        &self,
        by: GroupBy,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Numbers, IncidentError> {
        let scope = actor.scope("incident.read", now);
        let centre = self.world.centre();
        let everything = scope.clauses.iter().any(|clause| {
            let all = match &clause.org {
                OrgScope::All => true,
                OrgScope::Within(units) => centre.is_some_and(|centre| units.contains(&centre)),
            };
            all && clause.area.is_none() && clause.secrecy_max >= SECRECY_HIGHEST
        });
        let db = reader(&self.db);
        let visible = store::visible_reach(db, &scope, centre).await?;
        let total = if everything {
            store::stored_total(db).await?
        } else {
            store::visible_count(db, &visible).await?
        };
        let visible = visible.condition;
        let groups = store::groups(db, visible.clone(), by).await?;
        let is_more = !everything && total > store::TOTAL_MAX;
        Ok(Numbers {
            as_of: now,
            total: if is_more { store::TOTAL_MAX } else { total },
            total_is_more: is_more,
            open: groups.iter().map(|group| group.count).sum(),
            today: store::today_count(db, visible, midnight(now)).await?,
            groups: groups
                .into_iter()
                .map(|group| self.labelled(by, group, now))
                .collect(),
        })
    }

    fn labelled(&self, by: GroupBy, group: Group, now: Timestamp) -> NumbersGroup {
        let key = group.key.unwrap_or_else(|| NONE.to_owned());
        let names = self.names(now);
        let (filter, label) = match by {
            GroupBy::Status => (
                "status",
                word(Status::parse(&key).map(|s| (s.zh(), s.en())), &key),
            ),
            GroupBy::Light => ("light", word(Light::parse(&key).map(Light::words), &key)),
            GroupBy::Source => (
                "source",
                word(Source::parse(&key).map(|s| (s.zh(), s.en())), &key),
            ),
            GroupBy::Grade => {
                let numeral = key.to_uppercase();
                (
                    "grade",
                    Text::new(format!("{numeral} 级"), format!("Grade {numeral}")),
                )
            }
            GroupBy::Org => {
                let org = key.parse::<OrgId>().ok().map(|id| names.org(id).name);
                (
                    "org",
                    org.unwrap_or_else(|| Text::new("尚未派遣", "not dispatched")),
                )
            }
            GroupBy::Item if key == NONE => ("item", Text::new("未归类", "not classed")),
            GroupBy::Item => ("item", names.item(&key).name),
            GroupBy::Area if key == NONE => ("area", Text::new("无地点", "no place")),
            GroupBy::Area => (
                "area",
                Text::zh(names.area(&AreaCode::new(key.as_str())).name),
            ),
        };
        let mut query = Map::new();
        query.insert("open".to_owned(), true.into());
        query.insert(filter.to_owned(), key.as_str().into());
        NumbersGroup {
            key,
            label,
            count: group.count,
            query,
        }
    }

    /// Which lights would turn until then if nobody did anything, and which cases the sweep would escalate, by its own
    /// rule.
    pub async fn escalations(
        &self,
        until: Timestamp,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<DryRun, IncidentError> {
        let mut filter = self.filter(
            &ListQuery {
                open: Some(true),
                ..ListQuery::default()
            },
            actor,
            now,
        );
        filter.sort = Sort::Due;
        filter.turns_until = Some(until);
        let visible = self.visible(actor, now).await?;
        let mut records =
            store::list(reader(&self.db), &visible, &filter, None, DRY_RUN_MAX + 1).await?;
        let is_cut = records.len() as u64 > DRY_RUN_MAX;
        records.truncate(DRY_RUN_MAX as usize);
        let ids: Vec<_> = records.iter().map(|record| record.id).collect();
        let cases = store::load(reader(&self.db), &ids, false).await?;
        let names = self.names(now);
        let (rules, clock) = (self.world.rules(), Actor::system("时钟 clocks"));
        let ctx = self.world.context(&rules, self.world.centre(), &clock, now);
        let (mut turns, mut rows) = (Vec::new(), Vec::new());
        for incident in cases.values() {
            let case = IncidentRow::of(incident, &names);
            turns.extend(
                clocks::preview(incident, now, until)
                    .into_iter()
                    .map(|turn| TurnRow {
                        incident: case.clone(),
                        kind: turn.kind,
                        task_no: turn.task,
                        light: turn.light,
                        at: turn.at,
                        due_at: turn.due_at,
                    }),
            );
            for escalated in escalations(incident, until, &ctx) {
                let escalation = escalated.escalation;
                rows.push(EscalationRow {
                    incident: case.clone(),
                    kind: escalation.kind,
                    task_no: escalation.task,
                    due_at: escalation.due_at,
                    at: escalation.at,
                    level: escalation.level,
                    grade: escalated.grade,
                    informed: escalated.informed.map(|org| names.org(org)),
                });
            }
        }
        turns.sort_by_key(|row: &TurnRow| (row.at, row.incident.id));
        rows.sort_by_key(|row: &EscalationRow| (row.at, row.incident.id));
        Ok(DryRun {
            until,
            items: turns,
            escalations: rows,
            cut_at_cases: is_cut.then_some(DRY_RUN_MAX),
        })
    }
}

/// The highest level of secrecy a case can have.
const SECRECY_HIGHEST: u8 = 4;

fn word(words: Option<(&str, &str)>, key: &str) -> Text {
    words.map_or_else(|| Text::zh(key), |(zh, en)| Text::new(zh, en))
}

/// The beginning of the day in the city.
fn midnight(now: Timestamp) -> Timestamp {
    const OFFSET_SECONDS: i64 = 8 * 3600;
    const DAY_SECONDS: i64 = 24 * 3600;
    let into = (now.as_second() + OFFSET_SECONDS).rem_euclid(DAY_SECONDS);
    let seconds = SignedDuration::from_secs(into)
        + SignedDuration::from_nanos(i64::from(now.subsec_nanosecond()));
    now.checked_sub(seconds).unwrap_or(now)
}
