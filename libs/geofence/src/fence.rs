//! A fence made ready for judging.

use std::sync::Arc;

use yiwang_coords::{Bounds, LonLat, Plane};

use crate::{
    fix::{Fix, SECOND},
    settings::Settings,
    shape::Shape,
    spec::{FenceFault, FenceSpec, Rules},
};

#[derive(Debug, Clone)]
pub(crate) struct Fence {
    pub(crate) id: Arc<str>,
    pub(crate) spec: FenceSpec,
    pub(crate) shape: Shape,
    bounds: Bounds,
    width_m: f64,
    /// Of the tags that it concerns, in rising order.
    pub(crate) tags: Vec<u32>,
}

impl Fence {
    pub(crate) fn new(spec: FenceSpec) -> Result<Self, Vec<FenceFault>> {
        let shape = spec.check()?;
        let bounds = shape.boxes().into_iter();
        let bounds = bounds.reduce(|all, bounds| all.join(&bounds));
        Ok(Self {
            id: spec.id.as_str().into(),
            bounds: bounds.expect("a shape has at least one part"),
            width_m: shape.width_m(),
            shape,
            spec,
            tags: Vec::new(),
        })
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.spec.rules
    }

    pub(crate) fn is_for_all(&self) -> bool {
        self.spec.concerns.objects.is_empty() && self.spec.concerns.tags.is_empty()
    }

    /// Is it found by where it is, and not only by who is named?
    pub(crate) fn is_mapped(&self) -> bool {
        self.is_for_all() || !self.spec.concerns.tags.is_empty()
    }

    /// Must it be looked at wherever its objects are?
    pub(crate) fn is_route(&self) -> bool {
        self.spec.rules.off_route.is_some()
    }

    pub(crate) fn contains(&self, place: LonLat) -> bool {
        self.bounds.contains(place) && self.shape.contains(place)
    }

    pub(crate) fn outside_m(&self, plane: &Plane) -> f64 {
        self.shape.outside_m(plane)
    }

    /// Is the point on the side of the border that counts as inside: for coming in, or for not yet having gone out?
    pub(crate) fn holds(&self, place: LonLat, is_going_out: bool) -> bool {
        if is_going_out {
            self.shape.is_within(place, self.spec.border.hysteresis_m)
        } else {
            self.contains(place)
        }
    }

    pub(crate) fn is_too_rough(&self, fix: &Fix) -> bool {
        fix.accuracy_m
            .is_some_and(|accuracy| accuracy > self.width_m)
    }

    /// Whether it is in force at an instant, and the next instant at which that may change.
    pub(crate) fn in_force(&self, at: i64, settings: &Settings) -> (bool, i64) {
        let (from, until) = (self.spec.from, self.spec.until);
        if let Some(from) = from.filter(|from| at < *from) {
            return (false, from);
        }
        if until.is_some_and(|until| at >= until) {
            return (false, i64::MAX);
        }
        let scheduled = self.spec.schedule.as_ref();
        let (is_on, edge) =
            scheduled.map_or((true, i64::MAX), |hours| settings.hours_at(hours, at));
        (is_on, edge.min(until.unwrap_or(i64::MAX)))
    }

    /// Whether its hours forbid being inside at an instant, and when that may change.
    pub(crate) fn forbids(&self, at: i64, settings: &Settings) -> (bool, i64) {
        let forbidden = self.rules().forbidden.as_ref();
        forbidden.map_or((false, i64::MAX), |hours| settings.hours_at(hours, at))
    }

    pub(crate) fn off_route_micros(&self) -> Option<i64> {
        micros(self.rules().off_route.as_ref()?.seconds)
    }

    pub(crate) fn dwell_micros(&self) -> Option<i64> {
        micros(self.rules().dwell_seconds)
    }

    pub(crate) fn silent_micros(&self) -> Option<i64> {
        micros(self.rules().silent_seconds)
    }
}

pub(crate) fn micros(seconds: Option<u32>) -> Option<i64> {
    seconds.map(|seconds| i64::from(seconds) * SECOND)
}
