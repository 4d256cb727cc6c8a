//! Pack sections: how a folder of YAML reaches the domains.
//!
//! The `packs` domain reads files and knows lines; a domain that owns a section implements
//! [`PackTarget`]: it checks the entries (all faults at once) and installs them.

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use serde_path_to_error::Segment;
use yiwang_kernel::{Fault, Timestamp};

use crate::Actor;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DiagnosticSeverity)]
pub enum Severity {
    Error,
    Warning,
}

/// One finding of a check, as a compiler would say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Diagnostic {
    pub severity: Severity,
    /// The file within the pack, `items/municipal.yaml`.
    pub file: String,
    /// 1-based; 0 when the finding is about the file as a whole.
    pub line: usize,
    /// Stable: `catalog.item.unknown_calendar`.
    pub code: String,
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// One entry of a section with the place it was written at.
#[derive(Debug, Clone, PartialEq)]
pub struct SectionEntry {
    pub file: String,
    pub line: usize,
    pub value: Value,
    /// JSON pointer within `value` -> 1-based line, for findings about one field.
    pub lines: BTreeMap<String, usize>,
}

/// A field that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFault {
    /// JSON pointer, "" for the whole.
    pub pointer: String,
    pub message: String,
}

/// An entry as a type of a domain.
pub fn read_entry<T: DeserializeOwned>(value: &Value) -> Result<T, EntryFault> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let part = |segment: &Segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{key}")),
            Segment::Enum { .. } | Segment::Unknown => None,
        };
        EntryFault {
            pointer: error.path().iter().filter_map(part).collect(),
            message: error.into_inner().to_string(),
        }
    })
}

impl SectionEntry {
    /// The entry as a type of its domain, or a finding of this code about the field that cannot be read.
    pub fn read<T: DeserializeOwned>(&self, code: &str) -> Result<T, Diagnostic> {
        read_entry(&self.value)
            .map_err(|fault| self.error(&fault.pointer, code, fault.message, None))
    }

    /// A finding about this entry; `pointer` is "" for the whole or e.g. "/limits/0/unit".
    pub fn error(
        &self,
        pointer: &str,
        code: &str,
        message: impl Into<String>,
        hint: Option<&str>,
    ) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            file: self.file.clone(),
            line: self.lines.get(pointer).copied().unwrap_or(self.line),
            code: code.to_owned(),
            message: message.into(),
            hint: hint.map(str::to_owned),
        }
    }
}

/// All entries of one section of a pack, in file order.
pub type Section = Vec<SectionEntry>;

/// A checked or to-be-checked pack: its id, version and sections by name (`items`, `calendars`, …).
#[derive(Debug, Clone, Default)]
pub struct PackContent {
    pub id: String,
    pub version: String,
    pub sections: BTreeMap<String, Section>,
}

impl PackContent {
    /// The texts at a JSON pointer in all entries of a section.
    pub fn texts<'a>(&'a self, section: &str, pointer: &'a str) -> impl Iterator<Item = &'a str> {
        let entries = self.sections.get(section).into_iter().flatten();
        entries.filter_map(move |entry| entry.value.pointer(pointer)?.as_str())
    }
}

/// Who installs, when, and what that person takes on the record.
#[derive(Debug, Clone, Copy)]
pub struct Installing<'a> {
    pub actor: &'a Actor,
    pub now: Timestamp,
    /// Why faults that the installation opens are taken; without it they refuse it.
    pub accepted: Option<&'a str>,
}

impl<'a> Installing<'a> {
    /// An installation that takes no fault.
    pub fn new(actor: &'a Actor, now: Timestamp) -> Self {
        Self {
            actor,
            now,
            accepted: None,
        }
    }
}

/// What an installation changes: the packs given, in order, and what stands of them so far.
#[derive(Debug, Default)]
pub struct PackChange<'a> {
    pub before: Vec<&'a PackContent>,
    pub after: Vec<&'a PackContent>,
}

/// A domain's side of packs.
pub trait PackTarget: Send + Sync + 'static {
    /// The sections this domain owns, each with the JSON Schema of one entry.
    fn sections(&self) -> Vec<(&'static str, Value)>;

    /// Checks this domain's sections of `pack`, given the packs it stands on (already installed or installed with it).
    fn check(&self, pack: &PackContent, under: &[&PackContent]) -> Vec<Diagnostic>;

    /// Looks at the whole change before anything of it is installed, and refuses what the city must not fall
    /// into unless it is taken on the record; answers what was taken, for the audit log.
    fn rehearse<'a>(
        &'a self,
        _change: &'a PackChange<'a>,
        _by: Installing<'a>,
    ) -> BoxFuture<'a, Result<Value, Box<dyn Fault>>> {
        Box::pin(std::future::ready(Ok(Value::Null)))
    }

    /// Installs this domain's sections. Idempotent: the same version again changes nothing.
    fn install<'a>(
        &'a self,
        pack: &'a PackContent,
        by: Installing<'a>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Fault>>>;
}
