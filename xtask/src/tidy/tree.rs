//! The files of the repository: what git tracks or would track, read once.

use std::path::Path;
use std::process::Command;

use anyhow::Context;

/// Larger files are data; their text is not read.
const TEXT_BYTES_MAX: u64 = 2_000_000;

pub(crate) struct Tree {
    pub(crate) files: Vec<File>,
}

pub(crate) struct File {
    /// From the repository's root, with `/`.
    pub(crate) path: String,
    pub(crate) bytes: u64,
    /// Empty for binary and very large files.
    pub(crate) text: String,
}

impl Tree {
    /// Reads the working tree at `root`: tracked files and new ones that are not ignored.
    pub(crate) fn read(root: &Path) -> anyhow::Result<Self> {
        let output = Command::new("git")
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .current_dir(root)
            .output()
            .context("failed to run git")?;
        anyhow::ensure!(
            output.status.success(),
            "git ls-files: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let names = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
        let files = names.split('\0').filter(|name| !name.is_empty());
        let files = files
            .filter_map(|path| File::read(root, path).transpose())
            .collect::<Result<_, _>>()?;
        Ok(Self { files })
    }

    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.file(path).is_some()
    }

    /// The files whose name ends in one of `extensions` (without the dot).
    pub(crate) fn with_extension<'a>(
        &'a self,
        extensions: &'a [&str],
    ) -> impl Iterator<Item = &'a File> {
        self.files
            .iter()
            .filter(|file| extensions.contains(&file.extension()))
    }

    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| File {
            path: (*path).to_owned(),
            bytes: text.len() as u64,
            text: (*text).to_owned(),
        });
        Self {
            files: files.collect(),
        }
    }
}

impl File {
    /// `None` for a file that is listed but was deleted.
    fn read(root: &Path, path: &str) -> anyhow::Result<Option<Self>> {
        let full = root.join(path);
        let Ok(meta) = std::fs::metadata(&full) else {
            return Ok(None);
        };
        if !meta.is_file() {
            return Ok(None);
        }
        let text = if meta.len() <= TEXT_BYTES_MAX {
            let bytes = std::fs::read(&full).with_context(|| format!("failed to read {path}"))?;
            String::from_utf8(bytes).unwrap_or_default()
        } else {
            String::new()
        };
        Ok(Some(Self {
            path: path.to_owned(),
            bytes: meta.len(),
            text,
        }))
    }

    pub(crate) fn extension(&self) -> &str {
        self.path
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension)
    }

    pub(crate) fn name(&self) -> &str {
        self.path
            .rsplit_once('/')
            .map_or(self.path.as_str(), |(_, name)| name)
    }

    /// Lines with their 1-based numbers.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }

    /// The first line that holds `needle`, or 1.
    pub(crate) fn line_of(&self, needle: &str) -> usize {
        self.lines()
            .find(|(_, line)| line.contains(needle))
            .map_or(1, |(number, _)| number)
    }
}
