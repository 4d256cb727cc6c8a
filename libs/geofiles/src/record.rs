//! What comes out of a file: records, faults of single records, one error of the whole, and notes.

use std::fmt;

use geo::Geometry;

/// Attributes in the order of the file.
pub type Attributes = serde_json::Map<String, serde_json::Value>;

/// One feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its place in the file, from 1.
    pub number: u64,
    /// What the file calls it: a GeoJSON id, the key of a GeoPackage's row.
    pub id: Option<String>,
    /// Longitude and latitude of CGCS2000, which count as those of WGS-84; no heights.
    pub geometry: Geometry<f64>,
    pub attributes: Attributes,
}

/// Where a fault is; as much as is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Of the record, from 1.
    pub number: Option<u64>,
    /// Of the file, from 1, in formats of text.
    pub line: Option<u64>,
    /// Bytes into the line, from 1.
    pub column: Option<u64>,
    pub attribute: Option<String>,
}

impl Place {
    pub(crate) fn record(number: u64) -> Self {
        Self {
            number: Some(number),
            ..Self::default()
        }
    }

    #[must_use]
    pub(crate) fn of(mut self, attribute: &str) -> Self {
        self.attribute = Some(attribute.to_owned());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let mut add = |name: &str, number: Option<u64>| {
            if let Some(number) = number {
                parts.push(format!("{name} {number}"));
            }
        };
        add("record", self.number);
        add("line", self.line);
        add("column", self.column);
        if let Some(attribute) = &self.attribute {
            parts.push(format!("attribute {attribute}"));
        }
        f.write_str(&parts.join(", "))
    }
}

/// One record that is not taken. The others are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}; {advice}")]
pub struct Fault {
    pub place: Place,
    pub what: String,
    /// What to do.
    pub advice: String,
}

/// The file cannot be read, or not further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}; {advice}")]
pub struct Broken {
    pub what: String,
    /// What to do.
    pub advice: String,
}

impl Broken {
    pub(crate) fn new(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            advice: advice.into(),
        }
    }

    pub(crate) fn unreadable(error: &dyn fmt::Display) -> Self {
        Self::new(
            format!("the file cannot be read: {error}"),
            "it is damaged or was cut off: send it again",
        )
    }
}

/// What is handed over, one after the other.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    Record(Box<Record>),
    Fault(Fault),
}

/// Something that the sender should know, though it keeps no record out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Heights or measures, which are not kept.
    HeightsDropped { records: u64 },
    /// Where nearly everything of a Chinese city should not be.
    OutsideChina { records: u64, of: u64 },
    /// In China if they are exchanged.
    Exchanged { records: u64 },
    /// The file does not say its coordinate system; the tag was believed.
    Undeclared,
    /// The file says WGS 84 or CGCS2000, the tag a shifted system, which has no name in files.
    ShiftedByTag { declared: String },
    /// The letters were guessed to be of this encoding.
    EncodingGuessed { encoding: &'static str },
    /// Letters that the encoding does not have.
    LettersLost {
        records: u64,
        encoding: &'static str,
    },
    /// Rows that are marked as deleted.
    DeletedSkipped { rows: u64 },
    /// There is no table, so that there are no attributes.
    NoTable,
    /// Columns whose contents lie in another file.
    ColumnsSkipped { names: Vec<String> },
    /// The database was written with a log beside it, whose last changes are not in the file.
    LogMissing,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeightsDropped { records } => {
                write!(f, "{records} records have heights or measures, which are not kept")
            }
            Self::OutsideChina { records, of } => write!(
                f,
                "{records} of {of} records lie outside of China; is the coordinate system the right one?"
            ),
            Self::Exchanged { records } => write!(
                f,
                "{records} records look like latitude and longitude are exchanged; longitude comes first"
            ),
            Self::Undeclared => f.write_str(
                "the file does not say its coordinate system, the one that was named is believed",
            ),
            Self::ShiftedByTag { declared } => write!(
                f,
                "the file says {declared}, which files of shifted coordinates say, too; the shifted system that was named is believed"
            ),
            Self::EncodingGuessed { encoding } => write!(
                f,
                "the file does not say its encoding, its letters look like {encoding}; name it if they are wrong"
            ),
            Self::LettersLost { records, encoding } => write!(
                f,
                "{records} records have letters that {encoding} does not have; name the right encoding"
            ),
            Self::DeletedSkipped { rows } => {
                write!(f, "{rows} rows are marked as deleted and were left out")
            }
            Self::NoTable => f.write_str("there is no .dbf beside the .shp, so that there are no attributes"),
            Self::ColumnsSkipped { names } => write!(
                f,
                "the columns {} have their contents in another file and are empty here",
                names.join(", ")
            ),
            Self::LogMissing => f.write_str(
                "the GeoPackage was open when it was copied: its last changes may be missing; close it in its program and send it again",
            ),
        }
    }
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub format: crate::Format,
    /// The layer's name, where files have some.
    pub layer: Option<String>,
    /// The coordinate system that the file says it has.
    pub declared: Option<String>,
    /// Handed over.
    pub records: u64,
    /// Not taken.
    pub faults: u64,
    pub notes: Vec<Note>,
}
