//! Who may import whom, how a package is named, what each package must have.

use super::finding::Finding;
use super::tree::Tree;
use super::workspace::{Import, Package, Workspace};

/// Platform crates in the order in which they stand on each other.
const PLATFORM: [&str; 8] = [
    "kernel",
    "contracts",
    "store",
    "bus",
    "jobs",
    "http",
    "runtime",
    "testkit",
];

/// What a crate without IO must not reach, even through others.
const IO_CRATES: [&str; 8] = [
    "tokio",
    "axum",
    "hyper",
    "reqwest",
    "sqlx-core",
    "sea-orm",
    "async-nats",
    "mio",
];

/// Never built into anything of ours.
const REFUSED: [(&str, &str); 3] = [
    (
        "aws-lc-sys",
        "TLS is rustls on ring: one implementation, and no C toolchain beside the Rust one",
    ),
    (
        "openssl-sys",
        "TLS is rustls on ring; the binary links no system OpenSSL",
    ),
    ("native-tls", "TLS is rustls on ring"),
];

pub(super) fn check(tree: &Tree, workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &workspace.packages {
        findings.extend(imports(tree, package));
        findings.extend(io(package));
        findings.extend(furniture(tree, package));
    }
    for (name, why) in REFUSED
        .iter()
        .filter(|(name, _)| workspace.all_names.contains(*name))
    {
        findings.push(Finding::error(
            "Cargo.lock",
            1,
            format!("`{name}` is built: {why}"),
        ));
    }
    findings
}

fn imports(tree: &Tree, package: &Package) -> Vec<Finding> {
    let manifest = manifest(package);
    let refused = package.imports.iter().filter_map(|import| {
        let target = import.folder.as_deref()?;
        let why = refusal(&package.folder, target, import)?;
        let line = tree
            .file(&manifest)
            .map_or(1, |file| file.line_of(&import.name));
        Some(Finding::error(
            &manifest,
            line,
            format!("may not import `{target}`: {why}"),
        ))
    });
    refused.collect()
}

/// Why `from` may not import `target`, both as folders; `None` when it may.
fn refusal(from: &str, target: &str, import: &Import) -> Option<&'static str> {
    if import.is_dev
        && target == "platform/testkit"
        && (from.starts_with("platform/") || from.starts_with("domains/"))
    {
        return None;
    }
    let (layer, name) = from.split_once('/').unwrap_or((from, ""));
    let (target_layer, target_name) = target.split_once('/').unwrap_or((target, ""));
    let allowed = match (layer, name) {
        // A place on the ground and an hour of the day are one thing everywhere, and these two import nothing.
        ("libs", _) => {
            matches!(target, "libs/coords" | "libs/worktime")
                && from != "libs/coords"
                && from != "libs/worktime"
        }
        ("platform", "kernel") | ("xtask", _) => target_layer == "libs",
        ("platform", _) => {
            target_layer == "libs"
                || (target_layer == "platform" && is_before(target_name, name).unwrap_or(false))
        }
        ("domains", _) => matches!(target_layer, "libs" | "platform"),
        ("apps", "server") => {
            matches!(target_layer, "libs" | "platform" | "domains") || target == "apps/simulator"
        }
        ("apps" | "tests", _) => target_layer == "libs" || target == "platform/kernel",
        ("benches", _) => {
            matches!(target_layer, "libs" | "platform" | "domains") || target == "apps/simulator"
        }
        _ => return Some("its folder has no row in the import table"),
    };
    (!allowed).then_some(match layer {
        "libs" => "libs know nothing of yiwang",
        "domains" => "domains meet only in apps/server, through contracts, events and typed ids",
        "platform" => "platform crates import libs and the platform crates named before them",
        _ => "see the import table in ARCHITECTURE.md",
    })
}

fn is_before(target: &str, name: &str) -> Option<bool> {
    let place = |wanted: &str| PLATFORM.iter().position(|each| *each == wanted);
    Some(place(target)? < place(name)?)
}

fn io(package: &Package) -> Vec<Finding> {
    let pure = package.folder.starts_with("libs/")
        || matches!(
            package.folder.as_str(),
            "platform/kernel" | "platform/contracts"
        );
    if !pure {
        return Vec::new();
    }
    let reached = IO_CRATES
        .iter()
        .filter(|name| package.reach.contains(**name));
    reached
        .map(|name| {
            Finding::error(
                &manifest(package),
                1,
                format!("has no IO, but reaches `{name}`"),
            )
        })
        .collect()
}

