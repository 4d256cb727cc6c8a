//! The geometry of a row: a header of the GeoPackage, then well-known bytes.

use geo::Geometry;
use wkb::reader::{Dimension, read_wkb};

use crate::door::Wrong;

const ADVICE: &str = "export the layer again";

/// The geometry, and whether it had heights.
pub(super) fn shape(bytes: &[u8]) -> Result<(Geometry<f64>, bool), Wrong> {
    let wrong = |what: &str| Wrong::new(what, ADVICE);
    let Some([b'G', b'P', _, flags, ..]) = bytes.get(..8) else {
        return Err(wrong("its geometry is not one of a GeoPackage"));
    };
    if flags & 0b0010_0000 != 0 {
        return Err(wrong("its geometry is of a kind of its own program's"));
    }
    let envelope = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return Err(wrong("its geometry has an envelope of no known kind")),
    };
    let body = bytes.get(8 + envelope..).unwrap_or_default();
    let read = read_wkb(body).map_err(|fault| {
        Wrong::new(
            format!("its geometry cannot be read: {fault}"),
            "export the layer again, curves as lines",
        )
    })?;
    let has_heights = read.dimension() != Dimension::Xy;
    let shape = wkb_geometry(&read)
        .ok_or_else(|| Wrong::new("it has no geometry", "draw one, or leave the record out"))?;
    Ok((shape, has_heights))
}

/// Nothing where a point of it is empty.
fn wkb_geometry(read: &wkb::reader::Wkb<'_>) -> Option<Geometry<f64>> {
    geo_traits::to_geo::ToGeoGeometry::try_to_geometry(read)
}
