//! Letters: which encoding a file has, and its bytes as text.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, UTF_8};

use crate::record::Broken;

/// An encoding by the names that people and .cpg files give it: `UTF-8`, `GBK`, `936`, `CP936`, `ANSI 936`.
pub(crate) fn of_name(name: &str) -> Option<&'static Encoding> {
    let upper = name
        .trim()
        .trim_start_matches('\u{feff}')
        .to_ascii_uppercase();
    let mut bare = upper.as_str();
    for prefix in ["ANSI", "OEM", "CP", "LDID/"] {
        bare = bare.strip_prefix(prefix).unwrap_or(bare).trim();
    }
    let label = match bare {
        "936" | "GB2312" | "GBK" => "gbk",
        "950" => "big5",
        "932" => "shift_jis",
        "949" => "euc-kr",
        "54936" => "gb18030",
        "65001" | "UTF8" => "utf-8",
        "88591" | "8859-1" | "1252" => "windows-1252",
        "1251" => "windows-1251",
        "1250" => "windows-1250",
        _ => return Encoding::for_label(upper.as_bytes()),
    };
    Encoding::for_label(label.as_bytes())
}

/// By the language byte of a .dbf; a Windows of whichever language says nothing.
pub(crate) fn of_language_byte(byte: u8) -> Option<&'static Encoding> {
    of_name(match byte {
        0x4d | 0x7a => "936",
        0x4f | 0x78 => "950",
        0x4e | 0x79 => "949",
        0x13 | 0x7b => "932",
        0x03 => "1252",
        0xc8 => "1250",
        0xc9 => "1251",
        _ => return None,
    })
}

/// What was asked for; an error if there is no such encoding.
pub(crate) fn asked(name: Option<&str>) -> Result<Option<&'static Encoding>, Broken> {
    let Some(name) = name else {
        return Ok(None);
    };
    let found = of_name(name).ok_or_else(|| {
        Broken::new(
            format!("there is no encoding `{name}`"),
            "name UTF-8, GBK, GB18030, Big5 or another of the web's encodings",
        )
    })?;
    Ok(Some(found))
}

/// UTF-8 where the bytes are that, else what Chinese files are without a word.
pub(crate) fn guess<'a>(mut samples: impl Iterator<Item = &'a [u8]>) -> &'static Encoding {
    if samples.all(is_utf8) { UTF_8 } else { GB18030 }
}

/// A letter that was cut off at the end does not count.
fn is_utf8(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(fault) => fault.error_len().is_none(),
    }
}

/// The text, and whether letters were lost. A letter that was cut off at the end of its field is left away.
pub(crate) fn decode(bytes: &[u8], encoding: &'static Encoding) -> (String, bool) {
    let (text, has_lost) = encoding.decode_without_bom_handling(bytes);
    if !has_lost {
        return (text.into_owned(), false);
    }
    for cut in 1..=3_usize.min(bytes.len()) {
        let whole = bytes.get(..bytes.len() - cut).unwrap_or_default();
        if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(whole) {
            return (text.into_owned(), false);
        }
    }
    (text.into_owned(), true)
}

/// A stream of one encoding as UTF-8.
pub(crate) struct Utf8Stream<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    is_ended: bool,
    is_finished: bool,
    has_lost: bool,
}

impl<R: Read> Utf8Stream<R> {
    pub(crate) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: Vec::new(),
            raw_at: 0,
            is_ended: false,
            is_finished: false,
            has_lost: false,
        }
    }

    /// Whether letters were lost since it was asked last.
    pub(crate) fn take_lost(&mut self) -> bool {
        std::mem::take(&mut self.has_lost)
    }

    fn fill(&mut self) -> io::Result<()> {
        self.raw.resize(8 * 1024, 0);
        let count = self.inner.read(&mut self.raw)?;
        self.raw.truncate(count);
        self.raw_at = 0;
        self.is_ended = count == 0;
        Ok(())
    }
}

impl<R: Read> Read for Utf8Stream<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // A letter needs up to four bytes; the readers in front of this ask for thousands.
        if out.len() < 16 {
            let error = "a text is read in parts of 16 bytes at least";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, error));
        }
        loop {
            if self.is_finished {
                return Ok(0);
            }
            if self.raw_at >= self.raw.len() && !self.is_ended {
                self.fill()?;
            }
            let raw = self.raw.get(self.raw_at..).unwrap_or_default();
            let (result, read, written, has_lost) =
                self.decoder.decode_to_utf8(raw, out, self.is_ended);
            self.raw_at += read;
            self.has_lost |= has_lost;
            // A decoder may not be asked again once it was told of the end and has nothing left.
            self.is_finished = self.is_ended && result == CoderResult::InputEmpty;
            if written > 0 {
                return Ok(written);
            }
        }
    }
}
