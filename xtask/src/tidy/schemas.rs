//! A name in the API's document is one type's: of two that share one, the document silently keeps either.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::tree::{File, Tree};

/// A name in the document, and where it is given.
struct Named<'a> {
    name: String,
    path: &'a str,
    line: usize,
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut first: BTreeMap<String, Named<'_>> = BTreeMap::new();
    let mut findings = Vec::new();
    let own = |file: &&File| !file.path.contains("/tests");
    for named in tree.with_extension(&["rs"]).filter(own).flat_map(schemas) {
        let Some(other) = first.get(&named.name) else {
            first.insert(named.name.clone(), named);
            continue;
        };
        let message = format!(
            "`{}` is a schema of {} line {} too: say `#[schema(as = OtherName)]`",
            named.name, other.path, other.line
        );
        findings.push(Finding::error(named.path, named.line, message));
    }
    findings
}

fn schemas(file: &File) -> Vec<Named<'_>> {
    let (mut found, mut attributes, mut is_open) = (Vec::new(), String::new(), false);
    for (line, text) in file.lines() {
        let text = text.trim();
        if is_open || text.starts_with("#[") {
            attributes.push_str(text);
            is_open = !text.ends_with(']');
        } else if !text.starts_with("//") {
            let declared = declared(text).filter(|_| attributes.contains("ToSchema"));
            found.extend(declared.map(|name| Named {
                name: renamed(&attributes).unwrap_or(name),
                path: &file.path,
                line,
            }));
            attributes.clear();
        }
    }
    found
}

/// The type that a line begins to declare.
fn declared(line: &str) -> Option<String> {
    let (before, after) = ["struct ", "enum "]
        .iter()
        .find_map(|kind| line.split_once(kind))?;
    let is_declared = before.is_empty() || before.starts_with("pub");
    is_declared
        .then(|| word(after))
        .filter(|name| !name.is_empty())
}

/// The name that an attribute gives it.
fn renamed(attributes: &str) -> Option<String> {
    let (_, schema) = attributes.split_once("schema(")?;
    let (_, name) = schema.split_once("as = ")?;
    Some(word(name))
}

fn word(text: &str) -> String {
    let is_part = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    text.chars().take_while(is_part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_the_document_is_one_types() {
        let first = "#[derive(\n    Debug,\n    utoipa::ToSchema,\n)]\npub struct Row {\n";
        let same = "#[derive(ToSchema)]\n/// Words.\n#[serde(untagged)]\npub(crate) enum Row {\n";
        let other = "#[derive(ToSchema)]\n#[schema(as = ListRow)]\nstruct Row {\n\n#[derive(Debug)]\nstruct Row;\n";
        let tree = Tree::of(&[
            ("a/src/one.rs", first),
            ("b/src/two.rs", same),
            ("c/src/three.rs", other),
        ]);
        let found = check(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].path.as_str(), found[0].line), ("b/src/two.rs", 4));
    }
}
