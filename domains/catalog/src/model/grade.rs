//! Grades I-V: how urgent and how heavy, with their colours.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yiwang_contracts::Grade;
use yiwang_kernel::Text;

use super::words::{Words, opt_words, words};

/// The colour a grade is shown in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    Red,
    Orange,
    Yellow,
    Blue,
    Grey,
}

/// One grade, as the pack section `grades` has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeEntry {
    pub grade: Grade,
    #[serde(deserialize_with = "words")]
    #[schemars(with = "Words")]
    pub name: Text,
    pub colour: Colour,
    #[serde(
        default,
        deserialize_with = "opt_words",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<Words>")]
    pub meaning: Option<Text>,
    /// Part of the handling limit after which a case of this grade is escalated, 0..=1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate_at: Option<f64>,
}

/// `i` … `v`: the grade as packs and requests write it.
pub(crate) fn grade_word(grade: Grade) -> &'static str {
    match grade {
        Grade::I => "i",
        Grade::II => "ii",
        Grade::III => "iii",
        Grade::IV => "iv",
        Grade::V => "v",
    }
}
