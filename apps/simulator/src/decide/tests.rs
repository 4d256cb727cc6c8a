use serde_json::{Value, json};

use super::unit::half;
use super::*;
use crate::words::Words;

fn case(fields: Value) -> CaseView {
    let mut detail = json!({
        "id": "c1", "evidence": ["photo_after"], "number": "YW20261123HOT000001", "status": "received", "grade": "iv", "source": "hotline",
        "item": {"code": "01.05.02", "name": "垃圾桶满溢"}, "secrecy": 1, "version": 1, "position": {"lon": 1, "lat": 2},
        "checks": {"register": [{"code": "place"}], "refuse": [{"code": "court"}], "close": [{"code": "done"}]},
        "clocks": [{"kind": "handle", "state": "running", "started_at": "2026-11-23T02:00:00Z", "limit": "5wd"}],
        "public": {"number": "YW20261123HOT000001", "query_code": "123456"},
    });
    for (key, value) in fields.as_object().unwrap() {
        detail[key] = value.clone();
    }
    CaseView::read(&detail).unwrap()
}

fn memo(deeds: &[&str]) -> Memo {
    Memo {
        deeds: deeds.iter().map(|deed| (*deed).to_owned()).collect(),
        plan: Some(Plan {
            lead: "u1".to_owned(),
            assistants: vec![],
            other: Some("u2".to_owned()),
            reasons: vec![],
        }),
        duplicate_of: None,
        plan_date: "2026-12-23T00:00:00Z".to_owned(),
    }
}

/// What most officers do, and everything that is done now and then.
fn choices(case: &CaseView, memo: &Memo) -> (String, BTreeSet<String>) {
    let words = Words::load().unwrap().officers;
    let mut counts: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for seed in 0..600 {
        let name = match decide(case, memo, &words, &mut Dice::of(&[seed])) {
            Next::Do(choice) => match choice.step {
                Step::Command { name, body } => {
                    let kind = body["kind"].as_str().map(|kind| format!(" {kind}"));
                    let seat = match choice.seat {
                        Seat::Unit(_) => "Unit".to_owned(),
                        seat => format!("{seat:?}"),
                    };
                    format!("{seat} {name}{}", kind.unwrap_or_default())
                }
                Step::Rate { .. } => "Public rate".to_owned(),
                Step::ReopenInPublic { .. } => "Public reopen".to_owned(),
                Step::Resolve => "Resolve".to_owned(),
            },
            other => format!("{other:?}"),
        };
        *counts.entry(name).or_default() += 1;
    }
    let most = counts
        .iter()
        .max_by_key(|(_, count)| **count)
        .unwrap()
        .0
        .clone();
    (most, counts.into_keys().collect())
}

fn tasks(lead: &str) -> Value {
    json!([{"id": "t1", "role": "lead", "status": lead}])
}

#[test]
fn the_main_line() {
    let done = ["contact:t1", "arrive:t1"];
    let table: [(Value, &[&str], &str); 14] = [
        (json!({}), &[], "Intake answer"),
        (json!({"grade": "ii"}), &[], "Intake accept"),
        (json!({"source": "collector"}), &[], "Intake accept"),
        (json!({"status": "accepted"}), &[], "Dispatcher register"),
        (json!({"status": "registered"}), &[], "Dispatcher dispatch"),
        (
            json!({"status": "dispatched", "tasks": tasks("to_sign")}),
            &[],
            "Unit sign",
        ),
        (
            json!({"status": "handling", "tasks": tasks("handling")}),
            &[],
            "Unit contact",
        ),
        (
            json!({"status": "handling", "grade": "i", "tasks": tasks("handling")}),
            &done[..1],
            "Unit arrive",
        ),
        (
            json!({"status": "handling", "tasks": tasks("handling")}),
            &done,
            "Unit report",
        ),
        (
            json!({"status": "handling", "source": "sensor", "tasks": tasks("handling")}),
            &[],
            "Unit report",
        ),
        (
            json!({"status": "reported", "tasks": tasks("reported")}),
            &[],
            "Verifier verify",
        ),
        (json!({"status": "verified"}), &[], "Dispatcher close"),
        (
            json!({"status": "closed", "outcome": "solved"}),
            &[],
            "Finished",
        ),
        (json!({"status": "merged"}), &[], "Finished"),
    ];
    for (fields, deeds, wanted) in table {
        let (most, _) = choices(&case(fields.clone()), &memo(deeds));
        assert_eq!(most, wanted, "{fields}");
    }
}

