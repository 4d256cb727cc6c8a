//! Counters, gauges and histograms, kept in memory and written in Prometheus' text form.
//!
//! Every name has a bounded number of label sets; one too many goes to the series `overflow="true"`
//! rather than to memory.

mod render;

pub use render::METRICS_MEDIA_TYPE;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// The most label sets of one name.
pub const METRIC_SERIES_MAX: usize = 1_000;

/// Upper bounds of a histogram's buckets, in seconds.
pub const HISTOGRAM_SECONDS: [f64; 14] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// The registry. Cheap to clone; handles are cheap to keep and to use.
#[derive(Clone, Default)]
pub struct Metrics(Arc<RwLock<BTreeMap<&'static str, Family>>>);

#[derive(Default)]
struct Family {
    help: &'static str,
    kind: Option<Kind>,
    series: BTreeMap<String, Series>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
    Histogram,
}

#[derive(Clone)]
enum Series {
    Counter(Counter),
    Gauge(Gauge),
    Histogram(Histogram),
}

/// A number that only grows.
#[derive(Debug, Clone, Default)]
pub struct Counter(Arc<AtomicU64>);

impl Counter {
    pub fn increment(&self) {
        self.add(1);
    }

    pub fn add(&self, by: u64) {
        self.0.fetch_add(by, Ordering::Relaxed);
    }

    /// For totals that another part counts: takes its total over.
    pub fn raise_to(&self, total: u64) {
        self.0.fetch_max(total, Ordering::Relaxed);
    }

    pub fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A number that goes up and down.
#[derive(Debug, Clone, Default)]
pub struct Gauge(Arc<AtomicU64>);

impl Gauge {
    pub fn set(&self, value: f64) {
        self.0.store(value.to_bits(), Ordering::Relaxed);
    }

    pub fn add(&self, by: f64) {
        let grown = |bits| Some((f64::from_bits(bits) + by).to_bits());
        // The closure always gives a value, so the update cannot fail.
        let _always = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, grown);
    }

    pub fn value(&self) -> f64 {
        f64::from_bits(self.0.load(Ordering::Relaxed))
    }
}

/// A distribution of durations over [`HISTOGRAM_SECONDS`].
#[derive(Debug, Clone, Default)]
pub struct Histogram(Arc<HistogramCells>);

#[derive(Debug, Default)]
struct HistogramCells {
    buckets: [AtomicU64; HISTOGRAM_SECONDS.len()],
    count: AtomicU64,
    sum_micros: AtomicU64,
}

impl Histogram {
    pub fn observe(&self, took: Duration) {
        let seconds = took.as_secs_f64();
        let cells = &self.0;
        if let Some((_, cell)) = HISTOGRAM_SECONDS
            .iter()
            .zip(&cells.buckets)
            .find(|(bound, _)| seconds <= **bound)
        {
            cell.fetch_add(1, Ordering::Relaxed);
        }
        cells.count.fetch_add(1, Ordering::Relaxed);
        cells.sum_micros.fetch_add(
            u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            Ordering::Relaxed,
        );
    }

    pub fn count(&self) -> u64 {
        self.0.count.load(Ordering::Relaxed)
    }
}

impl Metrics {
    pub fn new() -> Self {
        Self::default()
    }

    /// Says what a name means; shown as `# HELP`.
    pub fn describe(&self, name: &'static str, help: &'static str) {
        let mut families = self.0.write().unwrap_or_else(PoisonError::into_inner);
        families.entry(name).or_default().help = help;
    }

    pub fn counter(&self, name: &'static str, labels: &[(&str, &str)]) -> Counter {
        match self.series(name, labels, Kind::Counter, || {
            Series::Counter(Counter::default())
        }) {
            Series::Counter(counter) => counter,
            Series::Gauge(_) | Series::Histogram(_) => Counter::default(),
        }
    }

    pub fn gauge(&self, name: &'static str, labels: &[(&str, &str)]) -> Gauge {
        match self.series(
            name,
            labels,
            Kind::Gauge,
            || Series::Gauge(Gauge::default()),
        ) {
            Series::Gauge(gauge) => gauge,
            Series::Counter(_) | Series::Histogram(_) => Gauge::default(),
        }
    }

    pub fn histogram(&self, name: &'static str, labels: &[(&str, &str)]) -> Histogram {
        match self.series(name, labels, Kind::Histogram, || {
            Series::Histogram(Histogram::default())
        }) {
            Series::Histogram(histogram) => histogram,
            Series::Counter(_) | Series::Gauge(_) => Histogram::default(),
        }
    }

    fn series(
        &self,
        name: &'static str,
        labels: &[(&str, &str)],
        kind: Kind,
        make: impl FnOnce() -> Series,
    ) -> Series {
        let key = render::labels(labels);
        {
            let families = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(series) = families
                .get(name)
                .and_then(|family| family.series.get(&key))
            {
                return series.clone();
            }
        }
        let mut families = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let family = families.entry(name).or_default();
        if *family.kind.get_or_insert(kind) != kind {
            // Two kinds under one name is a slip of ours; it counts apart, unseen, rather than stop a request.
            tracing::error!(name, "a metric is used as two kinds");
            return make();
        }
        let full = family.series.len() >= METRIC_SERIES_MAX && !family.series.contains_key(&key);
        let key = if full {
            render::labels(&[("overflow", "true")])
        } else {
            key
        };
        family.series.entry(key).or_insert_with(make).clone()
    }
}

#[cfg(test)]
mod tests;
