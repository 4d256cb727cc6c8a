//! Readings older than the newest of their series: a thread of their own compares them with the history, so that a
//! device that sends its week again holds nobody up.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::mpsc;
use yiwang_contracts::{History, Point, Series, Span};
use yiwang_kernel::Fault;

use super::LATE_MESSAGES_MAX;
use super::hall::Hall;
use crate::reading::{Message, Reading};
use crate::slot::{quality_of, text_mark};

/// Values sent again that lie farther apart are asked for apart.
const STRETCH_GAP_US: i64 = 600_000_000;
/// Messages compared at once.
const GROUP_MESSAGES_MAX: usize = 1_024;

pub(super) fn start(hall: Arc<Hall>) -> std::io::Result<mpsc::Sender<Message>> {
    let (late, mut waiting) = mpsc::channel(LATE_MESSAGES_MAX);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let run = move || {
        let mut group = Vec::new();
        while waiting.blocking_recv_many(&mut group, GROUP_MESSAGES_MAX) > 0 {
            take(&hall, &runtime, &mut group);
        }
    };
    std::thread::Builder::new()
        .name("late".to_owned())
        .spawn(run)?;
    Ok(late)
}

/// A late reading by its key.
type Key = (Arc<Series>, i64);
/// Value and text, to be compared.
type Marks = (u64, u64);

fn take(hall: &Hall, runtime: &tokio::runtime::Runtime, group: &mut Vec<Message>) {
    let keys: Vec<Key> = group.iter().flat_map(keys_of).collect();
    let known = loop {
        match runtime.block_on(known(hall, &keys)) {
            Ok(known) => break known,
            Err(fault) => {
                tracing::error!(
                    code = fault.code(),
                    "late readings cannot be compared: {fault}"
                );
                // Not comparing would count twice, dropping would lose: the device sends it again.
                if !hall.wait_to_retry() {
                    return;
                }
            }
        }
    };
    let mut seen: HashMap<Key, Marks> = known;
    let mut placed = Vec::new();
    let mut points = Vec::new();
    for mut message in group.drain(..) {
        let begin = points.len();
        let duplicate = sort_out(&mut message, &mut seen, &mut points);
        placed.push((message, begin..points.len(), duplicate));
    }
    let Some(points) = hall.make_durable(points) else {
        return;
    };
    if !points.is_empty() {
        hall.outlets.tell(&points, hall.clock.now());
    }
    for (message, range, duplicate) in placed {
        let own = points.get(range).unwrap_or(&[]);
        message
            .slot
            .counts
            .late
            .fetch_add(own.len() as u64, Ordering::Relaxed);
        hall.totals.of(message.edge).late.add(own.len() as u64);
        hall.settle(message, own, duplicate);
    }
}

fn keys_of(message: &Message) -> Vec<Key> {
    let binding = message.slot.binding();
    let of = |each: &Reading| {
        let series = binding.series.get(usize::from(each.property))?;
        Some((Arc::clone(series), each.time))
    };
    message.readings.iter().filter_map(of).collect()
}

fn mark(value: f64, text: Option<&str>) -> Marks {
    let bits = if value.is_nan() {
        0
    } else {
        (value + 0.0).to_bits()
    };
    (bits, text_mark(text))
}

/// What the history holds at these keys.
async fn known(hall: &Hall, keys: &[Key]) -> Result<HashMap<Key, Marks>, Box<dyn Fault>> {
    let history = &hall.outlets.history;
    let there = history.contains(keys).await?;
    let there = keys.iter().zip(there).filter(|(_, there)| *there);
    let mut there: Vec<&Key> = there.map(|(key, _)| key).collect();
    there.sort_unstable();
    let mut known = HashMap::new();
    // One question for each stretch of a series: a device sends hours or days again, not single values.
    for stretch in there.chunk_by(|a, b| a.0 == b.0 && b.1 - a.1 <= STRETCH_GAP_US) {
        let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else {
            continue;
        };
        let span = Span {
            from: first.1,
            to: last.1 + 1,
        };
        put(&mut known, history, &first.0, span).await?;
        // An answer has its bound: what it left out is asked for alone.
        for key in stretch {
            if !known.contains_key(*key) {
                let span = Span {
                    from: key.1,
                    to: key.1 + 1,
                };
                put(&mut known, history, &key.0, span).await?;
            }
        }
    }
    Ok(known)
}

async fn put(
    known: &mut HashMap<Key, Marks>,
    history: &Arc<dyn History>,
    series: &Arc<Series>,
    span: Span,
) -> Result<(), Box<dyn Fault>> {
    for sample in history.samples(series, span, false, usize::MAX).await? {
        let mark = mark(sample.value, sample.text.as_deref());
        known.insert((Arc::clone(series), sample.time), mark);
    }
    Ok(())
}

fn sort_out(message: &mut Message, seen: &mut HashMap<Key, Marks>, points: &mut Vec<Point>) -> u32 {
    let binding = message.slot.binding();
    let mut duplicate = 0;
    for reading in message.readings.drain(..) {
        let Some(series) = binding.series.get(usize::from(reading.property)) else {
            duplicate += 1;
            continue;
        };
        let mark = mark(reading.value, reading.text.as_deref());
        if seen.insert((Arc::clone(series), reading.time), mark) == Some(mark) {
            duplicate += 1;
            continue;
        }
        points.push(Point {
            series: Arc::clone(series),
            time: reading.time,
            received: message.received,
            value: reading.value,
            text: reading.text,
            quality: quality_of(&binding.device, reading.quality),
        });
    }
    duplicate
}
