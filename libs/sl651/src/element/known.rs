//! The elements that the standard names (appendix C): their codes, how characters write them, how many digits they
//! have. Taken from public code; a province may add others, and those describe themselves in the frame.

/// One element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The code of a frame in bytes.
    pub code: u8,
    /// The name of a frame in characters.
    pub name: &'static str,
    /// How many digits there are, and how many of them stand behind the point.
    pub digits: u8,
    pub decimals: u8,
}

impl Known {
    const fn new(code: u8, name: &'static str, digits: u8, decimals: u8) -> Self {
        Self {
            code,
            name,
            digits,
            decimals,
        }
    }

    /// The byte that describes its number: bytes, then decimals.
    pub fn descriptor(self) -> u8 {
        self.digits.div_ceil(2) << 3 | self.decimals
    }

    pub fn of_code(code: u8) -> Option<Self> {
        KNOWN.iter().find(|known| known.code == code).copied()
    }

    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let named = |known: &&Self| known.name.eq_ignore_ascii_case(name);
        KNOWN.iter().find(named).copied()
    }
}

/// Rain of each five minutes of an hour, and the levels of each; they are no decimal digits.
pub(crate) const SERIES: [(u8, &str); 9] = [
    (0xF4, "DRP"),
    (0xF5, "DRZ1"),
    (0xF6, "DRZ2"),
    (0xF7, "DRZ3"),
    (0xF8, "DRZ4"),
    (0xF9, "DRZ5"),
    (0xFA, "DRZ6"),
    (0xFB, "DRZ7"),
    (0xFC, "DRZ8"),
];

