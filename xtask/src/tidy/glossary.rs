//! One word for one thing: the public types of a domain's model stand in the glossary.

use super::finding::Finding;
use super::tree::{File, Tree};

const GLOSSARY: &str = "docs/GLOSSARY.md";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(glossary) = tree.file(GLOSSARY) else {
        return vec![Finding::error(GLOSSARY, 1, "is missing")];
    };
    let models = tree.files.iter().filter(|file| is_model(&file.path));
    let types =
        models.flat_map(|file| public_types(file).map(move |(line, name)| (file, line, name)));
    let missing = types.filter(|(_, _, name)| !glossary.text.contains(&format!("`{name}`")));
    missing
        .map(|(file, line, name)| {
            Finding::error(&file.path, line, format!("`{name}` is not in {GLOSSARY}"))
        })
        .collect()
}

fn is_model(path: &str) -> bool {
    let Some((_, source)) = path
        .strip_prefix("domains/")
        .and_then(|rest| rest.split_once("/src/"))
    else {
        return false;
    };
    let is_test = source.ends_with("/tests.rs");
    source == "model.rs" || (source.starts_with("model/") && !is_test)
}

/// `pub struct X` and `pub enum X` at the outer level of a file.
fn public_types(file: &File) -> impl Iterator<Item = (usize, &str)> {
    file.lines().filter_map(|(number, line)| {
        let rest = line
            .strip_prefix("pub struct ")
            .or_else(|| line.strip_prefix("pub enum "))?;
        let name = rest.split(|c: char| !c.is_alphanumeric()).next()?;
        Some((number, name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn model_types_are_in_the_glossary() {
        let found = check(&Tree::of(&[
            ("docs/GLOSSARY.md", "# Glossary\n| 事件 | `Incident` |\n"),
            (
                "domains/incident/src/model.rs",
                "pub struct Incident;\npub(crate) struct Row;\npub enum Light {}\n",
            ),
            (
                "domains/incident/src/model/task.rs",
                "pub struct Task<T>(T);\n",
            ),
            ("domains/incident/src/store.rs", "pub struct Other;\n"),
        ]));
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "domains/incident/src/model.rs:3: error: `Light` is not in docs/GLOSSARY.md",
                "domains/incident/src/model/task.rs:1: error: `Task` is not in docs/GLOSSARY.md",
            ]
        );
    }
}
