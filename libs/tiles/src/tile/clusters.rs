//! Points added up by cells that lie fixed on the world.

use hashbrown::{HashMap, HashSet};

use super::{
    Drawing,
    grid::{Cell, Grid},
    points::Hit,
    rank_limit, scatter,
};
use crate::{
    descent::descend,
    dictionary::Words,
    mvt::GeometryKind,
    packed::levels::Level,
    record::Record,
    refusal::COUNT_KEY,
    value::Value,
    world::{Rect, World},
};

/// The most values that a tile counts by name; members with rarer ones are counted together, as `state:*`.
pub const VALUES_COUNTED_MAX: usize = 32;

/// What stands for a cell.
#[derive(Clone, Copy)]
enum Stand {
    Single(Hit),
    Cluster(World, u32),
}

struct Standing {
    cell: u32,
    rank: u64,
    stand: Stand,
}

/// For each cluster, the keys of the values among its members and how many have each.
type Counts = HashMap<u32, Vec<(u32, u32)>>;

impl<'a> Drawing<'a> {
    pub(super) fn clusters(&mut self) {
        let bits = self.layer.clustering().cell_bits(self.tile.z());
        let mut grid = Grid::new(self.window.rect, bits);
        let level = self.packed.levels.iter().find(|level| level.bits == bits);
        match level.filter(|_| self.at.is_none()) {
            Some(level) => self.add_level(&mut grid, level),
            None => self.add_packed(&mut grid),
        }
        let fresh = self.add_fresh(&mut grid);
        let mut standing: Vec<Standing> = grid
            .cells()
            .filter_map(|(number, cell)| self.stand(&grid, number, cell, &fresh))
            .collect();
        let limit = rank_limit(standing.iter().map(|each| each.rank), self.room());
        standing.retain(|each| {
            let stays = limit.is_none_or(|limit| each.rank < limit);
            if !stays {
                self.left_out += match each.stand {
                    Stand::Single(_) => 1,
                    Stand::Cluster(_, count) => u64::from(count),
                };
            }
            stays
        });
        self.write_standing(&mut grid, &standing, &fresh);
    }

    fn add_level(&self, grid: &mut Grid, level: &Level) {
        let rect = grid.cells_rect();
        descend(&level.cells, rect, &mut |range, whole| {
            for at in range {
                let cell = level.cells.get(at).copied().unwrap_or_default();
                if !whole && !rect.holds(World::from_key(cell)) {
                    continue;
                }
                for group in level.groups(at) {
                    if self.permitted.allows(group.class) {
                        grid.add_group(cell, group);
                    }
                }
            }
        });
        let units = grid.units_rect();
        let closed = self.layer.overlay.closed.values();
        for point in closed.filter_map(|closed| closed.point) {
            if self.permitted.allows(point.class) && units.holds(World::from_key(point.key)) {
                grid.take(point.key, point.value);
            }
        }
    }

    fn add_packed(&self, grid: &mut Grid) {
        self.each_packed(grid.units_rect(), |key, number| {
            grid.add(key, number, self.layer.counted(self.row_of(number, &[])));
        });
    }

    fn add_fresh(&self, grid: &mut Grid) -> Vec<(u64, &'a Record)> {
        let mut fresh = Vec::new();
        let start = self.packed.shapes_start() as u32;
        self.each_fresh(grid.units_rect(), |key, id, record| {
            let number = start + fresh.len() as u32;
            grid.add(key, number, record.value);
            fresh.push((id, record));
        });
        fresh
    }

