//! The commands and their bodies.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use yiwang_contracts::{Grade, IncidentId, OrgId, TaskId, UserId};
use yiwang_kernel::{AreaCode, FieldFault, Position, Timestamp, Uuid};
use yiwang_worktime::Limit;

use crate::model::wire::words;
use crate::model::{
    Attachment, CardKind, DispatchMode, Evidence, Outcome, RequestKind, WhistleKind,
};

macro_rules! body {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$fmeta])* pub $field: $type),* }
    };
}

body! {
    /// 受理
    #[derive(Default)]
    Accept {
        #[serde(default)] item_code: Option<String>,
        #[serde(default)] grade: Option<Grade>,
        #[serde(default)] address: Option<String>,
        #[serde(default)] position: Option<Position>,
        #[schema(value_type = Option<String>)]
        #[serde(default)] area_code: Option<AreaCode>,
        /// The matter has no place; said by whoever accepts it.
        #[serde(default)] without_place: bool,
        #[serde(default)] note: String,
    }
}
body! {
    /// 不予受理
    Refuse {
        #[serde(default)] checks: Vec<String>,
        reason: String,
    }
}
body! {
    /// 直接答复
    AnswerDirectly { text: String }
}
body! {
    /// 转 110 等: the matter goes to another service at once; a shadow of it stays.
    ToOther {
        to: String,
        #[serde(default)] reference: String,
        #[serde(default)] note: String,
    }
}
body! {
    /// 立案
    #[derive(Default)]
    Register {
        #[serde(default)] checks: Vec<String>,
        #[serde(default)] note: String,
    }
}
body! {
    /// Corrects what a case is about.
    Reclassify {
        #[serde(default)] item_code: Option<String>,
        #[serde(default)] grade: Option<Grade>,
        #[serde(default)] title: Option<String>,
        #[serde(default)] description: Option<String>,
        #[serde(default)] address: Option<String>,
        #[serde(default)] position: Option<Position>,
        #[schema(value_type = Option<String>)]
        #[serde(default)] area_code: Option<AreaCode>,
        #[serde(default)] secrecy: Option<u8>,
        reason: String,
    }
}
body! {
    /// A command that needs a reason and nothing else.
    Reason { reason: String }
}
body! {
    /// 派遣
    Dispatch {
        mode: DispatchMode,
        lead: OrgId,
        #[serde(default)] assistants: Vec<OrgId>,
        #[serde(default)] inform: Vec<OrgId>,
        #[serde(default)] note: String,
        /// Why these units: what the responsibility list said.
        #[serde(default)] reasons: Vec<String>,
    }
}
body! {
    /// 签收
    ToTask { task_id: TaskId }
}
body! {
    /// 联系诉求人
    Contact {
        task_id: TaskId,
        /// `reached`, `no_answer`, `refused`.
        result: String,
        #[serde(default)] note: String,
    }
}
body! {
    /// 到场
    Arrive {
        task_id: TaskId,
        #[serde(default)] position: Option<Position>,
    }
}
body! {
    /// Names the person, or hands down to a unit below.
    Assign {
        task_id: TaskId,
        #[serde(default)] assignee: Option<UserId>,
        #[serde(default)] org_id: Option<OrgId>,
        #[serde(default)] note: String,
    }
}
body! {
    /// 反馈
    Report {
        task_id: TaskId,
        #[serde(default)] result: String,
        text: String,
        #[serde(default)] evidence: Vec<Evidence>,
    }
}
body! {
    /// 网格自处置: taken in, handled and closed by the grid that found it.
    SelfHandle {
        /// What was done.
        text: String,
        #[serde(default)] result: String,
        /// The lines of closing that the item asks for.
        #[serde(default)] checks: Vec<String>,
        #[serde(default)] evidence: Vec<Evidence>,
    }
}
body! {
    /// 核查
    Verify {
        passed: bool,
        #[serde(default)] checks: Vec<String>,
        #[serde(default)] text: String,
        #[serde(default)] evidence: Vec<Evidence>,
    }
}
body! {
    /// 环节办结
    FinishStage {
        task_id: TaskId,
        /// The stage's name in Chinese, as its clock has it.
        stage: String,
        #[serde(default)] text: String,
    }
}
body! {
    /// 结案
    Close { text: String, outcome: Outcome }
}
body! {
    /// 评价
    Rate {
        /// 1 very dissatisfied … 5 very satisfied.
        score: u8,
        solved: bool,
        #[serde(default)] text: String,
        #[serde(skip)] public: bool,
    }
}
body! {
    /// 申请
    MakeRequest {
        kind: RequestKind,
        #[serde(default)] task_id: Option<TaskId>,
        reason_code: String,
        text: String,
        #[serde(default)] proposed_org: Option<OrgId>,
        #[schema(value_type = Option<String>)]
        #[serde(default)] extra: Option<Limit>,
        #[schema(value_type = Option<String>, format = DateTime)]
        #[serde(default)] plan_date: Option<Timestamp>,
        #[serde(default)] leader: Option<String>,
    }
}
body! {
    /// 审批
    DecideRequest {
        #[schema(value_type = String, format = Uuid)]
        request_id: Uuid,
        approved: bool,
        #[serde(default)] text: String,
        /// The lead to dispatch to at once when a return is approved.
        #[serde(default)] lead: Option<OrgId>,
    }
}
body! {
    /// 备注
    Note {
        text: String,
        #[serde(default)] attachments: Vec<Attachment>,
    }
}
body! {
    /// 督办
    Supervise {
        card: CardKind,
        text: String,
        #[schema(value_type = Option<String>, format = DateTime)]
        #[serde(default)] new_due: Option<Timestamp>,
    }
}
body! {
    /// 协办: the lead calls in another unit.
    Assist { task_id: TaskId, org_id: OrgId, text: String }
}
body! {
    /// 免办
    Excuse { task_id: TaskId, reason: String }
}
body! {
    /// 会商结论
    Conclude {
        lead: OrgId,
        #[serde(default)] assistants: Vec<OrgId>,
        text: String,
    }
}
body! {
    /// 升级
    Escalate {
        /// The new grade; the next more urgent one when absent.
        #[serde(default)] grade: Option<Grade>,
        /// The level of government it is taken to, for the record.
        #[serde(default)] to_level: Option<String>,
        reason: String,
    }
}
body! {
    /// 并案
    Merge { into: IncidentId, #[serde(default)] note: String }
}
body! {
    /// 吹哨
    BlowWhistle {
        kind: WhistleKind,
        orgs: Vec<OrgId>,
        place: String,
        text: String,
        #[schema(value_type = Option<String>, format = DateTime)]
        #[serde(default)] arrive_by: Option<Timestamp>,
    }
}
body! {
    /// 报到
    AnswerWhistle {
        #[schema(value_type = String, format = Uuid)]
        whistle_id: Uuid,
        #[serde(default)] position: Option<Position>,
    }
}

words! {
    /// The commands by the name they have in the URL.
    pub enum CommandKind {
        Accept = "accept",
        Refuse = "refuse",
        SelfHandle = "self-handle",
        Answer = "answer",
        Transfer = "transfer",
        Register = "register",
        Reclassify = "reclassify",
        SendBack = "send-back",
        Dispatch = "dispatch",
        Recall = "recall",
        Sign = "sign",
        Contact = "contact",
        Arrive = "arrive",
        Assign = "assign",
        FinishStage = "finish-stage",
        Report = "report",
        Verify = "verify",
        Close = "close",
        Rate = "rate",
        Reopen = "reopen",
        Request = "request",
        Decide = "decide",
        Resume = "resume",
        Supervise = "supervise",
        Assist = "assist",
        Excuse = "excuse",
        Consult = "consult",
        Conclude = "conclude",
        Escalate = "escalate",
        Merge = "merge",
        Unmerge = "unmerge",
        Whistle = "whistle",
        AnswerWhistle = "answer-whistle",
        Note = "note",
    }
}

macro_rules! commands {
    ($($variant:ident($body:ty)),+ $(,)?) => {
        /// A command with its body.
        #[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
        #[serde(untagged)]
        pub enum Command { $($variant($body)),+ }

        impl Command {
            pub const fn kind(&self) -> CommandKind {
                match self { $(Self::$variant(_) => CommandKind::$variant),+ }
            }

            /// Reads the body that belongs to `kind`.
            pub fn parse(kind: CommandKind, body: Value) -> Result<Self, CommandFault> {
                match kind {
                    $(CommandKind::$variant => read::<$body>(body).map(Self::$variant)),+
                }
            }
        }
    };
}

commands! {
    Accept(Accept), Refuse(Refuse), SelfHandle(SelfHandle), Answer(AnswerDirectly), Transfer(ToOther), Register(Register),
    Reclassify(Reclassify), SendBack(Reason), Dispatch(Dispatch), Recall(Reason), Sign(ToTask),
    Contact(Contact), Arrive(Arrive), Assign(Assign), FinishStage(FinishStage), Report(Report), Verify(Verify), Close(Close),
    Rate(Rate), Reopen(Reason), Request(MakeRequest), Decide(DecideRequest), Resume(Text),
    Supervise(Supervise), Assist(Assist), Excuse(Excuse), Consult(Reason), Conclude(Conclude),
    Escalate(Escalate), Merge(Merge), Unmerge(Reason), Whistle(BlowWhistle),
    AnswerWhistle(AnswerWhistle), Note(Note),
}

impl Command {
    /// The pieces of evidence that it carries.
    pub(crate) fn evidence(&self) -> &[Evidence] {
        match self {
            Self::Report(body) => &body.evidence,
            Self::SelfHandle(body) => &body.evidence,
            Self::Verify(body) => &body.evidence,
            _ => &[],
        }
    }

    pub(crate) fn evidence_mut(&mut self) -> Option<&mut Vec<Evidence>> {
        match self {
            Self::Report(body) => Some(&mut body.evidence),
            Self::SelfHandle(body) => Some(&mut body.evidence),
            Self::Verify(body) => Some(&mut body.evidence),
            _ => None,
        }
    }
}

body! {
    /// A command that needs some words.
    Text { text: String }
}

/// The body is not one of this command.
#[derive(Debug, thiserror::Error)]
#[error("the body does not fit the command: {message}")]
pub struct CommandFault {
    pub path: String,
    pub message: String,
}

impl yiwang_kernel::Fault for CommandFault {
    fn kind(&self) -> yiwang_kernel::FaultKind {
        yiwang_kernel::FaultKind::Invalid
    }

    fn code(&self) -> &'static str {
        "incident.bad_command"
    }

    fn fields(&self) -> Vec<FieldFault> {
        vec![FieldFault::new(
            self.path.clone(),
            "incident.bad_command",
            self.message.clone(),
        )]
    }
}

fn read<T: serde::de::DeserializeOwned>(body: Value) -> Result<T, CommandFault> {
    serde_path_to_error::deserialize(body).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." {
            String::new()
        } else {
            format!("/{}", path.replace('.', "/"))
        };
        CommandFault {
            path,
            message: error.inner().to_string(),
        }
    })
}
