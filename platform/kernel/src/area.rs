//! The code of an administrative area or grid. Codes are hierarchical: a child's code begins with its
//! parent's (county 6 digits, town 9, village 12, grid 15), so a subtree is a range of codes.

use serde::{Deserialize, Serialize};

#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct AreaCode(pub String);

impl AreaCode {
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for the area itself and everything under it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The half-open range of codes of this subtree: `code >= lower && code < upper`.
    pub fn subtree(&self) -> (String, String) {
        (self.0.clone(), format!("{}~", self.0))
    }

    /// The code of the enclosing area at `digits` digits, if this one is at least that deep.
    pub fn at_digits(&self, digits: usize) -> Option<Self> {
        self.0.get(..digits).map(Self::new)
    }
}

impl std::fmt::Display for AreaCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for AreaCode {
    fn from(code: &str) -> Self {
        Self::new(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subtree_is_a_range() {
        let town = AreaCode::from("320281001");
        let (lower, upper) = town.subtree();
        for (code, inside) in [
            ("320281001", true),
            ("320281001003", true),
            ("320281004", false),
            ("320281", false),
        ] {
            assert_eq!(town.contains(&code.into()), inside, "{code}");
            assert_eq!(
                code >= lower.as_str() && code < upper.as_str(),
                inside,
                "{code}"
            );
        }
    }
}
