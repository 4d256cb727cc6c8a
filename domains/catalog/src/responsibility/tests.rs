use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;
use yiwang_contracts::{OrgBrief, OrgId, OrgKind};
use yiwang_kernel::{AreaCode, Text, Timestamp, Uuid};

use super::*;
use crate::model::ResponsibilityRule;

const CITY: &str = "320281";

fn org(number: u128, code: &str, kind: OrgKind, area: Option<&str>) -> OrgBrief {
    OrgBrief {
        id: OrgId(Uuid::from_u128(number)),
        code: code.to_owned(),
        name: Text::new(format!("{code}单位"), format!("unit {code}")),
        kind,
        parent_id: None,
        area: area.map(AreaCode::from),
    }
}

/// Two departments, two towns of which one is governed by nobody, two villages with two grids each.
fn orgs() -> OrgIndex {
    OrgIndex::new(vec![
        org(1, "cgj", OrgKind::Department, None),
        org(2, "zjj", OrgKind::Department, None),
        org(3, "320281001", OrgKind::Town, Some("320281001")),
        org(4, "320281001001", OrgKind::Village, Some("320281001001")),
    ])
}

const AREAS: [(&str, Option<&str>); 10] = [
    (CITY, None),
    ("320281001", Some(CITY)),
    ("320281001001", Some("320281001")),
    ("320281001001001", Some("320281001001")),
    ("320281001001002", Some("320281001001")),
    ("320281001002", Some("320281001")),
    ("320281002", Some(CITY)),
    ("320281002001", Some("320281002")),
    ("320281002001001", Some("320281002001")),
    ("320281002001002", Some("320281002001")),
];

fn places() -> PlaceIndex {
    PlaceIndex::new(AREAS.into_iter())
}

