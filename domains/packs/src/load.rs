//! The loader: files in, a pack out, with everything that is wrong said at once.
//!
//! A fault in one file or entry never hides those in others; what can be read is read. The loader knows
//! lines, sections and shapes; what entries mean is for the domains that own the sections.

mod manifest;
mod table;
pub(crate) mod yaml;

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};
use yiwang_contracts::{Diagnostic, PackContent, PackTarget, Section, SectionEntry, Severity};

pub use manifest::{Manifest, PackVersion, PackVersionFault};

use crate::nearest::nearest;
use crate::schema;
use crate::source::PackFiles;
use manifest::is_id;
pub(crate) use yaml::escaped;
use yaml::{Marked, YamlFault};

const MANIFEST: &str = "pack.yaml";
/// A scripted case that shows what the pack is for; nothing of it is installed.
const STORY: &str = "story.yaml";

/// The sections there are, each with the JSON Schema of one entry.
#[derive(Debug, Clone, Default)]
pub struct Sections(BTreeMap<String, Value>);

impl Sections {
    /// The sections that these domains own.
    pub fn of<'a>(targets: impl IntoIterator<Item = &'a dyn PackTarget>) -> Self {
        let sections = targets.into_iter().flat_map(PackTarget::sections);
        Self(
            sections
                .map(|(name, schema)| (name.to_owned(), schema))
                .collect(),
        )
    }

    /// Sections by name only; their entries may have any shape.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self(
            names
                .into_iter()
                .map(|name| (name.to_owned(), Value::Bool(true)))
                .collect(),
        )
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, schema)| (name.as_str(), schema))
    }
}

/// A pack that could be read.
#[derive(Debug, Clone, Default)]
pub struct LoadedPack {
    pub manifest: Manifest,
    pub content: PackContent,
    /// SHA-256 over the files that count, in hex.
    pub hash: String,
}

/// What reading a pack gave: as much of it as could be read, and all that is wrong.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub pack: LoadedPack,
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}

pub(crate) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|found| found.severity == Severity::Error)
}

/// Reads a pack.
pub fn load(files: &PackFiles, sections: &Sections) -> Loaded {
    let mut loading = Loading {
        sections,
        diagnostics: Vec::new(),
        content: PackContent::default(),
    };
    let manifest = loading.manifest(files);
    let mut hash = Sha256::new();
    for (path, bytes) in &files.files {
        if is_note(path) {
            continue;
        }
        hash.update((path.len() as u64).to_be_bytes());
        hash.update(path.as_bytes());
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
        if path != MANIFEST {
            loading.file(path, bytes);
        }
    }
    loading.content.id.clone_from(&manifest.id);
    loading.content.version = manifest.version.to_string();
    let pack = LoadedPack {
        manifest,
        content: loading.content,
        hash: hex::encode(hash.finalize()),
    };
    let mut diagnostics = loading.diagnostics;
    sort(&mut diagnostics);
    Loaded { pack, diagnostics }
}

/// By file and line, as a person goes through them.
pub(crate) fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        (&a.file, a.line, &a.code, &a.message).cmp(&(&b.file, b.line, &b.code, &b.message))
    });
}

/// What may lie in a pack beside its sections: texts for people, and the story that tries it out.
fn is_note(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path == STORY
        || name.starts_with("LICENSE")
        || name.starts_with("NOTICE")
        || extension(name) == "md"
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// `items/01.yaml` and `items.yaml` both belong to `items`.
fn section_of(path: &str) -> &str {
    let first = path.split('/').next().unwrap_or(path);
    if first.len() < path.len() {
        first
    } else {
        first.rsplit_once('.').map_or(first, |(name, _)| name)
    }
}

struct Loading<'a> {
    sections: &'a Sections,
    diagnostics: Vec<Diagnostic>,
    content: PackContent,
}

