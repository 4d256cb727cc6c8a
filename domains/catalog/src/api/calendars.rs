//! Calendars, and a look at the deadline a limit would give.

use axum::extract::State;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problems, Query, require};
use yiwang_kernel::{Page, Text, Timestamp};
use yiwang_worktime::{Calendar, CalendarKind, DayKind, Limit, Season, Shift, Span};

use super::Catalogue;
use crate::error::CatalogError;

/// Years of which the days can be asked.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;
/// Suspensions of one preview at most.
const SUSPENSIONS_MAX: usize = 50;

/// A calendar.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CalendarView {
    name: String,
    title: Text,
    version: u32,
    kind: CalendarKind,
    /// Has it been compared with its source?
    verified: bool,
    source: Option<Text>,
    /// The working time of a usual working day, `08:30-11:30`.
    shifts: Vec<String>,
    seasons: Vec<SeasonView>,
    utc_offset_minutes: i16,
    /// The last day of the published table of holidays; what reaches beyond is an estimate.
    #[schema(value_type = Option<String>, format = Date)]
    days_known_until: Option<Date>,
}

/// A part of every year with other working time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SeasonView {
    /// `07-01`
    from: String,
    /// `09-30`, that day included.
    to: String,
    shifts: Vec<String>,
}

/// The days of one year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CalendarDays {
    name: String,
    year: i16,
    /// The year reaches beyond the published table of holidays: its days are an estimate.
    estimated: bool,
    working_days: usize,
    days: Vec<CalendarDay>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CalendarDay {
    #[schema(value_type = String, format = Date)]
    date: Date,
    kind: DayKind,
    working: bool,
    /// Has working time of its own, whatever its weekday.
    half_day: bool,
    /// A season's working time holds, not the usual one.
    seasonal: bool,
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
    /// Stretches of time in which the clock stands; one without an end still stands.
    #[serde(default)]
    suspensions: Vec<Suspension>,
}

/// A stretch of time that is not counted.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Suspension {
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
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
    let spans = spans(&body.suspensions)?;
    let deadline = calendar.deadline(body.start, body.limit, &spans);
    Ok(Json(DeadlineView {
        due: deadline.due,
        explanation: Text::new(deadline.explanation.zh(), deadline.explanation.en()),
        beyond_known: deadline.beyond_known,
    }))
}

fn spans(suspensions: &[Suspension]) -> Result<Vec<Span>, CatalogError> {
    if suspensions.len() > SUSPENSIONS_MAX {
        let message = format!("at most {SUSPENSIONS_MAX} suspensions");
        return Err(CatalogError::field("/suspensions", "too_many", message));
    }
    let backwards = suspensions
        .iter()
        .position(|span| span.until.is_some_and(|until| until <= span.from));
    if let Some(at) = backwards {
        let path = format!("/suspensions/{at}/until");
        return Err(CatalogError::field(
            &path,
            "out_of_order",
            "it ends before it begins",
        ));
    }
    let span = |one: &Suspension| Span {
        from: one.from,
        until: one.until,
    };
    Ok(suspensions.iter().map(span).collect())
}

fn view(calendar: &Calendar) -> CalendarView {
    let spec = calendar.spec();
    let text = |title: &yiwang_worktime::Title| Text {
        zh: title.zh.clone(),
        en: title.en.clone(),
    };
    let words = |shifts: &[Shift]| shifts.iter().map(ToString::to_string).collect();
    let season = |season: &Season| SeasonView {
        from: season.from.to_string(),
        to: season.to.to_string(),
        shifts: words(&season.shifts),
    };
    CalendarView {
        name: spec.name.clone(),
        title: text(&spec.title),
        version: spec.version,
        kind: spec.kind,
        verified: spec.verified,
        source: spec.source.as_ref().map(text),
        shifts: words(&spec.shifts),
        seasons: spec.seasons.iter().map(season).collect(),
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
            half_day: calendar.spec().half_days.contains_key(&date),
            seasonal: calendar.in_season(date),
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
        estimated: calendar
            .spec()
            .days_known_until
            .is_some_and(|known| known.year() < year),
        working_days,
        days,
    }
}
