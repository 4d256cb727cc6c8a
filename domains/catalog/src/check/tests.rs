use std::collections::BTreeMap;

use serde_json::{Value, json};
use yiwang_contracts::SectionEntry;

use super::*;

/// A pack whose entries stand one per line, section by section; field `x` of an entry is on line + 100.
pub(crate) fn pack(id: &str, sections: Value) -> PackContent {
    let mut content = PackContent {
        id: id.to_owned(),
        version: "1".to_owned(),
        sections: BTreeMap::new(),
    };
    for (name, entries) in sections.as_object().unwrap() {
        let entries = entries
            .as_array()
            .unwrap()
            .iter()
            .zip(1..)
            .map(|(value, line)| SectionEntry {
                file: format!("{name}.yaml"),
                line,
                value: value.clone(),
                lines: BTreeMap::from([
                    ("/code".to_owned(), line + 100),
                    ("/limits/0/calendar".to_owned(), line + 200),
                ]),
            });
        content.sections.insert(name.clone(), entries.collect());
    }
    content
}

/// A small city without a fault.
pub(crate) fn sound() -> Value {
    json!({
        "orgs": [
            {"code": "cgj", "name": {"zh": "城管局"}, "kind": "department"},
            {"code": "320281001", "name": {"zh": "澄江街道"}, "kind": "town", "area": "320281001"},
        ],
        "areas": [
            {"code": "320281", "name": "江阴市", "parent": "", "level": "1", "lon": "1", "lat": "1", "ring": "0 0;4 0;4 4;0 0"},
            {"code": "320281001", "name": "澄江街道", "parent": "320281", "level": "2", "lon": "1", "lat": "1", "ring": ""},
        ],
        "calendars": [
            {"name": "office", "title": {"zh": "机关"}, "kind": "weekly", "weekdays": ["mon"], "shifts": ["08:30-11:30"]},
        ],
        "grades": [{"grade": "iv", "name": "一般", "colour": "blue", "escalate_at": 0.9}],
        "items": [
            {"code": "01", "name": "市容环卫", "grade": "iv", "keywords": ["垃圾"]},
            {"code": "01.01", "name": "暴露垃圾", "close_checks": [{"code": "clean", "text": "已清除", "required": true}]},
        ],
        "limits": [{"id": "all", "limits": [{"step": "handle", "limit": "5wd", "calendar": "office"}]}],
        "responsibility": [
            {"id": "city", "items": ["01"], "areas": ["320281"], "lead": "cgj", "basis": "三定方案"},
        ],
        "codesets": [{"id": "DUM", "title": "部件事件", "entries": [{"code": "01", "name": "a"}, {"code": "0101", "name": "b", "parent": "01"}]}],
    })
}

type Change = Box<dyn Fn(&mut Value)>;

fn words(diagnostics: &[Diagnostic]) -> String {
    let word = |finding: &Diagnostic| {
        let mark = if finding.severity == Severity::Error {
            ""
        } else {
            "warning "
        };
        let hint = finding
            .hint
            .as_deref()
            .map(|hint| format!(" [{hint}]"))
            .unwrap_or_default();
        format!(
            "{mark}{}:{} {}: {}{hint}",
            finding.file, finding.line, finding.code, finding.message
        )
    };
    diagnostics.iter().map(word).collect::<Vec<_>>().join("\n")
}

fn findings_of(change: impl Fn(&mut Value)) -> String {
    let mut sections = sound();
    change(&mut sections);
    words(&check(&pack("core", sections), &[], &[]))
}

