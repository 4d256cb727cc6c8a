//! `cargo xtask tidy`: the rules of the house that a compiler does not check.
//!
//! Every rule is a function from the tree (and the workspace's metadata) to findings. All of them run, all
//! findings are printed, and one error fails the run.

mod crates;
mod documents;
mod finding;
mod glossary;
mod names;
mod schemas;
mod sizes;
mod tables;
mod tree;
mod words;
mod workspace;

use std::io::Write;

use anyhow::Context;
use finding::{Finding, Severity};
use tree::Tree;
use workspace::Workspace;

/// Checks the repository that holds this crate.
pub(crate) fn run() -> anyhow::Result<()> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask lies in the repository")?;
    let tree = Tree::read(root)?;
    let workspace = Workspace::read(root)?;
    let findings = check(&tree, &workspace);
    report(&findings, tree.files.len())
}

fn check(tree: &Tree, workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(crates::check(tree, workspace));
    findings.extend(documents::check(tree));
    findings.extend(glossary::check(tree));
    findings.extend(names::check(tree));
    findings.extend(schemas::check(tree));
    findings.extend(sizes::check(tree));
    findings.extend(tables::check(tree));
    findings.extend(words::check(tree));
    findings.sort();
    findings
}

fn report(findings: &[Finding], files: usize) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for finding in findings {
        writeln!(out, "{finding}")?;
    }
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    let warnings = findings.len() - errors;
    writeln!(
        out,
        "tidy: {files} files, {errors} errors, {warnings} warnings"
    )?;
    anyhow::ensure!(errors == 0, "the tree is not tidy");
    Ok(())
}
