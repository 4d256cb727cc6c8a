//! The lake's named limits.

use std::time::Duration;

use yiwang_runtime::LakeConfig;

/// How a lake is kept. Everything here may change from one start to the next but the zone.
#[derive(Debug, Clone)]
pub struct LakeSettings {
    /// Where days begin, in minutes east of UTC.
    pub zone_minutes: i32,
    /// A segment is closed, and then compacted, when what it holds takes so much memory …
    pub seal_bytes: u64,
    /// … or is so old.
    pub seal_after: Duration,
    /// So many closed segments may wait for compaction; over it nothing more is taken in.
    pub sealed_max: usize,
    /// A day that goes on is merged into one part when it has so many.
    pub merge_parts: usize,
    /// So long after its end a day is merged and down-sampled.
    pub settle: Duration,
    /// Late data of a day that is over waits so long for more of the kind.
    pub late: Duration,
    /// Days that observations are kept.
    pub observation_days: u32,
    /// Days that hourly buckets are kept.
    pub hour_days: u32,
    /// Days that daily buckets are kept.
    pub day_days: u32,
    /// Days that events are kept.
    pub event_days: u32,
    /// Memory for footers and page indexes.
    pub cache_bytes: usize,
    pub query: QueryLimits,
}

/// What a query over the API may take.
#[derive(Debug, Clone)]
pub struct QueryLimits {
    /// Rows of an answer.
    pub rows_max: usize,
    pub memory_bytes: usize,
    pub seconds: u64,
    /// Queries that run at once; more are refused.
    pub at_once_max: usize,
    /// Files that one query reads side by side.
    pub lanes: usize,
}

impl Default for QueryLimits {
    fn default() -> Self {
        Self {
            rows_max: 10_000,
            memory_bytes: 256 << 20,
            seconds: 30,
            at_once_max: 2,
            lanes: 2,
        }
    }
}

impl Default for LakeSettings {
    fn default() -> Self {
        Self {
            zone_minutes: 480,
            seal_bytes: 64 << 20,
            seal_after: Duration::from_mins(10),
            sealed_max: 8,
            merge_parts: 8,
            settle: Duration::from_mins(15),
            late: Duration::from_hours(1),
            observation_days: 400,
            hour_days: 3_653,
            day_days: 3_653,
            event_days: 3_653,
            cache_bytes: 128 << 20,
            query: QueryLimits::default(),
        }
    }
}

impl From<&LakeConfig> for LakeSettings {
    fn from(config: &LakeConfig) -> Self {
        Self {
            seal_bytes: u64::from(config.segment_mib) << 20,
            seal_after: Duration::from_mins(u64::from(config.segment_minutes)),
            sealed_max: config.segments_waiting_max as usize,
            observation_days: config.observation_days,
            hour_days: config.hour_days,
            day_days: config.day_days,
            event_days: config.event_days,
            cache_bytes: (config.cache_mib as usize) << 20,
            query: QueryLimits {
                rows_max: config.query_rows_max as usize,
                memory_bytes: (config.query_memory_mib as usize) << 20,
                seconds: config.query_seconds,
                at_once_max: config.queries_at_once_max as usize,
                ..QueryLimits::default()
            },
            ..Self::default()
        }
    }
}
