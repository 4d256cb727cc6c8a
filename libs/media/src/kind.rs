//! The formats that are taken, told by their first bytes.

use serde::{Deserialize, Serialize};

/// Bytes that [`sniff`] looks at.
pub const SNIFF_BYTES: usize = 32;

#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = MediaKind)]
pub enum Kind {
    Jpeg,
    Png,
    Webp,
    Mp4,
    Pdf,
}

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    Kind(Kind),
    /// What phones save and most browsers cannot show.
    Heic,
    Other,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Jpeg, Self::Png, Self::Webp, Self::Mp4, Self::Pdf];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Mp4 => "mp4",
            Self::Pdf => "pdf",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The content type that it is given back with.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Mp4 => "video/mp4",
            Self::Pdf => "application/pdf",
        }
    }

    /// How a file's name ends.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            _ => self.as_str(),
        }
    }

    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp)
    }
}

/// The kind of a file by its first [`SNIFF_BYTES`] bytes (or all of it, if it is shorter).
pub fn sniff(head: &[u8]) -> Sniffed {
    if head.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Sniffed::Kind(Kind::Jpeg);
    }
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Sniffed::Kind(Kind::Png);
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Sniffed::Kind(Kind::Webp);
    }
    if head.starts_with(b"%PDF-") {
        return Sniffed::Kind(Kind::Pdf);
    }
    match (head.get(4..8), head.get(8..12)) {
        (Some(b"ftyp"), Some(brand)) => by_brand(brand),
        _ => Sniffed::Other,
    }
}

/// ISO base media files differ by their brand alone.
fn by_brand(brand: &[u8]) -> Sniffed {
    const VIDEO: [&[u8; 4]; 14] = [
        b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ",
        b"M4VP", b"MSNV", b"dash", b"mmp4",
    ];
    const HEIF: [&[u8; 4]; 8] = [
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1",
    ];
    if VIDEO.iter().any(|known| brand == *known) {
        Sniffed::Kind(Kind::Mp4)
    } else if HEIF.iter().any(|known| brand == *known) {
        Sniffed::Heic
    } else {
        Sniffed::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell_the_kind() {
        let table: [(&[u8], Sniffed); 18] = [
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", Sniffed::Kind(Kind::Jpeg)),
            (b"\xFF\xD8", Sniffed::Other),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Sniffed::Kind(Kind::Png)),
            (b"\x89PNG\n\n\x1a\n", Sniffed::Other),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Sniffed::Kind(Kind::Webp)),
            (b"RIFF\x24\0\0\0WAVEfmt ", Sniffed::Other),
            (b"%PDF-1.7\n", Sniffed::Kind(Kind::Pdf)),
            (b"\n%PDF-1.7", Sniffed::Other),
            (b"\0\0\0\x20ftypisom\0\0\x02\0", Sniffed::Kind(Kind::Mp4)),
            (b"\0\0\0\x18ftypmp42", Sniffed::Kind(Kind::Mp4)),
            (b"\0\0\0\x18ftypheic", Sniffed::Heic),
            (b"\0\0\0\x18ftypmif1", Sniffed::Heic),
            (b"\0\0\0\x14ftypqt  ", Sniffed::Other),
            (b"GIF89a", Sniffed::Other),
            (
                b"<svg xmlns=\"http://www.w3.org/2000/svg\">",
                Sniffed::Other,
            ),
            (b"<!doctype html><script>", Sniffed::Other),
            (b"PK\x03\x04", Sniffed::Other),
            (b"", Sniffed::Other),
        ];
        for (head, wanted) in table {
            assert_eq!(sniff(head), wanted, "{}", head.escape_ascii());
        }
    }

    #[test]
    fn every_kind_is_read_back_from_its_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::parse("svg"), None);
    }
}
