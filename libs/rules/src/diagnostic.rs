//! What is wrong with rules as written: everything at once, each with its place and what to do.

use std::fmt;

/// One finding about one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether the rule is left out because of it.
    pub weight: Weight,
    /// Where the rule stands in the list that was given.
    pub position: usize,
    /// The rule's id.
    pub rule: String,
    /// A JSON pointer to the field, `/levels/0/when`.
    pub pointer: String,
    /// Where in the condition's text; nowhere when the finding is about the field as a whole.
    pub place: Option<Place>,
    /// Stable: `rules.unknown_name`.
    pub code: &'static str,
    /// What it is.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Whether a finding forbids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Allowed, but probably not meant.
    Warning,
    /// The rule is not compiled.
    Error,
}

/// A stretch of a condition's text, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column of its first character, from 1.
    pub column: u32,
    /// How many characters, at least 1.
    pub length: u32,
}

impl Diagnostic {
    pub(crate) fn hint(&mut self, hint: impl Into<String>) {
        self.hint = Some(hint.into());
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = match self.weight {
            Weight::Warning => "warning",
            Weight::Error => "error",
        };
        write!(out, "{weight} {}{}", self.rule, self.pointer)?;
        if let Some(place) = self.place {
            write!(out, " {}:{}+{}", place.line, place.column, place.length)?;
        }
        write!(out, " [{}] {}", self.code, self.message)?;
        if let Some(hint) = &self.hint {
            write!(out, " ({hint})")?;
        }
        Ok(())
    }
}

/// A finding whose rule and field are not yet said: what a reader of one text has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    pub(crate) weight: Weight,
    pub(crate) place: Option<Place>,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Remark {
    pub(crate) fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            weight: Weight::Error,
            place: None,
            code,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            weight: Weight::Warning,
            ..Self::error(code, message)
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn at(mut self, place: Option<Place>) -> Self {
        self.place = place;
        self
    }
}