fn at() -> Timestamp {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

fn rule(id: &str, items: &[&str], areas: &[&str], lead: &str) -> ResponsibilityRule {
    serde_json::from_value(json!({
        "id": id, "items": items, "areas": areas, "lead": lead, "basis": {"zh": "三定方案", "en": "Charter"}
    }))
    .unwrap()
}

struct Codes;

impl Names for Codes {
    fn item(&self, code: &str) -> Text {
        Text::new(format!("项{code}"), format!("i{code}"))
    }

    fn area(&self, code: &str) -> Text {
        Text::new(format!("地{code}"), format!("a{code}"))
    }
}

/// `lead state` of one question.
fn ask(list: &RuleList, item: &str, area: Option<&str>) -> String {
    let orgs = orgs();
    let resolution = resolve(list, &orgs, item, area, at());
    let lead = resolution
        .lead
        .and_then(|lead| orgs.get(lead))
        .map_or("-", |org| org.code.as_str());
    format!("{lead} {:?}", resolution.state())
}

#[test]
fn the_more_specific_rule_wins_item_before_area() {
    let list = RuleList::new([
        rule("city", &["05"], &[CITY], "cgj"),
        rule("town", &["05"], &["320281001"], "@town"),
        rule("class", &["05.02"], &[CITY], "zjj"),
        rule("grid", &["05"], &["320281002001001"], "zjj"),
    ]);
    for (item, area, expected) in [
        ("05.01", Some("320281002001002"), "cgj Covered"),
        ("05.01", Some("320281001002"), "320281001 Covered"),
        ("05.02.01", Some("320281001002"), "zjj Covered"),
        ("05.01", Some("320281002001001"), "zjj Covered"),
        ("05.01", Some(CITY), "cgj Covered"),
        ("05.01", None, "- Hole"),
        ("06", Some(CITY), "- Hole"),
    ] {
        assert_eq!(ask(&list, item, area), expected, "{item} {area:?}");
    }
}

#[test]
fn overlaps_fallbacks_dates_and_unknown_leads() {
    let mut old = rule("old", &["07"], &["*"], "cgj");
    old.valid_to = Some("2026-01-01".parse().unwrap());
    let mut new = rule("new", &["07"], &["*"], "zjj");
    new.valid_from = Some("2026-01-01".parse().unwrap());
    let mut last = rule("last", &["*"], &["*"], "cgj");
    last.fallback = true;
    let mut last_town = rule("last-town", &["*"], &[CITY], "@town");
    last_town.fallback = true;
    let list = RuleList::new([
        old,
        new,
        last,
        last_town,
        rule("a", &["08"], &[CITY], "cgj"),
        rule("b", &["08", "08.01"], &[CITY, "320281001"], "zjj"),
        rule("c", &["08.03"], &[CITY], "cgj"),
        rule("d", &["08.03"], &[CITY], "cgj"),
        rule("t", &["09"], &[CITY], "@town"),
    ]);
    for (item, area, expected) in [
        ("07", None, "zjj Covered"),
        ("08.02", Some("320281002"), "cgj Overlap"),
        ("08.02", Some("320281001"), "zjj Covered"),
        ("08.01", Some("320281002"), "zjj Covered"),
        ("08.03", Some("320281001"), "cgj Covered"),
        ("09", Some("320281001"), "320281001 Covered"),
        ("09", Some("320281002"), "cgj Fallback"),
        ("10", Some("320281001"), "320281001 Fallback"),
        ("10", None, "cgj Fallback"),
    ] {
        assert_eq!(ask(&list, item, area), expected, "{item} {area:?}");
    }
    let before = "2025-12-31T15:59:59Z".parse().unwrap();
    let orgs = orgs();
    assert_eq!(
        resolve(&list, &orgs, "07", None, before).lead,
        orgs.by_code("cgj")
    );
}

#[test]
fn an_answer_says_why() {
    let mut lead = rule("class", &["05.02"], &[CITY], "@town");
    lead.assistants = vec!["zjj".into(), "@town".into(), "nobody".into()];
    lead.supervisor = Some("cgj".into());
    let mut last = rule("last", &["*"], &["*"], "cgj");
    last.fallback = true;
    let list = RuleList::new([lead, last, rule("city", &["05"], &[CITY], "cgj")]);
    let orgs = orgs();
    let ask = |item, area| {
        let resolution = resolve(&list, &orgs, item, area, at());
        explain(&resolution, &list, 3, &orgs, (item, area), &Codes)
    };
    let answer = ask("05.02.01", Some("320281001001001"));
    let codes: Vec<&str> = answer
        .assistants
        .iter()
        .map(|org| org.code.as_str())
        .collect();
    assert_eq!(codes, ["zjj"]);
    assert_eq!(answer.supervisor.unwrap().code, "cgj");
    assert_eq!(answer.fallback.unwrap().code, "cgj");
    let zh: Vec<&str> = answer
        .reasons
        .iter()
        .map(|reason| reason.zh.as_str())
        .collect();
    assert_eq!(
        zh,
        [
            "规则 class: 事项 05.02 项05.02 × 区域 320281 地320281, 主办 320281001单位(属地镇街); 依据: 三定方案",
            "优先于规则 city (事项 05 项05 × 区域 320281 地320281, 主办 cgj单位): 事项更具体",
            "依据权责清单第 3 版",
        ]
    );
    let elsewhere = ask("05.02", Some("320281002"));
    let en: Vec<&str> = elsewhere
        .reasons
        .iter()
        .filter_map(|reason| reason.en.as_deref())
        .collect();
    assert_eq!(
        en,
        [
            "Rule city: item 05 i05 x area 320281 a320281, lead unit cgj; basis: Charter",
            "Rule class was not used: its lead @town cannot be told here",
            "By version 3 of the responsibility list",
        ]
    );
    assert!(ask("11", Some("320281002")).by_fallback);
}

#[test]
fn faults_are_grouped_into_readable_rectangles() {
    let leaves: Vec<String> = ["05.01", "05.02.01", "05.02.02", "06.01"]
        .map(str::to_owned)
        .into();
    let list = RuleList::new([
        rule("05", &["05.01"], &[CITY], "cgj"),
        rule("06", &["06"], &["320281001"], "cgj"),
        rule("06b", &["06.01"], &["320281001001001"], "zjj"),
    ]);
    let places = places();
    let coverage = Coverage::new(&list, &orgs(), &places, leaves.clone(), at());
    let counts = coverage.counts();
    assert_eq!(counts.values().sum::<usize>(), 4 * 5);
    let rows = coverage
        .rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| (cell.state == CellState::Hole).then_some(()))
                .collect()
        })
        .collect();
    let groups = group_pairs(
        &leaves,
        &places,
        &Rows {
            row_of: coverage.row_of.clone(),
            rows,
        },
    );
    let words: Vec<String> = groups
        .iter()
        .map(|group| format!("{} {} {}", group.item, group.area, group.count))
        .collect();
    assert_eq!(words, ["05.02 320281 10", "06 320281002 2"]);
    assert_eq!(counts.get(&CellState::Hole), Some(&12));

    let after = RuleList::new([
        rule("05", &["05.01"], &[CITY], "zjj"),
        rule("06", &["06"], &["320281001"], "cgj"),
    ]);
    let after = Coverage::new(&after, &orgs(), &places, leaves, at());
    let index = orgs();
    let name = |lead: Option<usize>| {
        lead.and_then(|lead| index.get(lead))
            .map_or("-", |org| org.code.as_str())
            .to_owned()
    };
    let changes: Vec<String> = lead_changes(&coverage, &after, &places)
        .iter()
        .map(|change| {
            format!(
                "{} {} {}->{} {}",
                change.item,
                change.area,
                name(change.mark.0),
                name(change.mark.1),
                change.count
            )
        })
        .collect();
    assert_eq!(
        changes,
        ["05.01 320281 cgj->zjj 5", "06 320281001001001 zjj->cgj 1"]
    );
}

