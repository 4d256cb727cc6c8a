//! Code sets (代码集): the codes of standards and of other systems, to cross over to.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yiwang_kernel::Text;

use super::words::{Words, opt_words, words};

/// One code set, as a file of the pack section `codesets` has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Codeset {
    pub id: String,
    #[serde(deserialize_with = "words")]
    #[schemars(with = "Words")]
    pub title: Text,
    /// The name under which items cross over to it: an item's `crosswalk` has that key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crosswalk: Option<String>,
    /// Has the code set been read in its source?
    #[serde(default)]
    pub verified: bool,
    #[serde(
        default,
        deserialize_with = "opt_words",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<Words>")]
    pub source: Option<Text>,
    /// First day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    #[schema(value_type = Option<String>)]
    pub valid_from: Option<Date>,
    /// First day on which it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    #[schema(value_type = Option<String>)]
    pub valid_to: Option<Date>,
    pub entries: Vec<CodesetEntry>,
}

/// One code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodesetEntry {
    pub code: String,
    #[serde(deserialize_with = "words")]
    #[schemars(with = "Words")]
    pub name: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}
