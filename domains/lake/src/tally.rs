//! What is counted, and what went wrong last.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde::Serialize;
use yiwang_http::{Counter, Gauge, Histogram, Metrics};
use yiwang_kernel::{Timestamp, from_micros};

use crate::sync::lock;

/// Faults that are remembered.
const FAULTS_MAX: usize = 50;

/// Something that went wrong, for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LakeFault {
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub what: String,
}

pub(crate) struct Tally {
    pub(crate) points: Counter,
    pub(crate) events: Counter,
    /// Groups that could not be appended.
    pub(crate) refused: Counter,
    pub(crate) torn: Counter,
    /// Points of days that retention has removed.
    pub(crate) expired: Counter,
    pub(crate) compactions: Counter,
    pub(crate) failures: Counter,
    pub(crate) removed: Counter,
    pub(crate) queries: Counter,
    /// Of indicators.
    pub(crate) questions: Counter,
    /// How long appends take, with the wait for the disk.
    pub(crate) append: Histogram,
    pub(crate) memory: Gauge,
    pub(crate) waiting: Gauge,
    faults: Mutex<VecDeque<LakeFault>>,
    /// Why the last pass of compaction failed, if it did.
    failure: Mutex<Option<String>>,
}

impl Tally {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        let counter = |name, help| {
            metrics.describe(name, help);
            metrics.counter(name, &[])
        };
        let gauge = |name, help| {
            metrics.describe(name, help);
            metrics.gauge(name, &[])
        };
        Self {
            points: counter("lake_points_total", "Observations appended, durably."),
            events: counter("lake_events_total", "Events appended, durably."),
            refused: counter(
                "lake_refused_total",
                "Groups of rows that could not be appended.",
            ),
            torn: counter(
                "lake_torn_segments_total",
                "Segments that ended in an unfinished batch when they were read.",
            ),
            expired: counter(
                "lake_expired_points_total",
                "Observations of days that retention has removed, left out.",
            ),
            compactions: counter("lake_compactions_total", "Changes of the lake's manifest."),
            failures: counter(
                "lake_compaction_failures_total",
                "Passes of compaction that failed.",
            ),
            removed: counter(
                "lake_removed_files_total",
                "Files that retention has removed.",
            ),
            queries: counter("lake_queries_total", "SQL queries begun."),
            questions: counter("lake_questions_total", "Questions of indicators begun."),
            append: {
                let name = "lake_append_seconds";
                metrics.describe(name, "How long appends took until they were on disk.");
                metrics.histogram(name, &[])
            },
            memory: gauge(
                "lake_memory_bytes",
                "Memory of what is in segments and not yet in files of days.",
            ),
            waiting: gauge("lake_sealed_segments", "Segments that wait for compaction."),
            faults: Mutex::default(),
            failure: Mutex::default(),
        }
    }

    pub(crate) fn fault(&self, now: i64, what: String) {
        tracing::error!("lake: {what}");
        let mut faults = lock(&self.faults);
        if faults.len() == FAULTS_MAX {
            faults.pop_front();
        }
        faults.push_back(LakeFault {
            at: from_micros(now),
            what,
        });
    }

    /// How the last pass of compaction went.
    pub(crate) fn passed(&self, failure: Option<String>) {
        *lock(&self.failure) = failure;
    }

    pub(crate) fn last_failure(&self) -> Option<String> {
        lock(&self.failure).clone()
    }

    /// The last faults, the newest first.
    pub(crate) fn faults(&self) -> Vec<LakeFault> {
        lock(&self.faults).iter().rev().cloned().collect()
    }
}