fn furniture(tree: &Tree, package: &Package) -> Vec<Finding> {
    let manifest = manifest(package);
    let mut findings = Vec::new();
    let folder = package.folder.rsplit('/').next().unwrap_or_default();
    let wanted = if folder == "xtask" {
        "xtask".to_owned()
    } else {
        format!("yiwang-{folder}")
    };
    if package.name != wanted {
        findings.push(Finding::error(
            &manifest,
            1,
            format!("package `{}` should be named `{wanted}`", package.name),
        ));
    }
    let readme = format!("{}/README.md", package.folder);
    if !tree.has(&readme) {
        findings.push(Finding::error(
            &readme,
            1,
            "is missing: purpose, words and invariants of the crate",
        ));
    }
    if let Some(file) = tree.file(&manifest)
        && !has_workspace_lints(&file.text)
    {
        findings.push(Finding::error(
            &manifest,
            1,
            "lacks `[lints] workspace = true`",
        ));
    }
    findings
}

fn has_workspace_lints(manifest: &str) -> bool {
    let mut lines = manifest
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "[lints]")
        .skip(1);
    lines
        .by_ref()
        .take_while(|line| !line.starts_with('['))
        .any(|line| line.replace(' ', "") == "workspace=true")
}

fn manifest(package: &Package) -> String {
    format!("{}/Cargo.toml", package.folder)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn package(folder: &str, imports: &[(&str, bool)]) -> Package {
        let name = folder.rsplit('/').next().unwrap();
        let import = |(target, is_dev): &(&str, bool)| Import {
            name: format!("yiwang-{}", target.rsplit('/').next().unwrap()),
            folder: Some((*target).to_owned()),
            is_dev: *is_dev,
        };
        let imports = imports.iter().map(import).collect();
        Package {
            name: format!("yiwang-{name}"),
            folder: folder.into(),
            imports,
            reach: BTreeSet::new(),
        }
    }

    #[test]
    fn the_import_table() {
        let cases = [
            ("libs/coords", "libs/worktime", false),
            ("platform/kernel", "libs/coords", true),
            ("platform/kernel", "platform/contracts", false),
            ("platform/contracts", "platform/kernel", true),
            ("platform/contracts", "platform/store", false),
            ("platform/http", "platform/store", true),
            ("platform/store", "platform/http", false),
            ("platform/runtime", "domains/incident", false),
            ("domains/incident", "platform/http", true),
            ("domains/incident", "libs/worktime", true),
            ("domains/incident", "domains/catalog", false),
            ("apps/server", "domains/incident", true),
            ("apps/server", "apps/simulator", true),
            ("apps/simulator", "platform/kernel", true),
            ("apps/simulator", "platform/store", false),
            ("domains/incident", "apps/server", false),
            ("tests/e2e", "domains/incident", false),
            ("benches", "platform/store", true),
            ("elsewhere/x", "libs/coords", false),
        ];
        for (from, target, allowed) in cases {
            let found = imports(&Tree::of(&[]), &package(from, &[(target, false)]));
            assert_eq!(found.is_empty(), allowed, "{from} -> {target}: {found:?}");
        }
    }

    #[test]
    fn testkit_is_for_tests() {
        let tree = Tree::of(&[]);
        assert!(
            imports(
                &tree,
                &package("platform/store", &[("platform/testkit", true)])
            )
            .is_empty()
        );
        assert!(
            !imports(
                &tree,
                &package("platform/store", &[("platform/testkit", false)])
            )
            .is_empty()
        );
        assert!(
            !imports(
                &tree,
                &package("libs/coords", &[("platform/testkit", true)])
            )
            .is_empty()
        );
    }

    #[test]
    fn a_finding_names_the_line() {
        let tree = Tree::of(&[(
            "domains/a/Cargo.toml",
            "[dependencies]\nyiwang-b.workspace = true\n",
        )]);
        let found = imports(&tree, &package("domains/a", &[("domains/b", false)]));
        assert_eq!(
            (found[0].path.as_str(), found[0].line),
            ("domains/a/Cargo.toml", 2)
        );
    }

    #[test]
    fn pure_crates_reach_no_io() {
        let mut lib = package("libs/coords", &[]);
        lib.reach.insert("tokio".into());
        assert_eq!(io(&lib).len(), 1);
        lib.folder = "platform/store".into();
        assert!(io(&lib).is_empty());
    }

    #[test]
    fn a_package_has_its_name_readme_and_lints() {
        let good = [
            ("libs/coords/README.md", "# coords"),
            ("libs/coords/Cargo.toml", "[lints]\nworkspace = true\n"),
        ];
        assert!(furniture(&Tree::of(&good), &package("libs/coords", &[])).is_empty());
        let bad = Tree::of(&[(
            "libs/coords/Cargo.toml",
            "[lints]\n[dependencies]\nworkspace = true\n",
        )]);
        let misnamed = Package {
            name: "coords".into(),
            ..package("libs/coords", &[])
        };
        assert_eq!(furniture(&bad, &misnamed).len(), 3);
    }

    #[test]
    fn refused_packages_are_named() {
        let workspace = Workspace {
            packages: vec![],
            all_names: BTreeSet::from(["openssl-sys".to_owned()]),
        };
        assert!(
            check(&Tree::of(&[]), &workspace)[0]
                .message
                .contains("openssl-sys")
        );
    }
}
