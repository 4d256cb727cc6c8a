//! Documents: one title each, links that lead somewhere, a complete index of decisions.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::tree::{File, Tree};

const DECISIONS: &str = "docs/adr/";
const INDEX: &str = "docs/adr/README.md";
const MAKEFILE_TARGETS_MAX: usize = 12;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.with_extension(&["md"]) {
        findings.extend(title(file));
        findings.extend(links(tree, file));
    }
    findings.extend(decisions(tree));
    findings.extend(makefile(tree));
    findings
}

/// The lines of a document that are not inside a fenced block.
fn prose(file: &File) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    file.lines().filter(move |(_, line)| {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            return false;
        }
        !fenced
    })
}

fn title(file: &File) -> Option<Finding> {
    let titles: Vec<usize> = prose(file)
        .filter(|(_, line)| line.starts_with("# "))
        .map(|(line, _)| line)
        .collect();
    match titles.as_slice() {
        [_] => None,
        [] => Some(Finding::error(&file.path, 1, "has no title (`# ...`)")),
        [_, second, ..] => Some(Finding::error(
            &file.path,
            *second,
            "has a second title; use `##`",
        )),
    }
}

fn links(tree: &Tree, file: &File) -> Vec<Finding> {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let dead =
        prose(file).flat_map(|(number, line)| targets(line).map(move |target| (number, target)));
    let dead = dead
        .filter(|(_, target)| is_local(target))
        .filter(|(_, target)| {
            let path = target.split('#').next().unwrap_or_default();
            !path.is_empty() && !leads_somewhere(tree, &resolve(folder, path))
        });
    dead.map(|(number, target)| Finding::error(&file.path, number, format!("dead link `{target}`")))
        .collect()
}

/// Link targets of one line: what stands in `](...)`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.trim())
}

fn is_local(target: &str) -> bool {
    let elsewhere =
        target.contains("://") || target.contains("::") || target.starts_with(['#', '/', '<']);
    !elsewhere && !target.starts_with("mailto:") && !target.contains(char::is_whitespace)
}

fn resolve(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn leads_somewhere(tree: &Tree, path: &str) -> bool {
    path.is_empty()
        || tree
            .files
            .iter()
            .any(|file| file.path == path || is_under(&file.path, path))
}

fn is_under(file: &str, folder: &str) -> bool {
    file.strip_prefix(folder)
        .is_some_and(|rest| rest.starts_with('/'))
}

/// Every decision has its own number, the numbers have no gap, and the index links each.
fn decisions(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut numbers: BTreeMap<u32, &str> = BTreeMap::new();
    let index = tree.file(INDEX).map_or("", |file| file.text.as_str());
    for file in tree
        .files
        .iter()
        .filter(|file| file.path.starts_with(DECISIONS) && file.path != INDEX)
    {
        let name = file.name();
        let number = name
            .split_once('-')
            .and_then(|(number, _)| number.parse::<u32>().ok());
        match number {
            None => findings.push(Finding::error(
                &file.path,
                1,
                "should be named `NNNN-what-was-decided.md`",
            )),
            Some(number) => {
                if let Some(other) = numbers.insert(number, name) {
                    findings.push(Finding::error(
                        &file.path,
                        1,
                        format!("has the number of `{other}`"),
                    ));
                }
            }
        }
        if !index.contains(&format!("({name})")) {
            findings.push(Finding::error(INDEX, 1, format!("does not link `{name}`")));
        }
        if !file.text.lines().any(|line| line.starts_with("Status:")) {
            findings.push(Finding::error(&file.path, 1, "has no `Status:` line"));
        }
    }
    for (wanted, (number, name)) in (0..).zip(&numbers) {
        if *number != wanted {
            findings.push(Finding::error(
                &format!("{DECISIONS}{name}"),
                1,
                format!("number {wanted:04} is missing"),
            ));
            break;
        }
    }
    findings
}

fn makefile(tree: &Tree) -> Option<Finding> {
    let file = tree.file("Makefile")?;
    let is_target = |line: &str| {
        line.split_once(':').is_some_and(|(name, rest)| {
            !rest.starts_with('=')
                && !name.is_empty()
                && name.chars().all(|c| c.is_ascii_lowercase() || c == '-')
        })
    };
    let targets = file.lines().filter(|(_, line)| is_target(line)).count();
    (targets > MAKEFILE_TARGETS_MAX).then(|| {
        Finding::error(
            "Makefile",
            1,
            format!("has {targets} targets; {MAKEFILE_TARGETS_MAX} are allowed"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn one_title_and_fences_do_not_count() {
        assert!(messages(&[("a.md", "# A\n```sh\n# comment\n```\n## B\n")]).is_empty());
        assert_eq!(
            messages(&[("a.md", "# A\n\n# B\n")]),
            ["a.md:3: error: has a second title; use `##`"]
        );
        assert_eq!(messages(&[("a.md", "text\n")]).len(), 1);
    }

    #[test]
    fn local_links_lead_somewhere() {
        let text = "# A\n[b](b.md#x) [c](../c/) [d](https://d.example/x) [e](crate::E) [f](#f) [g](gone.md)\n";
        let found = messages(&[("docs/a.md", text), ("docs/b.md", "# B"), ("c/d.rs", "")]);
        assert_eq!(found, ["docs/a.md:2: error: dead link `gone.md`"]);
    }

    #[test]
    fn decisions_are_numbered_and_indexed() {
        let decision = "# X\n\nStatus: accepted\n";
        let index = "# Decisions\n[0](0000-a.md) [1](0001-b.md)\n";
        let good = [
            ("docs/adr/README.md", index),
            ("docs/adr/0000-a.md", decision),
            ("docs/adr/0001-b.md", decision),
        ];
        assert!(messages(&good).is_empty());
        let bad = [
            ("docs/adr/README.md", "# D\n"),
            ("docs/adr/0000-a.md", decision),
            ("docs/adr/0002-b.md", "# B\n"),
        ];
        assert_eq!(messages(&bad).len(), 4);
    }

    #[test]
    fn a_makefile_stays_small() {
        let targets = |count: usize| {
            let names = [
                "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
            ];
            names[..count].join(": x\n\tdo\n") + ": x\n"
        };
        assert!(
            messages(&[("Makefile", &format!("A := b\n.PHONY: x\n{}", targets(12)))]).is_empty()
        );
        assert_eq!(messages(&[("Makefile", &targets(13))]).len(), 1);
    }
}
