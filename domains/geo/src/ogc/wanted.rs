//! What a client asks for, out of the query of its request.

use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_cql2::Expression;
use yiwang_kernel::{FieldFault, Timestamp};

use super::crs::System;
use crate::error::GeoError;
use crate::layer::LayerEntry;
use crate::service::{ItemsWanted, properties_of};

const LIMIT: usize = 100;
const LIMIT_MAX: usize = 10_000;
/// The parameters that there are. Any property of the layer may stand beside them, and must be equal then.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by name; here they are described")]
pub(crate) struct ItemsQuery {
    /// 100 where it is not given, 10000 at most.
    #[param(minimum = 1, maximum = 10000, default = 100)]
    limit: Option<usize>,
    /// Four numbers in the system of `bbox-crs`.
    bbox: Option<String>,
    #[serde(rename = "bbox-crs")]
    bbox_crs: Option<String>,
    /// An instant or `from/to`: what has been as it is at some time of it.
    datetime: Option<String>,
    /// The system of the answer.
    crs: Option<String>,
    /// CQL2 text.
    filter: Option<String>,
    #[serde(rename = "filter-lang")]
    filter_lang: Option<String>,
    #[serde(rename = "filter-crs")]
    filter_crs: Option<String>,
    /// Of the page before.
    cursor: Option<String>,
}

/// What is wanted, and in which system.
pub(crate) struct Asked {
    pub wanted: ItemsWanted,
    pub system: System,
}

fn fault(name: &str, code: &str, message: impl Into<String>) -> GeoError {
    GeoError::Invalid(vec![FieldFault::new(format!("/{name}"), code, message)])
}

/// The system that a parameter names.
pub(crate) fn system(query: &[(String, String)], name: &str) -> Result<System, GeoError> {
    let Some((_, uri)) = query.iter().find(|(key, _)| key == name) else {
        return Ok(System::default());
    };
    System::parse(uri).ok_or_else(|| {
        let message = format!("{uri} is none of the systems that the collection lists in crs");
        fault(name, "unknown", message)
    })
}

/// Reads the query of a list.
pub(crate) fn read(query: &[(String, String)], layer: &LayerEntry) -> Result<Asked, GeoError> {
    let mut wanted = ItemsWanted {
        limit: LIMIT,
        ..ItemsWanted::default()
    };
    let bbox_system = system(query, "bbox-crs")?;
    for (name, text) in query {
        match name.as_str() {
            "limit" => wanted.limit = limit(text)?,
            "bbox" => wanted.bbox = Some(bbox_system.bbox(bbox(text)?)),
            "datetime" => wanted.until = datetime(text)?,
            "filter" => {
                let filter = Expression::parse(text);
                let filter =
                    filter.map_err(|error| fault("filter", "malformed", error.to_string()))?;
                wanted.filter = Some(filter);
            }
            "filter-lang" if text == "cql2-text" => {}
            "filter-lang" => {
                return Err(fault("filter-lang", "unknown", "filters are cql2-text"));
            }
            "filter-crs" if System::parse(text) == Some(System::Crs84) => {}
            "filter-crs" => {
                let message = "geometries of filters are in CRS84, longitude before latitude";
                return Err(fault("filter-crs", "unknown", message));
            }
            "cursor" => wanted.after = Some(text.clone()),
            "bbox-crs" | "crs" | "f" => {}
            other if has_property(layer, other) => {
                wanted.equal.push((name.clone(), text.clone()));
            }
            other => {
                let message = format!("there is no parameter and no property {other}");
                return Err(fault(other, "unknown", message));
            }
        }
    }
    let system = system(query, "crs")?;
    Ok(Asked { wanted, system })
}

fn has_property(layer: &LayerEntry, name: &str) -> bool {
    properties_of(layer.content).contains(&name) || layer.attribute(name).is_some()
}

fn limit(text: &str) -> Result<usize, GeoError> {
    let limit: Option<usize> = text.parse().ok().filter(|limit| *limit > 0);
    let limit = limit.ok_or_else(|| fault("limit", "malformed", "a limit is a number from 1"))?;
    Ok(limit.min(LIMIT_MAX))
}

fn bbox(text: &str) -> Result<[f64; 4], GeoError> {
    let numbers: Option<Vec<f64>> = text
        .split(',')
        .map(|part| part.trim().parse().ok())
        .collect();
    let wrong = || {
        fault(
            "bbox",
            "malformed",
            "four numbers, or six with heights, parted by commas",
        )
    };
    match numbers.ok_or_else(wrong)?.as_slice() {
        // Heights are not kept, so that every height is met.
        [west, south, east, north] | [west, south, _, east, north, _] => {
            Ok([*west, *south, *east, *north])
        }
        _ => Err(wrong()),
    }
}

/// The end of an instant or interval; nothing where it is open.
fn datetime(text: &str) -> Result<Option<Timestamp>, GeoError> {
    let end = text.split_once('/').map_or(text, |(_, end)| end);
    if end.is_empty() || end == ".." {
        return Ok(None);
    }
    let wrong = |_error| {
        let message = "an instant as in 2026-11-26T08:00:00Z, or two parted by a slash";
        fault("datetime", "malformed", message)
    };
    end.parse().map(Some).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use yiwang_kernel::Fault as _;

    use super::*;

    fn layer() -> LayerEntry {
        let layer = json!({ "code": "component", "name": { "zh": "部件" }, "geometry": "point",
            "attributes": [{ "code": "keeper", "name": { "zh": "养护单位" } }] });
        serde_json::from_value(layer).unwrap()
    }

    fn ask(query: &[(&str, &str)]) -> Result<Asked, GeoError> {
        let query: Vec<(String, String)> = query
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        read(&query, &layer())
    }

    #[test]
    fn a_query_is_read() {
        let asked = ask(&[
            ("bbox", "31.8,120.1,32,120.3"),
            ("bbox-crs", System::Epsg4490.uri()),
            ("crs", System::Epsg3857.uri()),
            ("limit", "99999"),
            ("datetime", "../2026-11-26T08:00:00Z"),
            ("keeper", "市政"),
            ("filter", "state = 'damaged'"),
        ]);
        let asked = asked.unwrap();
        assert_eq!(asked.wanted.bbox, Some([120.1, 31.8, 120.3, 32.0]));
        assert_eq!(
            (asked.wanted.limit, asked.system),
            (10_000, System::Epsg3857)
        );
        assert_eq!(
            asked.wanted.equal,
            [("keeper".to_owned(), "市政".to_owned())]
        );
        assert!(asked.wanted.until.is_some() && asked.wanted.filter.is_some());
        let heights = ask(&[("bbox", "120.1,31.8,0,120.3,32,9")]).unwrap();
        assert_eq!(heights.wanted.bbox, Some([120.1, 31.8, 120.3, 32.0]));
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name() {
        let wrong = [
            ("limit", "0"),
            ("bbox", "1,2,3"),
            ("crs", "EPSG:2385"),
            ("datetime", "yesterday"),
            ("filter", "state =="),
            ("filter-lang", "cql-json"),
            ("colour", "red"),
        ];
        for (name, text) in wrong {
            let fault = ask(&[(name, text)]).err().unwrap();
            assert_eq!(fault.fields()[0].path, format!("/{name}"), "{text}");
        }
    }
}
