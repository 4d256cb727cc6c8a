//! Cuts a text of JSON into features and what stands around them, a value at a time.

use std::io::BufRead;

use crate::record::Broken;

/// What was found next.
pub(super) enum Found {
    Feature {
        /// Nothing where it is longer than may be.
        bytes: Option<Vec<u8>>,
        line: u64,
        column: u64,
    },
    /// The member that names the coordinate system.
    Crs(Vec<u8>),
}

/// Where in the text the scanner stands.
enum Within {
    /// Between whole values.
    Top,
    /// Between the members of a collection.
    Members,
    /// Between the features of one.
    Features,
    /// Behind everything.
    End,
}

pub(super) struct Scanner<R> {
    source: R,
    limit: usize,
    line: u64,
    column: u64,
    within: Within,
    /// Found so far.
    pub(super) features: u64,
    pub(super) has_collection: bool,
}

impl<R: BufRead> Scanner<R> {
    pub(super) fn new(source: R, limit: usize) -> Self {
        Self {
            source,
            limit,
            line: 1,
            column: 1,
            within: Within::Top,
            features: 0,
            has_collection: false,
        }
    }

    pub(super) fn next(&mut self) -> Result<Option<Found>, Broken> {
        loop {
            let found = match self.within {
                Within::End => return Ok(None),
                Within::Top => self.top()?,
                Within::Members => self.member()?,
                Within::Features => self.element()?,
            };
            if let Some(found) = found {
                if matches!(found, Found::Feature { .. }) {
                    self.features += 1;
                }
                return Ok(Some(found));
            }
        }
    }

    /// A value of its own, or the beginning of a collection.
    fn top(&mut self) -> Result<Option<Found>, Broken> {
        self.skip_space()?;
        let Some(byte) = self.peek()? else {
            self.within = Within::End;
            return Ok(None);
        };
        if byte != b'{' {
            return Err(self.unexpected(byte, "a feature or a collection"));
        }
        let (line, column) = (self.line, self.column);
        let mut bytes = Vec::new();
        self.object(&mut bytes)?;
        if matches!(self.within, Within::Features) {
            self.has_collection = true;
            return Ok(crs_of(&bytes).map(Found::Crs));
        }
        let bytes = (bytes.len() <= self.limit).then_some(bytes);
        Ok(Some(Found::Feature {
            bytes,
            line,
            column,
        }))
    }

    /// Reads an object up to its end, or into the features that it turns out to have.
    fn object(&mut self, bytes: &mut Vec<u8>) -> Result<(), Broken> {
        self.take(bytes)?;
        loop {
            self.skip_space()?;
            match self.need()? {
                b'}' => {
                    self.take(bytes)?;
                    return Ok(());
                }
                b',' => self.take(bytes)?,
                b'"' => {
                    let begin = bytes.len();
                    self.string(bytes)?;
                    let is_features = bytes.get(begin..) == Some(b"\"features\"".as_slice());
                    self.colon()?;
                    if is_features && self.need()? == b'[' {
                        bytes.truncate(begin);
                        self.step()?;
                        self.within = Within::Features;
                        return Ok(());
                    }
                    self.push(bytes, b':');
                    self.value(bytes)?;
                }
                byte => return Err(self.unexpected(byte, "a member")),
            }
        }
    }

    fn member(&mut self) -> Result<Option<Found>, Broken> {
        self.skip_space()?;
        match self.need()? {
            b'}' => {
                self.step()?;
                self.within = Within::Top;
                Ok(None)
            }
            b',' => {
                self.step()?;
                Ok(None)
            }
            b'"' => {
                let mut name = Vec::new();
                self.string(&mut name)?;
                self.colon()?;
                let mut bytes = Vec::new();
                self.value(&mut bytes)?;
                Ok((name == b"\"crs\"").then_some(Found::Crs(bytes)))
            }
            byte => Err(self.unexpected(byte, "a member")),
        }
    }

