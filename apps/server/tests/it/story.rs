//! Each pack's `story.yaml`: a short case that shows what the pack is for, played by the right people.

use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_identity::DEMO_PASSWORD;
use yiwang_worktime::{Limit, Unit};

use crate::app::{ACCOUNTS, Answer, Client, TestApp};

/// Where a story stands.
struct Stage<'a> {
    app: &'a TestApp,
    case: Value,
}

impl Stage<'_> {
    /// A demo account, or the officer of a unit (`320281001.1`).
    async fn client(&self, account: &str) -> Client {
        if ACCOUNTS.contains(&account) {
            self.app.client(account)
        } else {
            self.app.sign_in(account, DEMO_PASSWORD).await
        }
    }

    /// `org:cgj` is the id of a unit, `$task` the lead's open task, `$assist` another's, `$request` what waits
    /// for a decision.
    fn filled(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match text.split_once(':') {
                Some(("org", code)) => self.app.org_id(code),
                _ if text == "$task" => self.open_task("lead"),
                _ if text == "$assist" => self.open_task("assist"),
                _ if text == "$request" => {
                    self.find("requests", |request| request["status"] == "pending")
                }
                _ => value.clone(),
            },
            Value::Array(list) => list.iter().map(|inner| self.filled(inner)).collect(),
            Value::Object(map) => map
                .iter()
                .map(|(name, inner)| (name.clone(), self.filled(inner)))
                .collect(),
            _ => value.clone(),
        }
    }

    fn open_task(&self, role: &str) -> Value {
        self.find("tasks", |task| {
            task["role"] == role
                && ["to_sign", "handling"]
                    .iter()
                    .any(|status| task["status"] == *status)
        })
    }

    fn find(&self, list: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let found = self.case[list]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| wanted(one));
        found.unwrap_or_else(|| panic!("nothing fits in {list}: {:#}", self.case[list]))["id"]
            .clone()
    }

    async fn step(&mut self, step: &Value) {
        if let Some(after) = step["after"].as_str() {
            self.app.pass(duration(after)).await;
        }
        let said = step["say"]
            .as_str()
            .unwrap_or("a step says what happens in `say`");
        let body = self.filled(&step["body"]);
        let Some(account) = step["as"].as_str() else {
            panic!("{said}: who?")
        };
        let client = self.client(account).await;
        let answer = match step["command"].as_str() {
            None => client.post("/api/v1/incidents", body).await,
            Some(command) => {
                client
                    .command(self.case["id"].as_str().unwrap(), command, body)
                    .await
            }
        };
        self.take(said, step, answer).await;
    }

    async fn take(&mut self, said: &str, step: &Value, answer: Answer) {
        if let Some(code) = step["refused"].as_str() {
            assert_eq!(answer.code(), code, "{said}: {}", answer.text);
            return;
        }
        assert!(
            answer.status.is_success(),
            "{said}: {} {}",
            answer.status,
            answer.text
        );
        let path = format!("/api/v1/incidents/{}", answer.body["id"].as_str().unwrap());
        self.case = self.app.client("duty").get(&path).await.ok();
        for (name, wanted) in step["expect"].as_object().into_iter().flatten() {
            assert_eq!(self.case[name], *wanted, "{said}: {name}");
        }
        if let Some(words) = step["public"].as_str() {
            let key = &self.case["public"];
            let (number, code) = (
                key["number"].as_str().unwrap(),
                key["query_code"].as_str().unwrap(),
            );
            let status = self
                .app
                .anybody()
                .get(&format!("/api/v1/public/incidents/{number}?code={code}"))
                .await
                .ok();
            assert_eq!(
                status["stage_text"]["zh"], words,
                "{said}: what the citizen is told"
            );
        }
    }
}

fn duration(text: &str) -> SignedDuration {
    let limit: Limit = text
        .parse()
        .unwrap_or_else(|fault| panic!("{text}: {fault}"));
    let amount = i64::from(limit.amount);
    match limit.unit {
        Unit::Minute => SignedDuration::from_mins(amount),
        Unit::Hour => SignedDuration::from_hours(amount),
        Unit::Day => SignedDuration::from_hours(24 * amount),
        _ => panic!("{text}: a story tells natural time"),
    }
}

async fn play(pack: &str) {
    let app = TestApp::start().await;
    let files = app.city.packs.shelf().files(pack).unwrap();
    let text = String::from_utf8(files.files["story.yaml"].clone()).unwrap();
    let story = yiwang_packs::read_yaml(&text).unwrap_or_else(|fault| panic!("{pack}: {fault}"));
    let mut stage = Stage {
        app: &app,
        case: json!({}),
    };
    for step in story["steps"].as_array().unwrap() {
        stage.step(step).await;
    }
    assert_eq!(stage.case["status"], "closed", "{pack}: a story ends");
    app.settle().await;
}

#[tokio::test]
async fn the_story_of_core() {
    play("core").await;
}

#[tokio::test]
async fn the_story_of_urban_management() {
    play("urban-management").await;
}

#[tokio::test]
async fn the_story_of_sensing() {
    play("sensing").await;
}

#[tokio::test]
async fn the_story_of_vitals() {
    play("vitals").await;
}

#[tokio::test]
async fn every_pack_has_a_story() {
    let app = TestApp::start().await;
    for id in app.city.packs.shelf().ids().unwrap() {
        let files = app.city.packs.shelf().files(&id).unwrap();
        assert!(
            files.files.contains_key("story.yaml"),
            "{id} has no story.yaml"
        );
    }
}
