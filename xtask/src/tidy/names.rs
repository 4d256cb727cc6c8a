//! Names that say nothing are refused; files follow one layout.

use super::finding::Finding;
use super::tree::{File, Tree};

const REFUSED_FILES: [&str; 8] = [
    "util", "utils", "helper", "helpers", "common", "misc", "manager", "managers",
];
const REFUSED_WORDS: [&str; 11] = [
    "Manager",
    "Helper",
    "Helpers",
    "Util",
    "Utils",
    "Common",
    "Processor",
    "Base",
    "Data",
    "Info",
    "Impl",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let code = tree.with_extension(&["rs", "ts", "tsx"]);
    code.flat_map(|file| path(file).into_iter().chain(types(file)))
        .collect()
}

fn path(file: &File) -> Option<Finding> {
    if file.name() == "mod.rs" {
        return Some(Finding::error(
            &file.path,
            1,
            "write `foo.rs` beside `foo/`, not `foo/mod.rs`",
        ));
    }
    let stem = |part: &str| part.split('.').next().unwrap_or_default().to_owned();
    let refused = file
        .path
        .split('/')
        .map(stem)
        .find(|part| REFUSED_FILES.contains(&part.as_str()))?;
    Some(Finding::error(
        &file.path,
        1,
        format!("`{refused}` names nothing; say what is inside"),
    ))
}

fn types(file: &File) -> Vec<Finding> {
    if file.extension() != "rs" {
        return Vec::new();
    }
    let named = file
        .lines()
        .filter_map(|(number, line)| Some((number, type_name(line)?)));
    let refused = named.filter_map(|(number, name)| {
        let word = last_word(name);
        if REFUSED_WORDS.contains(&word) {
            return Some(Finding::error(
                &file.path,
                number,
                format!("`{name}`: `{word}` says nothing; name the thing"),
            ));
        }
        (word == "Service" && !is_service_file(&file.path)).then(|| {
            Finding::error(
                &file.path,
                number,
                format!("`{name}`: a Service stands in `service.rs` only"),
            )
        })
    });
    refused.collect()
}

fn is_service_file(path: &str) -> bool {
    path.ends_with("/service.rs") || path.contains("/service/")
}

/// The name that a line of code gives to a struct, enum or trait.
fn type_name(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub").map_or(line, |rest| {
        let rest = rest
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'))
            .map_or(rest, |(_, rest)| rest);
        rest.trim_start()
    });
    let rest = ["struct ", "enum ", "trait "]
        .iter()
        .find_map(|keyword| line.strip_prefix(keyword))?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .filter(|name| !name.is_empty())
}

fn last_word(name: &str) -> &str {
    let start = name
        .char_indices()
        .rev()
        .find(|(_, c)| c.is_uppercase())
        .map_or(0, |(index, _)| index);
    name.get(start..).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)]))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn names_that_say_nothing() {
        for (line, good) in [
            ("pub struct TaskManager;", false),
            ("pub(crate) enum OrderInfo {", false),
            ("trait BaseHandler {}", true),
            ("struct Database;", true),
            ("struct Data<T>(T);", false),
            ("struct Service;", false),
            ("impl Fault for X {}", true),
            ("// struct TaskManager", true),
        ] {
            assert_eq!(
                messages("domains/a/src/model.rs", line).is_empty(),
                good,
                "{line}"
            );
        }
        assert!(messages("domains/a/src/service.rs", "pub struct Service;").is_empty());
    }

    #[test]
    fn files_follow_one_layout() {
        assert_eq!(messages("domains/a/src/store/mod.rs", "").len(), 1);
        assert_eq!(messages("web/packages/ui/src/utils.ts", "").len(), 1);
        assert_eq!(messages("web/packages/common/src/a.ts", "").len(), 1);
        assert!(messages("domains/a/src/store/rows.rs", "").is_empty());
    }
}
