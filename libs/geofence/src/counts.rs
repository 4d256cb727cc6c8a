//! What became of the fixes that came in.

use serde::{Deserialize, Serialize};

/// Why a fix moved nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ignored {
    /// The device does not believe it, or it is no place on earth.
    NoPosition,
    /// Its time lies outside of 1970 to 2200, or too far ahead of the last `tick`.
    UnlikelyTime,
    /// Older than the last fix of its object.
    Late,
    /// As old as the last fix of its object.
    Repeated,
    /// Farther from the last fix than anything moves in that time.
    Jump,
    /// Of an object that is not known, and there is no room for one more.
    NoRoom,
    /// The id of its object is empty or longer than 200 bytes.
    NoObject,
}

/// Fixes by what became of them. `received` is `taken` and all of `no_position` to `no_object`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// All.
    pub received: u64,
    /// Those that are now, or once were, the last of their object.
    pub taken: u64,
    /// See [`Ignored`].
    pub no_position: u64,
    /// See [`Ignored`].
    pub unlikely_time: u64,
    /// See [`Ignored`].
    pub late: u64,
    /// See [`Ignored`].
    pub repeated: u64,
    /// See [`Ignored`].
    pub jump: u64,
    /// See [`Ignored`].
    pub no_room: u64,
    /// See [`Ignored`].
    pub no_object: u64,
    /// Pairs of a taken fix and a fence that is narrower than the fix is accurate: the fence did not look at it.
    pub inaccurate: u64,
    /// Pairs of a taken fix and a fence that would have been watched, had the object not too many already.
    pub unwatched: u64,
}

impl Counts {
    pub(crate) fn ignore(&mut self, why: Ignored) {
        let count = match why {
            Ignored::NoPosition => &mut self.no_position,
            Ignored::UnlikelyTime => &mut self.unlikely_time,
            Ignored::Late => &mut self.late,
            Ignored::Repeated => &mut self.repeated,
            Ignored::Jump => &mut self.jump,
            Ignored::NoRoom => &mut self.no_room,
            Ignored::NoObject => &mut self.no_object,
        };
        *count += 1;
    }
}
