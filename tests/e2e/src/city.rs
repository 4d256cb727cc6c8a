//! The people of the demo city at work: a case from the call to its end.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::Api;

/// The seats that a case passes.
#[derive(Debug, Clone)]
pub struct City {
    pub intake: Api,
    pub dispatcher: Api,
    pub handler: Api,
    pub verifier: Api,
}

/// A case as far as it has come.
#[derive(Debug, Clone)]
pub struct Case {
    pub id: String,
    pub detail: Value,
}

impl City {
    pub async fn enter(base: &str) -> anyhow::Result<Self> {
        Ok(Self {
            intake: Api::sign_in(base, "intake").await?,
            dispatcher: Api::sign_in(base, "dispatcher").await?,
            handler: Api::sign_in(base, "handler").await?,
            verifier: Api::sign_in(base, "verifier").await?,
        })
    }

    /// The same people at a program that was started again.
    #[must_use]
    pub fn at(&self, base: &str) -> Self {
        Self {
            intake: self.intake.at(base),
            dispatcher: self.dispatcher.at(base),
            handler: self.handler.at(base),
            verifier: self.verifier.at(base),
        }
    }

    /// Takes in a report by telephone.
    pub async fn create(&self, body: &Value) -> anyhow::Result<Case> {
        let detail = self
            .intake
            .post("/api/v1/incidents", body)
            .await?
            .ok()
            .context("create")?;
        Case::of(detail)
    }

    /// From a call to a rated case; answers the closed case.
    pub async fn live_through(&self, title: &str) -> anyhow::Result<Case> {
        let mut case = self.create(&self.report(title).await?).await?;
        case.step(&self.intake, "accept", &json!({"note": "在辖区内"}))
            .await?;
        let checks = case.required_checks("register");
        case.step(&self.dispatcher, "register", &json!({"checks": checks}))
            .await?;
        let lead = self.unit("cgj").await?;
        case.step(
            &self.dispatcher,
            "dispatch",
            &json!({"mode": "single", "lead": lead}),
        )
        .await?;
        let task = case.lead_task()?;
        case.step(&self.handler, "sign", &json!({"task_id": task}))
            .await?;
        case.step(
            &self.handler,
            "contact",
            &json!({"task_id": task, "result": "reached"}),
        )
        .await?;
        case.step(&self.handler, "arrive", &json!({"task_id": task}))
            .await?;
        let evidence = self.evidence(&case).await?;
        let report =
            json!({"task_id": task, "result": "solved", "text": "已清理", "evidence": evidence});
        case.step(&self.handler, "report", &report).await?;
        let checks = case.required_checks("close");
        let verified = json!({"passed": true, "checks": checks, "text": "现场已复核"});
        case.step(&self.verifier, "verify", &verified).await?;
        let closer = if case.allows("close", &self.dispatcher).await? {
            &self.dispatcher
        } else {
            &self.verifier
        };
        case.step(
            closer,
            "close",
            &json!({"text": "办结", "outcome": "solved"}),
        )
        .await?;
        Ok(case)
    }

    /// The body of a report about garbage, with an item and a place that the catalogue knows.
    pub async fn report(&self, title: &str) -> anyhow::Result<Value> {
        let items = self
            .intake
            .get("/api/v1/items/suggest?text=小区门口垃圾堆了好几天没人清理")
            .await?
            .ok()?;
        let items = items
            .as_array()
            .or_else(|| items["items"].as_array())
            .cloned()
            .unwrap_or_default();
        let item = items.first().context("no item is suggested")?["code"].clone();
        let towns = self.intake.get("/api/v1/areas?level=2").await?.ok()?;
        let towns = towns
            .as_array()
            .or_else(|| towns["items"].as_array())
            .cloned()
            .unwrap_or_default();
        let town = towns.first().context("there are no towns")?;
        Ok(json!({
            "source": "hotline", "title": title, "description": "门口的垃圾堆了三天", "item_code": item,
            "position": town["label"], "address": "示例路 1 号",
            "reporter": {"name": "张三", "phone": "10000001234", "secret": false},
        }))
    }

    async fn unit(&self, code: &str) -> anyhow::Result<Value> {
        let units = self.dispatcher.get("/api/v1/orgs").await?.ok()?;
        let units = units
            .as_array()
            .or_else(|| units["items"].as_array())
            .cloned()
            .unwrap_or_default();
        let unit = units
            .into_iter()
            .find(|unit| unit["code"] == code)
            .context("the unit is missing")?;
        Ok(unit["id"].clone())
    }

    /// What the item demands as proof.
    async fn evidence(&self, case: &Case) -> anyhow::Result<Vec<Value>> {
        let code = case.detail["item"]["code"]
            .as_str()
            .context("the case has no item")?;
        let item = self
            .handler
            .get(&format!("/api/v1/items/{code}"))
            .await?
            .ok()?;
        let kinds = item["evidence"]
            .as_array()
            .or_else(|| item["policy"]["evidence"].as_array());
        let kinds = kinds.cloned().unwrap_or_default();
        Ok(kinds
            .into_iter()
            .map(|kind| json!({"kind": kind, "media_url": "https://example.org/p.jpg"}))
            .collect())
    }
}

impl Case {
    fn of(detail: Value) -> anyhow::Result<Self> {
        let id = detail["id"]
            .as_str()
            .context("the case has no id")?
            .to_owned();
        Ok(Self { id, detail })
    }

    /// Sends one command as `person` and keeps what came back.
    pub async fn step(&mut self, person: &Api, command: &str, body: &Value) -> anyhow::Result<()> {
        let path = format!("/api/v1/incidents/{}/commands/{command}", self.id);
        let answer = person.post(&path, body).await?;
        self.detail = answer
            .ok()
            .with_context(|| format!("{command} in status {}", self.detail["status"]))?;
        Ok(())
    }

    pub fn version(&self) -> i64 {
        self.detail["version"].as_i64().unwrap_or_default()
    }

    pub fn status(&self) -> &str {
        self.detail["status"].as_str().unwrap_or_default()
    }

    fn required_checks(&self, step: &str) -> Vec<Value> {
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

    fn lead_task(&self) -> anyhow::Result<Value> {
        let tasks = self.detail["tasks"]
            .as_array()
            .context("the case has no tasks")?;
        let leads: Vec<_> = tasks.iter().filter(|task| task["role"] == "lead").collect();
        ensure!(leads.len() == 1, "{} lead tasks", leads.len());
        Ok(leads
            .first()
            .map(|task| task["id"].clone())
            .unwrap_or_default())
    }

    async fn allows(&self, command: &str, person: &Api) -> anyhow::Result<bool> {
        let detail = person
            .get(&format!("/api/v1/incidents/{}", self.id))
            .await?
            .ok()?;
        Ok(detail["allowed"]
            .as_array()
            .is_some_and(|allowed| allowed.iter().any(|each| each == command)))
    }
}
