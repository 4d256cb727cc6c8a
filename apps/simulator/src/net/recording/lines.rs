//! Lines of a file, plain or packed with gzip, one at a time and none of them longer than its bound.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

/// Bytes of one line; more is no row of a table.
pub(super) const LINE_BYTES_MAX: usize = 64 * 1_024;
const GZIP: [u8; 2] = [0x1F, 0x8B];

/// The lines of one file, numbered from 1.
pub(super) struct Lines<'a> {
    source: Box<dyn BufRead + 'a>,
    buffer: Vec<u8>,
    number: u64,
}

/// One line.
pub(super) enum Line {
    Text(u64, String),
    /// Longer than the bound, and skipped.
    TooLong(u64),
}

impl<'a> Lines<'a> {
    /// Looks at the first bytes for whether they are packed.
    pub(super) fn new(source: impl Read + 'a) -> io::Result<Self> {
        let mut source = BufReader::new(source);
        let is_packed = source.fill_buf()?.starts_with(&GZIP);
        let source: Box<dyn BufRead + 'a> = if is_packed {
            Box::new(BufReader::new(MultiGzDecoder::new(source)))
        } else {
            Box::new(source)
        };
        Ok(Self {
            source,
            buffer: Vec::new(),
            number: 0,
        })
    }

    /// The next line without its end; bytes that are no UTF-8 stand as replacement characters.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        if self.fill()? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.buffer.len() > LINE_BYTES_MAX {
            while self.buffer.last() != Some(&b'\n') && self.fill()? > 0 {}
            return Ok(Some(Line::TooLong(self.number)));
        }
        let text = String::from_utf8_lossy(&self.buffer);
        let text = text
            .trim_start_matches('\u{FEFF}')
            .trim_end_matches(['\r', '\n']);
        Ok(Some(Line::Text(self.number, text.to_owned())))
    }

    fn fill(&mut self) -> io::Result<usize> {
        self.buffer.clear();
        let mut bounded = (&mut self.source).take(LINE_BYTES_MAX as u64 + 1);
        bounded.read_until(b'\n', &mut self.buffer)
    }
}
