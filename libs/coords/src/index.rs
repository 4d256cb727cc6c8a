//! In which of many rings does a point lie?
//!
//! The bounds of all rings are cut into equal cells; each cell lists the rings whose bounds touch
//! it, so that only a handful of them is asked.

use crate::{
    lon_lat::LonLat,
    ring::{Bounds, Ring},
};

/// Cells for each ring: with four, a cell of a tessellation lists few rings but its neighbours.
const CELLS_PER_RING: usize = 4;
/// Cells along one side at most.
const SIDE_MAX: usize = 512;

/// Rings with something attached to each, for looking up by point. It never changes.
#[derive(Debug, Clone)]
pub struct GridIndex<T> {
    rings: Vec<(Ring, T)>,
    cells: Cells,
    /// Where each cell's list begins in `listed`, and one more for the end.
    begins: Vec<u32>,
    listed: Vec<u32>,
}

#[derive(Debug, Clone)]
struct Cells {
    bounds: Bounds,
    side: usize,
}

impl<T> GridIndex<T> {
    /// An index of rings, which may overlap; earlier ones are found first.
    pub fn new(rings: Vec<(Ring, T)>) -> Self {
        let bounds = rings.iter().map(|(ring, _)| ring.bounds());
        let bounds = bounds.reduce(|all, bounds| all.join(&bounds));
        let bounds = bounds.unwrap_or(Bounds {
            west: 0.0,
            south: 0.0,
            east: 0.0,
            north: 0.0,
        });
        let side = (rings.len() * CELLS_PER_RING).isqrt().clamp(1, SIDE_MAX);
        let cells = Cells { bounds, side };
        let mut lists = vec![Vec::new(); side * side];
        for (number, (ring, _)) in (0_u32..).zip(&rings) {
            for cell in cells.touched(ring.bounds()) {
                if let Some(list) = lists.get_mut(cell) {
                    list.push(number);
                }
            }
        }
        let lengths = lists.iter().scan(0, |end, list| {
            *end += list.len() as u32;
            Some(*end)
        });
        let begins = [0].into_iter().chain(lengths).collect();
        Self {
            rings,
            cells,
            begins,
            listed: lists.concat(),
        }
    }

    /// What is attached to the first ring that holds the point.
    pub fn find(&self, point: LonLat) -> Option<&T> {
        self.find_all(point).next()
    }

    /// What is attached to each ring that holds the point, in the order of the rings.
    pub fn find_all(&self, point: LonLat) -> impl Iterator<Item = &T> {
        let near = self.listed_at(point).iter();
        let near = near.filter_map(|number| self.rings.get(*number as usize));
        near.filter(move |(ring, _)| ring.contains(point))
            .map(|(_, attached)| attached)
    }

    /// The rectangle around all rings.
    pub fn bounds(&self) -> Bounds {
        self.cells.bounds
    }

    /// All rings and what is attached to them.
    pub fn iter(&self) -> impl Iterator<Item = (&Ring, &T)> {
        self.rings.iter().map(|(ring, attached)| (ring, attached))
    }

    /// How many rings there are.
    pub fn len(&self) -> usize {
        self.rings.len()
    }

    /// Is there no ring at all?
    pub fn is_empty(&self) -> bool {
        self.rings.is_empty()
    }

    fn listed_at(&self, point: LonLat) -> &[u32] {
        if !self.cells.bounds.contains(point) {
            return &[];
        }
        let cell = self.cells.of(point);
        let ends = self.begins.get(cell).zip(self.begins.get(cell + 1));
        let list = ends.and_then(|(begin, end)| self.listed.get(*begin as usize..*end as usize));
        list.unwrap_or_default()
    }
}

impl Cells {
    fn column(&self, lon: f64) -> usize {
        place(lon, self.bounds.west, self.bounds.east, self.side)
    }

    fn row(&self, lat: f64) -> usize {
        place(lat, self.bounds.south, self.bounds.north, self.side)
    }

    fn of(&self, point: LonLat) -> usize {
        self.row(point.lat) * self.side + self.column(point.lon)
    }

    fn touched(&self, bounds: Bounds) -> impl Iterator<Item = usize> {
        let rows = self.row(bounds.south)..=self.row(bounds.north);
        let columns = self.column(bounds.west)..=self.column(bounds.east);
        rows.flat_map(move |row| columns.clone().map(move |column| row * self.side + column))
    }
}

/// Which of `side` equal parts of a stretch a number lies in; growing with the number, so that a
/// point within bounds lies in a cell that the bounds touch.
fn place(number: f64, from: f64, to: f64, side: usize) -> usize {
    let part = (number - from) / (to - from) * side as f64;
    (part as usize).min(side - 1)
}
