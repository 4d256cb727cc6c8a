//! What lies in a rectangle, for those who read rows and not tiles.

#![expect(
    clippy::indexing_slicing,
    reason = "numbers of versions come from the sets that hold them"
)]

use super::Layer;
use crate::{
    class_set::Permitted,
    descent::descend,
    record::LIVE,
    tile_id::Bounds,
    world::{Rect, World},
};

/// Beyond these degrees there is no map.
const LAT_MAX: f64 = 85.05;
const LON_MAX: f64 = 179.999_999_9;

impl Layer {
    /// The ids of all that lives, may be seen, and is in or near a rectangle, in order of id. Lines and areas are there
    /// if the rectangle around them meets it.
    pub fn within(&self, bounds: Bounds, permitted: Permitted<'_>) -> Vec<u64> {
        let Some(rect) = rect_of(bounds) else {
            return Vec::new();
        };
        let mut ids = Vec::new();
        self.points_within(rect, permitted, &mut ids);
        self.shapes_within(rect, permitted, &mut ids);
        ids.sort_unstable();
        ids
    }

    fn points_within(&self, rect: Rect, permitted: Permitted<'_>, ids: &mut Vec<u64>) {
        let (set, overlay) = (&self.packed.live_points, &self.overlay);
        descend(&set.keys, rect, &mut |range, whole| {
            for at in range {
                let is_in = whole || rect.holds(World::from_key(set.keys[at]));
                let is_seen = permitted.allows(set.records.classes[at]);
                if is_in && is_seen && !overlay.is_closed(at) {
                    ids.push(set.records.ids[at]);
                }
            }
        });
        for ((key, id, _), record) in &overlay.points {
            let is_in = rect.holds(World::from_key(*key));
            if is_in && record.until == LIVE && permitted.allows(record.class) {
                ids.push(*id);
            }
        }
    }

    fn shapes_within(&self, rect: Rect, permitted: Permitted<'_>, ids: &mut Vec<u64>) {
        let (set, overlay) = (&self.packed.live_shapes, &self.overlay);
        let start = self.packed.shapes_start();
        set.meeting(rect, |at| {
            let is_seen = permitted.allows(set.records.classes[at]);
            if is_seen && overlay.closed_at(start + at).is_none() {
                ids.push(set.records.ids[at]);
            }
        });
        for ((id, _), (shape, record)) in &overlay.shapes {
            let is_in = shape.bounds.meets(rect);
            if is_in && record.until == LIVE && permitted.allows(record.class) {
                ids.push(*id);
            }
        }
    }
}

fn rect_of(bounds: Bounds) -> Option<Rect> {
    let place = |lon: f64, lat: f64| {
        let (lon, lat) = (lon.clamp(-LON_MAX, LON_MAX), lat.clamp(-LAT_MAX, LAT_MAX));
        World::from_lon_lat(lon, lat).ok()
    };
    // The map's rows go from north to south.
    let min = place(bounds.west, bounds.north)?;
    let max = place(bounds.east, bounds.south)?;
    (min.x <= max.x && min.y <= max.y).then_some(Rect { min, max })
}

#[cfg(test)]
mod tests {
    use geo_types::{Geometry, line_string, point};

    use super::*;
    use crate::{Clustering, Feature};

    #[test]
    fn it_is_what_lives_and_may_be_seen_there() {
        let mut layer = Layer::new(Clustering::default()).unwrap();
        let road: Geometry<f64> = line_string![(x: 120.0, y: 31.0), (x: 121.0, y: 32.0)].into();
        let put = |layer: &mut Layer, id, class, geometry: &Geometry<f64>| {
            let feature = Feature {
                id,
                class,
                geometry,
                attributes: &[],
            };
            layer.put(&feature, 1).unwrap();
        };
        for id in 1..=6_u64 {
            let place = point!(x: 120.0 + id as f64 / 10.0, y: 31.9);
            put(&mut layer, id, (id % 2) as u32, &place.into());
        }
        put(&mut layer, 9, 0, &road);
        let here = Bounds {
            west: 120.15,
            south: 31.8,
            east: 120.55,
            north: 32.0,
        };
        let even = [0].into_iter().collect();
        for _ in 0..2 {
            assert_eq!(layer.within(here, Permitted::All), [2, 3, 4, 5, 9]);
            assert_eq!(layer.within(here, Permitted::Only(&even)), [2, 4, 9]);
            layer.pack();
        }
        layer.remove(3, 2).unwrap();
        layer.remove(9, 2).unwrap();
        put(&mut layer, 7, 1, &point!(x: 120.2, y: 31.85).into());
        assert_eq!(layer.within(here, Permitted::All), [2, 4, 5, 7]);
        let nowhere = Bounds {
            west: 121.0,
            east: 120.0,
            ..here
        };
        assert_eq!(layer.within(nowhere, Permitted::All), [0; 0]);
    }
}
