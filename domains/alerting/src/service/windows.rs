//! Maintenance windows, and shelves of whole rules and devices.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::json;
use yiwang_contracts::{Actor, DeviceBrief, Scope};
use yiwang_kernel::{FieldFault, Page, PageRequest, Timestamp, Uuid};

use super::AlertingService;
use super::alarms::{SHELF_HOURS_MAX, noted};
use super::rights::{must_reach, scope_of};
use super::sheet::Sheet;
use crate::alarm::AlarmId;
use crate::error::AlertingError;
use crate::store;
use crate::window::{Matched, QuietWindow, WindowId, WindowKind, WindowTarget};

const HANDLE: &str = "alerting.handle";
/// A maintenance window is so long at most.
const MAINTENANCE_DAYS_MAX: i64 = 180;
/// Things that one window names.
const NAMED_MAX: usize = 1_000;

/// A maintenance window to be made.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateWindow {
    pub target: WindowTarget,
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Timestamp,
    pub reason: String,
}

/// A change of a maintenance window.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateWindow {
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<Timestamp>,
    pub reason: Option<String>,
}

/// A shelf to be made: nothing is to be heard of these until an instant.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateShelf {
    pub target: WindowTarget,
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    pub reason: String,
}

/// A maintenance window or a shelf.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct WindowView {
    pub id: WindowId,
    pub kind: WindowKind,
    pub target: WindowTarget,
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Timestamp,
    pub reason: String,
    /// Does it hold now?
    pub is_active: bool,
    /// How many devices it is for, of those that one may see.
    pub devices: usize,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    pub created_by: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub cancelled_at: Option<Timestamp>,
    pub cancelled_by: Option<String>,
    pub version: i64,
}

impl AlertingService {
    /// The devices that a window is for.
    fn aimed_at(&self, target: &WindowTarget) -> Vec<Arc<DeviceBrief>> {
        let rules = self.rules_now();
        let meant = rules
            .values()
            .filter(|entry| target.takes_rule(&entry.rule.id));
        let takes = |device: &DeviceBrief| {
            target.takes(Matched {
                device: &device.code,
                group: device.group.as_deref(),
                area: device.area.as_ref(),
            })
        };
        let mut devices: Vec<Arc<DeviceBrief>> = Vec::new();
        if target.rules.is_empty() && !target.devices.is_empty() {
            let named = target.devices.iter();
            devices.extend(named.filter_map(|code| self.asks.devices.device(code)));
        } else {
            let mut profiles: BTreeSet<&str> = BTreeSet::new();
            for entry in meant {
                if profiles.insert(&entry.profile) {
                    devices.extend(self.asks.devices.of_profile(&entry.profile));
                }
            }
        }
        devices.retain(|device| takes(device));
        devices
    }

    fn window_view(
        &self,
        window: QuietWindow,
        scope: &Scope,
        now: Timestamp,
    ) -> Option<WindowView> {
        let devices = self.aimed_at(&window.target);
        let seen = devices
            .iter()
            .filter(|device| scope.permits(device.subject()))
            .count();
        if seen == 0 && must_reach(scope, "alerting.read", &[]).is_err() {
            return None;
        }
        Some(WindowView {
            is_active: window.holds_at(now),
            devices: seen,
            id: window.id,
            kind: window.kind,
            target: window.target,
            starts_at: window.starts_at,
            ends_at: window.ends_at,
            reason: window.reason,
            created_at: window.created_at,
            created_by: window.created_by,
            cancelled_at: window.cancelled_at,
            cancelled_by: window.cancelled_by,
            version: window.version,
        })
    }

