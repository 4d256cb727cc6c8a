//! What is wrong with a fence: all of it at once, each fault with its place.

use yiwang_coords::{LineFault, PolygonFault, RingFault};

use super::{FenceSpec, Rules};
use yiwang_worktime::Schedule;

use crate::shape::Shape;

const ID_BYTES_MAX: usize = 200;
const OBJECTS_MAX: usize = 10_000;
const TAGS_MAX: usize = 1_000;
const HOURS_MAX: usize = 100;
const HYSTERESIS_MAX_M: f64 = 10_000.0;

/// One fault of a fence.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct FenceFault {
    /// Where, as `outline.coordinates[0][1]`.
    pub path: String,
    /// What.
    pub problem: Problem,
}

/// What can be wrong with a fence.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Problem {
    /// Of a ring of a polygon.
    #[error(transparent)]
    Ring(#[from] RingFault),
    /// Of a polygon.
    #[error(transparent)]
    Polygon(#[from] PolygonFault),
    /// Of a line of a corridor.
    #[error(transparent)]
    Line(#[from] LineFault),
    /// Not a point.
    #[error("a point is written [lon, lat], within -180..180 and -90..90")]
    Point,
    /// Nothing where something must be.
    #[error("must not be empty")]
    Empty,
    /// Too much of it.
    #[error("at most {0} are allowed")]
    TooMany(usize),
    /// A number out of bounds.
    #[error("must be above {above} and at most {most}")]
    Bounds {
        /// Not itself allowed.
        above: f64,
        /// Allowed.
        most: f64,
    },
    /// A number out of a range.
    #[error("must be from {least} to {most}")]
    Range {
        /// Allowed.
        least: f64,
        /// Allowed.
        most: f64,
    },
    /// It ends before it begins.
    #[error("must be later than `from`")]
    Order,
    /// A rule of routes for everybody would bind whoever is anywhere.
    #[error("name objects or tags in `concerns`: a route is not for all")]
    ForAll,
    /// Neither a time nor a distance.
    #[error("give `seconds`, `metres` or both")]
    Neither,
}

/// Faults as they are found.
#[derive(Debug, Default)]
pub(crate) struct Faults(pub(crate) Vec<FenceFault>);

impl Faults {
    pub(crate) fn add(&mut self, path: impl Into<String>, problem: impl Into<Problem>) {
        self.0.push(FenceFault {
            path: path.into(),
            problem: problem.into(),
        });
    }

    pub(crate) fn within(&mut self, path: &str, number: f64, above: f64, most: f64) {
        // Written so that what is no number is a fault.
        if !(number > above && number <= most) {
            self.add(path, Problem::Bounds { above, most });
        }
    }

    fn counted(&mut self, path: &str, count: usize, most: usize) {
        if count > most {
            self.add(path, Problem::TooMany(most));
        }
    }

    fn schedule(&mut self, path: &str, schedule: Option<&Schedule>) {
        let Some(schedule) = schedule else { return };
        let path = format!("{path}.hours");
        if schedule.hours.is_empty() {
            self.add(&path, Problem::Empty);
        }
        self.counted(&path, schedule.hours.len(), HOURS_MAX);
    }
}

impl FenceSpec {
    /// The ground of a fence, or all that is wrong with the fence.
    pub(crate) fn check(&self) -> Result<Shape, Vec<FenceFault>> {
        let mut faults = Faults::default();
        let shape = Shape::new(&self.outline, &mut faults);
        if self.id.is_empty() {
            faults.add("id", Problem::Empty);
        }
        faults.counted("id", self.id.len(), ID_BYTES_MAX);
        let concerns = &self.concerns;
        faults.counted("concerns.objects", concerns.objects.len(), OBJECTS_MAX);
        faults.counted("concerns.tags", concerns.tags.len(), TAGS_MAX);
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until <= from
        {
            faults.add("until", Problem::Order);
        }
        faults.schedule("schedule", self.schedule.as_ref());
        let hysteresis = self.border.hysteresis_m;
        if !(0.0..=HYSTERESIS_MAX_M).contains(&hysteresis) {
            let (least, most) = (0.0, HYSTERESIS_MAX_M);
            faults.add("border.hysteresis_m", Problem::Range { least, most });
        }
        self.rules.check(&mut faults);
        let is_for_all = concerns.objects.is_empty() && concerns.tags.is_empty();
        if self.rules.off_route.is_some() && is_for_all {
            faults.add("rules.off_route", Problem::ForAll);
        }
        match shape {
            Some(shape) if faults.0.is_empty() => Ok(shape),
            _ => Err(faults.0),
        }
    }
}

impl Rules {
    fn check(&self, faults: &mut Faults) {
        let most = f64::from(u32::MAX);
        let lengths = [
            ("rules.dwell_seconds", self.dwell_seconds),
            ("rules.silent_seconds", self.silent_seconds),
        ];
        for (path, seconds) in lengths {
            if let Some(seconds) = seconds {
                faults.within(path, f64::from(seconds), 0.0, most);
            }
        }
        if let Some(off) = &self.off_route {
            if off.seconds.is_none() && off.metres.is_none() {
                faults.add("rules.off_route", Problem::Neither);
            }
            if let Some(metres) = off.metres {
                faults.within("rules.off_route.metres", metres, 0.0, 1e7);
            }
        }
        if let Some(limit) = &self.overspeed {
            faults.within("rules.overspeed.kmh", limit.kmh, 0.0, 1_000.0);
        }
        faults.schedule("rules.forbidden", self.forbidden.as_ref());
    }
}
