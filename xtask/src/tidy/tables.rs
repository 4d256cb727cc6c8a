//! Table names begin with their domain's noun, so that a table tells whose it is.

use super::finding::Finding;
use super::tree::{File, Tree};

/// Crate folder and the prefixes of its tables.
const PREFIXES: [(&str, &[&str]); 12] = [
    ("platform/store", &["store", "outbox"]),
    ("platform/http", &["http"]),
    ("domains/identity", &["identity"]),
    ("domains/catalog", &["catalog", "responsibility"]),
    ("domains/incident", &["incident", "intake"]),
    ("domains/packs", &["pack"]),
    ("domains/lake", &["lake"]),
    ("domains/sensing", &["sensing"]),
    ("domains/alerting", &["alerting"]),
    ("domains/geo", &["geo"]),
    ("domains/vitals", &["vitals"]),
    ("domains/screens", &["screens"]),
];

const MARKS: [&str; 3] = [
    "table_name = \"",
    "create table if not exists ",
    "create table ",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.with_extension(&["rs"])
        .filter(|file| !file.path.contains("/tests"))
        .flat_map(tables)
        .collect()
}

fn tables(file: &File) -> Vec<Finding> {
    let Some((_, prefixes)) = PREFIXES
        .iter()
        .find(|(folder, _)| file.path.starts_with(&format!("{folder}/src/")))
    else {
        return Vec::new();
    };
    let named = file
        .lines()
        .filter_map(|(number, line)| Some((number, table(line)?)));
    let strange =
        named.filter(|(_, table)| !prefixes.iter().any(|prefix| is_prefixed(table, prefix)));
    strange
        .map(|(number, table)| {
            Finding::error(
                &file.path,
                number,
                format!(
                    "table `{table}` should begin with {}",
                    prefixes.join(" or ")
                ),
            )
        })
        .collect()
}

fn is_prefixed(table: &str, prefix: &str) -> bool {
    table
        .strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

/// The table that a line of code names, by an entity's attribute or in SQL.
fn table(line: &str) -> Option<String> {
    let line = line.to_ascii_lowercase();
    let rest = MARKS
        .iter()
        .find_map(|mark| line.split_once(mark))
        .map(|(_, rest)| rest)?;
    let rest = rest.trim_start_matches(['"', '`', '\\']);
    let name: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_tell_whose_they_are() {
        let text = "#[sea_orm(table_name = \"incident_task\")]\nCREATE TABLE IF NOT EXISTS users (\nCREATE TABLE intake_counter (\nCREATE TABLE {name}\n";
        let found = check(&Tree::of(&[("domains/incident/src/store.rs", text)]));
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].line, found[0].message.contains("`users`")),
            (2, true)
        );
    }
}
