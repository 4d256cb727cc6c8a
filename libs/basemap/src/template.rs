//! Addresses of source tiles: templates of URLs, and the two ways in which WMTS is asked.

use std::fmt::Write as _;

use crate::grid::Grid;
use crate::warp::SourceTile;

/// Why a text is no template. What it says never holds a key: there is none in a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFault {
    #[error("an address begins with http:// or https:// and the name of a host")]
    NoHost,
    #[error("an address holds no user and no password")]
    Credentials,
    #[error("the host may have {{s}} in it and nothing else that changes")]
    HostChanges,
    #[error("a brace is not closed")]
    Open,
    #[error("{{{0}}} is not known: there are {{z}}, {{x}}, {{y}}, {{-y}}, {{s}} and {{key}}")]
    Unknown(String),
    #[error("{{{0}}} is not there, so all tiles would have one address")]
    Missing(&'static str),
    #[error("a template has printable letters only, and no blank and no #")]
    BadLetter,
    #[error("a template is longer than {TEXT_MAX} letters")]
    TooLong,
}

/// Letters of a template.
const TEXT_MAX: usize = 2_000;

/// What a WMTS calls what is wanted of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wmts<'a> {
    pub layer: &'a str,
    pub style: &'a str,
    pub matrix_set: &'a str,
    pub format: &'a str,
}

/// The addresses of a source's tiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
    /// Is added to a zoom before it is written.
    zoom_offset: i8,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Zoom,
    Column,
    Row,
    RowFromSouth,
    Subdomain,
    Key,
}

impl Template {
    /// Of an address with `{z}`, `{x}`, `{y}` or `{-y}`, and where wanted `{s}` and `{key}`.
    pub fn new(text: &str) -> Result<Self, TemplateFault> {
        check_letters(text)?;
        check_host(text)?;
        let parts = parts(text)?;
        let has = |wanted: &[Part]| parts.iter().any(|part| wanted.contains(part));
        for (name, wanted) in [
            ("z", &[Part::Zoom][..]),
            ("x", &[Part::Column][..]),
            ("y", &[Part::Row, Part::RowFromSouth][..]),
        ] {
            if !has(wanted) {
                return Err(TemplateFault::Missing(name));
            }
        }
        Ok(Self {
            parts,
            zoom_offset: 0,
        })
    }

    /// Of a WMTS: a template of its own with `{TileMatrix}`, `{TileCol}` and `{TileRow}` (REST), or its address, to which
    /// the questions of KVP are added.
    pub fn wmts(text: &str, wmts: Wmts<'_>) -> Result<Self, TemplateFault> {
        if text.contains("{TileMatrix}") {
            let mut rest = text.to_owned();
            for (name, value) in [
                ("{TileMatrix}", "{z}"),
                ("{TileCol}", "{x}"),
                ("{TileRow}", "{y}"),
                ("{Layer}", &encoded(wmts.layer)),
                ("{Style}", &encoded(wmts.style)),
                ("{TileMatrixSet}", &encoded(wmts.matrix_set)),
            ] {
                rest = rest.replace(name, value);
            }
            return Self::new(&rest);
        }
        let joint = match text.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        Self::new(&format!(
            "{text}{joint}SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={}&STYLE={}&TILEMATRIXSET={}&FORMAT={}\
             &TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}",
            encoded(wmts.layer),
            encoded(wmts.style),
            encoded(wmts.matrix_set),
            encoded(wmts.format),
        ))
    }

    /// Of a source that numbers its zooms otherwise.
    #[must_use]
    pub fn with_zoom_offset(self, zoom_offset: i8) -> Self {
        Self {
            zoom_offset,
            ..self
        }
    }

    /// Does an address hold a key?
    pub fn has_key(&self) -> bool {
        self.parts.contains(&Part::Key)
    }

    /// Is there more than one host?
    pub fn has_subdomain(&self) -> bool {
        self.parts.contains(&Part::Subdomain)
    }

    /// The address of a tile. A tile always has the same one of the subdomains.
    pub fn address(
        &self,
        tile: SourceTile,
        grid: Grid,
        subdomains: &[String],
        key: &str,
    ) -> String {
        let mut address = String::with_capacity(256);
        let turn = (tile.x as usize + tile.y as usize).checked_rem(subdomains.len());
        let subdomain = turn.and_then(|turn| subdomains.get(turn));
        for part in &self.parts {
            // Writing to a text cannot fail.
            let _ = match part {
                Part::Text(text) => address.write_str(text),
                Part::Zoom => write!(
                    address,
                    "{}",
                    i16::from(tile.z) + i16::from(self.zoom_offset)
                ),
                Part::Column => write!(address, "{}", tile.x),
                Part::Row => write!(address, "{}", tile.y),
                Part::RowFromSouth => write!(address, "{}", grid.row_from_south(tile.z, tile.y)),
                Part::Subdomain => address.write_str(subdomain.map_or("", String::as_str)),
                Part::Key => address.write_str(&encoded(key)),
            };
        }
        address
    }
}

fn check_letters(text: &str) -> Result<(), TemplateFault> {
    if text.len() > TEXT_MAX {
        return Err(TemplateFault::TooLong);
    }
    let is_good = text.chars().all(|c| c.is_ascii_graphic() && c != '#');
    is_good.then_some(()).ok_or(TemplateFault::BadLetter)
}

