//! `pack.yaml`: who a pack is and what it stands on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yiwang_kernel::Text;

/// The first page of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Small letters, digits and hyphens; the same as the folder's name.
    pub id: String,
    /// Three numbers, `2026.11.0`; grows with each change.
    pub version: PackVersion,
    pub title: Text,
    /// Ids of the packs whose entries this one refers to.
    #[serde(default)]
    pub requires: Vec<String>,
}

/// Three numbers; compared as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PackVersion(pub [u32; 3]);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a version has three numbers, as in 2026.11.0")]
pub struct PackVersionFault;

impl std::str::FromStr for PackVersion {
    type Err = PackVersionFault;

    fn from_str(text: &str) -> Result<Self, PackVersionFault> {
        let mut parts = text.split('.').map(|part| part.parse::<u32>().ok());
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Some(major)), Some(Some(minor)), Some(Some(patch)), None) => {
                Ok(Self([major, minor, patch]))
            }
            _ => Err(PackVersionFault),
        }
    }
}

impl std::fmt::Display for PackVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

impl Serialize for PackVersion {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PackVersion {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for PackVersion {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PackVersion".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": r"^\d+\.\d+\.\d+$"})
    }
}

/// Is it a good id: small letters, digits and hyphens, a letter first?
pub(crate) fn is_id(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
