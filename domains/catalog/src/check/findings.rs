//! Where findings are collected.

use yiwang_contracts::{Diagnostic, SectionEntry, Severity};

/// What is wrong with one field of an entry, wherever the entry stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// JSON pointer within the entry; empty for the whole.
    pub(crate) pointer: String,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Finding {
    pub(crate) fn new(
        pointer: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            pointer: pointer.into(),
            code,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    pub(crate) fn hint_if(self, hint: Option<String>) -> Self {
        Self { hint, ..self }
    }
}

#[derive(Debug, Default)]
pub(super) struct Findings(pub(super) Vec<Diagnostic>);

impl Findings {
    pub(super) fn error(&mut self, entry: &SectionEntry, finding: Finding) {
        let hint = finding.hint.as_deref();
        self.0
            .push(entry.error(&finding.pointer, finding.code, finding.message, hint));
    }

    pub(super) fn warn(&mut self, entry: &SectionEntry, finding: Finding) {
        let hint = finding.hint.as_deref();
        let diagnostic = entry.error(&finding.pointer, finding.code, finding.message, hint);
        self.0.push(Diagnostic {
            severity: Severity::Warning,
            ..diagnostic
        });
    }
}
