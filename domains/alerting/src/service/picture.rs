//! What is drawn of an alarm.

use serde_json::Value;
use yiwang_kernel::{Timestamp, from_micros, micros};
use yiwang_rules::{Param, Settings};

use super::AlertingService;
use super::view::{PictureLevel, PictureSeries, PictureThreshold, PictureView};
use crate::alarm::Alarm;
use crate::entry::RuleEntry;
use crate::error::AlertingError;
use crate::store;

const HOUR_US: i64 = 3_600 * 1_000_000;
/// More than this after the beginning says little about why.
const AFTER_US_MAX: i64 = 24 * HOUR_US;

impl AlertingService {
    /// The series, the stretch of time and the thresholds that show why an alarm was raised.
    pub(super) async fn picture(
        &self,
        alarm: &Alarm,
        now: Timestamp,
    ) -> Result<Option<PictureView>, AlertingError> {
        if alarm.kind.is_group() {
            return Ok(None);
        }
        let versions = store::rules::versions(self.db.read(), &alarm.rule).await?;
        let own = versions
            .into_iter()
            .find(|row| row.version() == alarm.rule_version);
        let Some(entry) = own.map(|row| row.entry) else {
            return Ok(None);
        };
        let (from, to) = stretch(alarm, now);
        Ok(Some(PictureView {
            device_id: alarm.device_id,
            from,
            to,
            series: self.series_of(&entry),
            thresholds: thresholds(&entry, alarm),
            levels: levels(&entry),
        }))
    }

    fn series_of(&self, entry: &RuleEntry) -> Vec<PictureSeries> {
        let profile = self.asks.devices.profile(&entry.profile);
        let properties = profile
            .map(|profile| profile.properties)
            .unwrap_or_default();
        let used = properties
            .into_iter()
            .filter(|property| entry.rule.uses.contains(&property.code));
        used.map(|property| PictureSeries {
            property: property.code,
            name: property.name,
            unit: property.unit,
        })
        .collect()
    }
}

/// An hour before the condition began until half an hour after its end; whole minutes.
fn stretch(alarm: &Alarm, now: Timestamp) -> (Timestamp, Timestamp) {
    const MINUTE_US: i64 = 60 * 1_000_000;
    let whole = |at: i64| from_micros(at.div_euclid(MINUTE_US) * MINUTE_US);
    let began = micros(alarm.began_at.min(alarm.opened_at));
    let end = alarm
        .ended_at
        .map_or(i64::MAX, |at| micros(at) + HOUR_US / 2);
    let to = end.min(micros(now) + MINUTE_US).min(began + AFTER_US_MAX);
    (whole(began - HOUR_US), whole(to.max(began + MINUTE_US)))
}

/// Parameters as they were in force, and the device's own figures that were read.
fn thresholds(entry: &RuleEntry, alarm: &Alarm) -> Vec<PictureThreshold> {
    let at = micros(alarm.opened_at);
    let mut found: Vec<PictureThreshold> = entry
        .rule
        .params
        .iter()
        .filter_map(|(name, param)| {
            let value = in_force(param, at)?;
            let name = name.clone();
            Some(PictureThreshold { name, value })
        })
        .collect();
    let readings = alarm.explanation.get("readings").and_then(Value::as_array);
    for reading in readings.into_iter().flatten() {
        let name = reading.get("name").and_then(Value::as_str);
        let value = reading.get("value").and_then(Value::as_f64);
        if let (Some(name), Some(value)) = (name, value)
            && name.starts_with("attr.")
        {
            let name = name.to_owned();
            found.push(PictureThreshold { name, value });
        }
    }
    found
}

fn in_force(param: &Param, at: i64) -> Option<f64> {
    let offset = Settings::default().utc_offset_minutes;
    match param {
        Param::Fixed(value) => Some(*value),
        Param::Dated(values) => values
            .iter()
            .find(|dated| {
                dated.from.is_none_or(|from| from.micros(offset) <= at)
                    && dated.to.is_none_or(|to| at < to.micros(offset))
            })
            .map(|dated| dated.value),
    }
}

fn levels(entry: &RuleEntry) -> Vec<PictureLevel> {
    let levels = entry.rule.levels.iter();
    levels
        .map(|level| {
            let silence = level.missing.map(|silence| format!("missing {silence}"));
            PictureLevel {
                severity: level.severity,
                when: level.when.clone().or(silence).unwrap_or_default(),
            }
        })
        .collect()
}
