//! The life cycle as a document, written from what the search found.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::lifecycle::CommandKind;
use crate::model::Status;

pub(super) type Exits = BTreeMap<Status, BTreeMap<Status, BTreeSet<CommandKind>>>;

pub(super) fn document(exits: &Exits, stays: &BTreeMap<Status, BTreeSet<CommandKind>>) -> String {
    let names = |kinds: &BTreeSet<CommandKind>| {
        kinds
            .iter()
            .map(|kind| kind.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut text = String::from(
        "# Life cycle of a case\n\n\
         Generated from the state machine by its model check (`make bless` writes it again). A \
         case is *suspended* (挂账) or *in consultation* (会商) beside its status.\n\n\
         ```mermaid\nstateDiagram-v2\n",
    );
    for status in Status::ALL {
        let _ = writeln!(text, "    {status}: {} {}", status.zh(), status.en());
    }
    text.push_str("    [*] --> received\n");
    for (from, targets) in exits {
        for (to, kinds) in targets {
            let _ = writeln!(text, "    {from} --> {to}: {}", names(kinds));
        }
    }
    text.push_str("    void --> [*]\n    closed --> [*]\n```\n\n");
    text.push_str("| status | | commands that leave it where it is |\n|---|---|---|\n");
    for (status, kinds) in stays {
        let _ = writeln!(text, "| {status} | {} | {} |", status.zh(), names(kinds));
    }
    text
}

/// `YIWANG_BLESS=1` writes the document instead.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the test says by the environment to bless"
)]
pub(super) fn compare_with_document(text: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/lifecycle.md");
    if std::env::var("YIWANG_BLESS").is_ok_and(|value| !value.is_empty()) {
        std::fs::write(path, text).expect("the document can be written");
    }
    let present = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        present, text,
        "docs/lifecycle.md is out of date; run with YIWANG_BLESS=1"
    );
}
