//! The path of a resource: `Things('a')/Datastreams/$ref`.

use crate::Fault;
use crate::text::quoted;

/// Segments of one path.
pub const SEGMENTS_MAX: usize = 16;

/// What stands in a segment's brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    Text(String),
    Number(i64),
}

impl Key {
    /// The id as a text.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// One segment: a name, perhaps with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub name: String,
    pub key: Option<Key>,
}

/// Reads a decoded path without the service's root.
pub fn resource_path(text: &str) -> Result<Vec<Segment>, Fault> {
    let trimmed = text.trim_matches('/');
    let offset = text.len() - text.trim_start_matches('/').len();
    let parts = crate::text::parts(trimmed, '/').map_err(|fault| fault.within("path", offset))?;
    if parts.len() > SEGMENTS_MAX {
        let message = format!("a path has at most {SEGMENTS_MAX} segments");
        return Err(Fault::new(0, message).within("path", 0));
    }
    if trimmed.is_empty() {
        return Ok(Vec::new());
    }
    let read = |(at, part): &(usize, &str)| {
        segment(part).map_err(|fault| fault.within("path", at + offset))
    };
    parts.iter().map(read).collect()
}

fn segment(part: &str) -> Result<Segment, Fault> {
    let Some((name, rest)) = part.split_once('(') else {
        if part.is_empty() {
            return Err(Fault::new(0, "an empty segment"));
        }
        return Ok(Segment {
            name: part.to_owned(),
            key: None,
        });
    };
    let at = name.len() + 1;
    let inner = rest
        .strip_suffix(')')
        .ok_or_else(|| {
            Fault::new(
                part.len(),
                "write Things('id'), with nothing behind the `)`",
            )
        })?
        .trim();
    let key = if inner.starts_with('\'') {
        quoted(inner)
            .filter(|(_, took)| *took == inner.len())
            .map(|(text, _)| Key::Text(text))
    } else {
        inner.parse().ok().map(Key::Number)
    };
    let key = key.ok_or_else(|| {
        Fault::new(
            at,
            "an id stands in quotes: Things('id'), a quote within is doubled",
        )
    })?;
    Ok(Segment {
        name: name.to_owned(),
        key: Some(key),
    })
}
