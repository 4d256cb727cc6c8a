//! The options of each kind. Where an area is left out, the largest one that the viewer may see is meant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yiwang_kernel::{AreaCode, Text};

/// Types of options: closed, read and written alike.
macro_rules! options {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
            #[serde(deny_unknown_fields)]
            pub struct $name { $($body)* }
        )+
    };
}

/// Words that an option can be.
macro_rules! words {
    ($($(#[$meta:meta])* pub enum $name:ident { $($body:tt)* })+) => {
        $(
            $(#[$meta])*
            #[derive(
                Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
            )]
            #[serde(rename_all = "snake_case")]
            pub enum $name { $($body)* }
        )+
    };
}

words! {
    /// What shares and flows are made of.
    pub enum Counted { Cases }

    /// By what cases are counted.
    pub enum ShareBy { Source, Grade, Status, Item, Org }

    /// Which end of a ranking comes first.
    pub enum RankOrder { Best, Worst }

    /// The rows of a table.
    pub enum TableOf { Cases, Alarms, Indicators, Notices }

    /// How bad a number is at least.
    pub enum AtLeast { Attention, Warning, Alarm }

    /// What is told as it happens.
    pub enum Told { Alarms, Cases, Notices }
}

options! {
    pub struct IndexOptions {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub area: Option<AreaCode>,
        /// 1 to 5.
        #[serde(default = "three")]
        pub reasons: u32,
    }

    pub struct LampsOptions {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub area: Option<AreaCode>,
    }

    pub struct KpiOptions {
        /// Codes, 1 to 8.
        pub indicators: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub area: Option<AreaCode>,
    }

    pub struct LineOptions {
        pub indicator: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub area: Option<AreaCode>,
        /// Back from now, 1 to 840.
        #[serde(default = "day")]
        pub hours: u32,
        #[serde(default)]
        pub forecast: bool,
        /// Areas to draw beside it, at most 5.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub compare: Vec<AreaCode>,
    }

    pub struct BarOptions {
        pub indicator: String,
        #[serde(default = "ten")]
        pub limit: u32,
    }

    pub struct RankOptions {
        pub indicator: String,
        #[serde(default = "ten")]
        pub limit: u32,
        #[serde(default = "best")]
        pub order: RankOrder,
    }

    pub struct PieOptions {
        pub of: Counted,
        pub by: ShareBy,
        #[serde(default = "eight")]
        pub limit: u32,
    }

    pub struct SankeyOptions {
        pub of: Counted,
        /// Back from now, 1 to 840.
        #[serde(default = "day")]
        pub hours: u32,
    }

    pub struct GaugeOptions {
        pub indicator: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub area: Option<AreaCode>,
    }

    pub struct CalendarOptions {
        pub indicator: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub area: Option<AreaCode>,
        /// 1 to 53.
        #[serde(default = "twelve")]
        pub weeks: u32,
    }

    pub struct TableOptions {
        pub of: TableOf,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub filter: Option<TableFilter>,
        #[serde(default = "twenty")]
        pub limit: u32,
    }

    /// Which rows a table has. Each field belongs to some kinds of rows only.
    pub struct TableFilter {
        /// Of indicators: their domain.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub domain: Option<String>,
        /// Of indicators: only those that are out of bounds, so far or farther.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub at_least: Option<AtLeast>,
        /// Of cases, as in their list: `open`, `overdue`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<String>,
        /// Of cases.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub grade: Option<String>,
        /// Of cases.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub item: Option<String>,
        /// Of cases and indicators.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub area: Option<AreaCode>,
        /// Of alarms, 1 the worst to 4.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub severity_at_least: Option<u8>,
        /// Of alarms and notices.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub open: Option<bool>,
    }

    pub struct TickerOptions {
        pub of: Vec<Told>,
        /// 1 the worst to 4.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub severity_at_least: Option<u8>,
        #[serde(default = "twenty")]
        pub limit: u32,
    }

    pub struct MapOptions {
        /// Codes of layers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub layers: Vec<String>,
        #[serde(default)]
        pub cases: bool,
        #[serde(default)]
        pub alarms: bool,
        #[serde(default)]
        pub devices: bool,
        /// Vehicles and people on their way.
        #[serde(default)]
        pub moving: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub center: Option<MapCenter>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub zoom: Option<f64>,
    }

    /// Where a map opens, in degrees of CGCS2000.
    pub struct MapCenter {
        pub lon: f64,
        pub lat: f64,
    }

    pub struct VideoOptions {
        /// The name of the place that a picture is put in.
        pub slot: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub camera: Option<String>,
    }

    pub struct TimelineOptions {
        /// Back from now, 1 to 840.
        #[serde(default = "day")]
        pub hours: u32,
        #[serde(default = "all_told")]
        pub of: Vec<Told>,
    }

    pub struct LampOptions {
        pub indicator: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub area: Option<AreaCode>,
    }

    pub struct ClockOptions {}

    pub struct TextOptions {
        /// At most 500 characters.
        pub body: Text,
    }
}

fn three() -> u32 {
    3
}

fn eight() -> u32 {
    8
}

fn ten() -> u32 {
    10
}

fn twelve() -> u32 {
    12
}

fn twenty() -> u32 {
    20
}

fn day() -> u32 {
    24
}

fn best() -> RankOrder {
    RankOrder::Best
}

fn all_told() -> Vec<Told> {
    vec![Told::Alarms, Told::Cases, Told::Notices]
}
