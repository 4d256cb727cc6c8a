//! What runs by itself: lights, calendars, figures that another node installed.

use std::sync::Arc;
use std::time::Duration;

use yiwang_runtime::Reconciler;

use crate::service::IncidentService;

/// A light turns at most so late.
const LIGHTS_EVERY: Duration = Duration::from_secs(1);
const CALENDARS_EVERY: Duration = Duration::from_secs(10);
const RULES_EVERY: Duration = Duration::from_secs(5);

pub(crate) fn reconcilers(service: &Arc<IncidentService>) -> Vec<Reconciler> {
    let (lights, calendars, rules) = (
        Arc::clone(service),
        Arc::clone(service),
        Arc::clone(service),
    );
    vec![
        Reconciler::new("incident.clocks", LIGHTS_EVERY, move |now| {
            let service = Arc::clone(&lights);
            async move { Ok(service.sweep(now).await?) }
        }),
        Reconciler::new("incident.calendars", CALENDARS_EVERY, move |now| {
            let service = Arc::clone(&calendars);
            async move { Ok(service.recompute(now).await?) }
        }),
        Reconciler::new("incident.rules", RULES_EVERY, move |_now| {
            let service = Arc::clone(&rules);
            async move { Ok(service.reload_rules().await?) }
        })
        .on_each_node(),
    ]
}
