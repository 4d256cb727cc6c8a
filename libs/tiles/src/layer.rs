//! One layer of the map: versions of features, packed and changed.
//!
//! A change goes to the overlay and is in the next tile. The overlay grows until somebody packs the layer anew; until
//! then tiles stay right and become slower.

mod builder;
mod facts;
mod packing;
mod within;

use std::sync::Arc;

use geo_types::Geometry;

pub use builder::LayerBuilder;
pub use facts::{Facts, Size};
pub use packing::{Packing, Repacked, Retired, StalePacking};

use crate::{
    dictionary::{Dictionary, Words},
    overlay::{Closed, ClosedPoint, Overlay},
    packed::Packed,
    record::{LIVE, Record},
    refusal::{CLASSES_MAX, Fault, Refusal},
    settings::{Clustering, SettingsFault},
    shape::{Placed, read},
    tile_id::TileId,
    touched::Touched,
    value::{self, ATTRIBUTES_MAX, Keys, Value},
    world::Rect,
};

/// A feature as it comes in.
#[derive(Debug, Clone, Copy)]
pub struct Feature<'a> {
    /// Becomes the id of the feature in tiles.
    pub id: u64,
    /// Whose right decides it; the layer does not know what it means.
    pub class: u32,
    /// Degrees of WGS-84 or CGCS2000, longitude first. Not across the 180th meridian.
    pub geometry: &'a Geometry<f64>,
    /// What tiles tell of it.
    pub attributes: &'a [(&'a str, Value<'a>)],
}

/// Versions of features, to be drawn as tiles.
#[derive(Debug)]
pub struct Layer {
    clustering: Clustering,
    /// The key that clusters are counted by.
    by: Option<u16>,
    pub(crate) keys: Keys,
    pub(crate) packed: Arc<Packed>,
    pub(crate) overlay: Overlay,
    touched: Touched,
    /// Versions that ended until this moment are forgotten.
    pub(crate) horizon: i64,
    bounds: Option<Rect>,
    live: usize,
    /// Changes since a packing began, and its number.
    journal: Option<Vec<Change>>,
    packings: u64,
}

/// A change that was taken, to be done again on a new pack.
#[derive(Debug)]
enum Change {
    Put {
        id: u64,
        placed: Placed,
        class: u32,
        from: i64,
        row: Box<[u32]>,
    },
    Remove {
        id: u64,
        at: i64,
    },
}

/// The newest that is known of an id.
enum Newest {
    Nothing,
    Ended(i64),
    Fresh(i64),
    Packed(u32, i64),
}

impl Layer {
    /// A layer without features.
    pub fn new(clustering: Clustering) -> Result<Self, SettingsFault> {
        Ok(LayerBuilder::new(clustering)?.finish().0)
    }

    /// How points become clusters.
    pub fn clustering(&self) -> &Clustering {
        &self.clustering
    }

    /// A new version of a feature, from a moment in microseconds on. The one before ends then.
    pub fn put(&mut self, feature: &Feature<'_>, from: i64) -> Result<(), Refusal> {
        self.take(feature, from)
            .map_err(|fault| fault.of(feature.id))
    }

    fn take(&mut self, feature: &Feature<'_>, from: i64) -> Result<(), Fault> {
        check_class(feature.class)?;
        if from == LIVE {
            return Err(Fault::NeverHolds { from, until: LIVE });
        }
        let newest = self.newest(feature.id);
        check_order(&newest, from)?;
        let placed = read(feature.geometry)?;
        let mut row = Vec::with_capacity(feature.attributes.len());
        let mut interner = Interner {
            keys: &mut self.keys,
            earlier: Some(&self.packed.dictionary),
            dictionary: &mut self.overlay.dictionary,
            by: self.by,
        };
        interner.row(feature.attributes, &mut row)?;
        let row: Box<[u32]> = row.into();
        self.note(|| Change::Put {
            id: feature.id,
            placed: placed.clone(),
            class: feature.class,
            from,
            row: row.clone(),
        });
        if let Some(old) = self.close(feature.id, &newest, from) {
            self.touched.mark(old);
        }
        self.touched.mark(placed.bounds());
        self.add(feature.id, &placed, feature.class, from, row);
        Ok(())
    }

    /// Ends a feature at a moment; false if there is no live one of this id.
    pub fn remove(&mut self, id: u64, at: i64) -> Result<bool, Refusal> {
        let newest = self.newest(id);
        if matches!(newest, Newest::Nothing | Newest::Ended(_)) {
            return Ok(false);
        }
        if at == LIVE {
            let fault = Fault::NeverHolds {
                from: at,
                until: LIVE,
            };
            return Err(fault.of(id));
        }
        check_order(&newest, at).map_err(|fault| fault.of(id))?;
        self.note(|| Change::Remove { id, at });
        if let Some(old) = self.close(id, &newest, at) {
            self.touched.mark(old);
        }
        Ok(true)
    }

    fn add(&mut self, id: u64, placed: &Placed, class: u32, from: i64, row: Box<[u32]>) {
        let bounds = placed.bounds();
        self.bounds = Some(self.bounds.map_or(bounds, |known| known.union(bounds)));
        self.live += 1;
        let record = Record {
            class,
            from,
            until: LIVE,
            value: self.counted(&row),
            row,
        };
        self.overlay.add(id, placed, record);
    }