#[test]
fn changes_of_rules_are_told_apart() {
    let before = [
        rule("a", &["05"], &[CITY], "cgj"),
        rule("b", &["06"], &[CITY], "cgj"),
        rule("c", &["07"], &[CITY], "cgj"),
    ];
    let mut same = before[2].clone();
    same.pack = Some("core".into());
    let after = [
        rule("b", &["06"], &[CITY], "zjj"),
        same,
        rule("d", &["08"], &[CITY], "cgj"),
    ];
    let changes: Vec<(String, RuleChangeKind)> = rule_changes(&before, &after)
        .into_iter()
        .map(|change| (change.id, change.kind))
        .collect();
    assert_eq!(
        changes,
        [
            ("a".to_owned(), RuleChangeKind::Removed),
            ("b".to_owned(), RuleChangeKind::Changed),
            ("d".to_owned(), RuleChangeKind::Added)
        ]
    );
}

const ITEMS: [&str; 8] = [
    "05", "05.01", "05.02", "05.02.01", "05.02.02", "06", "06.01", "*",
];
const LEADS: [&str; 6] = ["cgj", "zjj", "@town", "@village", "@grid", "nobody"];

prop_compose! {
    fn any_rule()(
        items in proptest::collection::vec(0..ITEMS.len(), 1..4),
        areas in proptest::collection::vec(0..=AREAS.len(), 1..4),
        lead in 0..LEADS.len(),
        fallback in proptest::bool::weighted(0.2),
        from in 0_u8..3,
        to in 0_u8..3,
    ) -> ResponsibilityRule {
        let items: Vec<&str> = items.into_iter().map(|item| ITEMS[item]).collect();
        let areas: Vec<&str> = areas.into_iter().map(|area| AREAS.get(area).map_or("*", |area| area.0)).collect();
        let mut rule = rule("r", &items, &areas, LEADS[lead]);
        rule.fallback = fallback;
        rule.valid_from = ["2026-01-01", "2026-11-23"].get(usize::from(from)).map(|date| date.parse().unwrap());
        rule.valid_to = ["2027-01-01", "2026-11-20"].get(usize::from(to)).map(|date| date.parse().unwrap());
        rule
    }
}

