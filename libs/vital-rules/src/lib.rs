#![doc = include_str!("../README.md")]

mod baseline;
mod board;
mod check;
mod compose;
mod duration;
mod early;
mod entry;
mod expression;
mod fault;
mod feed;
mod forecast;
mod formula;
mod grading;
mod graph;
mod index;
mod recompute;
mod scale;
mod text_form;

pub use baseline::{
    Baseline, PlanFault, median, plan_at, same_weekday, weekday_instants, year_before,
};
pub use board::{AreaFault, Areas, Board, Cell, Part};
pub use check::{Surroundings, check, check_feeds};
pub use compose::{
    CityPart, CityScore, DomainPart, DomainScore, Lamp, Reason, city_losses, city_score,
    domain_losses, domain_score, indicator_losses, lamp, ranking, top_reasons,
};
pub use duration::{Duration, DurationFault};
pub use early::{
    Crossing, Episode, Foreseen, HISTORY_HOURS, PastWarning, WARNING_HORIZON, WarningScore,
    backtest, crossing, foresee, score_warnings,
};
pub use entry::{
    Action, BaselineSpec, DatedValue, Direction, Drilldown, Grain, IndicatorEntry, Influence,
    Limit, LimitValue, Measured, OnBreach, Op, PhysicalRange, Provenance, SameWeekday, SpaceGrain,
    ThresholdSet, TimeGrain, Title,
};
pub use expression::{Expression, ExpressionFault, Inputs};
pub use fault::{Fault, Section};
pub use feed::{DayShape, FeedArea, FeedEntry, WeekShape};
pub use forecast::{Band, Daily, Forecast, HOURS_AHEAD, forecast};
pub use formula::{
    Aggregate, AlarmCount, AlarmState, Alarms, Bound, CaseCondition, CaseMeasure, CaseState,
    CaseStep, Cases, Clusters, Comparison, Derived, DeviceCount, Devices, Feed, FeedState, Feeds,
    Formula, Hearing, Last, MeanDuration, Over, PerDevice, Rollup, Severity, Share, Source, Sql,
    Surges, Window,
};
pub use grading::{Grade, GradeChange, GradeState, Grading, Reading, Shown};
pub use graph::{Graph, GraphFault, Row, RowKind};
pub use index::{DomainEntry, IndexEntry, Lamps, ResponseFloor, ResponseLevel};
pub use recompute::{Histories, NoHistory, Plan, Recompute, Step};
pub use scale::Scale;

/// Microseconds of an hour: instants and lengths are `i64` microseconds throughout.
pub(crate) const HOUR: i64 = 3_600_000_000;
pub(crate) const DAY: i64 = 24 * HOUR;
