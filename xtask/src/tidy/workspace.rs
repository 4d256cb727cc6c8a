//! The workspace as `cargo metadata` tells it: packages, their folders, who imports whom.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use serde::Deserialize;

#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) packages: Vec<Package>,
    /// Every package of the lock file that some feature set of the workspace builds.
    pub(crate) all_names: BTreeSet<String>,
}

#[derive(Debug, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// From the repository's root: `domains/incident`.
    pub(crate) folder: String,
    pub(crate) imports: Vec<Import>,
    /// Names of everything that its normal dependencies pull in.
    pub(crate) reach: BTreeSet<String>,
}

#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) name: String,
    /// Folder of a package of this repository; `None` for one from a registry.
    pub(crate) folder: Option<String>,
    pub(crate) is_dev: bool,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<MetadataPackage>,
    resolve: Resolve,
    workspace_members: Vec<String>,
    workspace_root: String,
}

#[derive(Deserialize)]
struct MetadataPackage {
    id: String,
    name: String,
    manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    path: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<NodeDependency>,
}

#[derive(Deserialize)]
struct NodeDependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    kind: Option<String>,
}

impl Workspace {
    pub(crate) fn read(root: &Path) -> anyhow::Result<Self> {
        let cargo = option_env!("CARGO").unwrap_or("cargo");
        let output = Command::new(cargo)
            .args(["metadata", "--format-version", "1"])
            .current_dir(root)
            .output()
            .context("failed to run cargo metadata")?;
        anyhow::ensure!(
            output.status.success(),
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Self::parse(&output.stdout)
    }

    fn parse(json: &[u8]) -> anyhow::Result<Self> {
        let metadata: Metadata =
            serde_json::from_slice(json).context("failed to read cargo's metadata")?;
        let names: HashMap<&str, &str> = metadata
            .packages
            .iter()
            .map(|package| (package.id.as_str(), package.name.as_str()))
            .collect();
        let graph = normal_graph(&metadata.resolve);
        let members = metadata
            .packages
            .iter()
            .filter(|package| metadata.workspace_members.contains(&package.id));
        let packages = members.map(|package| Package {
            name: package.name.clone(),
            folder: relative_folder(&metadata.workspace_root, &package.manifest_path),
            imports: package
                .dependencies
                .iter()
                .map(|each| import(&metadata.workspace_root, each))
                .collect(),
            reach: reach(&graph, &package.id)
                .iter()
                .filter_map(|id| names.get(id))
                .map(|name| (*name).into())
                .collect(),
        });
        let built = metadata
            .resolve
            .nodes
            .iter()
            .filter_map(|node| names.get(node.id.as_str()));
        Ok(Self {
            packages: packages.collect(),
            all_names: built.map(|name| (*name).to_owned()).collect(),
        })
    }
}

fn import(root: &str, dependency: &Dependency) -> Import {
    Import {
        name: dependency.name.clone(),
        folder: dependency.path.as_deref().map(|path| relative(root, path)),
        is_dev: dependency.kind.as_deref() == Some("dev"),
    }
}

fn relative(root: &str, path: &str) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .trim_start_matches('/')
        .to_owned()
}

fn relative_folder(root: &str, manifest: &str) -> String {
    let path = relative(root, manifest);
    path.strip_suffix("/Cargo.toml").unwrap_or("").to_owned()
}

fn normal_graph(resolve: &Resolve) -> HashMap<&str, Vec<&str>> {
    let normal =
        |dependency: &&NodeDependency| dependency.dep_kinds.iter().any(|each| each.kind.is_none());
    resolve
        .nodes
        .iter()
        .map(|node| {
            (
                node.id.as_str(),
                node.deps
                    .iter()
                    .filter(normal)
                    .map(|each| each.pkg.as_str())
                    .collect(),
            )
        })
        .collect()
}

fn reach<'a>(graph: &HashMap<&'a str, Vec<&'a str>>, from: &'a str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        for next in graph.get(id).into_iter().flatten() {
            if seen.insert(*next) {
                open.push(next);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_becomes_folders_imports_and_reach() {
        let json = r#"{
            "workspace_root": "/r", "workspace_members": ["a", "b"],
            "packages": [
                {"id": "a", "name": "yiwang-a", "manifest_path": "/r/libs/a/Cargo.toml", "dependencies": []},
                {"id": "b", "name": "yiwang-b", "manifest_path": "/r/domains/b/Cargo.toml", "dependencies": [
                    {"name": "yiwang-a", "kind": null, "path": "/r/libs/a"},
                    {"name": "tempfile", "kind": "dev", "path": null}]},
                {"id": "t", "name": "tempfile", "manifest_path": "/c/tempfile/Cargo.toml", "dependencies": []}],
            "resolve": {"nodes": [
                {"id": "a", "deps": []},
                {"id": "t", "deps": []},
                {"id": "b", "deps": [{"pkg": "a", "dep_kinds": [{"kind": null}]},
                                     {"pkg": "t", "dep_kinds": [{"kind": "dev"}]}]}]}
        }"#;
        let workspace = Workspace::parse(json.as_bytes()).unwrap();
        let b = &workspace.packages[1];
        assert_eq!(b.folder, "domains/b");
        assert_eq!(b.imports[0].folder.as_deref(), Some("libs/a"));
        assert!(b.imports[1].is_dev && b.imports[1].folder.is_none());
        assert_eq!(b.reach, BTreeSet::from(["yiwang-a".to_owned()]));
    }
}