    /// What stands for a cell, if it stands in the tile or its buffer.
    fn stand(
        &self,
        grid: &Grid,
        number: u32,
        cell: Cell,
        fresh: &[(u64, &'a Record)],
    ) -> Option<Standing> {
        let corner = grid.corner(number);
        let stand = if cell.count > 1 {
            Stand::Cluster(cell.mean(), cell.count)
        } else if cell.is_doubtful {
            Stand::Single(self.only(grid, corner, fresh)?)
        } else {
            let key = cell.mean().key();
            let number = cell.first;
            Stand::Single(Hit { key, number })
        };
        let place = match stand {
            Stand::Single(hit) => World::from_key(hit.key),
            Stand::Cluster(place, _) => place,
        };
        let standing = Standing {
            cell: number,
            rank: scatter(corner.key()),
            stand,
        };
        self.window.rect.holds(place).then_some(standing)
    }

    /// The one point of a cell, looked for.
    fn only(&self, grid: &Grid, corner: World, fresh: &[(u64, &'a Record)]) -> Option<Hit> {
        let hits = self.find(grid.cell_rect(corner));
        let hit = *hits.list.first()?;
        let start = self.packed.shapes_start();
        let Some(place) = (hit.number as usize).checked_sub(start) else {
            return Some(hit);
        };
        // It is one of the overlay, which this search has numbered anew.
        let (id, _) = hits.fresh.get(place)?;
        let at = fresh.iter().position(|(each, _)| each == id)?;
        Some(Hit {
            number: (start + at) as u32,
            ..hit
        })
    }

    fn write_standing(
        &mut self,
        grid: &mut Grid,
        standing: &[Standing],
        fresh: &[(u64, &'a Record)],
    ) {
        let is_cluster = |each: &&Standing| matches!(each.stand, Stand::Cluster(..));
        let clusters: HashSet<u32> = standing
            .iter()
            .filter(is_cluster)
            .map(|each| each.cell)
            .collect();
        if clusters.is_empty() {
            for each in standing {
                if let Stand::Single(hit) = each.stand {
                    self.write_point(hit, fresh);
                }
            }
            return;
        }
        let key = self.tags.name(COUNT_KEY.to_owned());
        let counts = self.counts(grid, &clusters);
        for each in standing {
            match each.stand {
                Stand::Single(hit) => self.write_point(hit, fresh),
                Stand::Cluster(place, count) => {
                    self.row.clear();
                    self.tags.count(key, u64::from(count), &mut self.row);
                    for (key, count) in counts.get(&each.cell).into_iter().flatten() {
                        self.tags.count(*key, u64::from(*count), &mut self.row);
                    }
                    self.write_cluster(place);
                }
            }
        }
    }

    fn write_cluster(&mut self, place: World) {
        let (x, y) = self.window.place(place);
        self.geometry.clear();
        self.geometry.points(&[[x, y]]);
        let geometry = self.geometry.bytes();
        self.writer
            .feature(None, &self.row, GeometryKind::Point, geometry);
        self.clusters += 1;
    }

    /// How many members of each cluster have which value, under keys by the values' order.
    fn counts(&mut self, grid: &mut Grid, clusters: &HashSet<u32>) -> Counts {
        let Some(by) = self.layer.clustering().by.clone() else {
            return Counts::default();
        };
        let counted: Vec<(u32, u32, u32)> = grid
            .values()
            .filter(|(cell, ..)| clusters.contains(cell))
            .collect();
        let names = named(self.layer.words(), &by, &counted);
        let mut list: Vec<&String> = names.values().collect();
        list.sort_unstable();
        list.dedup();
        let keys: HashMap<&String, u32> = list
            .into_iter()
            .map(|name| (name, self.tags.name(name.clone())))
            .collect();
        let mut counts = Counts::new();
        for (cell, pair, count) in counted {
            let Some(key) = names.get(&pair).and_then(|name| keys.get(name)) else {
                continue;
            };
            let own = counts.entry(cell).or_default();
            match own.iter_mut().find(|(known, _)| known == key) {
                Some((_, known)) => *known += count,
                None => own.push((*key, count)),
            }
        }
        for own in counts.values_mut() {
            own.sort_unstable();
        }
        counts
    }
}

impl Grid {
    /// The units of one cell.
    fn cell_rect(&self, corner: World) -> Rect {
        Rect::of(corner).finer(self.bits())
    }
}

/// The key under which each value is counted: its own for the most frequent, one for all others.
fn named(words: Words<'_>, by: &str, counted: &[(u32, u32, u32)]) -> HashMap<u32, String> {
    let mut totals: HashMap<u32, u64> = HashMap::new();
    for (_, pair, count) in counted {
        *totals.entry(*pair).or_default() += u64::from(*count);
    }
    let mut ranked: Vec<(u64, String, u32)> = totals
        .into_iter()
        .map(|(pair, total)| (total, text(words.pair(pair).value), pair))
        .collect();
    ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let names = ranked.into_iter().enumerate();
    names
        .map(|(rank, (_, value, pair))| {
            let value = if rank < VALUES_COUNTED_MAX {
                value.as_str()
            } else {
                "*"
            };
            (pair, format!("{by}:{value}"))
        })
        .collect()
}

fn text(value: Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_owned(),
        Value::Integer(whole) => whole.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
    }
}