    /// Ends the live version, if there is one, and gives where it was.
    fn close(&mut self, id: u64, newest: &Newest, until: i64) -> Option<Rect> {
        let bounds = match newest {
            Newest::Nothing | Newest::Ended(_) => return None,
            Newest::Fresh(_) => self.overlay.close(id, until),
            Newest::Packed(number, _) => {
                let placed = self.packed.placed(*number);
                let (set, at) = self.packed.locate(*number);
                let records = self.packed.records(set);
                let point = match (&placed, records.classes.get(at)) {
                    (Placed::Point(place), Some(class)) => Some(ClosedPoint {
                        key: place.key(),
                        class: *class,
                        value: self.counted(records.row(at)),
                    }),
                    _ => None,
                };
                let closed = Closed { until, point };
                self.overlay.close_packed(id, *number, closed);
                Some(placed.bounds())
            }
        };
        self.live -= 1;
        bounds
    }

    /// The pair of a row that clusters are counted by.
    pub(crate) fn counted(&self, row: &[u32]) -> Option<u32> {
        let by = self.by?;
        let first = row.first().copied();
        first.filter(|pair| self.words().key(*pair) == by)
    }

    fn newest(&self, id: u64) -> Newest {
        if let Some(from) = self.overlay.live_from(id) {
            return Newest::Fresh(from);
        }
        if let Some(until) = self.overlay.ended(id) {
            return Newest::Ended(until);
        }
        let Some(number) = self.packed.newest(id) else {
            return Newest::Nothing;
        };
        let (from, until) = self.packed.span(number);
        if self.packed.is_live(number) {
            Newest::Packed(number, from)
        } else {
            Newest::Ended(until)
        }
    }

    /// Forgets versions that had ended at a moment or before; gives how many. Tiles of instants before it lack them at
    /// once; their room is freed by the next packing.
    pub fn forget(&mut self, until: i64) -> usize {
        let ended = |end: i64| end > self.horizon && end <= until;
        let packed = [
            &self.packed.past_points.records,
            &self.packed.past_shapes.records,
        ];
        let packed = packed
            .iter()
            .flat_map(|set| (0..set.len()).map(|at| set.until(at)));
        // A version that was replaced at the moment it began has never been.
        let closed = self.overlay.closed.iter();
        let closed = closed.filter(|(number, closed)| self.packed.span(**number).0 < closed.until);
        let closed = closed.map(|(_, closed)| closed.until);
        let points = self.overlay.points.values().map(|record| record.until);
        let shapes = self.overlay.shapes.values().map(|(_, record)| record.until);
        let ends = packed.chain(closed).chain(points).chain(shapes);
        let forgotten = ends.filter(|end| ended(*end)).count();
        self.horizon = self.horizon.max(until);
        if forgotten > 0 {
            self.touched.all();
        }
        forgotten
    }

    /// A number that changes whenever anything in a tile or its buffer may have changed, at any moment of time. It is
    /// one of this layer in this process: a cache that outlives the process must not compare it with an earlier one.
    pub fn version(&self, tile: TileId) -> u64 {
        self.touched.version(tile)
    }

    /// The number of the last change anywhere.
    pub fn last_version(&self) -> u64 {
        self.touched.last()
    }

    pub(crate) fn words(&self) -> Words<'_> {
        Words {
            packed: &self.packed.dictionary,
            fresh: &self.overlay.dictionary,
        }
    }
}

fn check_class(class: u32) -> Result<(), Fault> {
    if class < CLASSES_MAX {
        Ok(())
    } else {
        Err(Fault::Class { class })
    }
}

fn check_order(newest: &Newest, at: i64) -> Result<(), Fault> {
    match *newest {
        Newest::Ended(known) | Newest::Fresh(known) | Newest::Packed(_, known) if at < known => {
            Err(Fault::OutOfOrder { at, known })
        }
        _ => Ok(()),
    }
}

/// Turns attributes into rows of pairs.
struct Interner<'a> {
    keys: &'a mut Keys,
    earlier: Option<&'a Dictionary>,
    dictionary: &'a mut Dictionary,
    by: Option<u16>,
}

impl Interner<'_> {
    /// The pair that clusters are counted by comes first.
    fn row(&mut self, attributes: &[(&str, Value<'_>)], row: &mut Vec<u32>) -> Result<(), Fault> {
        row.clear();
        if attributes.len() > ATTRIBUTES_MAX {
            return Err(Fault::TooManyAttributes);
        }
        for (number, (name, value)) in attributes.iter().enumerate() {
            let earlier = attributes.get(..number).unwrap_or_default();
            if earlier.iter().any(|(other, _)| other == name) {
                let key = (*name).to_owned();
                return Err(Fault::Key { key });
            }
            value::check(name, *value)?;
        }
        for (name, value) in attributes {
            let key = self.keys.intern(name)?;
            let pair = self.dictionary.intern(self.earlier, key, *value)?;
            self.keys.see(key, *value);
            row.push(pair);
            if Some(key) == self.by {
                row.rotate_right(1);
            }
        }
        Ok(())
    }
}
