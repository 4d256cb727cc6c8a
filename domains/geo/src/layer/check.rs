//! All faults of the section `layers`.

use std::collections::HashSet;

use yiwang_contracts::{Diagnostic, PackContent, SectionEntry};

use super::entry::{Content, GeometryKind, LayerEntry};

pub(crate) const SECTION: &str = "layers";
const ATTRIBUTES_MAX: usize = 64;
const STATES_MAX: usize = 32;
/// Tiles farther in would be smaller than what is surveyed.
const ZOOM_MAX: u8 = 20;

/// The entries that can be read, and everything that is wrong with the section.
pub(crate) fn check(
    pack: &PackContent,
    under: &[&PackContent],
) -> (Vec<LayerEntry>, Vec<Diagnostic>) {
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    let mut seen: HashSet<String> = under
        .iter()
        .flat_map(|below| below.texts(SECTION, "/code"))
        .map(str::to_owned)
        .collect();
    for entry in pack.sections.get(SECTION).into_iter().flatten() {
        match entry.read::<LayerEntry>("geo.layers.malformed") {
            Ok(layer) => {
                if !seen.insert(layer.code.clone()) {
                    let message = format!("the layer {} is there already", layer.code);
                    let hint = Some("give it another code");
                    faults.push(entry.error("/code", "geo.layers.twice", message, hint));
                }
                check_layer(&layer, entry, &mut faults);
                entries.push(layer);
            }
            Err(fault) => faults.push(fault),
        }
    }
    (entries, faults)
}

fn check_layer(layer: &LayerEntry, at: &SectionEntry, faults: &mut Vec<Diagnostic>) {
    let mut fault = |pointer: &str, code: &str, message: String, hint: Option<&str>| {
        faults.push(at.error(pointer, &format!("geo.layers.{code}"), message, hint));
    };
    if !is_code(&layer.code, '-') {
        let hint = Some("lower case letters, digits and hyphens, as in unit-grid");
        let message = format!("`{}` is no code", layer.code);
        fault("/code", "bad_code", message, hint);
    }
    if layer.min_zoom > layer.max_zoom || layer.max_zoom > ZOOM_MAX {
        let message = format!(
            "zooms {} to {} are not within 0 to {ZOOM_MAX}",
            layer.min_zoom, layer.max_zoom
        );
        fault("/max_zoom", "bad_zoom", message, None);
    }
    if let Some(wanted) = geometry_of(layer.content)
        && wanted != layer.geometry
    {
        let message = format!("what it shows is drawn as {wanted:?}").to_lowercase();
        fault("/geometry", "bad_geometry", message, None);
    }
    if let Some(cluster) = layer.cluster {
        if layer.geometry != GeometryKind::Point {
            let message = "only points can be drawn as one".to_owned();
            fault("/cluster", "no_points", message, None);
        }
        let is_part = cluster.cell.is_power_of_two() && (32..=1_024).contains(&cluster.cell);
        if !is_part {
            let message = format!("a cell of {} does not divide a tile", cluster.cell);
            let hint = Some("a power of two from 32 to 1024");
            fault("/cluster/cell", "bad_cell", message, hint);
        }
    }
    for (pointer, color) in colors(layer) {
        if !is_color(color) {
            let message = format!("`{color}` is no color");
            fault(&pointer, "bad_color", message, Some("as in #2f7dd1"));
        }
    }
    let states = layer.states.iter().map(|state| state.code.as_str());
    check_codes("states", states, STATES_MAX, &mut fault);
    let attributes = layer.attributes.iter().map(|fact| fact.code.as_str());
    check_codes("attributes", attributes, ATTRIBUTES_MAX, &mut fault);
}

fn check_codes<'a>(
    list: &str,
    codes: impl Iterator<Item = &'a str>,
    most: usize,
    fault: &mut impl FnMut(&str, &str, String, Option<&str>),
) {
    let mut seen = HashSet::new();
    for (n, code) in codes.enumerate() {
        let pointer = format!("/{list}/{n}/code");
        if !is_code(code, '_') {
            let hint = Some("a letter, then letters, digits and underscores");
            fault(&pointer, "bad_code", format!("`{code}` is no code"), hint);
        }
        if !seen.insert(code) {
            fault(&pointer, "twice", format!("{code} is there twice"), None);
        }
        if n == most {
            let message = format!("there are more than {most}");
            fault(&format!("/{list}"), "too_many", message, None);
        }
    }
}

fn geometry_of(content: Content) -> Option<GeometryKind> {
    match content {
        Content::Features => None,
        Content::Components | Content::Devices => Some(GeometryKind::Point),
        Content::Towns | Content::Villages | Content::Grids => Some(GeometryKind::Area),
    }
}

fn colors(layer: &LayerEntry) -> impl Iterator<Item = (String, &str)> {
    let own = layer.style.color.as_deref();
    let own = own.map(|color| ("/style/color".to_owned(), color));
    let states = layer.states.iter().enumerate().filter_map(|(n, state)| {
        let color = state.color.as_deref()?;
        Some((format!("/states/{n}/color"), color))
    });
    own.into_iter().chain(states)
}

fn is_color(color: &str) -> bool {
    color
        .strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn is_code(code: &str, parting: char) -> bool {
    let mut letters = code.chars();
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == parting;
    letters.next().is_some_and(|c| c.is_ascii_lowercase()) && letters.all(good) && code.len() <= 48
}
