//! What is found about a screen as written.

use serde::Serialize;

/// One thing that forbids that a screen is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ScreenFinding {
    /// Where in the screen, `/widgets/2/options/hours`; empty for the whole.
    pub pointer: String,
    /// Stable, `screens.no_rectangle`.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Findings as they are gathered.
#[derive(Debug, Default)]
pub(crate) struct Findings(pub(crate) Vec<ScreenFinding>);

impl Findings {
    /// `code` without the domain's name; an empty `hint` is none.
    pub(crate) fn add(
        &mut self,
        pointer: impl Into<String>,
        code: &str,
        message: impl Into<String>,
        hint: &str,
    ) {
        self.0.push(ScreenFinding {
            pointer: pointer.into(),
            code: format!("screens.{code}"),
            message: message.into(),
            hint: (!hint.is_empty()).then(|| hint.to_owned()),
        });
    }

    /// What could not be read, within what stands at `pointer`.
    pub(crate) fn malformed(
        &mut self,
        pointer: &str,
        error: &serde_path_to_error::Error<serde_json::Error>,
    ) {
        let pointer = format!("{pointer}{}", pointer_of(error.path()));
        let hint = "see the schema of screens for the fields that there are";
        self.add(pointer, "malformed", error.inner().to_string(), hint);
    }
}

/// A path as a JSON pointer.
fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", escaped(key)),
            Segment::Enum { .. } | Segment::Unknown => String::new(),
        })
        .collect()
}

/// A name as a part of a JSON pointer (RFC 6901).
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
