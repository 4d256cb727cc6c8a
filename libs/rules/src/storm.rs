//! Many alarms at once, made bearable: alarms of one matter in one area become a storm with members, alarms that
//! follow from another are suppressed, alarms that come and go are marked as chattering.
//!
//! All three are told of alarms as they are raised and end; none of them looks at samples. `K` names an alarm, in a
//! form that is the same when it ends as when it was raised.

mod chatter;
mod parents;
mod storms;

pub use chatter::{Chatter, ChatterLimit};
pub use parents::{ParentChange, Parents};
pub use storms::{StandingStorm, StormChange, StormLimits, Storms};
