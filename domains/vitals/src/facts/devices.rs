//! Numbers of devices: whether they are heard, and what they observe. And of feeds, whether they come in time.

use yiwang_contracts::{DeviceHeard, DeviceHearing, Sample};
use yiwang_kernel::AreaCode;
use yiwang_vital_rules::{
    Aggregate, Bound, Cell, Comparison, DeviceCount, Devices, FeedState, Feeds, Hearing, Op,
    PerDevice,
};

use super::places::by_area;
use super::{Cells, Shape};
use crate::policy::Policy;

/// A row's numbers of devices by how they are heard. Those that are awaited do not count; where they are too many of
/// all or of an area, its number is not known yet.
pub(crate) fn devices(
    formula: &Devices,
    heard: &[DeviceHeard],
    policy: &Policy,
    shape: Shape,
    now: i64,
) -> Cells {
    let is_of = |device: &&DeviceHeard| {
        let mut profiles = formula.profiles.iter();
        formula.profiles.is_empty() || profiles.any(|profile| **profile == *device.profile)
    };
    let wanted = match formula.state {
        Hearing::Online => DeviceHearing::Online,
        Hearing::Offline => DeviceHearing::Offline,
        Hearing::Silent => DeviceHearing::Silent,
    };
    let own: Vec<&DeviceHeard> = heard.iter().filter(is_of).collect();
    let too_few = |states: &[DeviceHearing]| {
        let awaited = states
            .iter()
            .filter(|state| **state == DeviceHearing::Awaited);
        awaited.count() as f64 > policy.index.grey_share_max * states.len() as f64
    };
    let all: Vec<DeviceHearing> = own.iter().map(|device| device.hearing).collect();
    if too_few(&all) {
        return Vec::new();
    }
    let of_area = own
        .iter()
        .map(|device| (device.area.as_ref(), device.hearing));
    by_area(policy, shape, of_area)
        .into_iter()
        .filter(|(_, states)| !too_few(states))
        .map(|(area, states)| {
            let known = states
                .iter()
                .filter(|state| **state != DeviceHearing::Awaited);
            let counted = states.iter().filter(|state| **state == wanted).count();
            (area, part(counted, known.count(), formula.aggregate, now))
        })
        .collect()
}

/// Whether feeds come in time: for each whether it does.
pub(crate) fn feeds(formula: Feeds, fresh: &[bool], policy: &Policy, now: i64) -> Cells {
    let is_wanted = |is_fresh: &&bool| **is_fresh == (formula.state == FeedState::Fresh);
    let counted = fresh.iter().filter(is_wanted).count();
    let cell = part(counted, fresh.len(), formula.aggregate, now);
    policy.top.map(|top| (top, cell)).into_iter().collect()
}

/// Of nothing there is no number, which is no interruption.
fn part(counted: usize, all: usize, aggregate: DeviceCount, now: i64) -> Cell {
    let (counted, weight) = (counted as f64, all as f64);
    let value = match aggregate {
        _ if all == 0 => f64::NAN,
        DeviceCount::Count => counted,
        DeviceCount::Share => 100.0 * counted / weight,
    };
    Cell {
        value,
        weight,
        at: now,
    }
}

/// One number of one device: its last value, or one of its readings within a window.
#[derive(Debug, Clone)]
pub(crate) struct DeviceNumber {
    pub area: Option<AreaCode>,
    pub attributes: Vec<(String, f64)>,
    /// When it was so, and what it was; nothing while the device has said nothing.
    pub value: Option<(i64, f64)>,
}

/// How many numbers become one.
#[derive(Clone, Copy)]
pub(crate) struct Spread<'a> {
    pub aggregate: Aggregate,
    pub condition: Option<&'a Comparison>,
    /// Older ones are left out.
    pub oldest: i64,
    pub scale: f64,
}

/// A row's numbers from one number of each device.
pub(crate) fn spread(
    spread: Spread<'_>,
    numbers: &[DeviceNumber],
    policy: &Policy,
    shape: Shape,
    now: i64,
) -> Cells {
    let numbers = numbers.iter().map(|number| (number.area.as_ref(), number));
    by_area(policy, shape, numbers)
        .into_iter()
        .map(|(area, numbers)| (area, one_of(spread, &numbers, now)))
        .collect()
}

