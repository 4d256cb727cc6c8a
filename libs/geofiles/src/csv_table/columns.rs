//! Which columns of a table say where.

use crate::record::Broken;

/// The names of the columns that say where; what is not named is looked for by the usual names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// Longitude or easting.
    pub lon: Option<String>,
    /// Latitude or northing.
    pub lat: Option<String>,
    /// Well-known text.
    pub wkt: Option<String>,
}

/// The columns by their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    Point { lon: usize, lat: usize },
    Text(usize),
}

impl Where {
    pub(super) fn has(self, column: usize) -> bool {
        match self {
            Self::Point { lon, lat } => column == lon || column == lat,
            Self::Text(text) => column == text,
        }
    }
}

/// The surest first.
const LON: [&str; 11] = [
    "lon",
    "lng",
    "longitude",
    "long",
    "经度",
    "gps_lon",
    "gps_lng",
    "jd",
    "东经",
    "x",
    "easting",
];
const LAT: [&str; 9] = [
    "lat", "latitude", "纬度", "gps_lat", "wd", "北纬", "维度", "y", "northing",
];
const WKT: [&str; 7] = [
    "wkt", "wkt_geom", "geometry", "geom", "the_geom", "shape", "几何",
];

impl Columns {
    pub(super) fn find(&self, names: &[String]) -> Result<Where, Broken> {
        if let Some(wkt) = &self.wkt {
            return Ok(Where::Text(named(names, wkt)?));
        }
        let lon = match &self.lon {
            Some(name) => Some(named(names, name)?),
            None => usual(names, &LON),
        };
        let lat = match &self.lat {
            Some(name) => Some(named(names, name)?),
            None => usual(names, &LAT),
        };
        if let (Some(lon), Some(lat)) = (lon, lat) {
            return Ok(Where::Point { lon, lat });
        }
        if let Some(text) = usual(names, &WKT) {
            return Ok(Where::Text(text));
        }
        Err(Broken::new(
            format!("no columns say where: there are {}", listed(names)),
            "name the columns of longitude and latitude, or the one of well-known text",
        ))
    }
}

fn listed(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(40).map(String::as_str).collect();
    shown.join(", ")
}

fn named(names: &[String], wanted: &str) -> Result<usize, Broken> {
    names.iter().position(|name| name == wanted).ok_or_else(|| {
        Broken::new(
            format!("there is no column `{wanted}`: there are {}", listed(names)),
            "name one of them",
        )
    })
}

/// By a usual name, whole first, then as what the name begins with: `经度(WGS84)`.
fn usual(names: &[String], known: &[&str]) -> Option<usize> {
    let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let whole = known
        .iter()
        .find_map(|wanted| lower.iter().position(|name| name == wanted));
    whole.or_else(|| {
        // One letter begins too many names.
        let long = known
            .iter()
            .filter(|wanted| wanted.chars().count() > 2 || !wanted.is_ascii());
        let mut long = long.filter(|wanted| wanted.len() > 3);
        long.find_map(|wanted| lower.iter().position(|name| name.starts_with(wanted)))
    })
}
