//! All faults of the section `basemaps`.

use std::collections::HashSet;

use yiwang_basemap::{Datum, Grid, ZOOM_MAX};
use yiwang_contracts::{Diagnostic, PackContent, SectionEntry};

use super::entry::{BasemapEntry, BasemapKind};

pub(crate) const SECTION: &str = "basemaps";
const SUBDOMAINS_MAX: usize = 32;
const CACHE_DAYS_MAX: u16 = 3_650;

/// The entries that can be read, and everything that is wrong with the section.
pub(crate) fn check(
    pack: &PackContent,
    under: &[&PackContent],
) -> (Vec<BasemapEntry>, Vec<Diagnostic>) {
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    let mut seen: HashSet<String> = under
        .iter()
        .flat_map(|below| below.texts(SECTION, "/code"))
        .map(str::to_owned)
        .collect();
    let own = pack.texts(SECTION, "/code").map(str::to_owned);
    let known: HashSet<String> = seen.iter().cloned().chain(own).collect();
    for entry in pack.sections.get(SECTION).into_iter().flatten() {
        match entry.read::<BasemapEntry>("geo.basemaps.malformed") {
            Ok(basemap) => {
                if !seen.insert(basemap.code.clone()) {
                    let message = format!("the basemap {} is there already", basemap.code);
                    let hint = Some("give it another code");
                    faults.push(entry.error("/code", "geo.basemaps.twice", message, hint));
                }
                check_basemap(&basemap, &known, entry, &mut faults);
                entries.push(basemap);
            }
            Err(fault) => faults.push(fault),
        }
    }
    (entries, faults)
}

fn check_basemap(
    basemap: &BasemapEntry,
    known: &HashSet<String>,
    at: &SectionEntry,
    faults: &mut Vec<Diagnostic>,
) {
    let mut fault = |pointer: &str, code: &str, message: String, hint: Option<&str>| {
        faults.push(at.error(pointer, &format!("geo.basemaps.{code}"), message, hint));
    };
    if !is_code(&basemap.code) {
        let hint = Some("lower case letters, digits and hyphens, as in tianditu-vec");
        fault(
            "/code",
            "bad_code",
            format!("`{}` is no code", basemap.code),
            hint,
        );
    }
    let (first, last) = (basemap.min_zoom, basemap.max_zoom);
    if first > last || last > ZOOM_MAX || first < basemap.grid.zoom_min() {
        let least = basemap.grid.zoom_min();
        let message = format!("zooms {first} to {last} are not within {least} to {ZOOM_MAX}");
        fault("/max_zoom", "bad_zoom", message, None);
    }
    if let Some([west, south, east, north]) = basemap.bounds
        && !(west < east
            && south < north
            && west >= -180.0
            && east <= 180.0
            && south >= -90.0
            && north <= 90.0)
    {
        let hint = Some("west, south, east, north, in degrees");
        fault(
            "/bounds",
            "bad_bounds",
            "these are no bounds".to_owned(),
            hint,
        );
    }
    if basemap.cache_days > CACHE_DAYS_MAX {
        let message = format!("{} days are more than {CACHE_DAYS_MAX}", basemap.cache_days);
        fault("/cache_days", "bad_days", message, None);
    }
    if let Some(labels) = &basemap.labels
        && (!known.contains(labels) || *labels == basemap.code)
    {
        let message = format!("there is no other basemap {labels}");
        fault(
            "/labels",
            "unknown",
            message,
            Some("the code of an entry with overlay: true"),
        );
    }
    if basemap
        .attribution
        .as_ref()
        .is_some_and(|text| text.chars().count() > 200)
    {
        let message = "this is longer than 200 letters".to_owned();
        fault("/attribution", "too_long", message, None);
    }
    match basemap.kind {
        BasemapKind::Pmtiles => check_archive(basemap, &mut fault),
        BasemapKind::Xyz | BasemapKind::Wmts => check_net(basemap, &mut fault),
    }
}

fn check_archive(basemap: &BasemapEntry, fault: &mut impl FnMut(&str, &str, String, Option<&str>)) {
    let file = basemap.file.as_deref().unwrap_or_default();
    if super::within(std::path::Path::new("folder"), file).is_none() {
        let message = format!("`{file}` names no file within the folder of basemaps");
        fault("/file", "bad_file", message, Some("as in jiangyin.pmtiles"));
    }
    let is_as_archives_are = basemap.grid == Grid::Mercator && basemap.datum != Datum::Gcj02;
    if !is_as_archives_are {
        let message = "an archive is in Web Mercator and not shifted".to_owned();
        fault(
            "/grid",
            "bad_grid",
            message,
            Some("leave out grid and datum"),
        );
    }
    let of_the_net = basemap.url.is_some()
        || basemap.wmts.is_some()
        || basemap.key.is_some()
        || !basemap.subdomains.is_empty()
        || basemap.zoom_offset != 0;
    if of_the_net {
        let message = "an archive has a file and nothing that is asked over the net".to_owned();
        fault(
            "",
            "not_asked",
            message,
            Some("leave out url, wmts, key, subdomains, zoom_offset"),
        );
    }
}

fn check_net(basemap: &BasemapEntry, fault: &mut impl FnMut(&str, &str, String, Option<&str>)) {
    if basemap.file.is_some() {
        let message = "only kind pmtiles has a file".to_owned();
        fault("/file", "not_a_file", message, None);
    }
    if (basemap.kind == BasemapKind::Wmts) != basemap.wmts.is_some() {
        let message =
            "kind wmts has `wmts` with layer and matrix_set, and no other kind has".to_owned();
        fault("/wmts", "no_wmts", message, None);
    }
    if basemap.subdomains.len() > SUBDOMAINS_MAX
        || basemap.subdomains.iter().any(|name| !is_subdomain(name))
    {
        let message = format!("these are not at most {SUBDOMAINS_MAX} parts of a host's name");
        fault("/subdomains", "bad_subdomain", message, None);
    }
    match basemap.template() {
        Err(error) => fault("/url", "bad_url", error.to_string(), None),
        Ok(template) => {
            if template.has_key() != basemap.key.is_some() {
                let message =
                    "`key` names the key that goes where the address says {key}".to_owned();
                fault(
                    "/key",
                    "bad_key",
                    message,
                    Some("give both or none; never the key itself"),
                );
            }
            if template.has_subdomain() == basemap.subdomains.is_empty() {
                let message = "`subdomains` are what {s} in the address stands for".to_owned();
                fault(
                    "/subdomains",
                    "bad_subdomain",
                    message,
                    Some("give both or none"),
                );
            }
        }
    }
    if let Some(key) = &basemap.key
        && !is_code(key)
    {
        let message = format!("`{key}` is no name of a key");
        fault(
            "/key",
            "bad_key",
            message,
            Some("as in basemap.keys.tianditu of the settings"),
        );
    }
    if i16::from(basemap.min_zoom) + i16::from(basemap.zoom_offset) < 0 {
        let message = "the first zoom would be below 0 at the source".to_owned();
        fault("/zoom_offset", "bad_zoom", message, None);
    }
}

fn is_subdomain(name: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-';
    !name.is_empty() && name.len() <= 32 && name.chars().all(good)
}

fn is_code(code: &str) -> bool {
    let mut letters = code.chars();
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    letters.next().is_some_and(|c| c.is_ascii_lowercase()) && letters.all(good) && code.len() <= 48
}
