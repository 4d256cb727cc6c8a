//! A way along the ground: a road, a river, a route.

use crate::{chain::Chain, lon_lat::LonLat, plane::Plane, ring::Bounds};

/// More points than this belong in a map.
const POINTS_MAX: usize = 100_000;

/// Straight stretches from point to point.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    chain: Chain,
    /// Metres from the beginning to each point.
    marks: Vec<f64>,
}

/// Why points are no line.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LineFault {
    /// A number that is no degree.
    #[error("point {0} of a line is not within -180..180 and -90..90")]
    OutOfRange(usize),
    /// It leads nowhere.
    #[error("a line needs two different points")]
    TooFew,
    /// More than 100,000 points.
    #[error("a line has at most 100000 points")]
    TooMany,
}

/// Where a line is nearest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnLine {
    /// How far the line is.
    pub distance_m: f64,
    /// From the beginning of the line to there, along it.
    pub along_m: f64,
    /// There.
    pub place: LonLat,
}

impl Line {
    /// A line from its points.
    pub fn new(points: Vec<LonLat>) -> Result<Self, LineFault> {
        if points.len() > POINTS_MAX {
            return Err(LineFault::TooMany);
        }
        if let Some(index) = points.iter().position(|point| !point.is_valid()) {
            return Err(LineFault::OutOfRange(index + 1));
        }
        let chain = Chain::new(points);
        let mut marks = vec![0.0];
        let mut length = 0.0;
        for (from, to) in chain.edges() {
            length += from.distance_m(to);
            marks.push(length);
        }
        if length == 0.0 {
            return Err(LineFault::TooFew);
        }
        Ok(Self { chain, marks })
    }

    /// Its points.
    pub fn points(&self) -> &[LonLat] {
        self.chain.points()
    }

    /// Its stretches, from beginning to end.
    pub fn stretches(&self) -> impl Iterator<Item = (LonLat, LonLat)> {
        self.chain.edges()
    }

    /// The rectangle around it.
    pub fn bounds(&self) -> Bounds {
        self.chain.bounds()
    }

    /// From beginning to end.
    pub fn length_m(&self) -> f64 {
        self.marks.last().copied().unwrap_or_default()
    }

    /// How far it is from the origin of a plane.
    pub fn distance_m(&self, plane: &Plane) -> f64 {
        self.chain.nearest(plane).distance_m
    }

    /// Is it so near to the origin of a plane? Far cheaper than to ask how near.
    pub fn is_within(&self, plane: &Plane, distance_m: f64) -> bool {
        self.chain.is_within(plane, distance_m)
    }

    /// Where it is nearest to the origin of a plane; of places equally near, the first.
    pub fn nearest(&self, plane: &Plane) -> OnLine {
        let nearest = self.chain.nearest(plane);
        let point = |index: usize| self.points().get(index).copied().unwrap_or(plane.origin());
        let mark = |index: usize| self.marks.get(index).copied().unwrap_or_default();
        let (from, to) = (point(nearest.edge), point(nearest.edge + 1));
        let (begin, end) = (mark(nearest.edge), mark(nearest.edge + 1));
        OnLine {
            distance_m: nearest.distance_m,
            along_m: begin + (end - begin) * nearest.part,
            place: from.toward(to, nearest.part),
        }
    }
}
