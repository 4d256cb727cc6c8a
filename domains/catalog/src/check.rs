//! Checks the sections of a pack: every finding at once, each with its file, line and a hint.
//!
//! A pack is judged together with the packs it stands on; only its own entries are complained about.

mod areas;
mod coverage;
mod findings;
mod items;
mod limits;
mod nearest;
mod parsed;
mod rules;
mod small;

#[cfg(test)]
pub(crate) mod tests;

use yiwang_contracts::{Diagnostic, OrgBrief, PackContent, Severity};

pub(crate) use findings::Finding;
pub(crate) use parsed::{orgs_of, read};
pub(crate) use rules::{KnownCodes, rule_findings};

use findings::Findings;
use parsed::World;

/// Everything that is wrong with the sections of `pack` that this domain owns.
pub(crate) fn check(
    pack: &PackContent,
    under: &[&PackContent],
    orgs: &[OrgBrief],
) -> Vec<Diagnostic> {
    let mut findings = Findings::default();
    let world = World::read(pack, under, orgs, &mut findings);
    small::check_calendars(&world, &mut findings);
    small::check_grades(&world, &mut findings);
    small::check_codesets(&world, &mut findings);
    areas::check(&world, &mut findings);
    items::check(&world, &mut findings);
    limits::check(&world, &mut findings);
    rules::check(&world, &mut findings);
    // Pairs are only worth counting in a pack that can be installed.
    if !findings
        .0
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        coverage::check(&world, &mut findings);
    }
    let mut diagnostics = findings.0;
    diagnostics.sort_by(|a, b| (&a.file, a.line, &a.code).cmp(&(&b.file, b.line, &b.code)));
    diagnostics
}
