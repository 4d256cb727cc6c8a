//! `cargo xtask areas`: draws the schematic map (示意图) of the demo city into `packs/core`.
//!
//! Real are the names, the codes and the places of the towns; everything between them is invented:
//! the outline is a rounded hull, towns, villages and grids are Voronoi cells of evenly spread
//! points. Grid cells are cut once over the whole city and joined upwards, so a border is the same
//! list of corners on both sides: no gaps, no slivers. The same input gives the same bytes.

mod joined;
mod shape;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use joined::{Corner, joined};
use shape::{Dice, Point, cells, centre, outline, spread};

const CITY: (&str, &str) = ("320281", "江阴市");
/// Degrees of longitude are shorter than those of latitude here.
const SQUEEZE: f64 = 0.85;
const MARGIN_DEGREES: f64 = 0.026;
/// Seeds are tried until every village and town is of one piece.
const SEEDS: u64 = 200;
const NOTE: &str = "# 示意图: 村社与网格的位置和边界均为虚构, 不是行政区划界线. \
Schematic: places and borders of villages and grids are invented.\n";

struct Town {
    code: String,
    name: String,
    at: Point,
}

struct Village {
    code: String,
    name: String,
    name_en: String,
    grids: usize,
}

/// A grid's cell with its code.
struct Cell {
    code: String,
    ring: Vec<Corner>,
}

/// Rewrites `packs/core/areas/*.csv` and `packs/core/orgs/grids.csv` from the towns' places and the village list.
pub(crate) fn run() -> Result<()> {
    let core = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask lies in the workspace")?
        .join("packs/core");
    let towns = read_towns()?;
    let villages = read_villages(&core.join("orgs/villages.csv"))?;
    let map = draw(&towns, &villages)?;
    for (path, text) in map.files(&core, &towns, &villages)? {
        fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
        fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
    }
    Ok(())
}

fn read_towns() -> Result<Vec<Town>> {
    let rows = include_str!("areas/towns.csv").lines().skip(1);
    rows.map(|row| match row.split(',').collect::<Vec<_>>().as_slice() {
        [code, name, lon, lat, _source] => Ok(Town {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            at: to_plane(lon.parse()?, lat.parse()?),
        }),
        _ => bail!("towns.csv: five columns are expected in `{row}`"),
    })
    .collect()
}

fn read_villages(path: &Path) -> Result<Vec<Village>> {
    let text = fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|row| match row.split(',').collect::<Vec<_>>().as_slice() {
        [code, name, name_en, _kind, _parent, _area] => Ok(Village {
            code: (*code).to_owned(),
            name: place_name(name),
            name_en: (*name_en).to_owned(),
            grids: grid_count(code, name),
        }),
        _ => bail!("{}: six columns are expected in `{row}`", path.display()),
    })
    .collect()
}

/// The place governed by a committee: 文定社区居委会 governs 文定社区.
fn place_name(committee: &str) -> String {
    let suffixes = ["居民委员会", "居委会", "村委会"];
    let name = suffixes
        .iter()
        .find_map(|suffix| committee.strip_suffix(suffix))
        .unwrap_or(committee);
    name.to_owned()
}

/// Communities are denser than villages; the industrial zone's only community fills a whole town cell.
fn grid_count(code: &str, name: &str) -> usize {
    let digit = usize::from(code.bytes().last().unwrap_or_default() - b'0');
    match name {
        _ if code.starts_with("320281404") => 9,
        _ if name.contains("社区") => 5 + digit % 2,
        _ => 4 + digit % 2,
    }
}

struct Map {
    grids: Vec<Cell>,
    villages: BTreeMap<String, Vec<Corner>>,
    towns: BTreeMap<String, Vec<Corner>>,
    city: Vec<Corner>,
}

fn draw(towns: &[Town], villages: &[Village]) -> Result<Map> {
    (0..SEEDS)
        .find_map(|seed| draw_once(towns, villages, seed))
        .context("no seed gives whole villages")
}

