#![doc = include_str!("../README.md")]

mod counts;
mod event;
mod fence;
mod fix;
mod grid;
mod judge;
mod settings;
mod shape;
mod spec;
mod tracker;
mod trail;
mod watch;

pub use counts::{Counts, Ignored};
pub use event::{Cause, Event, EventKind, Figures};
pub use fix::Fix;
pub use settings::{Settings, WorkedDays};
pub use spec::{
    Border, Concerns, FenceFault, FenceSpec, OffRoute, Outline, Point, Problem, Rules, SpeedLimit,
};
pub use tracker::{
    ObjectFault, PutFault, RestoreFault, Saved, SavedObject, SavedWatch, Size, Tracker,
};
pub use trail::{Stop, Trail, TrailPoint, TrailSettings, Trails, trails};
pub use watch::Watch;
pub use yiwang_worktime::{Clock, ClockFault, DaySet, Hours, Schedule, Weekday};
