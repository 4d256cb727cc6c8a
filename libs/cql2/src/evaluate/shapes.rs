//! How two shapes lie to each other, by the nine-intersection model; degrees are taken as a plane.

use geo::{BoundingRect as _, Relate as _};

use crate::Value;
use crate::expression::SpatialRelation;

/// Not known where one of them is no shape.
pub(super) fn lie(relation: SpatialRelation, a: &Value<'_>, b: &Value<'_>) -> Option<bool> {
    let (Value::Shape(a), Value::Shape(b)) = (a, b) else {
        return None;
    };
    let (near, other) = (a.bounding_rect()?, b.bounding_rect()?);
    let is_apart = near.max().x < other.min().x
        || other.max().x < near.min().x
        || near.max().y < other.min().y
        || other.max().y < near.min().y;
    if is_apart {
        return Some(relation == SpatialRelation::Disjoint);
    }
    let matrix = a.as_ref().relate(b.as_ref());
    Some(match relation {
        SpatialRelation::Intersects => matrix.is_intersects(),
        SpatialRelation::Equals => matrix.is_equal_topo(),
        SpatialRelation::Disjoint => matrix.is_disjoint(),
        SpatialRelation::Touches => matrix.is_touches(),
        SpatialRelation::Within => matrix.is_within(),
        SpatialRelation::Overlaps => matrix.is_overlaps(),
        SpatialRelation::Crosses => matrix.is_crosses(),
        SpatialRelation::Contains => matrix.is_contains(),
    })
}
