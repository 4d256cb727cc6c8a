//! What must not stand in the repository: paths of one machine, unfinished work, traces of a merge.

use super::finding::Finding;
use super::tree::{File, Tree};

/// Written in two parts so that this file does not find itself.
const REFUSED: [(&str, &str); 12] = [
    (concat!("/wor", "k/main"), "a path of one machine"),
    (concat!("/wor", "k/shared"), "a path of one machine"),
    (concat!("/roo", "t/"), "a path of one machine"),
    (concat!("/hom", "e/"), "a path of one machine"),
    (concat!("/Use", "rs/"), "a path of one machine"),
    (concat!("/tm", "p/yw"), "a path of one machine"),
    (
        concat!("TO", "DO"),
        "unfinished work; finish it or leave it out",
    ),
    (
        concat!("FIX", "ME"),
        "unfinished work; finish it or leave it out",
    ),
    (
        concat!("tod", "o!("),
        "unfinished work; finish it or leave it out",
    ),
    (
        concat!("unimpl", "emented!("),
        "unfinished work; finish it or leave it out",
    ),
    (concat!("<<<<", "<<< "), "a trace of a merge"),
    (concat!(">>>>", ">>> "), "a trace of a merge"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let texts = tree.files.iter().filter(|file| !is_foreign(file));
    texts
        .flat_map(|file| {
            file.lines()
                .filter_map(|(number, line)| refused(file, number, line))
        })
        .collect()
}

/// Lock files are written by tools from other people's names.
fn is_foreign(file: &File) -> bool {
    matches!(file.name(), "Cargo.lock" | "pnpm-lock.yaml" | "LICENSE")
}

fn refused(file: &File, number: usize, line: &str) -> Option<Finding> {
    let (word, why) = REFUSED.iter().find(|(word, _)| stands_alone(line, word))?;
    Some(Finding::error(
        &file.path,
        number,
        format!("`{}`: {why}", word.trim()),
    ))
}

/// True when `word` occurs and is not the inside of a longer word, URL or path.
fn stands_alone(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '}');
    let ends_open = word.ends_with(|c: char| c.is_alphanumeric());
    line.match_indices(word).any(|(index, _)| {
        let before = line.get(..index).and_then(|text| text.chars().next_back());
        let after = line
            .get(index + word.len()..)
            .and_then(|text| text.chars().next());
        let runs_on = ends_open && after.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !(before.is_some_and(is_part) || runs_on)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_words_stand_alone() {
        for (line, good) in [
            (concat!("// TO", "DO later"), false),
            (concat!("const TO", "DOS: u8"), true),
            (concat!("cd /roo", "t/x"), false),
            (concat!("https://a.example/hom", "e/x"), true),
            (concat!("let path = \"/hom", "e/me\""), false),
            ("the method is complete", true),
        ] {
            assert_eq!(
                check(&Tree::of(&[("a.rs", line)])).is_empty(),
                good,
                "{line}"
            );
        }
        assert!(check(&Tree::of(&[("Cargo.lock", concat!("TO", "DO"))])).is_empty());
    }
}
