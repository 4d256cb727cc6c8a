//! What holds for all fences and objects of one tracker.

use std::{fmt, sync::Arc};

use yiwang_worktime::Schedule;

/// Tells which local days, counted from 1970-01-01, are worked.
pub type WorkedDays = Arc<dyn Fn(i32) -> bool + Send + Sync>;

/// Bounds and limits of a tracker.
#[derive(Clone)]
pub struct Settings {
    /// Nothing moves faster: a fix that would have had to is a jump.
    pub jump_kmh: f64,
    /// Metres that a fix may be off in any case, before it is a jump.
    pub jump_slack_m: f64,
    /// Fixes farther apart say nothing about the time between: no crossing is interpolated, no speed computed.
    pub gap_seconds: u32,
    /// A fix may be so far ahead of the last `tick`.
    pub ahead_seconds: u32,
    /// Objects at the same time.
    pub objects_max: usize,
    /// Fences at the same time.
    pub fences_max: usize,
    /// Fences that one object is inside, near or bound to at the same time.
    pub watches_max: usize,
    /// Different tags at the same time.
    pub tags_max: usize,
    /// What one `tick` does at most.
    pub dues_max: usize,
    /// Local time of schedules that do not say theirs; 480 is UTC+8.
    pub utc_offset_minutes: i16,
    /// Which days are worked; Monday to Friday unless somebody knows better.
    pub worked: WorkedDays,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            jump_kmh: 250.0,
            jump_slack_m: 300.0,
            gap_seconds: 300,
            ahead_seconds: 600,
            objects_max: 200_000,
            fences_max: 100_000,
            watches_max: 256,
            tags_max: 10_000,
            dues_max: 10_000,
            utc_offset_minutes: 480,
            worked: Arc::new(yiwang_worktime::is_weekday),
        }
    }
}

impl Settings {
    /// Whether hours are on at an instant, and the next instant at which that may change.
    pub(crate) fn hours_at(&self, hours: &Schedule, at: i64) -> (bool, i64) {
        hours.at(at, self.utc_offset_minutes, &*self.worked)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = out.debug_struct("Settings");
        shown
            .field("jump_kmh", &self.jump_kmh)
            .field("gap_seconds", &self.gap_seconds)
            .field("objects_max", &self.objects_max)
            .field("fences_max", &self.fences_max);
        shown.finish_non_exhaustive()
    }
}