    /// Windows of a kind that are for a device that one may see, the newest first.
    pub async fn windows(
        &self,
        actor: &Actor,
        kind: WindowKind,
        over: Option<bool>,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<WindowView>, AlertingError> {
        let scope = scope_of(actor, "alerting.read", now)?;
        let (limit, mut before) = (page.limit(), page.position::<Uuid>()?);
        let most = u64::from(limit) + 1;
        let mut views = Vec::new();
        loop {
            let rows = store::windows::list(self.db.read(), kind, over, before, most, now).await?;
            let is_last = (rows.len() as u64) < most;
            before = rows.last().map(|window| window.id.0).or(before);
            views.extend(
                rows.into_iter()
                    .filter_map(|window| self.window_view(window, &scope, now)),
            );
            if is_last || views.len() > limit as usize {
                return Ok(Page::cut(views, limit, |view| view.id.0));
            }
        }
    }

    pub async fn window(
        &self,
        actor: &Actor,
        id: WindowId,
        now: Timestamp,
    ) -> Result<WindowView, AlertingError> {
        let scope = scope_of(actor, "alerting.read", now)?;
        let found = store::windows::load(self.db.read(), id).await?;
        let view = found.and_then(|window| self.window_view(window, &scope, now));
        view.ok_or(AlertingError::NoWindow)
    }

    /// Makes a maintenance window.
    pub async fn create_window(
        &self,
        actor: &Actor,
        create: CreateWindow,
        now: Timestamp,
    ) -> Result<WindowView, AlertingError> {
        let mut faults = Vec::new();
        let longest = SignedDuration::from_hours(24 * MAINTENANCE_DAYS_MAX);
        if create.ends_at <= create.starts_at || create.ends_at <= now {
            let message = "must lie after the beginning and in the future";
            faults.push(FieldFault::new("/ends_at", "out_of_range", message));
        }
        if create.ends_at.duration_since(create.starts_at) > longest {
            let message = format!("at most {MAINTENANCE_DAYS_MAX} days");
            faults.push(FieldFault::new("/ends_at", "too_long", message));
        }
        let window = QuietWindow {
            id: WindowId::at(now),
            kind: WindowKind::Maintenance,
            target: create.target,
            starts_at: create.starts_at,
            ends_at: create.ends_at,
            reason: create.reason,
            created_at: now,
            created_by: actor.name.clone(),
            cancelled_at: None,
            cancelled_by: None,
            version: 1,
        };
        self.open_window(actor, window, faults, now).await
    }

    /// Shelves everything that is aimed at until an instant.
    pub async fn create_shelf(
        &self,
        actor: &Actor,
        create: CreateShelf,
        now: Timestamp,
    ) -> Result<WindowView, AlertingError> {
        let mut faults = Vec::new();
        let latest = now.saturating_add(SignedDuration::from_hours(SHELF_HOURS_MAX));
        if create.until <= now || create.until > latest.unwrap_or(Timestamp::MAX) {
            let message = "must lie within the next 30 days";
            faults.push(FieldFault::new("/until", "out_of_range", message));
        }
        let window = QuietWindow {
            id: WindowId::at(now),
            kind: WindowKind::Shelf,
            target: create.target,
            starts_at: now,
            ends_at: create.until,
            reason: create.reason,
            created_at: now,
            created_by: actor.name.clone(),
            cancelled_at: None,
            cancelled_by: None,
            version: 1,
        };
        self.open_window(actor, window, faults, now).await
    }

    async fn open_window(
        &self,
        actor: &Actor,
        mut window: QuietWindow,
        mut faults: Vec<FieldFault>,
        now: Timestamp,
    ) -> Result<WindowView, AlertingError> {
        let scope = scope_of(actor, HANDLE, now)?;
        let seen = scope_of(actor, "alerting.read", now)?;
        faults.extend(self.target_faults(&window.target, &seen));
        match noted(Some(std::mem::take(&mut window.reason))) {
            Ok(Some(reason)) => window.reason = reason,
            Ok(None) => faults.push(FieldFault::new("/reason", "missing", "say why")),
            Err(_too_long) => faults.push(FieldFault::new("/reason", "too_long", "say it shorter")),
        }
        if !faults.is_empty() {
            return Err(AlertingError::Invalid(faults));
        }
        must_reach(&scope, HANDLE, &self.aimed_at(&window.target))?;
        let saved = window.clone();
        self.put(saved, None, now).await?;
        let (kind, id) = (window.kind.as_str(), window.id);
        let detail =
            json!({ "target": window.target, "ends_at": window.ends_at, "reason": window.reason });
        self.record(
            actor,
            &format!("{kind}.create"),
            format!("{kind}:{id}"),
            detail,
            now,
        )
        .await?;
        let view = self.window_view(window, &scope, now);
        view.ok_or(AlertingError::NoWindow)
    }

    fn target_faults(&self, target: &WindowTarget, seen: &Scope) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        if target.is_empty() {
            let message = "name devices, groups, areas or rules";
            faults.push(FieldFault::new("/target", "missing", message));
        }
        let named =
            target.devices.len() + target.groups.len() + target.areas.len() + target.rules.len();
        if named > NAMED_MAX {
            let message = format!("names at most {NAMED_MAX} things");
            faults.push(FieldFault::new("/target", "too_many", message));
            return faults;
        }
        let rules = self.rules_now();
        for (index, rule) in target.rules.iter().enumerate() {
            if !rules.contains_key(rule) {
                let path = format!("/target/rules/{index}");
                faults.push(FieldFault::new(path, "unknown", "there is no such rule"));
            }
        }
        for (index, device) in target.devices.iter().enumerate() {
            let known = self.asks.devices.device(device);
            if !known.is_some_and(|device| seen.permits(device.subject())) {
                let path = format!("/target/devices/{index}");
                faults.push(FieldFault::new(path, "unknown", "there is no such device"));
            }
        }
        for (index, area) in target.areas.iter().enumerate() {
            if self.asks.catalog.area(area).is_none() {
                let path = format!("/target/areas/{index}");
                faults.push(FieldFault::new(path, "unknown", "there is no such area"));
            }
        }
        faults
    }

