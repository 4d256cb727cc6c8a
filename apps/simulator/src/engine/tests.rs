//! The engine against a small city hall that follows the main line.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use yiwang_kernel::Timestamp;

use super::*;
use crate::city::tests::small_city;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn engine(seed: u64, backlog: u32, open: &[String]) -> Engine {
    let now = at("2026-11-23T02:00:00Z");
    let time = CityTime {
        real: now,
        begins: now,
        speed: 600.0,
    };
    let life = Life {
        seed,
        time,
        per_day: 150.0,
        backlog,
        channels: vec![],
    };
    Engine::new(life, small_city(), Words::load().unwrap(), open, now)
}

/// Keeps cases as the server would, without any rules.
#[derive(Default)]
struct Hall {
    cases: BTreeMap<String, Value>,
    log: Vec<String>,
}

impl Hall {
    fn answer(&mut self, ask: &Ask) -> Outcome {
        let (path, body) = match &ask.call {
            Call::Get(path) | Call::Form { path, .. } => (path.clone(), None),
            Call::Post { path, body, .. } | Call::Signed { path, body, .. } => {
                (path.clone(), Some(body))
            }
        };
        self.log.push(format!(
            "{:?} {path} {}",
            ask.seat,
            body.unwrap_or(&Value::Null)
        ));
        let body = match (path.strip_prefix("/api/v1/").unwrap_or(&path), body) {
            ("incidents", Some(body)) => self.create(body),
            (path, _) if path.starts_with("responsibility") => {
                json!({"lead": {"id": "u1"}, "assistants": [{"id": "u2"}], "supervisor": {"id": "u3"}})
            }
            (path, body) if path.starts_with("incidents/") => {
                let parts: Vec<&str> = path.split('/').collect();
                let case = self.cases.get_mut(parts[1]).unwrap();
                if let (Some(command), Some(body)) = (parts.get(3), body) {
                    step(case, command, body);
                }
                case.clone()
            }
            _ => json!({}),
        };
        Outcome::Answer { status: 200, body }
    }

    fn create(&mut self, body: &Value) -> Value {
        let id = format!("c{}", self.cases.len() + 1);
        let case = json!({
            "id": id, "number": id, "status": "received", "grade": "iii", "source": body["source"],
            "source_ref": body["source_ref"], "item": {"code": body["item_code"], "name": "某事"}, "secrecy": 1,
            "version": 1, "tasks": [], "requests": [], "public": {"number": id, "query_code": "1"},
        });
        self.cases.insert(id, case.clone());
        case
    }
}

fn step(case: &mut Value, command: &str, body: &Value) {
    let status = match command {
        "accept" => "accepted",
        "register" => "registered",
        "dispatch" => "dispatched",
        "verify" if body["passed"] == true => "verified",
        "verify" => "handling",
        "answer" | "refuse" | "close" | "transfer" => "closed",
        "merge" => "merged",
        _ => case["status"].as_str().unwrap(),
    }
    .to_owned();
    case["status"] = json!(status);
    case["version"] = json!(case["version"].as_i64().unwrap() + 1);
    let set = |case: &mut Value, id: &Value, status: &str| {
        for task in case["tasks"].as_array_mut().unwrap() {
            if task["id"] == *id {
                task["status"] = json!(status);
            }
        }
    };
    match command {
        "dispatch" => {
            case["tasks"] = json!([{"id": "t1", "role": "assist", "status": "to_sign"}, {"id": "t2", "role": "lead", "status": "to_sign"}]);
        }
        "sign" => {
            set(case, &body["task_id"], "handling");
            case["status"] = json!("handling");
        }
        "report" if body["task_id"] == "t1" => set(case, &body["task_id"], "done"),
        "report" => {
            set(case, &body["task_id"], "reported");
            case["status"] = json!("reported");
        }
        "verify" if body["passed"] == false => set(case, &json!("t2"), "handling"),
        "request" => {
            case["requests"] = json!([{"id": "r1", "kind": body["kind"], "status": "pending"}]);
        }
        "decide" => case["requests"] = json!([]),
        "close" => case["outcome"] = json!("solved"),
        "answer" => case["outcome"] = json!("answered"),
        _ => {}
    }
}

