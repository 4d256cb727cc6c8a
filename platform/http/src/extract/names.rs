//! From what serde says to which field it means.

use serde_path_to_error::{Path, Segment};
use yiwang_kernel::FieldFault;

/// How a field is written: a JSON pointer in bodies, a plain name in parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    Pointer,
    Name,
}

/// The field at fault and why, from serde's path and message.
pub(super) fn field_fault(path: &Path, message: &str, notation: Notation) -> FieldFault {
    let message = without_place(message);
    let mut segments: Vec<String> = path.iter().filter_map(segment).collect();
    let (code, named) = match quoted_after(message, "missing field `") {
        Some(name) => ("missing", Some(name)),
        None => match quoted_after(message, "unknown field `") {
            Some(name) => ("unknown_field", Some(name)),
            None => ("invalid", None),
        },
    };
    // Serde's path ends at the parent of a missing field, and sometimes at that of an unknown one.
    if let Some(name) = named
        && segments.last().map(String::as_str) != Some(name)
    {
        segments.push(name.to_owned());
    }
    FieldFault::new(written(&segments, notation), code, message)
}

fn segment(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

fn written(segments: &[String], notation: Notation) -> String {
    match notation {
        Notation::Name => segments.join("."),
        Notation::Pointer => segments.iter().fold(String::new(), |mut pointer, part| {
            pointer.push('/');
            pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
            pointer
        }),
    }
}

fn quoted_after<'a>(message: &'a str, lead: &str) -> Option<&'a str> {
    let rest = message.strip_prefix(lead)?;
    rest.split_once('`').map(|(name, _)| name)
}

/// serde_json ends its messages with the line and column, which mean nothing in a one-line body.
fn without_place(message: &str) -> &str {
    message
        .rfind(" at line ")
        .and_then(|at| message.get(..at))
        .unwrap_or(message)
}