/// The rule of the list said once more, without sorting or tables.
fn brute_force(
    rules: &[ResponsibilityRule],
    orgs: &OrgIndex,
    item: &str,
    area: &str,
) -> (CellState, Option<BTreeSet<usize>>) {
    for fallback in [false, true] {
        let mut best: Option<((usize, usize), BTreeSet<usize>)> = None;
        for rule in rules
            .iter()
            .filter(|rule| rule.fallback == fallback && rule.holds_at(at()))
        {
            let lead = crate::model::OrgRef::parse(&rule.lead)
                .and_then(|lead| orgs.resolve(&lead, Some(area)));
            let Some(lead) = lead else { continue };
            for written_item in rule
                .items
                .iter()
                .filter(|code| crate::model::covers(code, item))
            {
                for written_area in rule
                    .areas
                    .iter()
                    .filter(|code| *code == "*" || area.starts_with(code.as_str()))
                {
                    let depth = if written_item == "*" {
                        0
                    } else {
                        written_item.split('.').count()
                    };
                    let digits = if written_area == "*" {
                        0
                    } else {
                        written_area.len()
                    };
                    let leads = match best.as_mut() {
                        Some((specificity, leads)) if *specificity == (depth, digits) => leads,
                        Some((specificity, _)) if *specificity > (depth, digits) => continue,
                        _ => &mut best.insert(((depth, digits), BTreeSet::new())).1,
                    };
                    leads.insert(lead);
                }
            }
        }
        if let Some((_, leads)) = best {
            let state = match (leads.len(), fallback) {
                (1, false) => CellState::Covered,
                (1, true) => CellState::Fallback,
                _ => CellState::Overlap,
            };
            return (state, Some(leads));
        }
    }
    (CellState::Hole, None)
}

proptest! {
    #[test]
    fn the_full_check_is_the_same_as_asking_pair_by_pair(mut rules in proptest::collection::vec(any_rule(), 0..12)) {
        for (number, rule) in rules.iter_mut().enumerate() {
            rule.id = format!("r{number}");
        }
        let (orgs, places) = (orgs(), places());
        let list = RuleList::new(rules.clone());
        let leaves: Vec<String> = ["05.01", "05.02.01", "05.02.02", "06.01"].map(str::to_owned).into();
        let coverage = Coverage::new(&list, &orgs, &places, leaves.clone(), at());
        for (leaf, item) in leaves.iter().enumerate() {
            for cell in 0..places.cells() {
                let area = places.cell_code(cell);
                let found = coverage.cell(leaf, cell).unwrap();
                let (state, leads) = brute_force(&rules, &orgs, item, area);
                let asked = resolve(&list, &orgs, item, Some(area), at());
                prop_assert_eq!(found.state, state, "{} {}", item, area);
                prop_assert_eq!(asked.state(), state, "{} {}", item, area);
                prop_assert_eq!(asked.lead, found.lead);
                prop_assert_eq!(found.lead.is_some(), leads.is_some());
                if let (Some(lead), Some(leads)) = (found.lead, leads) {
                    prop_assert!(leads.contains(&lead));
                }
            }
        }
    }

    #[test]
    fn groups_hold_every_marked_pair_once(marks in proptest::collection::vec(proptest::option::of(0_u8..2), 20)) {
        let places = places();
        let leaves: Vec<String> = ["05.01", "05.02.01", "05.02.02", "06.01"].map(str::to_owned).into();
        let rows: Vec<Vec<Option<u8>>> = marks.chunks(places.cells()).map(<[_]>::to_vec).collect();
        let marked = Rows { row_of: (0..leaves.len()).collect(), rows };
        let groups = group_pairs(&leaves, &places, &marked);
        let mut covered = vec![Vec::new(); marks.len()];
        for group in &groups {
            let mut count = 0;
            for (leaf, item) in leaves.iter().enumerate() {
                for cell in 0..places.cells() {
                    if crate::model::covers(&group.item, item) && places.cell_code(cell).starts_with(&group.area) {
                        covered[leaf * places.cells() + cell].push(group.mark);
                        count += 1;
                    }
                }
            }
            prop_assert_eq!(count, group.count);
        }
        for (mark, groups) in marks.iter().zip(covered) {
            prop_assert_eq!(mark.iter().copied().collect::<Vec<_>>(), groups);
        }
    }
}
