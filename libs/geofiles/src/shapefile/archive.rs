//! The parts of a layer, out of an archive that may be anything.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::encoding;
use crate::limits::Limits;
use crate::record::Broken;

/// Files in one archive.
const ENTRIES_MAX: usize = 1_000;

pub(super) struct Parts {
    /// Of the layer, without an ending.
    pub(super) name: String,
    pub(super) shp: Vec<u8>,
    pub(super) shx: Option<Vec<u8>>,
    pub(super) dbf: Option<Vec<u8>>,
    pub(super) prj: Option<Vec<u8>>,
    pub(super) cpg: Option<Vec<u8>>,
}

pub(super) fn open<R: Read + Seek>(
    source: R,
    layer: Option<&str>,
    limits: &Limits,
) -> Result<Parts, Broken> {
    let mut archive = ZipArchive::new(source).map_err(|error| unreadable(&error))?;
    if archive.len() > ENTRIES_MAX {
        return Err(Broken::new(
            format!("the archive has {} files", archive.len()),
            "zip the parts of one layer only",
        ));
    }
    let names = names(&mut archive)?;
    let shp = chosen(&names, layer)?;
    let stem = without_ending(shp).to_owned();
    let mut room = limits.unpacked_bytes_max;
    let mut part = |ending: &str| {
        let wanted = format!("{stem}.{ending}");
        let place = names
            .iter()
            .position(|name| name.eq_ignore_ascii_case(&wanted));
        place
            .map(|place| unpack(&mut archive, place, &mut room, limits))
            .transpose()
    };
    let shp = part("shp")?.unwrap_or_default();
    Ok(Parts {
        name: stem.rsplit(['/', '\\']).next().unwrap_or(&stem).to_owned(),
        shp,
        shx: part("shx")?,
        dbf: part("dbf")?,
        prj: part("prj")?,
        cpg: part("cpg")?,
    })
}

fn unreadable(error: &ZipError) -> Broken {
    Broken::new(
        format!("the archive cannot be read: {error}"),
        "zip the parts of the layer again, without a password",
    )
}

/// By the place in the archive. Older programs write names in the encoding of their machine.
fn names<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Vec<String>, Broken> {
    let mut names = Vec::new();
    for place in 0..archive.len() {
        let entry = archive
            .by_index_raw(place)
            .map_err(|error| unreadable(&error))?;
        let raw = entry.name_raw();
        let encoding = encoding::guess(std::iter::once(raw));
        names.push(encoding::decode(raw, encoding).0);
    }
    Ok(names)
}

fn without_ending(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn chosen<'a>(names: &'a [String], layer: Option<&str>) -> Result<&'a str, Broken> {
    let is_shape = |name: &&String| {
        let is_shadow =
            name.starts_with("__MACOSX") || name.contains("/._") || name.starts_with("._");
        name.to_ascii_lowercase().ends_with(".shp") && !is_shadow
    };
    let shapes: Vec<&str> = names.iter().filter(is_shape).map(String::as_str).collect();
    let own = |name: &str| {
        let stem = without_ending(name);
        stem.rsplit(['/', '\\']).next().unwrap_or(stem).to_owned()
    };
    let listed = || {
        let own: Vec<String> = shapes.iter().map(|name| own(name)).collect();
        own.join(", ")
    };
    match (shapes.as_slice(), layer) {
        ([], _) => Err(Broken::new(
            "the archive has no .shp",
            "zip the .shp with its .shx, .dbf, .prj and .cpg",
        )),
        ([only], None) => Ok(only),
        (_, None) => Err(Broken::new(
            format!("the archive has several layers: {}", listed()),
            "name one of them",
        )),
        (all, Some(layer)) => all
            .iter()
            .copied()
            .find(|name| own(name) == layer)
            .ok_or_else(|| {
                Broken::new(
                    format!("the archive has no layer `{layer}`: there are {}", listed()),
                    "name one of them",
                )
            }),
    }
}

/// Counts the bytes that come out, not those that the archive says will.
fn unpack<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    place: usize,
    room: &mut u64,
    limits: &Limits,
) -> Result<Vec<u8>, Broken> {
    let entry = archive
        .by_index(place)
        .map_err(|error| unreadable(&error))?;
    let mut bytes = Vec::new();
    entry
        .take(*room + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Broken::unreadable(&error))?;
    *room = room.checked_sub(bytes.len() as u64).ok_or_else(|| {
        Broken::new(
            format!(
                "the archive unpacks to more than {} bytes",
                limits.unpacked_bytes_max
            ),
            "send the layer in parts",
        )
    })?;
    Ok(bytes)
}
