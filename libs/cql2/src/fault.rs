//! What is wrong with a filter, and where.

/// A fault in a filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at {place}: {message}")]
pub struct Fault {
    /// Where it is.
    pub place: Place,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// Where a fault is: in a text, or in a JSON document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Bytes into the text.
    Byte(usize),
    /// A JSON pointer.
    Pointer(String),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Byte(byte) => write!(f, "{byte}"),
            Self::Pointer(pointer) if pointer.is_empty() => f.write_str("the top"),
            Self::Pointer(pointer) => f.write_str(pointer),
        }
    }
}

impl Fault {
    pub(crate) fn new(position: usize, message: impl Into<String>) -> Self {
        Self {
            place: Place::Byte(position),
            message: message.into(),
        }
    }

    pub(crate) fn at_pointer(pointer: &str, message: impl Into<String>) -> Self {
        Self {
            place: Place::Pointer(pointer.to_owned()),
            message: message.into(),
        }
    }

    /// Bytes into the text, if it was one.
    pub fn position(&self) -> Option<usize> {
        match self.place {
            Place::Byte(byte) => Some(byte),
            Place::Pointer(_) => None,
        }
    }
}
