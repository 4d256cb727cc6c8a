//! A case as the API tells of it, as far as officers look. What is missing is taken as absent.

use serde::Deserialize;
use serde_json::Value;
use yiwang_kernel::Timestamp;

/// A case.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CaseView {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) status: String,
    pub(crate) light: Option<String>,
    pub(crate) grade: Option<String>,
    pub(crate) source: String,
    pub(crate) source_ref: Option<String>,
    pub(crate) item: Option<Coded>,
    pub(crate) area: Option<Coded>,
    pub(crate) position: Option<Value>,
    pub(crate) secrecy: u8,
    pub(crate) version: i64,
    pub(crate) suspended: bool,
    pub(crate) consulting: bool,
    pub(crate) tasks: Vec<TaskView>,
    pub(crate) clocks: Vec<ClockView>,
    pub(crate) requests: Vec<RequestView>,
    pub(crate) cards: Vec<Value>,
    pub(crate) checks: Checks,
    /// What the lead's report must carry.
    pub(crate) evidence: Vec<String>,
    /// What whoever was answered may do.
    pub(crate) allowed: Vec<String>,
    pub(crate) outcome: Option<String>,
    pub(crate) rating: Option<Value>,
    pub(crate) public: Option<Public>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Coded {
    pub(crate) code: String,
    pub(crate) name: Value,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TaskView {
    pub(crate) id: String,
    pub(crate) org_id: String,
    pub(crate) role: String,
    pub(crate) status: String,
    pub(crate) contacted_at: Option<Timestamp>,
    pub(crate) arrived_at: Option<Timestamp>,
    pub(crate) extensions: u16,
}

impl TaskView {
    pub(crate) fn is_open(&self) -> bool {
        ["pending", "to_sign", "handling", "reported"].contains(&self.status.as_str())
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ClockView {
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) started_at: Timestamp,
    #[serde(default)]
    pub(crate) due_at: Option<Timestamp>,
    /// `5wd`
    #[serde(default)]
    pub(crate) limit: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RequestView {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) status: String,
    pub(crate) proposed_org: Option<Value>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Checks {
    pub(crate) register: Vec<Check>,
    pub(crate) refuse: Vec<Check>,
    pub(crate) close: Vec<Check>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Check {
    pub(crate) code: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Public {
    pub(crate) number: String,
    pub(crate) query_code: String,
}

impl CaseView {
    pub(crate) fn allows(&self, command: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed == command)
    }

    pub(crate) fn read(detail: &Value) -> Option<Self> {
        let view = Self::deserialize(detail).ok()?;
        (!view.id.is_empty()).then_some(view)
    }

    pub(crate) fn grade(&self) -> &str {
        self.grade.as_deref().unwrap_or("iv")
    }

    pub(crate) fn is_urgent(&self) -> bool {
        matches!(self.grade(), "i" | "ii")
    }

    pub(crate) fn item_code(&self) -> &str {
        self.item.as_ref().map_or("", |item| &item.code)
    }

    pub(crate) fn lead_task(&self) -> Option<&TaskView> {
        self.tasks
            .iter()
            .find(|task| task.role == "lead" && task.is_open())
    }

    /// The request that waits for a decision.
    pub(crate) fn pending_request(&self) -> Option<&RequestView> {
        self.requests
            .iter()
            .find(|request| request.status == "pending")
    }

    /// The limit of handling, as the running clock has it.
    pub(crate) fn handle_limit(&self) -> Option<&str> {
        let mut running = self
            .clocks
            .iter()
            .filter(|clock| clock.kind == "handle" && clock.state == "running");
        running.next()?.limit.as_deref()
    }

    /// The running clock of a step: the one that ends first.
    pub(crate) fn clock(&self, kind: &str) -> Option<(Timestamp, Timestamp)> {
        self.clocks
            .iter()
            .filter(|clock| clock.kind == kind && clock.state == "running")
            .filter_map(|clock| Some((clock.started_at, clock.due_at?)))
            .min_by_key(|(_, due)| *due)
    }
}
