//! Devices as of each hour, by their readings.

use std::sync::Arc;

use yiwang_contracts::{LastValue, Sample, Series, Span};
use yiwang_kernel::AreaCode;
use yiwang_vital_rules::{Duration, Last, Window};

use super::super::{VitalsService, gather};
use super::too_much;
use crate::error::VitalsError;
use crate::facts::{self, DeviceNumber};

/// Hours times devices of one row.
const DEVICE_HOURS_MAX: usize = 500_000;
/// Readings of one device.
const READINGS_MAX: usize = 200_000;
/// So many readings before the first hour are looked through for one that is believed.
const BEFORE_MAX: usize = 100;

/// One number of a device for each hour.
pub(super) struct OfDevice {
    area: Option<AreaCode>,
    attributes: Vec<(String, f64)>,
    values: Vec<Option<(i64, f64)>>,
}

impl VitalsService {
    /// Of each device the last believed value as of each hour.
    pub(super) async fn last_of(
        &self,
        last: &Last,
        hours: &Arc<[i64]>,
    ) -> Result<Vec<OfDevice>, VitalsError> {
        let devices = self.devices_of(&last.profiles, &last.devices, &last.property);
        let back = last.max_age.map_or(0, Duration::as_micros);
        let span = span(hours, back);
        let mut all = Vec::new();
        for device in few_enough(devices, hours.len())? {
            let series = Series::new(&device.device, &last.property);
            let mut samples = self.readings(&series, span).await?;
            if last.max_age.is_none() {
                let before = Span {
                    from: 0,
                    to: span.from,
                };
                let asked = self.asks.history.samples(&series, before, true, BEFORE_MAX);
                samples.extend(asked.await?);
                samples.sort_by_key(|sample| sample.time);
            }
            let newest = move |at: i64| {
                let until = samples.partition_point(|sample| sample.time <= at);
                let newest = samples
                    .iter()
                    .take(until)
                    .rev()
                    .find(|sample| facts::is_known(sample))?;
                Some((newest.time, newest.value))
            };
            all.push(of_device(device, hours, newest).await?);
        }
        Ok(all)
    }

    /// Of each device the window's number as of each hour.
    pub(super) async fn windows_of(
        &self,
        window: &Window,
        hours: &Arc<[i64]>,
    ) -> Result<Vec<OfDevice>, VitalsError> {
        let devices = self.devices_of(&window.profiles, &window.devices, &window.property);
        let within = window.highest_within.map_or(0, Duration::as_micros);
        let back = within + window.window.as_micros();
        let mut all = Vec::new();
        for device in few_enough(devices, hours.len())? {
            let series = Series::new(&device.device, &window.property);
            let samples = self.readings(&series, span(hours, back)).await?;
            let window = window.clone();
            let number = move |at: i64| {
                let from = samples.partition_point(|sample| sample.time < at - back);
                let until = samples.partition_point(|sample| sample.time <= at);
                gather::number(&window, samples.get(from..until)?, at)
            };
            all.push(of_device(device, hours, number).await?);
        }
        Ok(all)
    }

    /// A device's readings by time: all of them, or none.
    async fn readings(&self, series: &Series, span: Span) -> Result<Vec<Sample>, VitalsError> {
        let mut samples: Vec<Sample> = Vec::new();
        let mut rest = span;
        loop {
            let most = gather::SAMPLES_MAX;
            let asked = self.asks.history.samples(series, rest, false, most);
            let piece = asked.await?;
            let is_last = piece.len() < most;
            samples.extend(piece);
            if samples.len() > READINGS_MAX {
                let message = format!(
                    "{} has more than {READINGS_MAX} readings; choose a later from",
                    series.device
                );
                return Err(too_much("vitals.recompute.readings", message));
            }
            match samples.last() {
                Some(newest) if !is_last => rest.from = newest.time + 1,
                _ => return Ok(samples),
            }
        }
    }
}

fn few_enough(devices: Vec<LastValue>, hours: usize) -> Result<Vec<LastValue>, VitalsError> {
    let found = devices.len();
    if found.saturating_mul(hours) > DEVICE_HOURS_MAX {
        let message = format!(
            "{found} devices over {hours} hours are more than {DEVICE_HOURS_MAX}; choose a later from"
        );
        return Err(too_much("vitals.recompute.devices", message));
    }
    Ok(devices)
}

/// From so long before the first hour to the last.
pub(super) fn span(hours: &[i64], back: i64) -> Span {
    Span {
        from: hours.first().copied().unwrap_or_default() - back,
        to: hours.last().copied().unwrap_or_default() + 1,
    }
}

/// Counts on a thread of its own: a month of a window of a day has many readings.
async fn of_device(
    device: LastValue,
    hours: &Arc<[i64]>,
    value: impl Fn(i64) -> Option<(i64, f64)> + Send + 'static,
) -> Result<OfDevice, VitalsError> {
    let hours = Arc::clone(hours);
    let counting = move || hours.iter().map(|at| value(*at)).collect();
    Ok(OfDevice {
        area: device.area,
        attributes: device.attributes,
        values: tokio::task::spawn_blocking(counting).await?,
    })
}

/// The numbers of an hour, by its place.
pub(super) fn at_hour(devices: &[OfDevice], place: usize) -> Vec<DeviceNumber> {
    let number = |device: &OfDevice| DeviceNumber {
        area: device.area.clone(),
        attributes: device.attributes.clone(),
        value: device.values.get(place).copied().flatten(),
    };
    devices.iter().map(number).collect()
}