    fn element(&mut self) -> Result<Option<Found>, Broken> {
        self.skip_space()?;
        let (line, column) = (self.line, self.column);
        match self.need()? {
            b']' => {
                self.step()?;
                self.within = Within::Members;
                Ok(None)
            }
            b',' => {
                self.step()?;
                Ok(None)
            }
            byte @ (b'}' | b':') => Err(self.unexpected(byte, "a feature")),
            _ => {
                let mut bytes = Vec::new();
                self.value(&mut bytes)?;
                let bytes = (bytes.len() <= self.limit).then_some(bytes);
                Ok(Some(Found::Feature {
                    bytes,
                    line,
                    column,
                }))
            }
        }
    }

    fn colon(&mut self) -> Result<(), Broken> {
        self.skip_space()?;
        match self.need()? {
            b':' => self.step()?,
            byte => return Err(self.unexpected(byte, "a colon")),
        }
        self.skip_space()
    }

    /// Any value; whether it is right inside is asked later.
    fn value(&mut self, bytes: &mut Vec<u8>) -> Result<(), Broken> {
        let mut depth = 0_usize;
        loop {
            match self.need()? {
                b'"' => self.string(bytes)?,
                b'{' | b'[' => {
                    depth += 1;
                    self.take(bytes)?;
                }
                b'}' | b']' | b',' if depth == 0 => return Ok(()),
                b'}' | b']' => {
                    depth -= 1;
                    self.take(bytes)?;
                }
                _ => self.take(bytes)?,
            }
            let is_plain =
                |byte: u8| !matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
            if depth == 0 && !self.peek()?.is_some_and(is_plain) {
                return Ok(());
            }
        }
    }

    fn string(&mut self, bytes: &mut Vec<u8>) -> Result<(), Broken> {
        self.take(bytes)?;
        loop {
            match self.need()? {
                b'\\' => {
                    self.take(bytes)?;
                    self.need()?;
                    self.take(bytes)?;
                }
                b'"' => return self.take(bytes),
                _ => self.take(bytes)?,
            }
        }
    }

    fn skip_space(&mut self) -> Result<(), Broken> {
        while let Some(byte) = self.peek()? {
            let is_mark = self.line == 1 && matches!(byte, 0xef | 0xbb | 0xbf);
            if !(byte.is_ascii_whitespace() || byte == super::SEPARATOR || is_mark) {
                break;
            }
            self.step()?;
        }
        Ok(())
    }

    /// Keeps one byte more than may be, which tells that it was too long.
    fn push(&self, bytes: &mut Vec<u8>, byte: u8) {
        if bytes.len() <= self.limit {
            bytes.push(byte);
        }
    }

    fn take(&mut self, bytes: &mut Vec<u8>) -> Result<(), Broken> {
        if let Some(byte) = self.peek()? {
            self.push(bytes, byte);
        }
        self.step()
    }

    fn step(&mut self) -> Result<(), Broken> {
        match self.peek()? {
            Some(b'\n') => {
                self.line += 1;
                self.column = 1;
            }
            Some(_) => self.column += 1,
            None => return Ok(()),
        }
        self.source.consume(1);
        Ok(())
    }

    fn peek(&mut self) -> Result<Option<u8>, Broken> {
        let buffer = self.source.fill_buf();
        let buffer = buffer.map_err(|error| Broken::unreadable(&error))?;
        Ok(buffer.first().copied())
    }

    fn need(&mut self) -> Result<u8, Broken> {
        self.peek()?.ok_or_else(|| {
            Broken::new(
                format!(
                    "the file ends in the middle, in line {}, behind feature {}",
                    self.line, self.features
                ),
                "it was cut off: send it again",
            )
        })
    }

    fn unexpected(&self, byte: u8, wanted: &str) -> Broken {
        let shown = char::from(byte).escape_default();
        Broken::new(
            format!(
                "`{shown}` stands in line {}, column {} where {wanted} belongs",
                self.line, self.column
            ),
            "the file is no GeoJSON: export the layer again",
        )
    }
}

/// The member of an object that was cut off before its features.
fn crs_of(begun: &[u8]) -> Option<Vec<u8>> {
    let trimmed = begun.strip_suffix(b",").unwrap_or(begun);
    let closed = [trimmed, b"}"].concat();
    let object: serde_json::Value = serde_json::from_slice(&closed).ok()?;
    let crs = object.get("crs").filter(|crs| !crs.is_null())?;
    serde_json::to_vec(crs).ok()
}
