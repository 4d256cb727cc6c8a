//! When and where a border was crossed.

use crate::{
    fence::{Fence, micros},
    fix::{Fix, SECOND},
    watch::{Pending, Watch},
};

use super::Judge;

/// Crossings are found to this: a truck goes less far meanwhile than its receiver errs.
const EXACT: i64 = SECOND / 20;

impl Judge<'_> {
    /// The crossing on the straight way from the fix before, at even speed. It is the fix itself where the one before
    /// says nothing: none, too long ago, not accurate enough, the fence not in force, or not on the other side.
    pub(super) fn crossing(&self, fence: &Fence, watch: &Watch, fix: &Fix) -> Pending {
        let plain = Pending {
            since: fix.time,
            place: fix.place,
            is_interpolated: false,
            first: fix.time,
            fixes: 1,
        };
        let gap = micros(Some(self.settings.gap_seconds)).unwrap_or_default();
        let is_going_out = watch.is_inside;
        let is_of_use = |last: &&Fix| {
            fix.time - last.time <= gap
                && !fence.is_too_rough(last)
                && fence.holds(last.place, is_going_out) == is_going_out
                && fence.in_force(last.time, self.settings).0
        };
        let Some(last) = self.last.filter(is_of_use) else {
            return plain;
        };
        let (mut before, mut after) = (0.0, 1.0);
        let mut lapse = fix.time - last.time;
        while lapse > EXACT {
            lapse /= 2;
            let middle = f64::midpoint(before, after);
            let place = last.place.toward(fix.place, middle);
            if fence.holds(place, is_going_out) == is_going_out {
                before = middle;
            } else {
                after = middle;
            }
        }
        let since = last.time + ((fix.time - last.time) as f64 * after) as i64;
        Pending {
            since: since.max(watch.since),
            place: last.place.toward(fix.place, after),
            is_interpolated: true,
            ..plain
        }
    }
}
