//! What is kept of one object and one fence.

use serde::{Deserialize, Serialize};
use yiwang_coords::LonLat;

use crate::fence::Fence;

/// The state of an object towards a fence that it is inside, near or bound to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// The place of the fence in the tracker.
    #[serde(skip)]
    pub(crate) fence: u32,
    pub(crate) is_inside: bool,
    /// When the present side began.
    pub(crate) since: i64,
    /// A change of side that does not count yet.
    pub(crate) pending: Option<Pending>,
    /// When the fence may cease to be in force.
    pub(crate) off_edge: i64,
    /// When forbidden hours may begin or end.
    pub(crate) forbidden_edge: i64,
    /// Being too fast.
    pub(crate) over: Option<Over>,
    pub(crate) told: Told,
    /// Beyond the border at the last fix.
    pub(crate) off_m: f64,
    /// The most of it on this side.
    pub(crate) off_m_max: f64,
    /// The instant at which this watch stands in the queue; nothing need be due then.
    #[serde(skip)]
    pub(crate) queued: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pending {
    /// The crossing.
    pub(crate) since: i64,
    pub(crate) place: LonLat,
    pub(crate) is_interpolated: bool,
    /// The first fix that says so.
    pub(crate) first: i64,
    pub(crate) fixes: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Over {
    pub(crate) since: i64,
    pub(crate) kmh_max: f64,
}

/// What was told and has not ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told(u8);

impl Told {
    pub(crate) const DWELLED: Self = Self(1);
    pub(crate) const OFF_ROUTE: Self = Self(2);
    pub(crate) const OVERSPEED: Self = Self(4);
    pub(crate) const FORBIDDEN: Self = Self(8);
    pub(crate) const SILENT: Self = Self(16);

    pub(crate) fn has(self, one: Self) -> bool {
        self.0 & one.0 != 0
    }

    /// Says whether it had not been told.
    pub(crate) fn add(&mut self, one: Self) -> bool {
        let is_new = !self.has(one);
        self.0 |= one.0;
        is_new
    }

    /// Says whether it had been told.
    pub(crate) fn take(&mut self, one: Self) -> bool {
        let was = self.has(one);
        self.0 &= !one.0;
        was
    }
}

/// What time alone brings about; of one instant in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    Dwell,
    OffRoute,
    Forbidden,
    Silent,
    OffForce,
}

impl Watch {
    /// Outside since then.
    pub(crate) fn new(fence: u32, since: i64, off_edge: i64) -> Self {
        Self {
            fence,
            is_inside: false,
            since,
            pending: None,
            off_edge,
            forbidden_edge: i64::MAX,
            over: None,
            told: Told::default(),
            off_m: 0.0,
            off_m_max: 0.0,
            queued: None,
        }
    }

    /// Is there anything to keep?
    pub(crate) fn matters(&self, fence: &Fence) -> bool {
        self.is_inside || self.pending.is_some() || fence.is_route()
    }

    /// What comes next if nothing is heard after `heard`. While a change of side is pending, what became due on this
    /// side after the crossing waits until it is known on which side the object is.
    pub(crate) fn next(&self, fence: &Fence, heard: i64) -> Option<(i64, Due)> {
        let known = self.pending.map_or(i64::MAX, |pending| pending.since);
        let after = |length: Option<i64>, from: i64, told: Told| {
            let length = length.filter(|_| !self.told.has(told))?;
            Some(from.saturating_add(length))
        };
        let on_side = |due: Option<i64>| due.filter(|due| *due <= known);
        let mut next = (self.off_edge, Due::OffForce);
        let mut consider = |at: Option<i64>, due: Due| {
            if let Some(at) = at {
                next = next.min((at, due));
            }
        };
        if self.is_inside {
            let dwell = after(fence.dwell_micros(), self.since, Told::DWELLED);
            consider(on_side(dwell), Due::Dwell);
            consider(on_side(Some(self.forbidden_edge)), Due::Forbidden);
            let silent = after(fence.silent_micros(), heard, Told::SILENT);
            consider(silent, Due::Silent);
        } else {
            let off = after(fence.off_route_micros(), self.since, Told::OFF_ROUTE);
            consider(on_side(off), Due::OffRoute);
        }
        Some(next).filter(|(at, _)| *at != i64::MAX)
    }
}
