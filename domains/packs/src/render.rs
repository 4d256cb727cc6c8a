//! Diagnostics as a compiler prints them.

use std::fmt::Write as _;

use yiwang_contracts::{Diagnostic, Severity};

/// All of them, and a last line with their number. `pack` is the folder's name, put before each file.
pub fn render(pack: &str, diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for found in diagnostics {
        let kind = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = if found.line == 0 {
            String::new()
        } else {
            format!(":{}", found.line)
        };
        let _ = writeln!(text, "{kind}[{}]: {}", found.code, found.message);
        let _ = writeln!(text, "  --> {pack}/{}{place}", found.file);
        if let Some(hint) = &found.hint {
            let _ = writeln!(text, "  hint: {hint}");
        }
    }
    let errors = diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .count();
    let warnings = diagnostics.len() - errors;
    let _ = writeln!(text, "{pack}: {errors} errors, {warnings} warnings");
    text
}
