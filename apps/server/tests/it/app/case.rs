//! A case on its way, with the right people at each step.

use serde_json::{Value, json};

use super::{Answer, Client, TestApp};

/// Rubbish bins, led by the sanitation section of the city management bureau: no evidence needed, grade IV.
pub(crate) const ITEM: &str = "01.05.02";
/// A town whose bins are the bureau's own.
pub(crate) const TOWN: &str = "320281001";

pub(crate) struct Case<'a> {
    app: &'a TestApp,
    pub(crate) id: String,
    /// As the last answer showed it.
    pub(crate) detail: Value,
}

impl TestApp {
    /// The body of an ordinary report by telephone; `more` is laid over it.
    pub(crate) fn report(more: Value) -> Value {
        let mut body = json!({
            "source": "hotline", "title": "门口垃圾桶满了", "description": "小区门口的垃圾桶三天没有人清",
            "item_code": ITEM, "area_code": TOWN, "address": "示例路 1 号",
            "reporter": {"name": "张三", "phone": "10000001234", "secret": false},
        });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        body
    }

    /// Takes in a report at the desk.
    pub(crate) async fn create(&self, more: Value) -> Case<'_> {
        let detail = self
            .client("intake")
            .post("/api/v1/incidents", TestApp::report(more))
            .await
            .ok();
        Case {
            app: self,
            id: detail["id"].as_str().unwrap().to_owned(),
            detail,
        }
    }

    /// A case brought to where it waits to be signed for by the bureau's section.
    pub(crate) async fn dispatched(&self) -> Case<'_> {
        let mut case = self.registered(json!({})).await;
        case.step(
            "dispatcher",
            "dispatch",
            json!({"mode": "single", "lead": self.org_id("cgj-hw")}),
        )
        .await;
        case
    }

    pub(crate) async fn registered(&self, more: Value) -> Case<'_> {
        let mut case = self.create(more).await;
        if case.status() == "received" {
            case.step("intake", "accept", json!({})).await;
        }
        let checks = case.required("register");
        case.step("dispatcher", "register", json!({"checks": checks}))
            .await;
        case
    }

    /// A case that the bureau's section works on.
    pub(crate) async fn handling(&self) -> Case<'_> {
        let mut case = self.dispatched().await;
        let task = case.lead_task();
        case.step("handler", "sign", json!({"task_id": task})).await;
        case
    }

    /// A case that was handled and waits to be looked at.
    pub(crate) async fn reported(&self) -> Case<'_> {
        let mut case = self.handling().await;
        let task = case.lead_task();
        case.step(
            "handler",
            "report",
            json!({"task_id": task, "result": "solved", "text": "已清运"}),
        )
        .await;
        case
    }

    pub(crate) async fn closed(&self) -> Case<'_> {
        let mut case = self.reported().await;
        let checks = case.required("close");
        case.step(
            "verifier",
            "verify",
            json!({"passed": true, "checks": checks, "text": "已复核"}),
        )
        .await;
        case.step(
            "dispatcher",
            "close",
            json!({"text": "垃圾桶已清运", "outcome": "solved"}),
        )
        .await;
        case
    }
}

impl Case<'_> {
    /// Gives a command as the account and keeps what came back.
    pub(crate) async fn step(&mut self, account: &str, command: &str, body: Value) -> &Value {
        let answer = self
            .app
            .client(account)
            .command(&self.id, command, body)
            .await;
        assert!(
            answer.status.is_success(),
            "{account} {command} while {}: {}",
            self.status(),
            answer.text
        );
        self.detail = answer.body;
        &self.detail
    }

    /// The command must be refused with this code; answers the problem.
    pub(crate) async fn refused(
        &self,
        account: &str,
        command: &str,
        body: Value,
        code: &str,
    ) -> Value {
        let answer = self
            .app
            .client(account)
            .command(&self.id, command, body)
            .await;
        let (status, text) = (answer.status, answer.text.clone());
        assert_eq!(
            answer.code(),
            code,
            "{account} {command} answered {status}: {text}"
        );
        assert!(status.is_client_error(), "{status}");
        answer.body
    }

    /// As the account sees it now.
    pub(crate) async fn seen_by(&self, account: &str) -> Answer {
        self.seen(&self.app.client(account)).await
    }

    pub(crate) async fn seen(&self, client: &Client) -> Answer {
        client.get(&format!("/api/v1/incidents/{}", self.id)).await
    }

    /// Reads it again, with the eyes of the duty officer.
    pub(crate) async fn reload(&mut self) -> &Value {
        self.detail = self.seen_by("duty").await.ok();
        &self.detail
    }

    pub(crate) async fn timeline(&self) -> Vec<Value> {
        let path = format!("/api/v1/incidents/{}/timeline", self.id);
        let timeline = self.app.client("duty").get(&path).await.ok();
        let rows = timeline.as_array().or_else(|| timeline["items"].as_array());
        rows.unwrap_or_else(|| panic!("no timeline: {timeline}"))
            .clone()
    }

    pub(crate) fn status(&self) -> &str {
        self.detail["status"].as_str().unwrap_or_default()
    }

    pub(crate) fn number(&self) -> &str {
        self.detail["number"].as_str().unwrap_or_default()
    }

    pub(crate) fn version(&self) -> i64 {
        self.detail["version"].as_i64().unwrap_or_default()
    }

    pub(crate) fn tasks(&self) -> &[Value] {
        self.detail["tasks"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The id of the lead's task that is not over.
    pub(crate) fn lead_task(&self) -> Value {
        let over = ["done", "returned", "excused", "cancelled"];
        let open = |task: &&Value| {
            task["role"] == "lead" && !over.contains(&task["status"].as_str().unwrap())
        };
        let leads: Vec<&Value> = self.tasks().iter().filter(open).collect();
        assert_eq!(leads.len(), 1, "{:#?}", self.tasks());
        leads[0]["id"].clone()
    }

    /// The clock of the kind that was started last.
    pub(crate) fn clock(&self, kind: &str) -> &Value {
        let clocks = self.detail["clocks"].as_array().unwrap();
        let found = clocks.iter().rev().find(|clock| clock["kind"] == kind);
        found.unwrap_or_else(|| panic!("no clock {kind}: {clocks:#?}"))
    }

    /// The codes of the checks that must be ticked.
    pub(crate) fn required(&self, step: &str) -> Vec<Value> {
        let lines = self.detail["checks"][step]
            .as_array()
            .cloned()
            .unwrap_or_default();
        lines
            .iter()
            .filter(|line| line["required"] == true)
            .map(|line| line["code"].clone())
            .collect()
    }

    /// The request that waits for a decision.
    pub(crate) fn pending(&self) -> Value {
        let requests = self.detail["requests"].as_array().unwrap();
        let found = requests
            .iter()
            .find(|request| request["status"] == "pending");
        found.unwrap_or_else(|| panic!("nothing waits: {requests:#?}"))["id"].clone()
    }
}