    /// Saves a window. A shelf takes what is open already.
    async fn put(
        &self,
        window: QuietWindow,
        before: Option<i64>,
        now: Timestamp,
    ) -> Result<(), AlertingError> {
        let place = self.surroundings();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    match before {
                        None => store::windows::insert(tx, &window).await?,
                        Some(before) if store::windows::update(tx, &window, before).await? => {}
                        Some(before) => {
                            let current = store::windows::load(tx, window.id).await?;
                            return Err(AlertingError::VersionConflict {
                                expected: before,
                                current: current.map_or(0, |window| window.version),
                            });
                        }
                    }
                    if window.kind == WindowKind::Shelf {
                        let mut sheet = Sheet::open(tx, place, now);
                        shelve(&mut sheet, &window).await?;
                        sheet.close().await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    async fn changeable(
        &self,
        actor: &Actor,
        id: WindowId,
        kind: WindowKind,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<(QuietWindow, Scope), AlertingError> {
        let view = self.window(actor, id, now).await?;
        let scope = scope_of(actor, HANDLE, now)?;
        let found = store::windows::load(self.db.read(), id).await?;
        let window = found
            .filter(|window| window.kind == kind)
            .ok_or(AlertingError::NoWindow)?;
        must_reach(&scope, HANDLE, &self.aimed_at(&window.target))?;
        if let Some(expected) = expected.filter(|expected| *expected != view.version) {
            return Err(AlertingError::VersionConflict {
                expected,
                current: view.version,
            });
        }
        if window.until() <= now {
            return Err(AlertingError::NotNow("it is over already"));
        }
        Ok((window, scope))
    }

    /// Changes the end or the reason of a maintenance window.
    pub async fn update_window(
        &self,
        actor: &Actor,
        id: WindowId,
        update: UpdateWindow,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<WindowView, AlertingError> {
        let kind = WindowKind::Maintenance;
        let (mut window, scope) = self.changeable(actor, id, kind, expected, now).await?;
        let before = window.version;
        if let Some(ends_at) = update.ends_at {
            let longest = SignedDuration::from_hours(24 * MAINTENANCE_DAYS_MAX);
            if ends_at <= now || ends_at.duration_since(window.starts_at) > longest {
                let message = "must lie in the future, at most 180 days after the beginning";
                return Err(AlertingError::invalid("/ends_at", "out_of_range", message));
            }
            window.ends_at = ends_at;
        }
        if let Some(reason) = noted(update.reason)? {
            window.reason = reason;
        }
        window.version += 1;
        self.put(window.clone(), Some(before), now).await?;
        let detail = json!({ "ends_at": window.ends_at, "reason": window.reason });
        let object = format!("maintenance:{id}");
        self.record(actor, "maintenance.update", object, detail, now)
            .await?;
        self.window_view(window, &scope, now)
            .ok_or(AlertingError::NoWindow)
    }

    /// Ends a window before its time.
    pub async fn cancel_window(
        &self,
        actor: &Actor,
        id: WindowId,
        kind: WindowKind,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<WindowView, AlertingError> {
        let (mut window, scope) = self.changeable(actor, id, kind, expected, now).await?;
        let before = window.version;
        (window.cancelled_at, window.cancelled_by) = (Some(now), Some(actor.name.clone()));
        window.version += 1;
        self.put(window.clone(), Some(before), now).await?;
        let word = kind.as_str();
        self.record(
            actor,
            &format!("{word}.cancel"),
            format!("{word}:{id}"),
            json!({}),
            now,
        )
        .await?;
        self.window_view(window, &scope, now)
            .ok_or(AlertingError::NoWindow)
    }
}

/// What is open already goes on the shelf, or with it comes off.
async fn shelve(sheet: &mut Sheet<'_>, window: &QuietWindow) -> Result<(), AlertingError> {
    let open = store::alarms::open(sheet.tx).await?;
    let covered: Vec<AlarmId> = open
        .into_iter()
        .filter(|alarm| window.covers(alarm))
        .map(|alarm| sheet.take(alarm).id)
        .collect();
    for id in covered {
        if window.cancelled_at.is_none() {
            super::quiet::meet(sheet, id, window);
            continue;
        }
        let is_its = |until: Timestamp| until == window.ends_at;
        let shelved = sheet.get(id).and_then(|alarm| alarm.shelved_until);
        if shelved.is_some_and(is_its) {
            sheet.change(id, "unshelved", json!({ "window": window.id }), |alarm| {
                (alarm.shelved_until, alarm.shelved_by) = (None, None);
            });
        }
    }
    Ok(())
}
