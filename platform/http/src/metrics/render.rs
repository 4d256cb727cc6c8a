//! Prometheus' text exposition format, version 0.0.4.

use std::fmt::Write as _;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::{HISTOGRAM_SECONDS, Histogram, Kind, Metrics, Series};

/// The media type of [`Metrics::render`].
pub const METRICS_MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

impl Metrics {
    /// Everything, as `/metrics` answers it.
    pub fn render(&self) -> String {
        let families = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::new();
        for (name, family) in families.iter() {
            let Some(kind) = family.kind else { continue };
            if !family.help.is_empty() {
                line(&mut out, format_args!("# HELP {name} {}", family.help));
            }
            line(&mut out, format_args!("# TYPE {name} {}", kind.word()));
            for (labels, series) in &family.series {
                match series {
                    Series::Counter(counter) => line(
                        &mut out,
                        format_args!("{name}{} {}", braced(labels), counter.value()),
                    ),
                    Series::Gauge(gauge) => line(
                        &mut out,
                        format_args!("{name}{} {}", braced(labels), gauge.value()),
                    ),
                    Series::Histogram(histogram) => buckets(&mut out, name, labels, histogram),
                }
            }
        }
        out
    }
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// Labels in one canonical text, which is also a series' key: `a="1",b="2"`.
pub(super) fn labels(labels: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in labels {
        if !out.is_empty() {
            out.push(',');
        }
        let value = value
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n");
        let _infallible = write!(out, "{name}=\"{value}\"");
    }
    out
}

fn buckets(out: &mut String, name: &str, labels: &str, histogram: &Histogram) {
    let comma = if labels.is_empty() { "" } else { "," };
    let mut below = 0;
    for (bound, cell) in HISTOGRAM_SECONDS.iter().zip(&histogram.0.buckets) {
        below += cell.load(Ordering::Relaxed);
        line(
            out,
            format_args!("{name}_bucket{{{labels}{comma}le=\"{bound}\"}} {below}"),
        );
    }
    let count = histogram.count();
    let sum = histogram.0.sum_micros.load(Ordering::Relaxed) as f64 / 1e6;
    line(
        out,
        format_args!("{name}_bucket{{{labels}{comma}le=\"+Inf\"}} {count}"),
    );
    line(out, format_args!("{name}_sum{} {sum}", braced(labels)));
    line(out, format_args!("{name}_count{} {count}", braced(labels)));
}

fn braced(labels: &str) -> String {
    if labels.is_empty() {
        String::new()
    } else {
        format!("{{{labels}}}")
    }
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _infallible = out.write_fmt(text);
    out.push('\n');
}
