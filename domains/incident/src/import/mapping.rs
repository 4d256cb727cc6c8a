//! The mapping: which column is what, in which words and times.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use yiwang_coords::Crs;

/// How the columns of one kind of file become cases.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Said in the report.
    pub title: String,
    /// The source that the cases get, `import` when not said.
    #[serde(default = "import_source")]
    pub source: String,
    /// The other system's own number. Without one, the row's content is its reference.
    #[serde(default)]
    pub source_ref: Option<Cell>,
    /// Put before the reference, so that two systems' numbers cannot meet: `sf311`.
    pub system: String,
    pub time: TimeMapping,
    pub created_at: Cell,
    #[serde(default)]
    pub closed_at: Option<Cell>,
    #[serde(default)]
    pub status: Option<StatusMapping>,
    pub text: TextMapping,
    #[serde(default)]
    pub place: Option<PlaceMapping>,
    #[serde(default)]
    pub item: Option<ItemMapping>,
    /// What was answered or done, for closed rows.
    #[serde(default)]
    pub answer: Option<Cell>,
    /// Who wrote; kept apart from the case and masked.
    #[serde(default)]
    pub reporter: Option<Cell>,
}

fn import_source() -> String {
    "import".to_owned()
}

/// A value: of a column, of the first column that is not empty, of a template, or the same for every row.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Cell {
    /// The column's name.
    Column(String),
    /// The first of these columns that is not empty.
    First(Vec<String>),
    /// `{ template: "{complaint_type}: {descriptor}" }`; empty columns leave nothing behind.
    Template { template: String },
    /// `{ constant: "…" }`
    Constant { constant: String },
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeMapping {
    /// strptime patterns, tried in order: `%Y-%m-%d %H:%M:%S`.
    pub formats: Vec<String>,
    /// The offset of times that do not say one, `+08:00`.
    #[serde(default = "city_offset")]
    pub offset: String,
}

fn city_offset() -> String {
    "+08:00".to_owned()
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusMapping {
    pub column: String,
    /// Words that mean closed.
    pub closed: Vec<String>,
    /// Words that mean open. A word in neither list refuses its row.
    pub open: Vec<String>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextMapping {
    pub title: Cell,
    #[serde(default)]
    pub description: Option<Cell>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceMapping {
    #[serde(default)]
    pub lon: Option<String>,
    #[serde(default)]
    pub lat: Option<String>,
    #[serde(default = "wgs84")]
    pub crs: Crs,
    #[serde(default)]
    pub address: Option<Cell>,
    /// An area code of the catalogue.
    #[serde(default)]
    pub area: Option<Cell>,
    /// Words of the address column that mean "no address".
    #[serde(default)]
    pub no_address: Vec<String>,
}

fn wgs84() -> Crs {
    Crs::Wgs84
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemMapping {
    pub column: String,
    /// The column's words -> item codes of the catalogue.
    #[serde(default)]
    pub map: BTreeMap<String, String>,
    /// For words that are not in the map. Without it such cases come without an item, to be classed by hand.
    #[serde(default)]
    pub otherwise: Option<String>,
}

/// What is wrong with a mapping, and where.
#[derive(Debug, thiserror::Error)]
#[error("the mapping is not right at {path}: {message}")]
pub struct MappingFault {
    pub path: String,
    pub message: String,
}

impl Mapping {
    /// Reads a mapping from the value of its YAML file.
    pub fn from_value(value: Value) -> Result<Self, MappingFault> {
        let mapping: Self =
            serde_path_to_error::deserialize(value).map_err(|error| MappingFault {
                path: error.path().to_string(),
                message: error.inner().to_string(),
            })?;
        mapping.check()?;
        Ok(mapping)
    }

    fn check(&self) -> Result<(), MappingFault> {
        let fault = |path: &str, message: &str| MappingFault {
            path: path.to_owned(),
            message: message.to_owned(),
        };
        if self.system.is_empty() {
            return Err(fault("system", "give the other system a short name"));
        }
        if self.time.formats.is_empty() {
            return Err(fault(
                "time.formats",
                "give at least one format, such as %Y-%m-%d %H:%M:%S",
            ));
        }
        if self.time.offset_seconds().is_none() {
            return Err(fault("time.offset", "an offset looks like +08:00"));
        }
        if crate::model::Source::parse(&self.source).is_none() {
            return Err(fault("source", "this is not a source of cases"));
        }
        Ok(())
    }

    /// Every column that the mapping names, for a check against the file's header.
    pub fn columns(&self) -> Vec<&str> {
        let mut columns = Vec::new();
        let cells = [
            Some(&self.created_at),
            self.source_ref.as_ref(),
            self.closed_at.as_ref(),
            Some(&self.text.title),
            self.text.description.as_ref(),
            self.answer.as_ref(),
            self.reporter.as_ref(),
            self.place.as_ref().and_then(|place| place.address.as_ref()),
            self.place.as_ref().and_then(|place| place.area.as_ref()),
        ];
        cells
            .into_iter()
            .flatten()
            .for_each(|cell| columns.extend(cell.columns()));
        columns.extend(self.status.as_ref().map(|status| status.column.as_str()));
        columns.extend(self.item.as_ref().map(|item| item.column.as_str()));
        let place = self.place.as_ref();
        columns.extend(place.and_then(|place| place.lon.as_deref()));
        columns.extend(place.and_then(|place| place.lat.as_deref()));
        columns
    }
}

impl TimeMapping {
    /// The offset in seconds east of UTC.
    pub(super) fn offset_seconds(&self) -> Option<i32> {
        let (sign, rest) = match self.offset.split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        };
        let (hours, minutes) = rest.split_once(':')?;
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
    }
}

impl Cell {
    fn columns(&self) -> Vec<&str> {
        match self {
            Self::Column(column) => vec![column],
            Self::First(columns) => columns.iter().map(String::as_str).collect(),
            Self::Template { template } => placeholders(template).collect(),
            Self::Constant { .. } => Vec::new(),
        }
    }
}

/// The names within braces.
pub(super) fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
}
