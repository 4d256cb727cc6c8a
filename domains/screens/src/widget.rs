//! The kinds of widgets, each with options of its own. What each shows is drawn by the console.

mod options;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use yiwang_kernel::Text;

pub(crate) use options::*;

/// One part of a screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Widget {
    /// By which layouts place it.
    pub area: String,
    /// The kind's or the indicator's own name where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    #[serde(flatten)]
    pub kind: WidgetKind,
}

/// A widget whose options are still to be read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawWidget {
    pub(crate) area: String,
    #[serde(default)]
    pub(crate) title: Option<Text>,
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) options: Option<Value>,
}

type ReadFault = serde_path_to_error::Error<serde_json::Error>;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident($options:ident) = $word:literal,)+) => {
        /// What a widget is, with the options of its kind.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(tag = "kind", content = "options")]
        pub enum WidgetKind {
            $($(#[$doc])* #[serde(rename = $word)] $kind($options),)+
        }

        impl WidgetKind {
            pub(crate) const WORDS: &'static [&'static str] = &[$($word),+];

            /// Reads the options of a kind; `None` where there is no such kind.
            pub(crate) fn read(word: &str, options: Value) -> Option<Result<Self, ReadFault>> {
                match word {
                    $($word => Some(serde_path_to_error::deserialize(options).map(Self::$kind)),)+
                    _ => None,
                }
            }

            /// The options of each kind, and whether one of them must be given.
            fn option_schemas(generator: &mut SchemaGenerator) -> Vec<(&'static str, Schema, bool)> {
                vec![$((
                    $word,
                    generator.subschema_for::<$options>(),
                    serde_json::from_value::<$options>(json!({})).is_err(),
                )),+]
            }
        }
    };
}

kinds! {
    /// The health index of an area and its top reasons.
    Index(IndexOptions) = "index",
    /// Lamps of the domains with score and counts.
    Lamps(LampsOptions) = "lamps",
    /// Big numbers of indicators.
    Kpi(KpiOptions) = "kpi",
    /// The course of an indicator.
    Line(LineOptions) = "line",
    /// The towns by their values.
    Bar(BarOptions) = "bar",
    /// The towns by their scores.
    Rank(RankOptions) = "rank",
    /// Shares of cases.
    Pie(PieOptions) = "pie",
    /// Cases from their source by their lead unit to their state.
    Sankey(SankeyOptions) = "sankey",
    /// A value against its limits.
    Gauge(GaugeOptions) = "gauge",
    /// Days by their values.
    Calendar(CalendarOptions) = "calendar",
    /// Rows, each of which opens its page.
    Table(TableOptions) = "table",
    /// Running lines.
    Ticker(TickerOptions) = "ticker",
    /// The city map.
    Map(MapOptions) = "map",
    /// The picture of a camera.
    Video(VideoOptions) = "video",
    /// What happened when.
    Timeline(TimelineOptions) = "timeline",
    /// One lamp, large, with the value.
    Lamp(LampOptions) = "lamp",
    /// Date, time and weekday.
    Clock(ClockOptions) = "clock",
    /// A line of text.
    Text(TextOptions) = "text",
}

impl JsonSchema for Widget {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Widget".into()
    }

    /// The kind decides the options: told by conditions, so that a wrong option is told of the kind that was meant.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let kinds = WidgetKind::option_schemas(generator);
        let cases: Vec<Value> = kinds
            .into_iter()
            .map(|(word, options, is_needed)| {
                let required: &[&str] = if is_needed { &["options"] } else { &[] };
                let then = json!({ "properties": { "options": options }, "required": required });
                json!({ "if": { "properties": { "kind": { "const": word } } }, "then": then })
            })
            .collect();
        let title = generator.subschema_for::<Option<Text>>();
        json_schema!({
            "type": "object",
            "properties": {
                "area": { "type": "string" },
                "title": title,
                "kind": { "type": "string", "enum": WidgetKind::WORDS },
                "options": { "type": "object" },
            },
            "required": ["area", "kind"],
            "additionalProperties": false,
            "allOf": cases,
        })
    }
}
