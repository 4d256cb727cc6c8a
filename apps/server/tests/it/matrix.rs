//! Who may do what: every operation of the API as every role, and as nobody, kept in `rights-matrix.txt`.
//!
//! `+` the right is there (whatever else may be wrong with the request), `.` refused, `h` hidden,
//! `-` not without signing in.

mod objects;

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::app::{ACCOUNTS, Answer, Client, TestApp};
use crate::bless;
use objects::Objects;

const FILE: &str = "tests/it/rights-matrix.txt";
const NOT_THERE: &str = "01999999-0000-7000-8000-000000000000";

/// One operation of the document; the commands of a case count as one each.
#[derive(Debug, Clone)]
struct Operation {
    method: Method,
    path: String,
    command: Option<&'static str>,
    has_body: bool,
}

impl Operation {
    fn name(&self) -> String {
        let path = match self.command {
            Some(command) => self.path.replace("{command}", command),
            None => self.path.clone(),
        };
        format!("{:<6} {path}", self.method.as_str())
    }
}

/// The standards' own operations, which their own documents describe.
const STANDARD: [(Method, &str); 6] = [
    (Method::GET, "/sensorthings/v1.1/Things"),
    (Method::POST, "/sensorthings/v1.1/Things"),
    (Method::GET, "/sensorthings/v1.1/Things('RQ1')"),
    (Method::PATCH, "/sensorthings/v1.1/Things('RQ1')"),
    (
        Method::GET,
        "/sensorthings/v1.1/Datastreams('RQ1:gas')/Observations",
    ),
    (
        Method::POST,
        "/sensorthings/v1.1/Datastreams('RQ1:gas')/Observations",
    ),
];

fn operations(document: &Value) -> Vec<Operation> {
    let standard = STANDARD.map(|(method, path)| Operation {
        has_body: method != Method::GET,
        method,
        path: path.to_owned(),
        command: None,
    });
    let mut operations = Vec::from(standard);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let Ok(method) = Method::from_bytes(method.to_ascii_uppercase().as_bytes()) else {
                continue;
            };
            let one = Operation {
                method,
                path: path.clone(),
                command: None,
                has_body: operation.get("requestBody").is_some(),
            };
            if path.contains("{command}") {
                operations.extend(COMMANDS.iter().map(|(command, _)| Operation {
                    command: Some(command),
                    ..one.clone()
                }));
            } else {
                operations.push(one);
            }
        }
    }
    // Signing out ends the session that the other requests need.
    operations.sort_by_key(|one| {
        (
            one.method == Method::DELETE && one.path.contains("/sessions/"),
            one.path.clone(),
            one.name(),
        )
    });
    operations
}

/// Each command with a body that parses and asks for nothing that can be done.
const COMMANDS: [(&str, &str); 34] = [
    ("accept", "{}"),
    ("refuse", r#"{"reason": ""}"#),
    ("self-handle", r#"{"text": ""}"#),
    ("answer", r#"{"text": ""}"#),
    ("transfer", r#"{"to": ""}"#),
    ("register", "{}"),
    ("reclassify", r#"{"reason": ""}"#),
    ("send-back", r#"{"reason": ""}"#),
    ("dispatch", r#"{"mode": "single", "lead": "$ID"}"#),
    ("recall", r#"{"reason": ""}"#),
    ("sign", r#"{"task_id": "$ID"}"#),
    ("contact", r#"{"task_id": "$ID", "result": ""}"#),
    ("arrive", r#"{"task_id": "$ID"}"#),
    ("assign", r#"{"task_id": "$ID"}"#),
    ("finish-stage", r#"{"task_id": "$ID", "stage": ""}"#),
    ("report", r#"{"task_id": "$ID", "text": ""}"#),
    ("verify", r#"{"passed": false}"#),
    ("close", r#"{"text": "", "outcome": "solved"}"#),
    ("rate", r#"{"score": 9, "solved": true}"#),
    ("reopen", r#"{"reason": ""}"#),
    (
        "request",
        r#"{"kind": "void", "reason_code": "", "text": ""}"#,
    ),
    ("decide", r#"{"request_id": "$ID", "approved": true}"#),
    ("resume", r#"{"text": ""}"#),
    ("supervise", r#"{"card": "urge", "text": ""}"#),
    (
        "assist",
        r#"{"task_id": "$ID", "org_id": "$ID", "text": ""}"#,
    ),
    ("excuse", r#"{"task_id": "$ID", "reason": ""}"#),
    ("consult", r#"{"reason": ""}"#),
    ("conclude", r#"{"lead": "$ID", "text": ""}"#),
    ("escalate", r#"{"reason": ""}"#),
    ("merge", r#"{"into": "$ID"}"#),
    ("unmerge", r#"{"reason": ""}"#),
    (
        "whistle",
        r#"{"kind": "emergency", "orgs": [], "place": "", "text": ""}"#,
    ),
    ("answer-whistle", r#"{"whistle_id": "$ID"}"#),
    ("note", r#"{"text": ""}"#),
];

async fn outcome(client: &Client, operation: &Operation, objects: &Objects) -> char {
    let path = objects.path(operation);
    let body = objects.body(operation);
    let (kind, bytes) = match &body {
        Some(body) => (Some("application/json"), body.to_string().into_bytes()),
        None => (None, Vec::new()),
    };
    let response = client
        .respond(operation.method.clone(), &path, kind, bytes)
        .await;
    let streams = response
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind == "text/event-stream");
    if streams {
        return '+';
    }
    let answer = Answer::read(response).await;
    // A body that is not even read says nothing about rights.
    let unread = [
        "http.body_invalid",
        "http.invalid_body",
        "http.body_syntax",
        "incident.bad_command",
    ];
    assert!(
        !unread.contains(&answer.code()),
        "{}: {}",
        operation.name(),
        answer.text
    );
    match answer.status {
        StatusCode::UNAUTHORIZED if answer.text.contains("auth.required") => '-',
        StatusCode::FORBIDDEN => '.',
        StatusCode::NOT_FOUND if !path.contains(NOT_THERE) => 'h',
        status if status.is_server_error() => panic!("{}: {}", operation.name(), answer.text),
        _ => '+',
    }
}

#[tokio::test]
async fn every_operation_as_every_role() {
    let app = TestApp::start().await;
    let document = serde_json::to_value(&app.city.openapi).unwrap();
    let operations = operations(&document);
    let objects = Objects::of(&app).await;
    let missing: Vec<String> = operations
        .iter()
        .filter(|one| one.has_body && objects.body(one).is_none())
        .map(Operation::name)
        .collect();
    assert!(
        missing.is_empty(),
        "say in Objects::body what to try these with: {missing:#?}"
    );

    let mut clients: Vec<Client> = ACCOUNTS.iter().map(|account| app.client(account)).collect();
    clients.push(app.anybody());
    let mut lines = Vec::new();
    for operation in &operations {
        let mut cells = String::new();
        for client in &clients {
            cells.push(outcome(client, operation, &objects).await);
            cells.push(' ');
        }
        lines.push(format!("{} {}", cells, operation.name()));
    }
    lines.sort_by_key(|line| line.split_once('/').map(|(_, path)| path.to_owned()));
    let columns = ACCOUNTS.iter().chain(&["nobody"]).enumerate();
    let legend: Vec<String> = columns
        .map(|(at, account)| format!("{}{account}", "| ".repeat(at)))
        .collect();
    let text = format!("{}\n{}\n", legend.join("\n"), lines.join("\n"));
    bless::compare(FILE, &text);
    app.settle().await;
}
