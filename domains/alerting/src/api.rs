//! Routes; no decisions.

mod alarms;
mod drafts;
mod rules;
mod windows;

use std::sync::Arc;

use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::service::AlertingService;

type Service = State<Arc<AlertingService>>;

/// All routes by their full paths, with their state in them.
pub(crate) fn routes(service: Arc<AlertingService>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(alarms::list_alarms))
        .routes(routes!(alarms::count_alarms))
        .routes(routes!(alarms::read_alarm))
        .routes(routes!(alarms::list_alarm_members))
        .routes(routes!(alarms::acknowledge_alarm))
        .routes(routes!(alarms::shelve_alarm))
        .routes(routes!(alarms::unshelve_alarm))
        .routes(routes!(alarms::judge_alarm))
        .routes(routes!(
            windows::list_maintenance_windows,
            windows::create_maintenance_window
        ))
        .routes(routes!(
            windows::read_maintenance_window,
            windows::update_maintenance_window
        ))
        .routes(routes!(windows::cancel_maintenance_window))
        .routes(routes!(
            windows::list_alarm_shelves,
            windows::create_alarm_shelf
        ))
        .routes(routes!(windows::cancel_alarm_shelf))
        .routes(routes!(rules::list_alarm_rules))
        .routes(routes!(rules::read_alarm_rule))
        .routes(routes!(rules::withdraw_alarm_rule))
        .routes(routes!(rules::list_alarm_feedback))
        .routes(routes!(
            drafts::list_alarm_rule_drafts,
            drafts::create_alarm_rule_draft
        ))
        .routes(routes!(
            drafts::read_alarm_rule_draft,
            drafts::update_alarm_rule_draft,
            drafts::discard_alarm_rule_draft
        ))
        .routes(routes!(drafts::publish_alarm_rule_draft))
        .routes(routes!(drafts::check_alarm_rule))
        .routes(routes!(drafts::backtest_alarm_rule))
        .with_state(service)
}
