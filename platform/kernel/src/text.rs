//! A name or sentence in Chinese and, where given, English. Chinese is the one that must be there.

use serde::{Deserialize, Serialize};

#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Hash,
    Default,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
pub struct Text {
    pub zh: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Text {
    pub fn zh(zh: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: None,
        }
    }

    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: Some(en.into()),
        }
    }
}

/// Where facts come from: a standard and clause, the same in every language, or words.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(untagged)]
pub enum Provenance {
    /// `GB/T 26875.3-2011`
    Named(String),
    /// What is said in Chinese and English.
    Told(Text),
}
