#![doc = include_str!("../README.md")]

mod agreement;
mod backtest;
mod carry;
mod compile;
mod diagnostic;
mod duration;
mod engine;
mod era;
mod judge;
mod language;
mod operands;
mod profile;
mod program;
mod rule_set;
mod series;
mod spec;
mod state;
mod storm;
mod text_form;
mod transition;
mod window;

pub use agreement::{Agreements, GroupChange, GroupTransition, StandingVote};
pub use backtest::{Episode, Episodes, Label, Replay, Score, compare, replay};
pub use carry::{Carried, Known};
pub use diagnostic::{Diagnostic, Place, Weight};
pub use duration::{Duration, DurationFault};
pub use era::WorkedDays;
pub use profile::{Profile, Property};
pub use rule_set::{CompiledLevel, CompiledRule, RuleSet, Sample, Settings};
pub use spec::{
    Accepts, Agreement, Bound, Clock, ClockFault, Count, Dated, DaySet, Hours, Level, Moment,
    MomentFault, Param, Rule, Schedule, Severity, Title, Until, Weekday,
};
pub use state::{Counts, ObjectState};
pub use storm::{
    Chatter, ChatterLimit, ParentChange, Parents, StandingStorm, StormChange, StormLimits, Storms,
};
pub use transition::{Alarm, Change, Clearing, Explanation, Reading, Transition};
