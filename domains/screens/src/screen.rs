//! What a screen is: data alone, without code, markup or options of a chart library.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yiwang_kernel::Text;

use crate::widget::Widget;

/// A screen of the wall or the phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// Stable for life; part of addresses: `city-overview`.
    pub code: String,
    pub title: Text,
    /// Who has this right nowhere does not see the screen, `vitals.read`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
    /// In menus and in rotation, the smallest first.
    #[serde(default)]
    pub order: i32,
    /// How often it is read anew, 5 to 3600.
    #[serde(default = "refresh_seconds")]
    pub refresh_seconds: u32,
    /// Where the bezels of a wall are, in pixels of the design width.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub seams: BTreeMap<LayoutKey, Vec<u32>>,
    /// How the widgets lie on displays of each shape; that of 16:9 must be there.
    pub layouts: BTreeMap<LayoutKey, Layout>,
    pub widgets: Vec<Widget>,
}

/// The shape of a display.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
    utoipa::ToSchema,
)]
pub enum LayoutKey {
    #[serde(rename = "16:9")]
    Wide,
    /// Two displays side by side.
    #[serde(rename = "32:9")]
    TwoWide,
    /// Three displays side by side.
    #[serde(rename = "48:9")]
    ThreeWide,
    #[serde(rename = "4:3")]
    Classic,
    #[serde(rename = "portrait")]
    Portrait,
    #[serde(rename = "phone")]
    Phone,
}

impl LayoutKey {
    pub(crate) const ALL: [Self; 6] = [
        Self::Wide,
        Self::TwoWide,
        Self::ThreeWide,
        Self::Classic,
        Self::Portrait,
        Self::Phone,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wide => "16:9",
            Self::TwoWide => "32:9",
            Self::ThreeWide => "48:9",
            Self::Classic => "4:3",
            Self::Portrait => "portrait",
            Self::Phone => "phone",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.as_str() == word)
    }
}

/// Where the widgets lie on a display of one shape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The widths of the columns as weights.
    pub columns: Vec<f64>,
    /// The heights of the rows as weights; each is as tall as it needs where they are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Vec<f64>>,
    /// A line for each row: the areas of its cells with blanks between, `.` for none.
    pub areas: Vec<String>,
}

fn refresh_seconds() -> u32 {
    30
}

/// A screen whose parts are still to be read, so that everything wrong with each is found at once.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawScreen {
    pub(crate) code: String,
    pub(crate) title: Text,
    #[serde(default)]
    pub(crate) right: Option<String>,
    #[serde(default)]
    pub(crate) order: i32,
    #[serde(default = "refresh_seconds")]
    pub(crate) refresh_seconds: u32,
    #[serde(default)]
    pub(crate) seams: serde_json::Map<String, serde_json::Value>,
    pub(crate) layouts: serde_json::Map<String, serde_json::Value>,
    pub(crate) widgets: Vec<serde_json::Value>,
}
