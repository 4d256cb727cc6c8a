use proptest::prelude::*;
use yiwang_contracts::OrgKind;
use yiwang_kernel::{Text, Uuid};

use super::*;

fn unit(number: u128, parent: Option<u128>, code: &str, name: &str, pinyin: &str) -> OrgUnit {
    OrgUnit {
        brief: OrgBrief {
            id: OrgId(Uuid::from_u128(number)),
            code: code.to_owned(),
            name: Text::zh(name),
            kind: OrgKind::Department,
            parent_id: parent.map(|parent| OrgId(Uuid::from_u128(parent))),
            area: None,
        },
        pinyin: Some(pinyin.to_owned()),
        phone: None,
        is_active: true,
    }
}

fn small() -> OrgTree {
    OrgTree::new(vec![
        unit(4, Some(2), "cgj.zf", "城管执法大队", "cgzfdd"),
        unit(2, Some(1), "cgj", "城市管理局", "csglj"),
        unit(1, None, "jy", "江阴市", "jys"),
        unit(3, Some(1), "zjj", "住建局", "zjj"),
        OrgUnit {
            is_active: false,
            ..unit(5, Some(2), "cgj.old", "城管旧科", "cgjk")
        },
    ])
}

fn codes(units: &[OrgBrief]) -> Vec<&str> {
    units.iter().map(|unit| unit.code.as_str()).collect()
}

#[test]
fn parents_stand_before_children_and_a_subtree_is_a_run() {
    let tree = small();
    let all: Vec<&str> = tree
        .units()
        .iter()
        .map(|unit| unit.brief.code.as_str())
        .collect();
    assert_eq!(all, ["jy", "cgj", "cgj.zf", "cgj.old", "zjj"]);
    let below: Vec<&str> = tree
        .subtree(OrgId(Uuid::from_u128(2)))
        .map(|u| u.brief.code.as_str())
        .collect();
    assert_eq!(below, ["cgj", "cgj.zf"]);
    assert_eq!(tree.ancestors(OrgId(Uuid::from_u128(4))).len(), 3);
    assert_eq!(tree.subtree(OrgId(Uuid::from_u128(9))).count(), 0);
}

#[test]
fn a_grant_over_the_root_is_a_grant_over_everything() {
    let tree = small();
    let id = |number| OrgId(Uuid::from_u128(number));
    assert_eq!(tree.scope(None), OrgScope::All);
    assert_eq!(tree.scope(Some(id(1))), OrgScope::All);
    assert_eq!(
        tree.scope(Some(id(2))),
        OrgScope::Within(Arc::new(HashSet::from([id(2), id(4)])))
    );
    assert_eq!(
        tree.scope(Some(id(9))),
        OrgScope::Within(Arc::default()),
        "an unknown unit covers nothing"
    );
}

#[test]
fn search_by_code_name_and_initials() {
    let tree = small();
    let table: &[(&str, &[&str])] = &[
        ("cgj", &["cgj", "cgj.zf"]),
        ("城管", &["cgj.zf"]),
        ("管理", &["cgj"]),
        ("CSGL", &["cgj"]),
        ("cg", &["cgj", "cgj.zf"]),
        ("zfdd", &["cgj.zf"]),
        ("chengguanzhi", &["cgj.zf"]),
        ("guanli", &["cgj"]),
        ("没有", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(codes(&tree.search(text, 10)), *expected, "{text}");
    }
    assert_eq!(tree.search("", 2).len(), 2);
}

#[test]
fn a_ring_of_parents_is_not_lost_and_does_not_hang() {
    let tree = OrgTree::new(vec![
        unit(1, Some(2), "a", "甲", "j"),
        unit(2, Some(1), "b", "乙", "y"),
    ]);
    assert_eq!(tree.units().len(), 2);
    assert_eq!(tree.ancestors(OrgId(Uuid::from_u128(1))).len(), 2);
}

proptest! {
    /// The run of a subtree holds exactly the units that have the root among their ancestors.
    #[test]
    fn subtree_and_ancestors_agree(parents in prop::collection::vec(any::<prop::sample::Index>(), 1..60)) {
        let units: Vec<OrgUnit> = parents.iter().enumerate().map(|(at, parent)| {
            let parent = (at > 0).then(|| parent.index(at) as u128);
            unit(at as u128, parent, &format!("u{at}"), "单位", "dw")
        }).rev().collect();
        let tree = OrgTree::new(units);
        for root in tree.units() {
            let below: HashSet<OrgId> = tree.subtree(root.brief.id).map(|unit| unit.brief.id).collect();
            for other in tree.units() {
                let is_below = tree.ancestors(other.brief.id).contains(&root.brief.id);
                prop_assert_eq!(below.contains(&other.brief.id), is_below);
            }
        }
    }
}
