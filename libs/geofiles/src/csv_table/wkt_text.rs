//! Geometries of well-known text; heights are dropped.

use std::str::FromStr as _;

use geo::Geometry;
use wkt::Wkt;

use crate::door::Wrong;

/// Brackets within one another: collections within collections are read by recursion.
const BRACKETS_MAX: usize = 16;
const ADVICE: &str = "write POINT (120.285 31.92) or POLYGON ((x y, …)), with Z behind the name if there are heights";

/// The geometry, and whether it had heights.
pub(crate) fn shape(text: &str) -> Result<(Geometry<f64>, bool), Wrong> {
    // PostGIS puts the code of the system in front.
    let text = match text.split_once(';') {
        Some((code, rest)) if code.to_ascii_uppercase().starts_with("SRID=") => rest,
        _ => text,
    };
    if text.is_empty() {
        return Err(Wrong::new(
            "it has no geometry",
            "fill it in, or leave the record out",
        ));
    }
    let (mut depth, mut end) = (0_usize, None);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 && end.is_none() {
            end = Some(at + 1);
        }
        if depth > BRACKETS_MAX {
            return Err(Wrong::new(
                format!("its geometry has brackets more than {BRACKETS_MAX} deep"),
                "put the parts side by side",
            ));
        }
    }
    let behind = end.and_then(|end| text.get(end..)).unwrap_or_default();
    if !behind.trim().is_empty() {
        let shown: String = behind.trim().chars().take(40).collect();
        return Err(Wrong::new(
            format!("`{shown}` stands behind its geometry"),
            ADVICE,
        ));
    }
    let shown: String = text.chars().take(40).collect();
    let wrong = |fault: &dyn std::fmt::Display| {
        Wrong::new(format!("`{shown}` is no well-known text ({fault})"), ADVICE)
    };
    let read = Wkt::<f64>::from_str(text).map_err(|fault| wrong(&fault))?;
    let head = text
        .split('(')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_uppercase();
    let has_heights = head.ends_with(['Z', 'M']);
    let shape = Geometry::try_from(read).map_err(|fault| wrong(&fault))?;
    Ok((shape, has_heights))
}
