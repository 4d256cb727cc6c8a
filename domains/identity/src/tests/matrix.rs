//! The rights of the shipped roles, as a table whose change a reviewer reads.

use std::fmt::Write as _;

use saphyr::{LoadableYamlNode as _, Yaml};

use super::*;
use crate::role::duties;

/// The roles of the core pack: code and actions.
fn shipped_roles() -> Vec<(String, Vec<String>)> {
    let text = include_str!("../../../../packs/core/roles.yaml");
    let documents = Yaml::load_from_str(text).unwrap();
    let word = |yaml: &Yaml<'_>| yaml.as_str().unwrap().to_owned();
    let role = |role: &Yaml<'_>| {
        (
            word(&role["code"]),
            role["actions"].as_vec().unwrap().iter().map(word).collect(),
        )
    };
    documents[0].as_vec().unwrap().iter().map(role).collect()
}

#[test]
fn role_by_action() {
    let roles = shipped_roles();
    let mut table = String::new();
    for (number, (code, actions)) in roles.iter().enumerate() {
        let held = duties(actions);
        let duty = held
            .first()
            .map(|duty| format!(" [{duty:?}]"))
            .unwrap_or_default();
        writeln!(table, "{} {code}{duty}", column(number)).unwrap();
    }
    for action in ACTIONS {
        let marks: String = roles
            .iter()
            .enumerate()
            .map(|(number, (_, actions))| {
                if actions.iter().any(|own| own == action) {
                    column(number)
                } else {
                    '.'
                }
            })
            .collect();
        writeln!(table, "{action:<24} {marks}").unwrap();
    }
    insta::assert_snapshot!("rights_matrix", table);
}

fn column(number: usize) -> char {
    char::from(b'a' + u8::try_from(number).unwrap())
}

#[test]
fn the_shipped_roles_keep_duties_apart_and_name_known_actions() {
    let roles = shipped_roles();
    for (code, actions) in &roles {
        assert!(duties(actions).len() <= 1, "{code} mixes duties");
        assert!(
            actions
                .iter()
                .all(|action| ACTIONS.contains(&action.as_str())),
            "{code}"
        );
    }
    for account in crate::demo::accounts() {
        assert!(
            roles.iter().any(|(code, _)| *code == account.role),
            "{}",
            account.username
        );
    }
    let granted: std::collections::BTreeSet<&String> =
        roles.iter().flat_map(|(_, actions)| actions).collect();
    for action in ACTIONS {
        assert!(
            granted.contains(&(*action).to_owned()),
            "nobody may {action}"
        );
    }
}