/// Elements with decimal digits.
pub const KNOWN: [Known; 115] = [
    Known::new(0x01, "AC", 8, 2),
    Known::new(0x02, "AI", 3, 1),
    Known::new(0x03, "C", 3, 1),
    Known::new(0x05, "DT", 4, 2),
    Known::new(0x06, "ED", 5, 1),
    Known::new(0x07, "EJ", 5, 1),
    Known::new(0x08, "FL", 5, 0),
    Known::new(0x09, "GH", 5, 2),
    Known::new(0x0A, "GN", 3, 0),
    Known::new(0x0B, "GS", 1, 0),
    Known::new(0x0C, "GT", 3, 0),
    Known::new(0x0D, "GTP", 3, 1),
    Known::new(0x0E, "H", 6, 2),
    Known::new(0x0F, "HW", 5, 2),
    Known::new(0x10, "M10", 4, 1),
    Known::new(0x11, "M20", 4, 1),
    Known::new(0x12, "M30", 4, 1),
    Known::new(0x13, "M40", 4, 1),
    Known::new(0x14, "M50", 4, 1),
    Known::new(0x15, "M60", 4, 1),
    Known::new(0x16, "M80", 4, 1),
    Known::new(0x17, "M100", 4, 1),
    Known::new(0x18, "MST", 4, 1),
    Known::new(0x19, "NS", 2, 0),
    Known::new(0x1A, "P1", 5, 1),
    Known::new(0x1B, "P2", 5, 1),
    Known::new(0x1C, "P3", 5, 1),
    Known::new(0x1D, "P6", 5, 1),
    Known::new(0x1E, "P12", 5, 1),
    Known::new(0x1F, "PD", 5, 1),
    Known::new(0x20, "PJ", 5, 1),
    Known::new(0x21, "PN01", 5, 1),
    Known::new(0x22, "PN05", 5, 1),
    Known::new(0x23, "PN10", 5, 1),
    Known::new(0x24, "PN30", 5, 1),
    Known::new(0x25, "PR", 5, 1),
    Known::new(0x26, "PT", 6, 1),
    Known::new(0x27, "Q", 9, 3),
    Known::new(0x28, "Q1", 9, 3),
    Known::new(0x29, "Q2", 9, 3),
    Known::new(0x2A, "Q3", 9, 3),
    Known::new(0x2B, "Q4", 9, 3),
    Known::new(0x2C, "Q5", 9, 3),
    Known::new(0x2D, "Q6", 9, 3),
    Known::new(0x2E, "Q7", 9, 3),
    Known::new(0x2F, "Q8", 9, 3),
    Known::new(0x30, "QA", 9, 3),
    Known::new(0x31, "QZ", 9, 3),
    Known::new(0x32, "SW", 11, 3),
    Known::new(0x33, "UC", 2, 0),
    Known::new(0x34, "UE", 2, 0),
    Known::new(0x35, "US", 4, 1),
    Known::new(0x36, "VA", 5, 3),
    Known::new(0x37, "VJ", 5, 3),
    Known::new(0x38, "VT", 4, 2),
    Known::new(0x39, "Z", 7, 3),
    Known::new(0x3A, "ZB", 7, 3),
    Known::new(0x3B, "ZU", 7, 3),
    Known::new(0x3C, "Z1", 7, 3),
    Known::new(0x3D, "Z2", 7, 3),
    Known::new(0x3E, "Z3", 7, 3),
    Known::new(0x3F, "Z4", 7, 3),
    Known::new(0x40, "Z5", 7, 3),
    Known::new(0x41, "Z6", 7, 3),
    Known::new(0x42, "Z7", 7, 3),
    Known::new(0x43, "Z8", 7, 3),
    Known::new(0x44, "SQ", 9, 3),
    Known::new(0x46, "PH", 4, 2),
    Known::new(0x47, "DO", 4, 2),
    Known::new(0x48, "COND", 5, 0),
    Known::new(0x49, "TURB", 3, 0),
    Known::new(0x4A, "CODMN", 4, 1),
    Known::new(0x4B, "REDOX", 5, 1),
    Known::new(0x4C, "NH4N", 6, 2),
    Known::new(0x4D, "TP", 5, 3),
    Known::new(0x4E, "TN", 5, 2),
    Known::new(0x4F, "TOC", 4, 2),
    Known::new(0x50, "CU", 7, 4),
    Known::new(0x51, "ZN", 6, 4),
    Known::new(0x52, "SE", 7, 5),
    Known::new(0x53, "AS", 7, 5),
    Known::new(0x54, "THG", 7, 5),
    Known::new(0x55, "CD", 7, 5),
    Known::new(0x56, "PB", 7, 5),
    Known::new(0x57, "CHLA", 4, 2),
    Known::new(0x58, "WP1", 5, 2),
    Known::new(0x59, "WP2", 5, 2),
    Known::new(0x5A, "WP3", 5, 2),
    Known::new(0x5B, "WP4", 5, 2),
    Known::new(0x5C, "WP5", 5, 2),
    Known::new(0x5D, "WP6", 5, 2),
    Known::new(0x5E, "WP7", 5, 2),
    Known::new(0x5F, "WP8", 5, 2),
    Known::new(0x60, "SYL1", 11, 3),
    Known::new(0x61, "SYL2", 11, 3),
    Known::new(0x62, "SYL3", 11, 3),
    Known::new(0x63, "SYL4", 11, 3),
    Known::new(0x64, "SYL5", 11, 3),
    Known::new(0x65, "SYL6", 11, 3),
    Known::new(0x66, "SYL7", 11, 3),
    Known::new(0x67, "SYL8", 11, 3),
    Known::new(0x68, "SBL1", 10, 2),
    Known::new(0x69, "SBL2", 10, 2),
    Known::new(0x6A, "SBL3", 10, 2),
    Known::new(0x6B, "SBL4", 10, 2),
    Known::new(0x6C, "SBL5", 10, 2),
    Known::new(0x6D, "SBL6", 10, 2),
    Known::new(0x6E, "SBL7", 10, 2),
    Known::new(0x6F, "SBL8", 10, 2),
    Known::new(0x70, "VTA", 4, 1),
    Known::new(0x71, "VTB", 4, 1),
    Known::new(0x72, "VTC", 4, 1),
    Known::new(0x73, "VIA", 4, 1),
    Known::new(0x74, "VIB", 4, 1),
    Known::new(0x75, "VIC", 4, 1),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_stand_once() {
        for (place, known) in KNOWN.iter().enumerate() {
            let rest = &KNOWN[place + 1..];
            assert!(
                rest.iter()
                    .all(|other| other.code != known.code && other.name != known.name)
            );
        }
    }

    #[test]
    fn the_descriptors_of_known_frames_are_those_of_the_table() {
        let known = [
            (0x20, 0x19),
            (0x26, 0x19),
            (0x39, 0x23),
            (0x38, 0x12),
            (0x10, 0x11),
            (0x37, 0x1B),
            (0x6A, 0x2A),
        ];
        for (code, descriptor) in known {
            assert_eq!(
                Known::of_code(code).unwrap().descriptor(),
                descriptor,
                "{code:02X}"
            );
        }
    }
}