fn draw_once(towns: &[Town], villages: &[Village], seed: u64) -> Option<Map> {
    let mut dice = Dice::new(seed);
    let places: Vec<Point> = towns.iter().map(|town| town.at).collect();
    let border = outline(&places, MARGIN_DEGREES);
    let (mut codes, mut points) = (Vec::new(), Vec::new());
    for (town, region) in towns.iter().zip(cells(&places, &border)) {
        let own: Vec<&Village> = villages
            .iter()
            .filter(|village| village.code.starts_with(&town.code))
            .collect();
        let centres = spread(&region, own.len(), &mut dice);
        for (village, region) in own.iter().zip(cells(&centres, &region)) {
            for (index, point) in spread(&region, village.grids, &mut dice)
                .into_iter()
                .enumerate()
            {
                codes.push(format!("{}{:03}", village.code, index + 1));
                points.push(point);
            }
        }
    }
    let rings = cells(&points, &border)
        .into_iter()
        .map(|ring| rounded(&ring));
    let mut grids: Vec<Cell> = codes
        .into_iter()
        .zip(rings)
        .map(|(code, ring)| Cell { code, ring })
        .collect();
    grids.sort_by(|a, b| a.code.cmp(&b.code));
    Some(Map {
        villages: join_by(&grids, 12)?,
        towns: join_by(&grids, 9)?,
        city: joined(grids.iter().map(|grid| grid.ring.as_slice()))?,
        grids,
    })
}

fn join_by(grids: &[Cell], digits: usize) -> Option<BTreeMap<String, Vec<Corner>>> {
    let mut groups: BTreeMap<String, Vec<&[Corner]>> = BTreeMap::new();
    for grid in grids {
        groups
            .entry(grid.code.get(..digits)?.to_owned())
            .or_default()
            .push(&grid.ring);
    }
    groups
        .into_iter()
        .map(|(code, rings)| Some((code, joined(rings)?)))
        .collect()
}

impl Map {
    fn files(
        &self,
        core: &Path,
        towns: &[Town],
        villages: &[Village],
    ) -> Result<Vec<(PathBuf, String)>> {
        ensure!(
            self.villages.len() == villages.len() && self.towns.len() == towns.len(),
            "a village has no town"
        );
        Ok(vec![
            (core.join("areas/towns.csv"), self.town_rows(towns)?),
            (
                core.join("areas/villages.csv"),
                self.village_rows(villages)?,
            ),
            (core.join("areas/grids.csv"), self.grid_rows(villages)?),
            (core.join("orgs/grids.csv"), self.grid_orgs(villages)?),
        ])
    }

    fn town_rows(&self, towns: &[Town]) -> Result<String> {
        let mut text = area_header();
        let centre = towns.first().context("there is a town")?;
        area_row(&mut text, CITY, "", 1, corner(centre.at), &self.city)?;
        for town in towns {
            let ring = self.towns.get(&town.code).context("every town was drawn")?;
            area_row(
                &mut text,
                (&town.code, &town.name),
                CITY.0,
                2,
                corner(town.at),
                ring,
            )?;
        }
        Ok(text)
    }

    fn village_rows(&self, villages: &[Village]) -> Result<String> {
        let mut text = area_header();
        for village in villages {
            let ring = self
                .villages
                .get(&village.code)
                .context("every village was drawn")?;
            let parent = village
                .code
                .get(..9)
                .context("a village code has 12 digits")?;
            area_row(
                &mut text,
                (&village.code, &village.name),
                parent,
                3,
                self.label(&village.code, ring),
                ring,
            )?;
        }
        Ok(text)
    }

    /// The centre of the grid nearest to the middle: surely inside, also where the ring bends.
    fn label(&self, village: &str, ring: &[Corner]) -> Corner {
        let middle = middle(ring);
        let own = self
            .grids
            .iter()
            .filter(|grid| grid.code.starts_with(village))
            .map(|grid| self::middle(&grid.ring));
        own.min_by_key(|at| (at.0 - middle.0).pow(2) + (at.1 - middle.1).pow(2))
            .unwrap_or(middle)
    }