fn one_of(spread: Spread<'_>, numbers: &[&DeviceNumber], now: i64) -> Cell {
    if numbers.is_empty() {
        // No such device: there is nothing to say here.
        return Cell {
            value: f64::NAN,
            weight: 0.0,
            at: now,
        };
    }
    let known = numbers
        .iter()
        .filter_map(|number| {
            let (at, value) = number.value.filter(|(at, _)| *at >= spread.oldest)?;
            Some((at, value * spread.scale, holds(spread, number, value)?))
        })
        .collect::<Vec<(i64, f64, bool)>>();
    let Some(at) = known.iter().map(|(at, ..)| *at).max() else {
        return Cell::EMPTY;
    };
    let mut counted: Vec<f64> = known
        .iter()
        .filter(|(.., holds)| *holds)
        .map(|(_, value, _)| *value)
        .collect();
    let (all, number) = (known.len() as f64, counted.len() as f64);
    let sum: f64 = counted.iter().sum();
    let value = match spread.aggregate {
        Aggregate::Count => number,
        Aggregate::Share => 100.0 * number / all,
        Aggregate::Sum => sum,
        _ if counted.is_empty() => f64::NAN,
        Aggregate::Max => counted.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Aggregate::Min => counted.iter().copied().fold(f64::INFINITY, f64::min),
        Aggregate::Mean => sum / number,
        Aggregate::Percentile(part) => percentile(&mut counted, part),
    };
    let weight = if spread.aggregate == Aggregate::Mean {
        number
    } else {
        all
    };
    Cell {
        value,
        weight,
        at: at.min(now),
    }
}

/// Nothing where the device has no such figure: it does not count.
fn holds(spread: Spread<'_>, number: &DeviceNumber, value: f64) -> Option<bool> {
    let Some(condition) = spread.condition else {
        return Some(true);
    };
    let bound = match &condition.value {
        Bound::Number(bound) => *bound,
        Bound::Attribute(name) => {
            let name = name.strip_prefix("attr.").unwrap_or(name);
            let own = number.attributes.iter().find(|(own, _)| own == name);
            own.map(|(_, value)| *value)?
        }
    };
    Some(match condition.op {
        Op::More => value > bound,
        Op::AtLeast => value >= bound,
        Op::Less => value < bound,
        Op::AtMost => value <= bound,
        Op::Outside => false,
    })
}

/// The value that so many per cent do not exceed.
fn percentile(values: &mut [f64], part: u8) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let rank = (f64::from(part) / 100.0 * values.len() as f64).ceil() as usize;
    let place = rank.clamp(1, values.len().max(1)) - 1;
    values.get(place).copied().unwrap_or(f64::NAN)
}

/// Whether a reading is believed and is a number.
pub(crate) fn is_known(sample: &Sample) -> bool {
    sample.quality.is_believed() && sample.value.is_finite()
}

/// One number of a device's readings within a window; those that are not believed do not count.
pub(crate) fn per_device<'a>(
    kind: PerDevice,
    samples: impl Iterator<Item = &'a Sample> + Clone,
) -> Option<(i64, f64)> {
    let believed = || samples.clone().filter(|sample| is_known(sample));
    let at = believed().map(|sample| sample.time).max()?;
    let values = || believed().map(|sample| sample.value);
    let number = values().count() as f64;
    let value = match kind {
        PerDevice::Sum => values().sum(),
        PerDevice::Mean => values().sum::<f64>() / number,
        PerDevice::Max => values().fold(f64::NEG_INFINITY, f64::max),
        PerDevice::Min => values().fold(f64::INFINITY, f64::min),
        PerDevice::Delta => {
            let first = believed().min_by_key(|sample| sample.time)?;
            let last = believed().max_by_key(|sample| sample.time)?;
            last.value - first.value
        }
    };
    Some((at, value))
}

/// The highest that a window's number was: the window moves over the samples, hour by hour, and must lie within them.
pub(crate) fn highest(
    kind: PerDevice,
    samples: &[Sample],
    (window, within): (i64, i64),
    now: i64,
) -> Option<(i64, f64)> {
    let steps = ((within - window) / super::HOUR).max(0);
    let mut best: Option<f64> = None;
    let mut newest = None;
    for step in 0..=steps {
        let end = now - step * super::HOUR;
        let is_inside = |sample: &&Sample| sample.time > end - window && sample.time <= end;
        if let Some((at, value)) = per_device(kind, samples.iter().filter(is_inside)) {
            best = Some(best.map_or(value, |best: f64| best.max(value)));
            newest = newest.max(Some(at));
        }
    }
    newest.zip(best)
}
