//! The `Flag` field: which edition, whether numbered, whether an answer is asked for.

use serde::{Deserialize, Serialize};

/// The edition of the standard that a device speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Edition {
    /// HJ/T 212-2005: no version bits, often no `QN` and no `Flag`.
    #[serde(rename = "2005")]
    Year2005,
    /// HJ 212-2017.
    #[serde(rename = "2017")]
    Year2017,
    /// HJ 212-2025, in force since 2026-01-01. Known here from public code and examples, not from the text itself:
    /// version bits 2, `RF=1` on what is sent again, SM4 over the data area, 9015 as heartbeat. Uncertain.
    #[serde(rename = "2025")]
    Year2025,
}

impl Edition {
    /// The version bits that say so.
    pub fn version(self) -> u8 {
        match self {
            Self::Year2005 => 0,
            Self::Year2017 => 1,
            Self::Year2025 => 2,
        }
    }

    /// The edition of these version bits.
    pub fn of_version(version: u8) -> Option<Self> {
        match version {
            0 => Some(Self::Year2005),
            1 => Some(Self::Year2017),
            2 => Some(Self::Year2025),
            _ => None,
        }
    }
}

/// One byte, sent as a decimal number: six bits of version, then "numbered", then "answer".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Flag {
    /// Bits 7 to 2.
    pub version: u8,
    /// Bit 1: `PNUM` and `PNO` follow.
    pub is_numbered: bool,
    /// Bit 0: the sender waits for an answer.
    pub wants_answer: bool,
}

impl Flag {
    /// A flag of this edition without a number.
    pub fn new(edition: Edition, wants_answer: bool) -> Self {
        Self {
            version: edition.version(),
            is_numbered: false,
            wants_answer,
        }
    }

    pub fn from_byte(byte: u8) -> Self {
        Self {
            version: byte >> 2,
            is_numbered: byte & 2 != 0,
            wants_answer: byte & 1 != 0,
        }
    }

    pub fn byte(self) -> u8 {
        self.version << 2 | u8::from(self.is_numbered) << 1 | u8::from(self.wants_answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_one_flag() {
        for byte in 0..=u8::MAX {
            assert_eq!(Flag::from_byte(byte).byte(), byte);
        }
    }

    #[test]
    fn the_flags_of_the_standard_mean_what_it_says() {
        let asks = Flag::new(Edition::Year2017, true);
        assert_eq!(asks.byte(), 5);
        assert_eq!(Flag::from_byte(4), Flag::new(Edition::Year2017, false));
        assert_eq!(Flag::new(Edition::Year2025, true).byte(), 9);
        let numbered = Flag::from_byte(7);
        assert!(numbered.is_numbered && numbered.wants_answer);
        assert_eq!(
            Edition::of_version(numbered.version),
            Some(Edition::Year2017)
        );
    }
}