#[test]
fn a_sound_pack_has_no_findings() {
    assert_eq!(findings_of(|_| {}), "");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn every_fault_is_found_with_its_place() {
    let add = |section: &'static str, value: Value| {
        move |sections: &mut Value| {
            sections[section]
                .as_array_mut()
                .unwrap()
                .push(value.clone());
        }
    };
    let cases: Vec<(Change, &str)> = vec![
        (
            Box::new(add("items", json!({"code": "02.01", "name": "x"}))),
            "items.yaml:103 catalog.item.unknown_parent: 02.01 stands under 02, which is not known [did you mean 01?]",
        ),
        (
            Box::new(add("items", json!({"code": 1.02, "name": "x"}))),
            "items.yaml:103 catalog.bad_entry: invalid type: floating point `1.02`, expected a string [write codes in quotes: \"05.02\"]",
        ),
        (
            Box::new(add("items", json!({"code": "01.01", "name": "x"}))),
            "catalog.overlapping_validity: 01.01 is said twice",
        ),
        (
            Box::new(add("items", json!({"code": "1", "name": "x"}))),
            "items.yaml:103 catalog.item.bad_code",
        ),
        (
            Box::new(add(
                "items",
                json!({"code": "01.02", "name": "x", "secrecy": 5}),
            )),
            "catalog.item.bad_secrecy",
        ),
        (
            Box::new(add(
                "items",
                json!({"code": "01.02", "name": "x", "colour": "red"}),
            )),
            "catalog.bad_entry: unknown field `colour`",
        ),
        (
            Box::new(add("items", json!({"code": "03", "name": "x"}))),
            "catalog.item.no_grade",
        ),
        (
            Box::new(add(
                "items",
                json!({"code": "01.02", "name": "x", "keywords": ["a"], "negative_keywords": ["a"]}),
            )),
            "catalog.item.torn_keyword",
        ),
        (
            Box::new(add(
                "items",
                json!({"code": "01.02", "name": "x", "valid_from": "2026-02-01", "valid_to": "2026-01-01"}),
            )),
            "catalog.bad_validity",
        ),
        (
            Box::new(|sections| sections["items"][0]["valid_to"] = json!("2026-01-01")),
            "catalog.item.outlives_parent: 01.01 holds while its parent 01 does not",
        ),
        (
            Box::new(|sections| sections["limits"][0]["limits"][0]["calendar"] = json!("ofice")),
            "limits.yaml:201 catalog.limit.unknown_calendar: calendar ofice is not known [did you mean office?]",
        ),
        (
            Box::new(|sections| sections["limits"][0]["limits"][0]["limit"] = json!("5 days")),
            "catalog.bad_entry: a limit is a whole number",
        ),
        (
            Box::new(|sections| sections["limits"][0]["yellow"] = json!(0.95)),
            "catalog.limit.bad_parts",
        ),
        (
            Box::new(|sections| sections["limits"][0]["grade"] = json!("i")),
            "catalog.limit.unknown_grade",
        ),
        (
            Box::new(|sections| sections["limits"][0]["item"] = json!("09")),
            "catalog.limit.unknown_item",
        ),
        (
            Box::new(add(
                "limits",
                json!({"id": "b", "limits": [{"step": "handle", "limit": "1wd", "calendar": "office"}]}),
            )),
            "catalog.limit.ambiguous",
        ),
        (
            Box::new(|sections| sections["areas"][0]["ring"] = json!("0 0;4 0;4 4;0 1")),
            "areas.yaml:1 catalog.area.bad_ring: the ring is not closed",
        ),
        (
            Box::new(|sections| sections["areas"][1]["parent"] = json!("320282")),
            "catalog.area.parent_mismatch",
        ),
        (
            Box::new(|sections| sections["areas"][1]["level"] = json!("5")),
            "catalog.area.bad_level",
        ),
        (
            Box::new(|sections| sections["areas"][1]["code"] = json!("3202810")),
            "catalog.area.bad_code",
        ),
        (
            Box::new(|sections| sections["calendars"][0]["shifts"] = json!([])),
            "catalog.calendar.invalid",
        ),
        (
            Box::new(|sections| sections["grades"][0]["escalate_at"] = json!(2)),
            "catalog.grade.bad_part",
        ),
        (
            Box::new(|sections| sections["responsibility"][0]["lead"] = json!("cgx")),
            "catalog.rule.unknown_org: organisation cgx is not known [did you mean cgj?]",
        ),
        (
            Box::new(|sections| sections["responsibility"][0]["lead"] = json!("@street")),
            "catalog.rule.bad_org",
        ),
        (
            Box::new(|sections| sections["responsibility"][0]["items"] = json!(["01.09"])),
            "catalog.rule.unknown_code: item 01.09 is not known",
        ),
        (
            Box::new(|sections| sections["responsibility"][0]["areas"] = json!([])),
            "catalog.rule.empty",
        ),
        (
            Box::new(|sections| sections["codesets"][0]["entries"][1]["parent"] = json!("09")),
            "catalog.codeset.unknown_parent",
        ),
        (
            Box::new(|sections| sections["codesets"][0]["entries"][1]["code"] = json!("01")),
            "catalog.codeset.duplicate",
        ),
        (
            Box::new(|sections| sections["responsibility"][0]["areas"] = json!(["320281001"])),
            "",
        ),
        (
            Box::new(add(
                "items",
                json!({"code": "02", "name": "x", "grade": "iv"}),
            )),
            "warning responsibility.yaml:0 catalog.responsibility.hole: no unit leads for item 02 in area 320281 (1 pairs)",
        ),
    ];
    for (change, expected) in cases {
        let found = findings_of(change);
        assert!(
            found.contains(expected) && (expected.is_empty() == found.is_empty()),
            "expected {expected}\nfound {found}"
        );
    }
}

#[test]
fn all_faults_come_at_once() {
    let found = findings_of(|sections| {
        sections["limits"][0]["limits"][0]["calendar"] = json!("ofice");
        sections["responsibility"][0]["lead"] = json!("cgx");
        sections["items"]
            .as_array_mut()
            .unwrap()
            .push(json!({"code": "02.01"}));
    });
    assert_eq!(found.lines().count(), 3, "{found}");
}

#[test]
fn a_pack_stands_on_others() {
    let core = pack("core", sound());
    let upper = pack(
        "upper",
        json!({
            "items": [{"code": "01.02", "name": "积存渣土"}, {"code": "01", "name": "另一个"}],
            "limits": [{"id": "spoil", "item": "01.02", "limits": [{"step": "handle", "limit": "2wd", "calendar": "office"}]}],
        }),
    );
    let found = words(&check(&upper, &[&core], &[]));
    assert_eq!(
        found,
        "items.yaml:102 catalog.defined_elsewhere: 01 is defined in pack core already"
    );
    assert!(words(&check(&upper, &[], &[])).contains("catalog.limit.unknown_calendar"));
}
