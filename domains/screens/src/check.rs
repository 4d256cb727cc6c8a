//! Everything that is wrong with a screen as written. Pure.

mod layouts;
mod options;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};
use yiwang_kernel::Text;

use crate::finding::{Findings, ScreenFinding, escaped};
use crate::screen::{Layout, LayoutKey, RawScreen, Screen};
use crate::widget::{RawWidget, Widget, WidgetKind};

/// Bytes that one screen takes as text.
pub(crate) const SCREEN_BYTES_MAX: usize = 64 * 1024;
const WIDGETS_MAX: usize = 64;
const TITLE_CHARS_MAX: usize = 80;
const CODE_CHARS_MAX: usize = 64;
const RIGHT_CHARS_MAX: usize = 64;

/// Reads a screen as written and tells everything that is found about it; the screen is there when nothing is.
pub(crate) fn examined(value: &Value) -> (Option<Screen>, Vec<ScreenFinding>) {
    let mut found = Findings::default();
    let screen = read(value, &mut found);
    (screen.filter(|_| found.0.is_empty()), found.0)
}

fn read(value: &Value, found: &mut Findings) -> Option<Screen> {
    if value.to_string().len() > SCREEN_BYTES_MAX {
        let message = format!("the screen takes more than {SCREEN_BYTES_MAX} bytes");
        found.add("", "too_long", message, "make two screens of it");
        return None;
    }
    let raw: RawScreen = serde_path_to_error::deserialize(value)
        .map_err(|error| found.malformed("", &error))
        .ok()?;
    check_head(&raw, found);
    let layouts = read_layouts(raw.layouts, found);
    let seams = read_seams(raw.seams, found);
    layouts::check_seams(&seams, &layouts, found);
    let (areas, widgets) = read_widgets(raw.widgets, found);
    let has_widget = |area: &str| areas.contains(area);
    layouts::check_layouts(&layouts, has_widget, found);
    Some(Screen {
        code: raw.code,
        title: raw.title,
        right: raw.right,
        order: raw.order,
        refresh_seconds: raw.refresh_seconds,
        seams,
        layouts,
        widgets,
    })
}

fn check_head(raw: &RawScreen, found: &mut Findings) {
    if !is_code(&raw.code) {
        let message = format!("`{}` is no code of a screen", raw.code);
        let hint = "1 to 64 lower case letters, digits and hyphens, as in city-overview";
        found.add("/code", "bad_code", message, hint);
    }
    check_text("/title", &raw.title, TITLE_CHARS_MAX, found);
    if let Some(right) = raw.right.as_ref().filter(|right| !is_right(right)) {
        let message = format!("`{right}` is no right");
        found.add("/right", "bad_right", message, "as in vitals.read");
    }
    if !(5..=3_600).contains(&raw.refresh_seconds) {
        let message = format!("{} is not within 5 to 3600", raw.refresh_seconds);
        let hint = "seconds; 15 for what moves, 300 for what changes in a day";
        found.add("/refresh_seconds", "out_of_range", message, hint);
    }
}

fn read_layouts(raw: Map<String, Value>, found: &mut Findings) -> BTreeMap<LayoutKey, Layout> {
    let mut layouts = BTreeMap::new();
    let has_wide = raw.contains_key(LayoutKey::Wide.as_str());
    for (word, value) in raw {
        let pointer = format!("/layouts/{}", escaped(&word));
        let Some(key) = known_key(&word, &pointer, found) else {
            continue;
        };
        match serde_path_to_error::deserialize(value) {
            Ok(layout) => {
                layouts.insert(key, layout);
            }
            Err(error) => found.malformed(&pointer, &error),
        }
    }
    if !has_wide {
        let hint = "every screen has it, for displays of another shape are given it too";
        found.add(
            "/layouts",
            "no_wide_layout",
            "there is no layout 16:9",
            hint,
        );
    }
    layouts
}

fn read_seams(raw: Map<String, Value>, found: &mut Findings) -> BTreeMap<LayoutKey, Vec<u32>> {
    let mut seams = BTreeMap::new();
    for (word, value) in raw {
        let pointer = format!("/seams/{}", escaped(&word));
        let Some(key) = known_key(&word, &pointer, found) else {
            continue;
        };
        match serde_path_to_error::deserialize(value) {
            Ok(places) => {
                seams.insert(key, places);
            }
            Err(error) => found.malformed(&pointer, &error),
        }
    }
    seams
}

