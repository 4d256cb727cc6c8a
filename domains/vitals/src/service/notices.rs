//! Notices: told, ordered, proposed; taken note of by a person.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::IntoParams;
use yiwang_contracts::{Actor, AuditEntry, CaseRef, CaseWanted};
use yiwang_kernel::{AreaCode, Page, PageRequest, Timestamp};
use yiwang_vital_rules::{CaseMeasure, Formula, Grade, IndicatorEntry};

use super::VitalsService;
use crate::error::VitalsError;
use crate::notice::{Follow, Notice, NoticeId};
use crate::policy::ZONE;
use crate::store;
use crate::store::notices::Wanted;

const READ: &str = "vitals.read";
const EDIT: &str = "vitals.edit";
const NOTE_MAX: usize = 2_000;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NoticeQuery {
    /// Only of this area.
    pub area: Option<String>,
    /// Only those of this indicator, by its code; also of one that is no more.
    pub indicator: Option<String>,
    /// Only those that nobody, or somebody, took note of.
    pub open: Option<bool>,
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// Somebody takes note.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcknowledgeNotice {
    /// What is done about it.
    #[serde(default)]
    pub note: String,
    /// Opens a case for it: what a proposal waits for.
    #[serde(default)]
    pub open_case: bool,
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct NoticeView {
    pub id: NoticeId,
    pub indicator: String,
    pub name: String,
    pub area: AreaCode,
    #[schema(value_type = String)]
    pub grade: Grade,
    pub action: Follow,
    pub value: f64,
    pub owner: String,
    #[schema(value_type = String, format = DateTime)]
    pub began_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub is_open: bool,
    pub case: Option<CaseRef>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub acknowledged_at: Option<Timestamp>,
    pub acknowledged_by: Option<String>,
    pub note: Option<String>,
    pub version: i64,
}

impl From<Notice> for NoticeView {
    fn from(notice: Notice) -> Self {
        Self {
            id: notice.id,
            indicator: notice.indicator,
            name: notice.name,
            area: notice.area,
            grade: notice.grade,
            action: notice.action,
            value: notice.value,
            owner: notice.owner,
            began_at: notice.began_at,
            at: notice.at,
            is_open: notice.is_open,
            case: notice.case,
            acknowledged_at: notice.acknowledged_at,
            acknowledged_by: notice.acknowledged_by,
            note: notice.note,
            version: notice.version,
        }
    }
}

impl VitalsService {
    /// Notices of the areas that one may see, the newest first.
    pub(crate) async fn notices(
        &self,
        actor: &Actor,
        query: NoticeQuery,
        now: Timestamp,
    ) -> Result<Page<NoticeView>, VitalsError> {
        let live = self.live.read().await;
        let first = Self::area_of(&live, actor, query.area.as_deref(), now)?;
        let areas: Vec<String> = live
            .policy
            .kept()
            .filter(|(place, area)| {
                let is_asked = query.area.is_none() || *place == first;
                is_asked && Self::covers(actor, READ, &area.code, now)
            })
            .map(|(_, area)| area.code.0.clone())
            .collect();
        drop(live);
        let page = PageRequest {
            limit: query.limit,
            cursor: query.cursor,
        };
        let before: Option<NoticeId> = page.position()?;
        let limit = page.limit();
        let conn = self.db.read();
        let wanted = Wanted {
            indicator: query.indicator.as_deref(),
            is_open: query.open,
            before,
        };
        let rows = store::notices::list(conn, &areas, wanted, limit + 1).await?;
        Ok(Page::cut(rows, limit, |notice| notice.id).map(NoticeView::from))
    }

    /// Somebody takes note, and may open a case for it.
    pub(crate) async fn acknowledge(
        &self,
        actor: &Actor,
        id: NoticeId,
        body: AcknowledgeNotice,
        now: Timestamp,
    ) -> Result<NoticeView, VitalsError> {
        if body.note.chars().count() > NOTE_MAX {
            let message = format!("at most {NOTE_MAX} characters");
            return Err(VitalsError::invalid("/note", "too_long", message));
        }
        if !actor.may_somewhere(EDIT, now) {
            return Err(VitalsError::Denied { action: EDIT });
        }
        let found = store::notices::load(self.db.read(), id).await?;
        let notice = found
            .filter(|notice| Self::covers(actor, READ, &notice.area, now))
            .ok_or(VitalsError::NotFound("notice"))?;
        if !Self::covers(actor, EDIT, &notice.area, now) {
            return Err(VitalsError::Denied { action: EDIT });
        }
        let mut noted = notice.clone();
        if body.open_case && noted.case.is_none() {
            noted.case = Some(self.open_case(&noted, now).await?);
        }
        noted.is_open = false;
        noted.acknowledged_at = Some(now);
        noted.acknowledged_by = Some(actor.name.clone());
        noted.note = Some(body.note).filter(|note| !note.trim().is_empty());
        let noted = self.save(noted, notice.version).await?;
        let detail =
            json!({ "indicator": noted.indicator, "area": noted.area, "case": noted.case });
        let entry = AuditEntry::done(actor, "vitals.acknowledge", id.to_string(), detail, now);
        self.asks.audit.record(entry).await?;
        Ok(noted.into())
    }

    async fn save(&self, mut notice: Notice, before: i64) -> Result<Notice, VitalsError> {
        notice.version = before + 1;
        let row = notice.clone();
        let is_saved = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    Ok::<_, VitalsError>(store::notices::save(tx, &row, before).await?)
                })
            })
            .await?;
        if is_saved {
            Ok(notice)
        } else {
            Err(VitalsError::VersionConflict {
                current: before + 1,
            })
        }
    }

    /// Opens the cases of orders that have none yet; asking again answers the same case.
    pub(crate) async fn send_orders(&self, now: Timestamp) -> Result<usize, VitalsError> {
        let orders = store::notices::unsent(self.db.read()).await?;
        let mut sent = 0;
        for order in orders {
            let before = order.version;
            let case = self.open_case(&order, now).await?;
            let order = Notice {
                case: Some(case),
                ..order
            };
            match self.save(order, before).await {
                Ok(_) => sent += 1,
                // Somebody took note meanwhile; the next pass finds it as it is.
                Err(VitalsError::VersionConflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(sent)
    }

    async fn open_case(&self, notice: &Notice, now: Timestamp) -> Result<CaseRef, VitalsError> {
        let live = self.live.read().await;
        let policy = std::sync::Arc::clone(&live.policy);
        drop(live);
        let entry = policy
            .indicator(&notice.indicator)
            .and_then(|place| policy.entry(place));
        let area = policy.area(notice.area.as_str());
        let area = area.and_then(|place| policy.areas.get(place));
        let name = area.map_or(notice.area.as_str(), |area| area.name.as_str());
        let owner = self.asks.orgs.by_code(&[notice.owner.as_str()]);
        let owner = owner.into_iter().flatten().next();
        let owner = owner.map_or_else(|| notice.owner.clone(), |org| org.name.zh);
        let word = match notice.grade {
            Grade::Normal => "正常",
            Grade::Attention => "关注",
            Grade::Warning => "预警",
            Grade::Alarm => "告警",
        };
        let unit = entry.map_or("", |entry| entry.unit.as_str());
        let began = ZONE.to_datetime(notice.began_at).strftime("%Y-%m-%d %H:%M");
        let wanted = CaseWanted {
            reference: format!("vital:{}", notice.id),
            title: format!("体征{word}：{name} {}", notice.name),
            description: format!(
                "指标 {}（{}）自 {began} 起为{word}，当时数值 {} {unit}，区域 {name}。责任单位：{owner}",
                notice.name, notice.indicator, notice.value,
            ),
            item: entry.and_then(item_of),
            grade: Some(match notice.grade {
                Grade::Alarm => yiwang_contracts::Grade::II,
                Grade::Warning => yiwang_contracts::Grade::III,
                Grade::Attention | Grade::Normal => yiwang_contracts::Grade::IV,
            }),
            position: None,
            address: name.to_owned(),
            area: Some(notice.area.clone()),
            occurred_at: notice.began_at,
        };
        Ok(self.asks.cases.open(wanted, now).await?)
    }
}

/// The item of a case, where the indicator is about one item alone.
fn item_of(entry: &IndicatorEntry) -> Option<String> {
    let Some(Formula::Cases(cases)) = &entry.formula else {
        return None;
    };
    let is_plain = matches!(cases.measure, CaseMeasure::Count | CaseMeasure::Callers);
    match cases.items.as_slice() {
        [item] if is_plain => Some(item.clone()),
        _ => None,
    }
}