/// The host is fixed but for its subdomain, so that a key is shown to nobody else.
fn check_host(text: &str) -> Result<(), TemplateFault> {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let rest = rest.ok_or(TemplateFault::NoHost)?;
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    if host.contains('@') {
        return Err(TemplateFault::Credentials);
    }
    let fixed = host.replace("{s}", "");
    if fixed.contains(['{', '}']) {
        return Err(TemplateFault::HostChanges);
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-.:[]_".contains(c);
    let is_good = fixed.chars().all(is_name) && fixed.chars().any(|c| c.is_ascii_alphanumeric());
    is_good.then_some(()).ok_or(TemplateFault::NoHost)
}

fn parts(text: &str) -> Result<Vec<Part>, TemplateFault> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').ok_or(TemplateFault::Open)?;
        if !before.is_empty() {
            parts.push(Part::Text(before.to_owned()));
        }
        parts.push(match name {
            "z" => Part::Zoom,
            "x" => Part::Column,
            "y" => Part::Row,
            "-y" => Part::RowFromSouth,
            "s" => Part::Subdomain,
            "key" => Part::Key,
            other => return Err(TemplateFault::Unknown(other.to_owned())),
        });
        rest = behind;
    }
    if rest.contains('}') {
        return Err(TemplateFault::Open);
    }
    parts.push(Part::Text(rest.to_owned()));
    Ok(parts)
}

/// Percent-encoded, all but the letters that mean nothing in an address.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    const TILE: SourceTile = SourceTile { z: 3, x: 6, y: 2 };

    fn address(text: &str) -> String {
        let subdomains = ["0".to_owned(), "1".to_owned(), "2".to_owned()];
        let template = Template::new(text).unwrap();
        template.address(TILE, Grid::Mercator, &subdomains, "a b&c")
    }

    #[test]
    fn templates_are_filled() {
        assert_eq!(
            address("https://tiles.example/{z}/{x}/{y}.png"),
            "https://tiles.example/3/6/2.png"
        );
        assert_eq!(
            address("http://t{s}.example:80/{z}/{x}/{-y}"),
            "http://t2.example:80/3/6/5"
        );
        assert_eq!(
            address("https://t.example/?k={key}&z={z}&x={x}&y={y}"),
            "https://t.example/?k=a%20b%26c&z=3&x=6&y=2"
        );
        let template = Template::new("https://t.example/{z}/{x}/{-y}")
            .unwrap()
            .with_zoom_offset(-1);
        assert_eq!(
            template.address(TILE, Grid::Geographic, &[], ""),
            "https://t.example/2/6/1"
        );
        assert!(!template.has_key() && !template.has_subdomain());
    }

    #[test]
    fn wmts_is_asked_by_questions_or_by_paths() {
        let wmts = Wmts {
            layer: "vec",
            style: "default",
            matrix_set: "c",
            format: "tiles",
        };
        let kvp = Template::wmts("https://t{s}.tianditu.gov.cn/vec_c/wmts?tk={key}", wmts).unwrap();
        assert_eq!(
            kvp.address(TILE, Grid::Geographic, &["4".to_owned()], "KEY"),
            "https://t4.tianditu.gov.cn/vec_c/wmts?tk=KEY&SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec\
             &STYLE=default&TILEMATRIXSET=c&FORMAT=tiles&TILEMATRIX=3&TILEROW=2&TILECOL=6"
        );
        assert!(kvp.has_key() && kvp.has_subdomain());
        let bare = Template::wmts(
            "https://map.example/wmts",
            Wmts {
                format: "image/png",
                ..wmts
            },
        )
        .unwrap();
        let asked = bare.address(TILE, Grid::Mercator, &[], "");
        assert!(
            asked.starts_with("https://map.example/wmts?SERVICE=WMTS&"),
            "{asked}"
        );
        assert!(asked.contains("FORMAT=image%2Fpng&"), "{asked}");
        let rest = "https://map.example/{Layer}/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png";
        let rest = Template::wmts(rest, wmts).unwrap();
        assert_eq!(
            rest.address(TILE, Grid::Mercator, &[], ""),
            "https://map.example/vec/default/c/3/2/6.png"
        );
    }

    #[test]
    fn what_is_no_template_is_told() {
        for (text, fault) in [
            ("tiles/{z}/{x}/{y}", TemplateFault::NoHost),
            ("ftp://a.example/{z}/{x}/{y}", TemplateFault::NoHost),
            ("file:///etc/{z}/{x}/{y}", TemplateFault::NoHost),
            ("https:///{z}/{x}/{y}", TemplateFault::NoHost),
            ("https://{s}/{z}/{x}/{y}", TemplateFault::NoHost),
            (
                "https://me:secret@a.example/{z}/{x}/{y}",
                TemplateFault::Credentials,
            ),
            (
                "https://{key}.example/{z}/{x}/{y}",
                TemplateFault::HostChanges,
            ),
            ("https://a.example/{z}/{x}/{y", TemplateFault::Open),
            ("https://a.example/{z}/{x}/{y}}", TemplateFault::Open),
            (
                "https://a.example/{z}/{x}/{q}",
                TemplateFault::Unknown("q".to_owned()),
            ),
            ("https://a.example/{z}/{x}/", TemplateFault::Missing("y")),
            ("https://a.example/{x}/{y}", TemplateFault::Missing("z")),
            ("https://a.example/{z}/{x}/{y} ", TemplateFault::BadLetter),
            (
                "https://a.example/{z}/{x}/{y}#top",
                TemplateFault::BadLetter,
            ),
            ("https://地图.example/{z}/{x}/{y}", TemplateFault::BadLetter),
        ] {
            assert_eq!(Template::new(text), Err(fault), "{text}");
        }
    }
}
