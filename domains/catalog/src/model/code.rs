//! Item codes `DD.CC.SS.XX`: one to four segments of two characters, each level the parent of the next.

use serde::{Deserialize, Serialize};

/// Stands for every item, or every area, in a rule.
pub const ANY: &str = "*";

const SEGMENT_CHARS: usize = 2;
const LEVEL_MAX: usize = 4;

/// A well-formed item code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemCode(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an item code has one to four segments of two digits or capital letters, as in 05.02.01")]
pub struct ItemCodeFault;

impl ItemCode {
    pub fn parse(text: &str) -> Result<Self, ItemCodeFault> {
        let segment = |part: &str| {
            part.len() == SEGMENT_CHARS
                && part
                    .bytes()
                    .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        };
        let level = text.split('.').count();
        if level <= LEVEL_MAX && text.split('.').all(segment) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ItemCodeFault)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 1 domain, 2 class, 3 sub-class, 4 item.
    pub fn level(&self) -> usize {
        self.0.split('.').count()
    }
}

impl std::fmt::Display for ItemCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// True when `prefix` is the code itself or one of its ancestors; [`ANY`] covers everything.
pub fn covers(prefix: &str, code: &str) -> bool {
    prefix == ANY
        || code
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The code and its ancestors, the code first: `05.02.01`, `05.02`, `05`.
pub fn prefixes(code: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(code), |code| {
        code.rfind('.').and_then(|dot| code.get(..dot))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_checked_and_nested() {
        for (text, good) in [
            ("05", true),
            ("05.02.A1.01", true),
            ("5", false),
            ("05.", false),
            ("", false),
            ("01.01.01.01.01", false),
        ] {
            assert_eq!(ItemCode::parse(text).is_ok(), good, "{text}");
        }
        for (prefix, code, inside) in [
            ("05", "05", true),
            ("05", "05.02", true),
            ("05", "051", false),
            ("05.02", "05", false),
            ("*", "05", true),
        ] {
            assert_eq!(covers(prefix, code), inside, "{prefix} {code}");
        }
        assert_eq!(
            prefixes("05.02.01").collect::<Vec<_>>(),
            ["05.02.01", "05.02", "05"]
        );
        assert_eq!(ItemCode::parse("05.02").unwrap().level(), 2);
    }
}