    fn grid_rows(&self, villages: &[Village]) -> Result<String> {
        let mut text = area_header();
        for (grid, village, number) in self.numbered(villages) {
            let name = format!("{}{number}网格", village.name);
            area_row(
                &mut text,
                (&grid.code, &name),
                &village.code,
                4,
                middle(&grid.ring),
                &grid.ring,
            )?;
        }
        Ok(text)
    }

    fn grid_orgs(&self, villages: &[Village]) -> Result<String> {
        let mut text = "code,name.zh,name.en,kind,parent,area\n".to_owned();
        for (grid, village, number) in self.numbered(villages) {
            let (code, parent) = (&grid.code, &village.code);
            let (zh, en) = (&village.name, &village.name_en);
            writeln!(
                text,
                "{code},{zh}{number}网格,{en} Grid {number},grid,{parent},{code}"
            )?;
        }
        Ok(text)
    }

    fn numbered<'a>(
        &'a self,
        villages: &'a [Village],
    ) -> impl Iterator<Item = (&'a Cell, &'a Village, &'a str)> {
        self.grids.iter().filter_map(|grid| {
            let village = villages
                .iter()
                .find(|village| grid.code.starts_with(&village.code))?;
            Some((grid, village, grid.code.get(13..)?))
        })
    }
}

fn area_header() -> String {
    format!("{NOTE}code,name,parent,level,lon,lat,ring\n")
}

fn area_row(
    text: &mut String,
    (code, name): (&str, &str),
    parent: &str,
    level: u8,
    label: Corner,
    ring: &[Corner],
) -> Result<()> {
    write!(
        text,
        "{code},{name},{parent},{level},{},{},",
        degrees(label.0),
        degrees(label.1)
    )?;
    for (index, &(lon, lat)) in ring.iter().chain(ring.first()).enumerate() {
        let separator = if index == 0 { "" } else { ";" };
        write!(text, "{separator}{} {}", degrees(lon), degrees(lat))?;
    }
    text.push('\n');
    Ok(())
}

fn degrees(units: i64) -> String {
    let text = format!("{}.{:05}", units / 100_000, units % 100_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn to_plane(lon: f64, lat: f64) -> Point {
    Point::new(lon * SQUEEZE, lat)
}

fn corner(at: Point) -> Corner {
    (
        (at.x / SQUEEZE * 1e5).round() as i64,
        (at.y * 1e5).round() as i64,
    )
}

/// Corners that round to the same place are one corner.
fn rounded(ring: &[Point]) -> Vec<Corner> {
    let mut corners: Vec<Corner> = ring.iter().map(|&at| corner(at)).collect();
    corners.dedup();
    if corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    corners
}

fn middle(ring: &[Corner]) -> Corner {
    let plane: Vec<Point> = ring
        .iter()
        .map(|&(lon, lat)| Point::new(lon as f64, lat as f64))
        .collect();
    let at = centre(&plane);
    (at.x.round() as i64, at.y.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_map_is_what_this_draws() {
        let core = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .unwrap()
            .join("packs/core");
        let (towns, villages) = (
            read_towns().unwrap(),
            read_villages(&core.join("orgs/villages.csv")).unwrap(),
        );
        for (path, text) in draw(&towns, &villages)
            .unwrap()
            .files(&core, &towns, &villages)
            .unwrap()
        {
            assert!(
                fs::read_to_string(&path).unwrap() == text,
                "run `cargo xtask areas`: {}",
                path.display()
            );
        }
    }

    #[test]
    fn degrees_keep_five_places_at_most() {
        for (units, text) in [
            (12_026_302, "120.26302"),
            (12_021_000, "120.21"),
            (3_100_005, "31.00005"),
            (100_000, "1"),
        ] {
            assert_eq!(degrees(units), text);
        }
    }
}