#[test]
fn exceptions_happen_now_and_then() {
    let table: [(Value, &[&str], &[&str]); 6] = [
        (
            json!({"source": "citizen"}),
            &[],
            &["Intake accept", "Intake answer", "Intake refuse"],
        ),
        (
            json!({"status": "registered"}),
            &[],
            &["Dispatcher dispatch", "Dispatcher request void"],
        ),
        (
            json!({"status": "dispatched", "tasks": tasks("to_sign")}),
            &[],
            &["Unit request return", "Unit sign"],
        ),
        (
            json!({"status": "handling", "tasks": tasks("handling")}),
            &["contact:t1"],
            &[
                "Unit report",
                "Unit request extension",
                "Unit request suspension",
            ],
        ),
        (
            json!({"status": "handling", "light": "red", "tasks": tasks("handling")}),
            &["contact:t1", "asked"],
            &["Unit report", "Supervisor supervise"],
        ),
        (
            json!({"status": "closed", "outcome": "solved"}),
            &["poor"],
            &["Finished", "Public reopen"],
        ),
    ];
    for (fields, deeds, wanted) in table {
        let (_, all) = choices(&case(fields.clone()), &memo(deeds));
        let wanted: BTreeSet<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(all, wanted, "{fields}");
    }
}

#[test]
fn what_hangs_on_the_case_comes_first() {
    let pending = |kind: &str| json!([{"id": "r1", "kind": kind, "status": "pending"}]);
    let table: [(Value, &str); 7] = [
        (
            json!({"requests": pending("return"), "tasks": tasks("to_sign")}),
            "Dispatcher decide",
        ),
        (
            json!({"requests": pending("suspension"), "tasks": tasks("handling")}),
            "Duty decide",
        ),
        (
            json!({"suspended": true, "tasks": tasks("handling")}),
            "Duty resume",
        ),
        (
            json!({"status": "registered", "consulting": true}),
            "Dispatcher conclude",
        ),
        (
            json!({"status": "registered", "requests": pending("void")}),
            "Duty decide",
        ),
        (
            json!({"tasks": [{"id": "t2", "role": "assist", "status": "to_sign"}, {"id": "t1", "role": "lead", "status": "handling"}]}),
            "Unit sign",
        ),
        (
            json!({"tasks": [{"id": "t2", "role": "assist", "status": "handling"}, {"id": "t1", "role": "lead", "status": "pending"}]}),
            "Unit report",
        ),
    ];
    for (mut fields, wanted) in table {
        if fields.get("status").is_none() {
            fields["status"] = json!("handling");
        }
        let (most, all) = choices(&case(fields.clone()), &memo(&["contact:t1"]));
        assert_eq!((most.as_str(), all.len()), (wanted, 1), "{fields} {all:?}");
    }
}

#[test]
fn the_list_is_asked_before_it_is_needed() {
    let (most, _) = choices(&case(json!({"status": "registered"})), &Memo::default());
    assert_eq!(most, "Resolve");
}

#[test]
fn secret_cases_are_for_the_one_on_duty() {
    let secret = |status: &str| case(json!({"status": status, "secrecy": 4, "grade": "i"}));
    assert_eq!(choices(&secret("received"), &memo(&[])).0, "Duty accept");
    assert_eq!(
        choices(&secret("registered"), &memo(&[])).0,
        "Duty dispatch"
    );
    assert_eq!(choices(&secret("reported"), &memo(&[])).0, "Finished");
}

#[test]
fn repeated_reports_are_merged_by_most() {
    let mut known = memo(&[]);
    known.duplicate_of = Some("c0".to_owned());
    let (most, _) = choices(&case(json!({})), &known);
    assert_eq!(most, "Intake merge");
    known.deeds.insert("merge".to_owned());
    assert_eq!(choices(&case(json!({})), &known).0, "Intake answer");
}

#[test]
fn an_extension_is_half_the_limit_in_its_unit() {
    let table = [
        ("5wd", Some("3wd")),
        ("24h", Some("12h")),
        ("1wd", Some("1wd")),
        ("0m", None),
        ("wd", None),
        ("5", None),
    ];
    for (limit, wanted) in table {
        assert_eq!(half(limit).as_deref(), wanted, "{limit}");
    }
}

#[test]
fn the_lead_reports_with_the_evidence_that_is_asked_for() {
    let words = Words::load().unwrap().officers;
    let handled = case(json!({"status": "handling", "source": "grid", "tasks": tasks("handling")}));
    let next = decide(&handled, &memo(&["asked"]), &words, &mut Dice::of(&[1]));
    let Next::Do(Choice {
        step: Step::Command { name, body },
        ..
    }) = next
    else {
        panic!("{next:?}")
    };
    assert_eq!(
        (name, &body["evidence"][0]["kind"]),
        ("report", &json!("photo_after"))
    );
    assert!(!body["text"].as_str().unwrap().is_empty());
}

#[test]
fn a_grid_worker_settles_most_of_what_may_be_settled_on_the_spot() {
    let found = case(json!({"source": "grid", "allowed": ["self-handle", "note"]}));
    let (most, all) = choices(&found, &memo(&[]));
    assert_eq!(most, "Grid self-handle");
    assert!(all.contains("Intake accept"), "{all:?}");
    let (most, all) = choices(&found, &memo(&["self-handle"]));
    assert_eq!(most, "Intake accept");
    assert!(!all.contains("Grid self-handle"), "{all:?}");
    let elsewhere = case(json!({"source": "grid"}));
    assert!(
        !choices(&elsewhere, &memo(&[]))
            .1
            .contains("Grid self-handle")
    );
}
