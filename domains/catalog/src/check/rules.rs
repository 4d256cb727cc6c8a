//! Rules of the responsibility list: what they name must be there.

use std::collections::BTreeSet;

use super::findings::{Finding, Findings};
use super::nearest::did_you_mean;
use super::parsed::{World, names, own};
use crate::model::{ANY, OrgRef, ResponsibilityRule, validity};

/// The codes that a rule may name.
#[derive(Debug, Default)]
pub(crate) struct KnownCodes<'a> {
    pub(crate) items: BTreeSet<&'a str>,
    pub(crate) areas: BTreeSet<&'a str>,
    pub(crate) orgs: BTreeSet<&'a str>,
}

pub(super) fn check(world: &World<'_>, findings: &mut Findings) {
    let known = KnownCodes {
        items: names(&world.items, |item| item.code.as_str()),
        areas: names(&world.areas, |area| area.code.as_str()),
        orgs: world.orgs.iter().map(|org| org.code.as_str()).collect(),
    };
    for one in own(&world.rules) {
        for finding in rule_findings(&one.value, &known) {
            findings.error(one.entry, finding);
        }
    }
}

/// Everything that is wrong with one rule by itself.
pub(crate) fn rule_findings(rule: &ResponsibilityRule, known: &KnownCodes<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (field, codes, known) in [
        ("items", &rule.items, &known.items),
        ("areas", &rule.areas, &known.areas),
    ] {
        if codes.is_empty() {
            let message = format!("{} names no {field}", rule.id);
            findings.push(
                Finding::new(format!("/{field}"), "catalog.rule.empty", message)
                    .hint("\"*\" stands for all"),
            );
        }
        for (at, code) in codes
            .iter()
            .enumerate()
            .filter(|(_, code)| *code != ANY && !known.contains(code.as_str()))
        {
            let message = format!("{} {code} is not known", field.trim_end_matches('s'));
            let near = did_you_mean(
                code,
                known
                    .iter()
                    .copied()
                    .filter(|other| other.len() == code.len()),
            );
            findings.push(
                Finding::new(
                    format!("/{field}/{at}"),
                    "catalog.rule.unknown_code",
                    message,
                )
                .hint_if(near),
            );
        }
    }
    let named = [("/lead".to_owned(), &rule.lead)].into_iter();
    let named = named.chain(
        rule.assistants
            .iter()
            .enumerate()
            .map(|(at, org)| (format!("/assistants/{at}"), org)),
    );
    for (pointer, org) in named.chain(
        rule.supervisor
            .iter()
            .map(|org| ("/supervisor".to_owned(), org)),
    ) {
        findings.extend(org_finding(pointer, org, known));
    }
    if rule.basis.zh.trim().is_empty() {
        let message = format!("{} has no basis", rule.id);
        findings.push(
            Finding::new("/basis", "catalog.rule.no_basis", message)
                .hint("name the document that says so"),
        );
    }
    let (from, to) = validity(rule.valid_from, rule.valid_to);
    if to.is_some_and(|to| to <= from) {
        let message = "valid_to is not later than valid_from";
        findings.push(Finding::new("/valid_to", "catalog.bad_validity", message));
    }
    findings
}

fn org_finding(pointer: String, org: &str, known: &KnownCodes<'_>) -> Option<Finding> {
    match OrgRef::parse(org) {
        None => Some(
            Finding::new(
                pointer,
                "catalog.rule.bad_org",
                format!("{org:?} names no unit"),
            )
            .hint("an organisation's code, or @town, @village, @grid"),
        ),
        Some(OrgRef::Code(code)) if !known.orgs.contains(code.as_str()) => Some(
            Finding::new(
                pointer,
                "catalog.rule.unknown_org",
                format!("organisation {code} is not known"),
            )
            .hint_if(did_you_mean(&code, known.orgs.iter().copied())),
        ),
        Some(_) => None,
    }
}
