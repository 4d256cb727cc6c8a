//! What a file says of its coordinate system, and whether that agrees with its tag.

mod definition;

use crate::record::{Broken, Note};
use crate::system::System;

pub(crate) use definition::of_definition;

/// What a file says of its coordinate system.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Declared {
    Nothing,
    System(System),
    /// One that is not read here, by its name.
    Other(String),
}

impl Declared {
    pub(crate) fn of_epsg(code: u32) -> Self {
        System::of_epsg(code).map_or_else(|| Self::Other(format!("EPSG:{code}")), Self::System)
    }

    /// By a name as GeoJSON has it: `urn:ogc:def:crs:EPSG::4549`, `EPSG:4549`, or one that ends in CRS84.
    pub(crate) fn of_name(name: &str) -> Self {
        if name.to_ascii_uppercase().ends_with("CRS84") {
            return Self::System(System::Wgs84);
        }
        let is_epsg = name.to_ascii_uppercase().contains("EPSG");
        let code = name.rsplit([':', '/', '#']).next();
        match code.and_then(|code| code.parse().ok()) {
            Some(code) if is_epsg => Self::of_epsg(code),
            _ => Self::Other(name.chars().take(200).collect()),
        }
    }

    /// As a person reads it.
    pub(crate) fn told(&self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::System(system) => Some(system.to_string()),
            Self::Other(name) => Some(name.clone()),
        }
    }

    /// Whether the file may be read by its tag. `remedy` says how this format's own word can be taken out.
    pub(crate) fn agrees(&self, tag: System, remedy: &str) -> Result<Option<Note>, Broken> {
        let declared = match self {
            Self::Nothing => return Ok(None),
            Self::System(declared) => *declared,
            Self::Other(name) => {
                return Err(Broken::new(
                    format!("the file says its coordinates are {name}, which is not read here"),
                    "convert it to CGCS2000 longitude and latitude (EPSG:4490) or to a Gauss-Krüger plane of CGCS2000, in QGIS or with ogr2ogr -t_srs EPSG:4490, and send that",
                ));
            }
        };
        let is_plain = |system: System| matches!(system, System::Wgs84 | System::Cgcs2000);
        let is_shifted = matches!(tag, System::Gcj02 | System::Bd09);
        if is_plain(declared) && is_shifted {
            return Ok(Some(Note::ShiftedByTag {
                declared: declared.to_string(),
            }));
        }
        if declared == tag || (is_plain(declared) && is_plain(tag)) {
            return Ok(None);
        }
        Err(Broken::new(
            format!("the file says its coordinates are {declared}, it was tagged as {tag}"),
            format!("tag it as {declared}; or, if the file is wrong, {remedy} and send it again"),
        ))
    }
}