impl Loading<'_> {
    fn fault(
        &mut self,
        file: &str,
        line: usize,
        code: &str,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        let (file, code, message) = (file.to_owned(), code.to_owned(), message.into());
        self.diagnostics.push(Diagnostic {
            severity: Severity::Error,
            file,
            line,
            code,
            message,
            hint,
        });
    }

    fn yaml_faults(&mut self, file: &str, faults: Vec<YamlFault>) {
        for YamlFault {
            line,
            message,
            hint,
        } in faults
        {
            self.fault(
                file,
                line,
                "pack.bad_yaml",
                message,
                hint.map(str::to_owned),
            );
        }
    }

    fn text<'b>(&mut self, path: &str, bytes: &'b [u8]) -> Option<&'b str> {
        match std::str::from_utf8(bytes) {
            // Spreadsheets put a byte order mark first.
            Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text)),
            Err(error) => {
                let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let line = good.split(|byte| *byte == b'\n').count();
                self.fault(
                    path,
                    line,
                    "pack.not_utf8",
                    "the file is not UTF-8",
                    Some("save it as UTF-8".to_owned()),
                );
                None
            }
        }
    }

    fn manifest(&mut self, files: &PackFiles) -> Manifest {
        let Some(bytes) = files.files.get(MANIFEST) else {
            let hint = "write id, version, title and requires in it".to_owned();
            self.fault(
                MANIFEST,
                0,
                "pack.no_manifest",
                "the folder has no `pack.yaml`",
                Some(hint),
            );
            return Manifest {
                id: files.name.clone(),
                ..Manifest::default()
            };
        };
        let Some(text) = self.text(MANIFEST, bytes) else {
            return Manifest::default();
        };
        let marked = match yaml::document(text) {
            Ok(Some(marked)) => marked,
            Ok(None) => {
                self.fault(
                    MANIFEST,
                    0,
                    "pack.no_manifest",
                    "`pack.yaml` is empty",
                    None,
                );
                return Manifest::default();
            }
            Err(faults) => {
                self.yaml_faults(MANIFEST, faults);
                return Manifest::default();
            }
        };
        let entry = entry_of(MANIFEST, marked);
        let found = schema::check(&entry, schemars::schema_for!(Manifest).as_value());
        if !found.is_empty() {
            self.diagnostics.extend(found);
            return Manifest::default();
        }
        match serde_path_to_error::deserialize::<_, Manifest>(&entry.value) {
            Ok(manifest) => {
                self.manifest_words(&manifest, &entry, &files.name);
                manifest
            }
            Err(error) => {
                let pointer = format!("/{}", error.path().to_string().replace('.', "/"));
                self.diagnostics.push(entry.error(
                    &pointer,
                    "pack.bad_value",
                    error.into_inner().to_string(),
                    None,
                ));
                Manifest::default()
            }
        }
    }

    fn manifest_words(&mut self, manifest: &Manifest, entry: &SectionEntry, folder: &str) {
        let id = &manifest.id;
        if !is_id(id) {
            let message = format!("`{id}` is no good id");
            let hint = "small letters, digits and hyphens, a letter first";
            self.diagnostics
                .push(entry.error("/id", "pack.bad_id", message, Some(hint)));
        } else if id != folder {
            let message = format!("the pack is called `{id}` but its folder `{folder}`");
            let hint = format!("rename the folder to `{id}`");
            self.diagnostics
                .push(entry.error("/id", "pack.other_folder", message, Some(&hint)));
        }
        if manifest.requires.contains(id) {
            self.diagnostics.push(entry.error(
                "/requires",
                "pack.requires_itself",
                "a pack cannot require itself",
                None,
            ));
        }
    }

    fn file(&mut self, path: &str, bytes: &[u8]) {
        let section = section_of(path);
        let sections = self.sections;
        let Some(schema) = sections.0.get(section) else {
            let hint = match nearest(section, sections.0.keys().map(String::as_str)) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!(
                    "known are {}",
                    sections.0.keys().cloned().collect::<Vec<_>>().join(", ")
                ),
            };
            let message = format!("there is no section `{section}`");
            return self.fault(path, 0, "pack.unknown_section", message, Some(hint));
        };
        let Some(text) = self.text(path, bytes) else {
            return;
        };
        let entries = match extension(path) {
            "yaml" | "yml" => self.yaml_entries(path, text),
            "csv" => self.table_entries(path, text),
            other => {
                let message = format!("a section is `.yaml` or `.csv`, not `.{other}`");
                return self.fault(path, 0, "pack.unknown_kind_of_file", message, None);
            }
        };
        for entry in &entries {
            self.diagnostics.extend(schema::check(entry, schema));
        }
        self.content
            .sections
            .entry(section.to_owned())
            .or_default()
            .extend(entries);
    }

    fn yaml_entries(&mut self, path: &str, text: &str) -> Section {
        match yaml::document(text) {
            Ok(Some(marked)) => marked
                .into_elements()
                .into_iter()
                .map(|marked| entry_of(path, marked))
                .collect(),
            Ok(None) => {
                let hint = "write entries in it, or take it away".to_owned();
                self.fault(
                    path,
                    0,
                    "pack.empty_file",
                    "the file has no entries",
                    Some(hint),
                );
                Section::new()
            }
            Err(faults) => {
                self.yaml_faults(path, faults);
                Section::new()
            }
        }
    }

    fn table_entries(&mut self, path: &str, text: &str) -> Section {
        let (rows, faults) = table::rows(text);
        for fault in faults {
            self.fault(path, fault.line, "pack.bad_table", fault.message, None);
        }
        rows.into_iter()
            .map(|row| SectionEntry {
                file: path.to_owned(),
                line: row.line,
                value: row.value,
                lines: BTreeMap::new(),
            })
            .collect()
    }
}

fn entry_of(file: &str, marked: Marked) -> SectionEntry {
    SectionEntry {
        file: file.to_owned(),
        line: marked.line,
        value: marked.value,
        lines: marked.lines,
    }
}

#[cfg(test)]
mod tests;
