//! Layouts: as many cells as columns and rows, every area a rectangle that some widget fills.

use std::collections::BTreeMap;

use crate::finding::{Findings, escaped};
use crate::screen::{Layout, LayoutKey};

/// Columns or rows of one layout.
const TRACKS_MAX: usize = 24;
const WEIGHT_MAX: f64 = 1_000.0;
const SEAMS_MAX: usize = 16;
/// No design is wider than this.
const DESIGN_WIDTH_MAX: u32 = 30_720;

pub(super) fn check_layouts(
    layouts: &BTreeMap<LayoutKey, Layout>,
    has_widget: impl Fn(&str) -> bool,
    found: &mut Findings,
) {
    for (key, layout) in layouts {
        let pointer = format!("/layouts/{}", escaped(key.as_str()));
        check_weights(&format!("{pointer}/columns"), &layout.columns, found);
        if let Some(rows) = &layout.rows {
            check_weights(&format!("{pointer}/rows"), rows, found);
            if rows.len() != layout.areas.len() {
                let (rows, lines) = (rows.len(), layout.areas.len());
                let message = format!("there are {rows} rows and {lines} lines of areas");
                let hint = "write one line of areas for each row";
                found.add(format!("{pointer}/areas"), "row_count", message, hint);
            }
        }
        check_areas(&pointer, layout, &has_widget, found);
    }
}

fn check_weights(pointer: &str, weights: &[f64], found: &mut Findings) {
    if weights.is_empty() || weights.len() > TRACKS_MAX {
        let message = format!("there are {} of them", weights.len());
        let hint = format!("1 to {TRACKS_MAX}");
        found.add(pointer, "track_count", message, &hint);
    }
    for (at, weight) in weights.iter().enumerate() {
        if !(*weight > 0.0 && *weight <= WEIGHT_MAX) {
            let message = format!("{weight} is no weight");
            let hint = "a number above 0, at most 1000";
            found.add(format!("{pointer}/{at}"), "out_of_range", message, hint);
        }
    }
}

/// The cells that an area covers.
struct Patch {
    rows: (usize, usize),
    columns: (usize, usize),
    cells: usize,
    first_line: usize,
}

impl Patch {
    fn of(row: usize, column: usize) -> Self {
        Self {
            rows: (row, row),
            columns: (column, column),
            cells: 0,
            first_line: row,
        }
    }

    fn take(&mut self, row: usize, column: usize) {
        self.rows.1 = self.rows.1.max(row);
        self.columns = (self.columns.0.min(column), self.columns.1.max(column));
        self.cells += 1;
    }

    fn is_rectangle(&self) -> bool {
        let height = self.rows.1 - self.rows.0 + 1;
        let width = self.columns.1 - self.columns.0 + 1;
        height * width == self.cells
    }
}

fn check_areas(
    pointer: &str,
    layout: &Layout,
    has_widget: &impl Fn(&str) -> bool,
    found: &mut Findings,
) {
    if layout.areas.is_empty() || layout.areas.len() > TRACKS_MAX {
        let message = format!("there are {} lines of areas", layout.areas.len());
        let hint = format!("1 to {TRACKS_MAX}");
        found.add(format!("{pointer}/areas"), "track_count", message, &hint);
    }
    let mut patches: BTreeMap<&str, Patch> = BTreeMap::new();
    for (row, line) in layout.areas.iter().enumerate().take(TRACKS_MAX) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        if cells.len() != layout.columns.len() {
            let (cells, columns) = (cells.len(), layout.columns.len());
            let message = format!("the line has {cells} cells, the layout {columns} columns");
            let hint = "name an area for each column, or write `.` for an empty cell";
            found.add(
                format!("{pointer}/areas/{row}"),
                "cell_count",
                message,
                hint,
            );
        }
        let named = cells
            .into_iter()
            .enumerate()
            .filter(|(_, name)| *name != ".");
        for (column, name) in named {
            let patch = patches.entry(name);
            patch
                .or_insert_with(|| Patch::of(row, column))
                .take(row, column);
        }
    }
    if patches.is_empty() {
        let hint = "name the area of a widget in it";
        found.add(
            format!("{pointer}/areas"),
            "empty",
            "the layout places no widget",
            hint,
        );
    }
    for (name, patch) in patches {
        let at = format!("{pointer}/areas/{}", patch.first_line);
        if !has_widget(name) {
            let message = format!("no widget has the area {name}");
            let hint = "give a widget this area, or write `.` for an empty cell";
            found.add(at, "no_widget", message, hint);
        } else if !patch.is_rectangle() {
            let message = format!("the area {name} is no rectangle");
            let hint = "an area covers cells that lie together as a rectangle";
            found.add(at, "no_rectangle", message, hint);
        }
    }
}

pub(super) fn check_seams(
    seams: &BTreeMap<LayoutKey, Vec<u32>>,
    layouts: &BTreeMap<LayoutKey, Layout>,
    found: &mut Findings,
) {
    for (key, places) in seams {
        let pointer = format!("/seams/{}", escaped(key.as_str()));
        if !layouts.contains_key(key) {
            let message = format!("there is no layout {} to have seams", key.as_str());
            let hint = "write the layout, or take its seams away";
            found.add(&pointer, "no_layout", message, hint);
        }
        let is_rising = places.iter().zip(places.iter().skip(1)).all(|(a, b)| a < b);
        let is_within = places.iter().all(|x| (1..DESIGN_WIDTH_MAX).contains(x));
        if !is_rising || !is_within || places.len() > SEAMS_MAX {
            let message = "these are no places of seams".to_owned();
            let hint = format!(
                "at most {SEAMS_MAX} distances from the left edge, rising, below {DESIGN_WIDTH_MAX} pixels"
            );
            found.add(&pointer, "bad_seams", message, &hint);
        }
    }
}
