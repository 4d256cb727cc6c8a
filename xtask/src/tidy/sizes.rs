//! Files stay readable: code by lines, pack files by bytes.

use super::finding::Finding;
use super::tree::{File, Tree};

const CODE_LINES_SOFT_MAX: usize = 500;
const CODE_LINES_MAX: usize = 800;
const PACK_FILE_BYTES_MAX: u64 = 300_000;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let code = tree
        .with_extension(&["rs", "ts", "tsx", "mjs", "css", "sh"])
        .filter_map(code);
    let packs = tree
        .files
        .iter()
        .filter(|file| file.path.starts_with("packs/"))
        .filter_map(pack_file);
    code.chain(packs).collect()
}

fn code(file: &File) -> Option<Finding> {
    let generated = file
        .lines()
        .take(5)
        .any(|(_, line)| line.contains("@generated"));
    let lines = file.text.lines().count();
    if generated || lines <= CODE_LINES_SOFT_MAX {
        return None;
    }
    Some(if lines > CODE_LINES_MAX {
        Finding::error(
            &file.path,
            1,
            format!("has {lines} lines; {CODE_LINES_MAX} are allowed, 200 are usual"),
        )
    } else {
        Finding::warning(
            &file.path,
            1,
            format!("has {lines} lines; over {CODE_LINES_SOFT_MAX}, split it soon"),
        )
    })
}

fn pack_file(file: &File) -> Option<Finding> {
    (file.bytes > PACK_FILE_BYTES_MAX).then(|| {
        let message = format!(
            "has {} bytes; a pack's file may have {PACK_FILE_BYTES_MAX}",
            file.bytes
        );
        Finding::error(&file.path, 1, message)
    })
}

#[cfg(test)]
mod tests {
    use super::super::finding::Severity;
    use super::*;

    #[test]
    fn long_files_warn_then_fail() {
        let severity = |lines: usize, head: &str| {
            let text = format!("{head}\n{}", "x\n".repeat(lines - 1));
            check(&Tree::of(&[("a.rs", &text)]))
                .first()
                .map(|finding| finding.severity)
        };
        assert_eq!(severity(500, "//! a"), None);
        assert_eq!(severity(501, "//! a"), Some(Severity::Warning));
        assert_eq!(severity(801, "//! a"), Some(Severity::Error));
        assert_eq!(severity(900, "// @generated"), None);
    }

    #[test]
    fn pack_files_are_bounded() {
        let large = "x".repeat(300_001);
        assert_eq!(
            check(&Tree::of(&[("packs/core/areas.csv", &large)])).len(),
            1
        );
        assert!(check(&Tree::of(&[("docs/areas.csv", &large)])).is_empty());
    }
}