/// Lives for so many seconds of the real clock.
fn live(engine: &mut Engine, hall: &mut Hall, seconds: i64) {
    let start = at("2026-11-23T02:00:00Z");
    let end = from_micros(start.as_microsecond() + seconds * 1_000_000);
    while let Some(next) = engine.next_at().filter(|next| *next <= end) {
        let now = next.max(start);
        for ask in engine.due(now, 8) {
            let outcome = hall.answer(&ask);
            engine.take(ask.case, outcome, now);
        }
    }
}

#[test]
fn cases_come_to_their_end() {
    let (mut engine, mut hall) = (engine(1, 30, &[]), Hall::default());
    live(&mut engine, &mut hall, 1_200);
    let status = &engine.status;
    assert!(status.reports > 300, "{status}");
    assert!(status.finished > status.reports / 3, "{status}");
    assert_eq!(status.refused_total() + status.left, 0, "{status}");
    for command in [
        "accept", "answer", "register", "dispatch", "sign", "contact", "report", "verify", "close",
        "rate", "merge",
    ] {
        assert!(
            status.commands.contains_key(command),
            "{command}: {status:?}"
        );
    }
}

#[test]
fn the_same_seed_asks_the_same() {
    let log = |seed| {
        let (mut engine, mut hall) = (engine(seed, 12, &[]), Hall::default());
        live(&mut engine, &mut hall, 120);
        hall.log
    };
    assert_eq!(log(4), log(4));
    assert_ne!(log(4), log(5));
}

#[test]
fn the_backlog_stands_in_all_stages_at_once() {
    let (mut engine, mut hall) = (engine(2, 120, &[]), Hall::default());
    live(&mut engine, &mut hall, 0);
    let statuses: std::collections::BTreeSet<&str> = hall
        .cases
        .values()
        .map(|case| case["status"].as_str().unwrap())
        .collect();
    for status in [
        "received",
        "accepted",
        "registered",
        "dispatched",
        "handling",
        "reported",
        "closed",
    ] {
        assert!(
            statuses.contains(status),
            "{status} is not among {statuses:?}"
        );
    }
    assert!(hall.log.len() < 1_500, "{}", hall.log.len());
}

#[test]
fn own_cases_of_an_earlier_run_are_gone_on_with_and_others_are_not() {
    let mut hall = Hall::default();
    hall.create(&json!({"source": "grid", "source_ref": "SIM-1-2", "item_code": "01.01.01"}));
    hall.create(&json!({"source": "grid", "item_code": "01.01.01"}));
    let open = ["c1".to_owned(), "c2".to_owned()];
    let mut engine = engine(3, 0, &open);
    live(&mut engine, &mut hall, 600);
    assert_ne!(hall.cases["c1"]["status"], "received");
    assert_eq!(hall.cases["c2"]["status"], "received");
}

#[test]
fn a_conflict_is_read_again_and_decided_again() {
    let mut engine = engine(6, 1, &[]);
    let (mut hall, now) = (Hall::default(), at("2026-11-23T02:00:00Z"));
    let first = engine.due(now, 1).remove(0);
    let created = hall.answer(&first);
    engine.take(first.case, created, now);
    let no = first.case;
    let mut later = now;
    let mut seen = Vec::new();
    for round in 0..3 {
        later = engine.next_at().unwrap().max(later);
        let ask = engine.due(later, 64).into_iter().find(|ask| ask.case == no);
        let Some(ask) = ask else { continue };
        seen.push(matches!(ask.call, Call::Get(_)));
        let outcome = if round == 0 {
            Outcome::Answer {
                status: 409,
                body: json!({"code": "incident.version_conflict"}),
            }
        } else {
            hall.answer(&ask)
        };
        engine.take(no, outcome, later);
    }
    assert_eq!(engine.status.conflicts, 1);
    assert!(seen.contains(&true), "{seen:?}");
}

