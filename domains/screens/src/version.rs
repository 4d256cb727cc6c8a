//! Versions of a screen, and where each is from. Pure.

use yiwang_kernel::Timestamp;

use crate::screen::Screen;

/// Where a version is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Pack(String),
    /// A person of the city published it.
    Edited,
}

impl Origin {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word.strip_prefix("pack:") {
            Some(pack) => Some(Self::Pack(pack.to_owned())),
            None => (word == "edited").then_some(Self::Edited),
        }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pack(pack) => write!(f, "pack:{pack}"),
            Self::Edited => f.write_str("edited"),
        }
    }
}

/// One version of a screen; never changed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Version {
    pub(crate) number: i64,
    pub(crate) origin: Origin,
    pub(crate) screen: Screen,
    pub(crate) at: Timestamp,
    pub(crate) by: String,
    pub(crate) note: String,
}

/// A screen as somebody is writing it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    /// As typed; need not be right.
    pub(crate) screen: serde_json::Value,
    /// The version that it began from.
    pub(crate) based_on: Option<i64>,
    pub(crate) revision: i64,
    pub(crate) changed_at: Timestamp,
    pub(crate) changed_by: String,
}

/// What stands of a code.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Standing {
    pub(crate) code: String,
    /// Grows with every draft that is kept, also over drafts that are gone.
    pub(crate) revision: i64,
    /// The version that is shown; `None` where there is no such screen, or not any more.
    pub(crate) shown: Option<i64>,
    /// The pack that brings it.
    pub(crate) pack: Option<String>,
    /// The newest version of that pack.
    pub(crate) pack_version: Option<i64>,
    pub(crate) draft: Option<Draft>,
}

impl Standing {
    /// The pack brought a version after the one that is shown.
    pub(crate) fn is_pack_newer(&self) -> bool {
        self.shown.is_some() && self.pack_version > self.shown
    }
}
