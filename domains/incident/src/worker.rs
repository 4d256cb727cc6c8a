//! What runs by itself: lights, calendars, figures that another node installed.

use std::sync::Arc;
use std::time::Duration;

use yiwang_runtime::Reconciler;

use crate::service::IncidentService;

/// A light turns at most so late.
const LIGHTS_EVERY: Duration = Duration::from_secs(1);
const CALENDARS_EVERY: Duration = Duration::from_secs(10);
/// What need no longer be kept may stay so much longer.
const PRUNE_EVERY: Duration = Duration::from_mins(5);
const RULES_EVERY: Duration = Duration::from_secs(5);
const MEDIA_EVERY: Duration = Duration::from_mins(10);

pub(crate) fn reconcilers(service: &Arc<IncidentService>) -> Vec<Reconciler> {
    let (lights, calendars, rules, refusals, media) = (
        Arc::clone(service),
        Arc::clone(service),
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
        Reconciler::new("incident.refusals", PRUNE_EVERY, move |now| {
            let service = Arc::clone(&refusals);
            async move { Ok(service.prune_refusals(now).await?) }
        }),
        Reconciler::new("incident.media", MEDIA_EVERY, move |now| {
            let service = Arc::clone(&media);
            async move { Ok(service.sweep_media(now).await?) }
        }),
    ]
}
