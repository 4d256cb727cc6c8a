//! Checks packs together: what each stands on, in order, and then every domain's own check.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use yiwang_contracts::{Diagnostic, PackContent, PackTarget, Severity};

use crate::load::{Loaded, LoadedPack, sort};

/// The packs in the order in which they can be installed, each with everything that is wrong with it.
///
/// `installed` are the packs to stand on that are not given anew.
pub fn check(
    packs: Vec<Loaded>,
    installed: &[LoadedPack],
    targets: &[Arc<dyn PackTarget>],
) -> Vec<Loaded> {
    let mut packs = in_order(packs);
    let given: BTreeSet<String> = packs
        .iter()
        .map(|loaded| loaded.pack.manifest.id.clone())
        .collect();
    let mut known: BTreeMap<String, LoadedPack> = installed
        .iter()
        .filter(|pack| !given.contains(&pack.manifest.id))
        .map(|pack| (pack.manifest.id.clone(), pack.clone()))
        .collect();
    for loaded in &mut packs {
        let missing = missing_packs(&loaded.pack, &known, &given);
        let under = stands_on(&loaded.pack, &known);
        let mut meant: Vec<Diagnostic> = targets
            .iter()
            .flat_map(|target| target.check(&loaded.pack.content, &under))
            .collect();
        let spoilt = spoilt_lines(loaded);
        meant.retain(|found| !spoilt.contains(&(found.file.clone(), found.line)));
        loaded.diagnostics.extend(missing);
        loaded.diagnostics.append(&mut meant);
        sort(&mut loaded.diagnostics);
        loaded.diagnostics.dedup();
        known.insert(loaded.pack.manifest.id.clone(), loaded.pack.clone());
    }
    packs
}

/// Those that stand on nothing first. Packs that require each other come last, as they were given.
fn in_order(mut waiting: Vec<Loaded>) -> Vec<Loaded> {
    waiting.sort_by(|a, b| a.pack.manifest.id.cmp(&b.pack.manifest.id));
    let mut ordered: Vec<Loaded> = Vec::new();
    while !waiting.is_empty() {
        let open: BTreeSet<String> = waiting
            .iter()
            .map(|loaded| loaded.pack.manifest.id.clone())
            .collect();
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|loaded| {
            let manifest = &loaded.pack.manifest;
            manifest
                .requires
                .iter()
                .all(|id| *id == manifest.id || !open.contains(id))
        });
        waiting = rest;
        if ready.is_empty() {
            ordered.append(&mut waiting);
        }
        ordered.extend(ready);
    }
    ordered
}

fn missing_packs(
    pack: &LoadedPack,
    known: &BTreeMap<String, LoadedPack>,
    given: &BTreeSet<String>,
) -> Vec<Diagnostic> {
    let missing = pack
        .manifest
        .requires
        .iter()
        .filter(|id| !known.contains_key(*id) && **id != pack.manifest.id);
    missing
        .map(|id| {
            let (code, message) = if given.contains(id) {
                (
                    "pack.required_in_a_circle",
                    format!("`{id}` and this pack require each other"),
                )
            } else {
                (
                    "pack.required_is_missing",
                    format!("the required pack `{id}` is neither installed nor given"),
                )
            };
            Diagnostic {
                severity: Severity::Error,
                file: "pack.yaml".to_owned(),
                line: 0,
                code: code.to_owned(),
                message,
                hint: None,
            }
        })
        .collect()
}

/// What the pack requires, and what that requires.
fn stands_on<'a>(
    pack: &LoadedPack,
    known: &'a BTreeMap<String, LoadedPack>,
) -> Vec<&'a PackContent> {
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = pack.manifest.requires.iter().map(String::as_str).collect();
    let mut under = Vec::new();
    while let Some(id) = open.pop() {
        if let Some(found) = known.get(id)
            && reached.insert(&found.manifest.id)
        {
            under.push(&found.content);
            open.extend(found.manifest.requires.iter().map(String::as_str));
        }
    }
    under
}

/// The lines of entries whose shape is wrong: what a domain says about them only repeats it.
fn spoilt_lines(loaded: &Loaded) -> BTreeSet<(String, usize)> {
    let wrong: BTreeSet<(&str, usize)> = loaded
        .diagnostics
        .iter()
        .map(|found| (found.file.as_str(), found.line))
        .collect();
    let entries = loaded.pack.content.sections.values().flatten();
    entries
        .map(|entry| {
            let lines: BTreeSet<usize> =
                entry.lines.values().copied().chain([entry.line]).collect();
            (entry.file.as_str(), lines)
        })
        .filter(|(file, lines)| lines.iter().any(|line| wrong.contains(&(*file, *line))))
        .flat_map(|(file, lines)| lines.into_iter().map(move |line| (file.to_owned(), line)))
        .collect()
}

#[cfg(test)]
mod tests;