fn known_key(word: &str, pointer: &str, found: &mut Findings) -> Option<LayoutKey> {
    let key = LayoutKey::parse(word);
    if key.is_none() {
        let known = LayoutKey::ALL.map(LayoutKey::as_str).join(", ");
        let message = format!("there is no layout `{word}`");
        found.add(
            pointer,
            "unknown_layout",
            message,
            &format!("one of {known}"),
        );
    }
    key
}

/// The areas of all widgets, also of those that cannot be read, and the widgets that can be.
fn read_widgets(raw: Vec<Value>, found: &mut Findings) -> (HashSet<String>, Vec<Widget>) {
    let (mut areas, mut widgets) = (HashSet::new(), Vec::new());
    if raw.is_empty() || raw.len() > WIDGETS_MAX {
        let message = format!("there are {} widgets", raw.len());
        let hint = format!("1 to {WIDGETS_MAX} of them make a screen");
        found.add("/widgets", "widget_count", message, &hint);
    }
    for (at, value) in raw.into_iter().enumerate().take(WIDGETS_MAX) {
        let pointer = format!("/widgets/{at}");
        let area = value.get("area").and_then(Value::as_str).map(str::to_owned);
        if let Some(area) = area.filter(|area| !areas.insert(area.clone())) {
            let message = format!("there is a widget of the area {area} already");
            let hint = "give each widget an area of its own";
            found.add(format!("{pointer}/area"), "area_twice", message, hint);
        }
        match serde_path_to_error::deserialize::<_, RawWidget>(value) {
            Ok(raw) => widgets.extend(read_widget(raw, &pointer, found)),
            Err(error) => found.malformed(&pointer, &error),
        }
    }
    (areas, widgets)
}

fn read_widget(raw: RawWidget, pointer: &str, found: &mut Findings) -> Option<Widget> {
    if !is_area(&raw.area) {
        let message = format!("`{}` is no name of an area", raw.area);
        let hint = "a lower case letter, then up to 15 letters and digits";
        found.add(format!("{pointer}/area"), "bad_area", message, hint);
    }
    if let Some(title) = &raw.title {
        check_text(&format!("{pointer}/title"), title, TITLE_CHARS_MAX, found);
    }
    let options = raw.options.unwrap_or_else(|| Value::Object(Map::new()));
    let pointer_of_options = format!("{pointer}/options");
    match WidgetKind::read(&raw.kind, options) {
        Some(Ok(kind)) => {
            options::check(&kind, &pointer_of_options, found);
            Some(Widget {
                area: raw.area,
                title: raw.title,
                kind,
            })
        }
        Some(Err(error)) => {
            found.malformed(&pointer_of_options, &error);
            None
        }
        None => {
            let message = format!("there is no widget of the kind `{}`", raw.kind);
            let hint = format!("one of {}", WidgetKind::WORDS.join(", "));
            found.add(format!("{pointer}/kind"), "unknown_kind", message, &hint);
            None
        }
    }
}

/// A text says something in Chinese and is not too long in any language.
fn check_text(pointer: &str, text: &Text, most: usize, found: &mut Findings) {
    if text.zh.trim().is_empty() {
        let hint = "write it in Chinese; English may be left out";
        found.add(format!("{pointer}/zh"), "empty", "there is no text", hint);
    }
    for (language, words) in [("zh", Some(&text.zh)), ("en", text.en.as_ref())] {
        let length = words.map_or(0, |words| words.chars().count());
        if length > most {
            let message = format!("the text has {length} characters");
            let hint = format!("at most {most}");
            found.add(format!("{pointer}/{language}"), "too_long", message, &hint);
        }
    }
}

pub(crate) fn is_code(code: &str) -> bool {
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=CODE_CHARS_MAX).contains(&code.len()) && code.bytes().all(good)
}

fn is_area(area: &str) -> bool {
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    area.len() <= 16
        && area.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
        && area.bytes().all(good)
}

/// `noun.verb`.
fn is_right(right: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    right.len() <= RIGHT_CHARS_MAX
        && right
            .split_once('.')
            .is_some_and(|(noun, verb)| is_word(noun) && is_word(verb))
}
