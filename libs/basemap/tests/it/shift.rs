//! The shift of GCJ-02 at Jiangyin, beside two other implementations.

use yiwang_basemap::{Datum, Grid, SourceTile, Tile, Warp};
use yiwang_coords::{Crs, LonLat};

/// WGS-84 and GCJ-02 as `gcoord` 1.0.7 (npm) converts them; `coord-convert` 0.2.1 (PyPI) gives the same digits.
const JIANGYIN: [([f64; 2], [f64; 2]); 5] = [
    (
        [120.2631, 31.9109],
        [120.267_708_166_918_38, 31.908_923_072_729_344],
    ),
    (
        [120.2763, 31.9208],
        [120.280_910_715_858_47, 31.918_830_693_346_34],
    ),
    (
        [120.3927, 31.8412],
        [120.397_428_766_671_78, 31.839_419_404_835_684],
    ),
    (
        [120.1, 31.8],
        [120.104_943_220_969_8, 31.798_223_979_509_164],
    ),
    (
        [120.55, 31.95],
        [120.554_296_585_037_01, 31.947_881_103_950_202],
    ),
];

#[test]
fn the_shift_is_that_of_others_within_a_metre() {
    for ([lon, lat], [east, north]) in JIANGYIN {
        let (place, shifted) = (LonLat::new(lon, lat), LonLat::new(east, north));
        let off = Crs::Gcj02.from_wgs84(place).distance_m(shifted);
        assert!(off < 1e-3, "{lon}, {lat}: {off} m");
        let off = Crs::Gcj02.to_wgs84(shifted).distance_m(place);
        assert!(off < 1e-3, "back at {lon}, {lat}: {off} m");
        assert!((400.0..600.0).contains(&place.distance_m(shifted)));
    }
}

/// The tile of a place on the ground is drawn from the source tile that holds the place's shifted degrees.
#[test]
fn a_target_is_drawn_from_where_its_ground_is_shifted_to() {
    for ([lon, lat], [east, north]) in JIANGYIN {
        let tile = |z: u8, lon: f64, lat: f64| {
            let side = f64::from(1_u32 << z);
            let lat = lat.to_radians();
            let x = (lon + 180.0) / 360.0 * side;
            let y = (1.0 - lat.tan().asinh() / std::f64::consts::PI) / 2.0 * side;
            (x as u32, y as u32)
        };
        for z in [14, 16, 18] {
            let (x, y) = tile(z, lon, lat);
            let (source_x, source_y) = tile(z, east, north);
            let warp = Warp::new(Tile::new(z, x, y).unwrap(), Grid::Mercator, Datum::Gcj02);
            let wanted = SourceTile {
                z,
                x: source_x,
                y: source_y,
            };
            assert!(
                warp.tiles().contains(&wanted),
                "{z}: {wanted:?} in {:?}",
                warp.tiles()
            );
        }
    }
}
