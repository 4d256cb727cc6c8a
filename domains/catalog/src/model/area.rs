//! Areas (区域): city, town, village, grid; each with a schematic outline.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// 1 city, 2 town, 3 village, 4 grid; a level's codes have as many digits as [`AreaLevel::digits`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AreaLevel(pub u8);

impl AreaLevel {
    pub const CITY: Self = Self(1);
    pub const GRID: Self = Self(4);

    /// 6, 9, 12 or 15.
    pub fn digits(self) -> usize {
        3 + 3 * usize::from(self.0)
    }
}

/// One area, as a row of the pack section `areas` has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaEntry {
    pub code: String,
    pub name: String,
    /// Absent or empty for the city.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "filled"
    )]
    #[schemars(with = "Option<String>")]
    pub parent: Option<String>,
    #[serde(deserialize_with = "whole")]
    #[schemars(with = "NumberText")]
    pub level: u8,
    /// Where its name is written.
    #[serde(deserialize_with = "real")]
    #[schemars(with = "NumberText")]
    pub lon: f64,
    #[serde(deserialize_with = "real")]
    #[schemars(with = "NumberText")]
    pub lat: f64,
    /// `lon lat;lon lat;…`, the last point the first again, CGCS2000.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ring: String,
    /// First day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub valid_from: Option<Date>,
    /// First day on which it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub valid_to: Option<Date>,
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "says in the schema that a CSV cell may hold the number"
)]
enum NumberText {
    Number(f64),
    Text(String),
}

fn filled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

fn real<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let number = match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number
        .filter(|number| number.is_finite())
        .ok_or_else(|| serde::de::Error::custom("expected a number"))
}

fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    let number = real(deserializer)?;
    if number.fract() == 0.0 && (0.0..=255.0).contains(&number) {
        Ok(number as u8)
    } else {
        Err(serde::de::Error::custom("expected a whole number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csv_row_of_strings_reads() {
        let row = serde_json::json!({
            "code": "320281", "name": "江阴市", "parent": "", "level": "1",
            "lon": "120.28", "lat": "31.92", "ring": ""
        });
        let area: AreaEntry = serde_json::from_value(row).unwrap();
        assert_eq!(
            (area.parent, area.level, AreaLevel(4).digits()),
            (None, 1, 15)
        );
    }
}
