//! Times in which alarms are kept quiet: maintenance windows, and shelves of whole rules and devices. Pure.

use serde::{Deserialize, Serialize};
use yiwang_kernel::{AreaCode, Timestamp, typed_id};

use crate::alarm::Alarm;

typed_id!(
    /// A maintenance window or a shelf.
    WindowId
);

/// What kind of quiet it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WindowKind {
    /// Somebody works there: alarms raised within are kept, marked, and call nobody.
    Maintenance,
    /// People want to hear nothing of it for a while.
    Shelf,
}

impl WindowKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Maintenance => "maintenance",
            Self::Shelf => "shelf",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Maintenance, Self::Shelf]
            .into_iter()
            .find(|each| each.as_str() == word)
    }
}

/// Which alarms it is for. Of what is given everything must hold; at least one thing is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WindowTarget {
    /// Codes of devices.
    pub devices: Vec<String>,
    pub groups: Vec<String>,
    /// In one of these areas or within it.
    pub areas: Vec<AreaCode>,
    /// Ids of rules.
    pub rules: Vec<String>,
}

/// A thing that may be a window's target.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matched<'a> {
    pub device: &'a str,
    pub group: Option<&'a str>,
    pub area: Option<&'a AreaCode>,
}

impl WindowTarget {
    pub(crate) fn is_empty(&self) -> bool {
        self.devices.is_empty()
            && self.groups.is_empty()
            && self.areas.is_empty()
            && self.rules.is_empty()
    }

    pub(crate) fn takes_rule(&self, rule: &str) -> bool {
        self.rules.is_empty() || self.rules.iter().any(|each| each == rule)
    }

    pub(crate) fn takes(&self, thing: Matched<'_>) -> bool {
        let named = self.devices.is_empty() || self.devices.iter().any(|each| each == thing.device);
        let grouped = self.groups.is_empty()
            || thing
                .group
                .is_some_and(|own| self.groups.iter().any(|each| each == own));
        let placed = self.areas.is_empty()
            || thing
                .area
                .is_some_and(|own| self.areas.iter().any(|area| area.contains(own)));
        named && grouped && placed
    }
}

/// A maintenance window or a shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuietWindow {
    pub id: WindowId,
    pub kind: WindowKind,
    pub target: WindowTarget,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub reason: String,
    pub created_at: Timestamp,
    pub created_by: String,
    pub cancelled_at: Option<Timestamp>,
    pub cancelled_by: Option<String>,
    pub version: i64,
}

impl QuietWindow {
    /// Until when it holds.
    pub(crate) fn until(&self) -> Timestamp {
        self.cancelled_at
            .map_or(self.ends_at, |at| at.min(self.ends_at))
    }

    pub(crate) fn holds_at(&self, at: Timestamp) -> bool {
        self.starts_at <= at && at < self.until()
    }

    /// Is the alarm one of those that it is for?
    pub(crate) fn covers(&self, alarm: &Alarm) -> bool {
        self.target.takes_rule(&alarm.rule)
            && self.target.takes(Matched {
                device: &alarm.device,
                group: alarm.device_group.as_deref(),
                area: alarm.area.as_ref(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_given_must_hold() {
        let target = WindowTarget {
            areas: vec!["320281001".into()],
            rules: vec!["ponding".to_owned()],
            ..WindowTarget::default()
        };
        let village = AreaCode::from("320281001003");
        let thing = |area| Matched {
            device: "P1",
            group: None,
            area,
        };
        assert!(target.takes(thing(Some(&village))) && !target.takes(thing(None)));
        assert!(target.takes_rule("ponding") && !target.takes_rule("smoke"));
        assert!(WindowTarget::default().is_empty() && !target.is_empty());
    }
}
