//! Definitions of coordinate systems in their own well-known text, as a .prj and a GeoPackage have them.
//!
//! Only what tells the few systems apart that are read here is looked at; whatever else it is has a name.

use super::Declared;
use yiwang_coords::GaussKruger;

use crate::system::System;

const BYTES_MAX: usize = 32 * 1024;
const DEPTH_MAX: usize = 16;

/// What a definition says.
pub(crate) fn of_definition(text: &str) -> Declared {
    let text = text.trim().trim_start_matches('\u{feff}');
    if text.is_empty() || text.eq_ignore_ascii_case("undefined") {
        return Declared::Nothing;
    }
    let other = || Declared::Other(text.chars().take(80).collect());
    if text.len() > BYTES_MAX {
        return other();
    }
    let mut reader = Reader { rest: text };
    let Some(root) = reader.node(DEPTH_MAX) else {
        return other();
    };
    let root = match root.keyword.as_str() {
        "COMPD_CS" | "COMPOUNDCRS" | "BOUNDCRS" => match root.nodes.into_iter().next() {
            Some(first) => first,
            None => return other(),
        },
        _ => root,
    };
    let known = root
        .epsg()
        .and_then(System::of_epsg)
        .or_else(|| root.system());
    known.map_or_else(|| Declared::Other(root.name().to_owned()), Declared::System)
}

#[derive(Debug, Default)]
struct Node {
    keyword: String,
    texts: Vec<String>,
    numbers: Vec<f64>,
    nodes: Vec<Node>,
}

impl Node {
    fn name(&self) -> &str {
        self.texts
            .first()
            .map_or(self.keyword.as_str(), String::as_str)
    }

    fn child(&self, keywords: &[&str]) -> Option<&Self> {
        self.nodes
            .iter()
            .find(|node| keywords.contains(&node.keyword.as_str()))
    }

    fn find(&self, keywords: &[&str]) -> Option<&Self> {
        self.child(keywords)
            .or_else(|| self.nodes.iter().find_map(|node| node.find(keywords)))
    }

    fn epsg(&self) -> Option<u32> {
        let authority = self.child(&["AUTHORITY", "ID"])?;
        let code = authority.texts.get(1).and_then(|code| code.parse().ok());
        let code = code.or_else(|| authority.numbers.first().map(|code| *code as u32));
        authority
            .name()
            .eq_ignore_ascii_case("EPSG")
            .then_some(code?)
    }

    /// A parameter by any of its names.
    fn parameter(&self, names: &[&str]) -> Option<f64> {
        let own = self.nodes.iter().find(|node| {
            node.keyword == "PARAMETER" && names.contains(&plain(node.name()).as_str())
        });
        own.and_then(|node| node.numbers.first().copied())
            .or_else(|| self.nodes.iter().find_map(|node| node.parameter(names)))
    }

    fn system(&self) -> Option<System> {
        let datum = plain(self.find(&["DATUM", "ENSEMBLE"])?.name());
        let is_wgs84 = datum.contains("wgs1984")
            || datum.contains("wgs84")
            || datum.contains("worldgeodeticsystem1984");
        let is_cgcs2000 = datum.contains("china2000")
            || datum.contains("cgcs2000")
            || datum.contains("chinageodeticcoordinatesystem2000");
        match self.keyword.as_str() {
            "GEOGCS" | "GEOGCRS" | "GEODCRS" => {
                let unit = self
                    .child(&["UNIT", "ANGLEUNIT"])
                    .and_then(|unit| unit.numbers.first());
                let is_degrees = unit.is_none_or(|unit| (unit - 1_f64.to_radians()).abs() < 1e-9);
                match (is_degrees, is_wgs84, is_cgcs2000) {
                    (true, true, _) => Some(System::Wgs84),
                    (true, _, true) => Some(System::Cgcs2000),
                    _ => None,
                }
            }
            "PROJCS" | "PROJCRS" if is_wgs84 || is_cgcs2000 => self.plane(),
            _ => None,
        }
    }

    fn plane(&self) -> Option<System> {
        let unit = self
            .child(&["UNIT", "LENGTHUNIT"])
            .and_then(|unit| unit.numbers.first());
        if unit.is_some_and(|unit| (unit - 1.0).abs() > 1e-9) {
            return None;
        }
        let method = plain(self.find(&["PROJECTION", "METHOD"])?.name());
        if method.contains("auxiliarysphere")
            || method.contains("pseudomercator")
            || method.contains("popularvisualisation")
        {
            return Some(System::WebMercator);
        }
        let is_transverse = method == "transversemercator" || method == "gausskruger";
        let or = |names: &[&str], usual: f64| self.parameter(names).unwrap_or(usual);
        let is_gauss = is_transverse
            && (or(&["scalefactor", "scalefactoratnaturalorigin"], 1.0) - 1.0).abs() < 1e-12
            && or(&["latitudeoforigin", "latitudeofnaturalorigin"], 0.0) == 0.0
            && or(&["falsenorthing"], 0.0) == 0.0;
        let meridian = self.parameter(&["centralmeridian", "longitudeofnaturalorigin"])?;
        let easting_m = self.parameter(&["falseeasting"])?;
        is_gauss.then_some(System::GaussKruger(GaussKruger {
            meridian,
            easting_m,
        }))
    }
}

/// Without marks between words: every program has its own.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn eat(&mut self, marks: &[char]) -> Option<()> {
        self.rest = self.rest.trim_start().strip_prefix(marks)?;
        Some(())
    }

    /// `KEYWORD["name", 1, CHILD[…], …]`
    fn node(&mut self, depth: usize) -> Option<Node> {
        let depth = depth.checked_sub(1)?;
        self.rest = self.rest.trim_start();
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
        let (keyword, rest) = self.rest.split_at_checked(end)?;
        let mut node = Node {
            keyword: keyword.to_ascii_uppercase(),
            ..Node::default()
        };
        self.rest = rest;
        self.eat(&['[', '('])?;
        loop {
            self.argument(&mut node, depth)?;
            if self.eat(&[',']).is_none() {
                self.eat(&[']', ')'])?;
                return Some(node);
            }
        }
    }

    fn argument(&mut self, node: &mut Node, depth: usize) -> Option<()> {
        self.rest = self.rest.trim_start();
        if let Some(text) = self.rest.strip_prefix('"') {
            let (text, rest) = text.split_once('"')?;
            node.texts.push(text.to_owned());
            self.rest = rest;
            return Some(());
        }
        let end = self.rest.find([',', ']', ')', '[', '('])?;
        let (word, rest) = self.rest.split_at_checked(end)?;
        if rest.starts_with(['[', '(']) {
            node.nodes.push(self.node(depth)?);
            return Some(());
        }
        // A word such as EAST says nothing here.
        if let Ok(number) = word.trim().parse() {
            node.numbers.push(number);
        }
        self.rest = rest;
        Some(())
    }
}
