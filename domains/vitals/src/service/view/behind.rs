//! The facts behind a number: where to look for them, and with which filter.

use std::collections::BTreeMap;

use serde::Serialize;
use yiwang_contracts::Actor;
use yiwang_kernel::{AreaCode, Timestamp};
use yiwang_vital_rules::{CaseState, Cases, Drilldown, Formula, IndicatorEntry};

use crate::error::VitalsError;
use crate::service::VitalsService;

/// What kind of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BehindKind {
    Cases,
    Devices,
    Alarms,
    Feed,
    Indicators,
    /// There is nothing to open.
    Nothing,
}

/// A list that holds the facts behind a number.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct BehindView {
    pub kind: BehindKind,
    pub area: AreaCode,
    /// The list of the API; nothing where there is none.
    pub path: Option<String>,
    /// Its filters, each with one or more values: ask for each value of a filter and join the answers.
    pub filter: BTreeMap<String, Vec<String>>,
    /// The feeds or indicators themselves.
    pub codes: Vec<String>,
}

impl VitalsService {
    /// Where the facts behind a number are listed; that list looks at rights by itself.
    pub(crate) async fn behind(
        &self,
        actor: &Actor,
        code: &str,
        area: Option<&str>,
        now: Timestamp,
    ) -> Result<BehindView, VitalsError> {
        let live = self.live.read().await;
        let area = Self::area_of(&live, actor, area, now)?;
        let place = live.policy.indicator(code);
        let entry = place.and_then(|place| live.policy.entry(place));
        let entry = entry.ok_or(VitalsError::NotFound("indicator"))?;
        let area = live.policy.areas.get(area);
        let area = area.ok_or(VitalsError::NotFound("area"))?.code.clone();
        Ok(of_entry(entry, area))
    }
}

fn of_entry(entry: &IndicatorEntry, area: AreaCode) -> BehindView {
    match &entry.drilldown {
        Drilldown::Formula => match &entry.formula {
            Some(formula) => of_formula(formula, area),
            None => view(BehindKind::Nothing, area, None),
        },
        Drilldown::Cases { items, state } => of_cases(items, &[], *state, area),
        Drilldown::Devices { profiles } => of_devices(profiles, area),
        Drilldown::Alarms { rules } => of_alarms(rules, &[], area),
        Drilldown::Nothing => view(BehindKind::Nothing, area, None),
    }
}

fn of_formula(formula: &Formula, area: AreaCode) -> BehindView {
    match formula {
        Formula::Cases(Cases {
            items,
            channels,
            state,
            ..
        }) => {
            let channels: Vec<String> = channels.iter().map(word).collect();
            of_cases(items, &channels, Some(*state), area)
        }
        Formula::Last(last) => of_devices(&last.profiles, area),
        Formula::Window(window) => of_devices(&window.profiles, area),
        Formula::Devices(devices) => of_devices(&devices.profiles, area),
        Formula::Alarms(alarms) => of_alarms(&alarms.rules, &alarms.profiles, area),
        Formula::Feed(_) | Formula::Feeds(_) => {
            let mut found = view(BehindKind::Feed, area, Some("/api/v1/feeds"));
            found.codes = formula.feeds().into_iter().map(str::to_owned).collect();
            found
        }
        Formula::Derived(derived) => match derived.facts.values().next() {
            Some(fact) if derived.uses.is_empty() => of_formula(fact, area),
            _ => {
                let mut found = view(BehindKind::Indicators, area, Some("/api/v1/indicators"));
                found.codes.clone_from(&derived.uses);
                found
            }
        },
        Formula::Sql(_) => view(BehindKind::Nothing, area, None),
    }
}

fn view(kind: BehindKind, area: AreaCode, path: Option<&str>) -> BehindView {
    let mut filter = BTreeMap::new();
    if path.is_some() {
        filter.insert("area".to_owned(), vec![area.0.clone()]);
    }
    BehindView {
        kind,
        area,
        path: path.map(str::to_owned),
        filter,
        codes: Vec::new(),
    }
}

fn word<T: Serialize>(value: &T) -> String {
    let word = serde_json::to_value(value).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

fn add(found: &mut BehindView, name: &str, values: &[String]) {
    if !values.is_empty() {
        found.filter.insert(name.to_owned(), values.to_vec());
    }
}

fn of_cases(
    items: &[String],
    channels: &[String],
    state: Option<CaseState>,
    area: AreaCode,
) -> BehindView {
    let mut found = view(BehindKind::Cases, area, Some("/api/v1/incidents"));
    add(&mut found, "item", items);
    add(&mut found, "source", channels);
    match state {
        Some(CaseState::Open) => add(&mut found, "open", &["true".to_owned()]),
        Some(CaseState::Overdue) => {
            add(&mut found, "open", &["true".to_owned()]);
            add(&mut found, "light", &["red".to_owned()]);
        }
        Some(CaseState::Closed) => add(&mut found, "status", &["closed".to_owned()]),
        _ => {}
    }
    found
}

fn of_devices(profiles: &[String], area: AreaCode) -> BehindView {
    let mut found = view(BehindKind::Devices, area, Some("/api/v1/devices"));
    add(&mut found, "profile", profiles);
    found
}

fn of_alarms(rules: &[String], profiles: &[String], area: AreaCode) -> BehindView {
    let mut found = view(BehindKind::Alarms, area, Some("/api/v1/alarms"));
    add(&mut found, "rule", rules);
    add(&mut found, "profile", profiles);
    found
}
