//! Calendars, and a look at the deadline a limit would give.

use axum::extract::State;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problems, Query, require};
use yiwang_kernel::{Page, Text, Timestamp};
use yiwang_worktime::{Calendar, CalendarKind, DayKind, Limit};

use super::Catalogue;
use crate::error::CatalogError;

/// Years of which the days can be asked.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// A calendar.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CalendarView {
    name: String,
    title: Text,
    version: u32,
    kind: CalendarKind,
    utc_offset_minutes: i16,
    /// The last day of the published table of holidays; what reaches beyond is an estimate.
    #[schema(value_type = Option<String>, format = Date)]
    days_known_until: Option<Date>,
}

/// The days of one year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CalendarDays {
    name: String,
    year: i16,
    working_days: usize,
    days: Vec<CalendarDay>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CalendarDay {
    #[schema(value_type = String, format = Date)]
    date: Date,
    kind: DayKind,
    working: bool,
    /// `08:30-11:30`
    shifts: Vec<String>,
}

/// The calendars by name.
#[utoipa::path(get, path = "/api/v1/calendars", tag = "catalog", operation_id = "listCalendars",
    responses((status = 200, body = Page<CalendarView>), Problems))]
pub(crate) async fn list_calendars(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Page<CalendarView>> {
    require(&actor, "catalog.read", now)?;
    let items = service
        .snapshot()
        .calendars
        .values()
        .map(|calendar| view(calendar))
        .collect();
    Ok(Json(Page { items, next: None }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct YearQuery {
    /// This year when it is absent.
    year: Option<i16>,
}

/// Which days of a year are worked, and when.
#[utoipa::path(get, path = "/api/v1/calendars/{name}/days", tag = "catalog", operation_id = "listCalendarDays",
    params(("name" = String, Path), YearQuery), responses((status = 200, body = CalendarDays), Problems))]
pub(crate) async fn calendar_days(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(name): Path<String>,
    Query(query): Query<YearQuery>,
) -> ApiResult<CalendarDays> {
    require(&actor, "catalog.read", now)?;
    let calendar = service.snapshot().calendars.get(&name).cloned();
    let calendar = calendar.ok_or_else(|| CatalogError::not_found("calendar", name))?;
    let year = query.year.unwrap_or_else(|| calendar.date(now).year());
    if !YEARS.contains(&year) {
        let message = format!("a year within {} to {}", YEARS.start(), YEARS.end());
        return Err(CatalogError::field("year", "out_of_range", message).into());
    }
    Ok(Json(days(&calendar, year)))
}

/// Asks for the end of a limit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewDeadline {
    calendar: String,
    #[schema(value_type = String, format = DateTime)]
    start: Timestamp,
    /// `4wh`
    #[schema(value_type = String)]
    limit: Limit,
}

/// The end of a limit, in words too.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DeadlineView {
    #[schema(value_type = Option<String>, format = DateTime)]
    due: Option<Timestamp>,
    explanation: Text,
    /// It reaches beyond the published table of holidays.
    beyond_known: bool,
}

/// When a limit that starts now, or then, would end.
#[utoipa::path(post, path = "/api/v1/deadlines/preview", tag = "catalog", operation_id = "previewDeadline",
    request_body = PreviewDeadline, responses((status = 200, body = DeadlineView), Problems))]
pub(crate) async fn preview_deadline(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(body): Json<PreviewDeadline>,
) -> ApiResult<DeadlineView> {
    require(&actor, "catalog.read", now)?;
    let calendar = service
        .snapshot()
        .calendars
        .get(&body.calendar)
        .cloned()
        .ok_or_else(|| {
            CatalogError::field(
                "/calendar",
                "unknown",
                format!("there is no calendar {}", body.calendar),
            )
        })?;
    let deadline = calendar.deadline(body.start, body.limit, &[]);
    Ok(Json(DeadlineView {
        due: deadline.due,
        explanation: Text::new(deadline.explanation.zh(), deadline.explanation.en()),
        beyond_known: deadline.beyond_known,
    }))
}

fn view(calendar: &Calendar) -> CalendarView {
    let spec = calendar.spec();
    CalendarView {
        name: spec.name.clone(),
        title: Text {
            zh: spec.title.zh.clone(),
            en: spec.title.en.clone(),
        },
        version: spec.version,
        kind: spec.kind,
        utc_offset_minutes: spec.utc_offset_minutes,
        days_known_until: spec.days_known_until,
    }
}

fn days(calendar: &Calendar, year: i16) -> CalendarDays {
    let first = Date::constant(year, 1, 1);
    let dates = first
        .series(jiff::Span::new().days(1))
        .take_while(|date| date.year() == year);
    let days: Vec<CalendarDay> = dates
        .map(|date| CalendarDay {
            date,
            kind: calendar.day_kind(date),
            working: calendar.is_working_day(date),
            shifts: calendar
                .shifts(date)
                .iter()
                .map(ToString::to_string)
                .collect(),
        })
        .collect();
    let working_days = days.iter().filter(|day| day.working).count();
    CalendarDays {
        name: calendar.name().to_owned(),
        year,
        working_days,
        days,
    }
}