#[test]
fn what_is_refused_again_and_again_is_left_to_people() {
    let mut engine = engine(7, 1, &[]);
    let (mut hall, start) = (Hall::default(), at("2026-11-23T02:00:00Z"));
    let first = engine.due(start, 1).remove(0);
    let created = hall.answer(&first);
    engine.take(first.case, created, start);
    let no = first.case;
    for minute in 0..2_000_i64 {
        let now = from_micros(start.as_microsecond() + minute * 60_000_000);
        for ask in engine.due(now, 500) {
            let outcome = if ask.case == no && !matches!(ask.call, Call::Get(_)) {
                Outcome::Answer {
                    status: 422,
                    body: json!({"code": "incident.checks_missing"}),
                }
            } else if ask.case == no {
                hall.answer(&ask)
            } else {
                Outcome::Answer {
                    status: 422,
                    body: Value::Null,
                }
            };
            engine.take(ask.case, outcome, now);
        }
        if !engine.cases.contains_key(&no) {
            break;
        }
    }
    assert!(!engine.cases.contains_key(&no));
    let refused = engine.status.refused.get("incident.checks_missing");
    assert!(
        refused.is_some_and(|times| *times <= 8),
        "{:?}",
        engine.status
    );
}

#[test]
fn a_busy_server_is_asked_again_later() {
    let mut engine = engine(8, 1, &[]);
    let now = at("2026-11-23T02:00:00Z");
    let ask = engine.due(now, 1).remove(0);
    engine.take(ask.case, Outcome::Busy { seconds: 7.0 }, now);
    assert_eq!(engine.status.delayed, 1);
    let before = engine.due(at("2026-11-23T02:00:06Z"), 100);
    assert!(before.iter().all(|again| again.case != ask.case));
    let after = engine.due(at("2026-11-23T02:00:08Z"), 100);
    assert!(after.contains(&ask));
}

#[test]
fn reports_take_the_ways_that_fit_them() {
    let channels = [
        Channel::Rest,
        Channel::Open311 {
            api_key: Masked::new("key"),
        },
        Channel::Webhook {
            channel: "hotline".to_owned(),
            secret: Masked::new("0123456789abcdef"),
        },
    ];
    let mut ways: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut city = engine(9, 400, &[]);
    city.life.channels = channels.to_vec();
    for ask in city.due(at("2026-11-23T02:00:00Z"), 400) {
        match ask.call {
            Call::Form { path, .. } => ways.entry("form").or_default().push(path),
            Call::Signed { path, .. } => ways.entry("signed").or_default().push(path),
            Call::Post { body, .. } => ways
                .entry("rest")
                .or_default()
                .push(body["source"].to_string()),
            Call::Get(path) => panic!("{path}"),
        }
    }
    assert!(
        ways["form"]
            .iter()
            .all(|path| path == "/open311/v2/requests.json")
    );
    assert!(
        ways["signed"]
            .iter()
            .all(|path| path == "/api/v1/intake/webhooks/hotline")
    );
    assert!(
        ways["signed"].len() > 60 && ways["rest"].iter().any(|source| source == "\"collector\"")
    );
}

#[test]
fn a_case_that_came_by_another_way_is_found_and_worked_on() {
    let table = [
        (
            json!([{"service_request_id": "YW1"}]),
            "/api/v1/incidents?q=YW1&limit=1",
        ),
        (
            json!({"id": "c9", "number": "YW1", "duplicate": false}),
            "/api/v1/incidents/c9",
        ),
    ];
    for (body, wanted) in table {
        let mut city = engine(10, 1, &[]);
        let now = at("2026-11-23T02:00:00Z");
        let ask = city.due(now, 1).remove(0);
        city.take(ask.case, Outcome::Answer { status: 201, body }, now);
        let next = city
            .due(now, 10)
            .into_iter()
            .find(|next| next.case == ask.case)
            .unwrap();
        assert_eq!(next.call, Call::Get(wanted.to_owned()));
    }
}
