//! Everything about one case that the reader may see.

use serde::{Deserialize, Serialize};
use yiwang_contracts::{CheckLine, ClockKind, IncidentId, ItemPolicy, TaskId};
use yiwang_kernel::{Position, Text, Timestamp, Uuid};

use super::{IncidentRow, MediaView, Names, OrgName, TaskView, UserName};
use crate::clocks;
use crate::model::{
    Attachment, CardKind, Clock, ClockState, Doc, EscalationLevel, Evidence, Incident, Light,
    Outcome, Rating, Request, RequestKind, RequestStatus, SuspensionPlan, Transfer, Whistle,
    WhistleKind,
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct IncidentDetail {
    #[serde(flatten)]
    pub row: IncidentRow,
    pub description: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub occurred_at: Option<Timestamp>,
    pub reporter: Option<ReporterView>,
    pub source_ref: Option<String>,
    /// Who has to act: a seat of the centre, when no unit has it.
    pub desk: Option<String>,
    pub tasks: Vec<TaskView>,
    pub clocks: Vec<ClockView>,
    pub requests: Vec<RequestView>,
    pub cards: Vec<CardView>,
    pub whistles: Vec<WhistleView>,
    pub attachments: Vec<Attachment>,
    /// The files that evidence and attachments name by their ids.
    pub media: Vec<MediaView>,
    /// What the last verification saw.
    pub verification: Vec<Evidence>,
    pub checks: ChecksView,
    /// Evidence that the report of the lead must carry.
    pub evidence: Vec<String>,
    /// The commands that the reader may give now.
    pub allowed: Vec<String>,
    pub suspension: Option<SuspensionView>,
    pub merged_into: Option<IncidentId>,
    pub children: Vec<IncidentId>,
    /// Different callers of this case and of those merged into it.
    pub callers: u32,
    /// For the desk only: whoever holds it speaks as the citizen.
    pub public: Option<PublicKey>,
    pub outcome: Option<Outcome>,
    pub answer: String,
    pub transfer: Option<Transfer>,
    pub rating: Option<RatingView>,
    pub excluded: Option<ExclusionView>,
    pub returns: u16,
    pub reworks: u16,
    pub reopens: u16,
    pub versions: Versions,
    /// False while some figure of the policy is not verified.
    pub policy_verified: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReporterView {
    pub name_masked: String,
    pub phone_masked: String,
    /// Asked not to be known to the handlers.
    pub secret: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ClockView {
    pub kind: ClockKind,
    pub task_id: Option<TaskId>,
    /// The stage that it limits, where the step has several.
    pub stage: Option<Text>,
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// `5wd`
    pub limit: String,
    pub extra: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub yellow_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub orange_at: Option<Timestamp>,
    /// When the case is escalated by itself before the limit is over.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub escalate_at: Option<Timestamp>,
    /// For what it was escalated.
    pub escalated: Vec<EscalationLevel>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub stopped_at: Option<Timestamp>,
    pub state: ClockState,
    pub light: Light,
    pub explanation: Text,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RequestView {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub kind: RequestKind,
    pub task_id: Option<TaskId>,
    pub status: RequestStatus,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub by: UserName,
    pub reason_code: String,
    pub text: String,
    pub proposed_org: Option<OrgName>,
    /// In the unit of the limit.
    pub extra: Option<u32>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub plan_date: Option<Timestamp>,
    pub leader: Option<String>,
    pub appeal: bool,
    pub decision: Option<DecisionView>,
}

/// What the second person decided. Without a person: it followed by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DecisionView {
    pub approved: bool,
    pub text: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub by: Option<UserName>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CardView {
    pub card: CardKind,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub by: String,
    pub text: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub new_due: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WhistleView {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub kind: WhistleKind,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub by: String,
    pub place: String,
    pub text: String,
    #[schema(value_type = String, format = DateTime)]
    pub arrive_by: Timestamp,
    pub calls: Vec<WhistleCallView>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WhistleCallView {
    pub org: OrgName,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub arrived_at: Option<Timestamp>,
    pub by: String,
    pub position: Option<Position>,
    pub late: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChecksView {
    pub register: Vec<TickedLine>,
    pub refuse: Vec<TickedLine>,
    pub close: Vec<TickedLine>,
}

/// A line of a checklist, and whether it was ticked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TickedLine {
    pub code: String,
    pub text: Text,
    pub required: bool,
    pub ticked: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SuspensionView {
    #[schema(value_type = String, format = DateTime)]
    pub plan_date: Timestamp,
    pub leader: String,
    #[schema(value_type = String, format = DateTime)]
    pub review_at: Timestamp,
}

/// What the citizen asks for the state by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PublicKey {
    pub number: String,
    pub query_code: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RatingView {
    pub score: u8,
    pub solved: bool,
    pub text: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Given by the citizen, not taken down at a call-back.
    pub public: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExclusionView {
    pub reason_code: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// The versions of the rules that the case is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Versions {
    pub item: u32,
    /// Of the responsibility list when it was dispatched last; 0 before that.
    pub list: u32,
    /// Of the catalogue, and with it of the limits, when a clock was started last.
    pub catalog: i64,
    pub calendar: u32,
}

impl IncidentDetail {
    /// `reporter` and `allowed` depend on who looks.
    pub(crate) fn of(
        incident: &Incident,
        names: &Names<'_>,
        reporter: Option<ReporterView>,
        allowed: Vec<String>,
        at_desk: bool,
    ) -> Self {
        let doc = &incident.doc;
        let policy = names.policy(incident);
        let checks = policy.as_ref().map(|policy| checks_view(policy, doc));
        Self {
            row: IncidentRow::of(incident, names),
            description: doc.description.clone(),
            occurred_at: doc.occurred_at,
            reporter,
            source_ref: incident.source_ref.clone(),
            desk: crate::lifecycle::desk(incident).map(|desk| desk.as_str().to_owned()),
            tasks: incident
                .tasks
                .iter()
                .map(|task| TaskView::of(incident, task, names))
                .collect(),
            clocks: doc
                .clocks
                .iter()
                .map(|clock| clock_view(incident, clock, names))
                .collect(),
            requests: doc
                .requests
                .iter()
                .map(|asked| request_view(incident, asked, names))
                .collect(),
            cards: doc.cards.iter().map(card_view).collect(),
            whistles: doc
                .whistles
                .iter()
                .map(|whistle| whistle_view(whistle, names))
                .collect(),
            attachments: doc.attachments.clone(),
            media: Vec::new(),
            verification: doc.verification.clone(),
            checks: checks.unwrap_or_default(),
            evidence: policy
                .map(|policy| policy.evidence.clone())
                .unwrap_or_default(),
            allowed,
            suspension: doc.suspension.as_ref().map(suspension_view),
            merged_into: incident.merged_into,
            children: doc.children.clone(),
            callers: doc.callers.max(u32::from(doc.has_reporter)),
            public: at_desk.then(|| PublicKey {
                number: incident.number.clone(),
                query_code: incident.query_code.clone(),
            }),
            outcome: doc.outcome,
            answer: doc.answer.clone(),
            transfer: doc.transfer.clone(),
            rating: doc.rating.as_ref().map(rating_view),
            excluded: doc.excluded.as_ref().map(|excluded| ExclusionView {
                reason_code: excluded.reason_code.clone(),
                at: excluded.at,
            }),
            returns: doc.returns,
            reworks: doc.reworks,
            reopens: doc.reopens,
            versions: Versions {
                item: doc.judged.item,
                list: doc.judged.list,
                catalog: doc.judged.catalog,
                calendar: incident.calendar_version,
            },
            policy_verified: doc.judged.verified,
        }
    }
}

fn checks_view(policy: &ItemPolicy, doc: &Doc) -> ChecksView {
    ChecksView {
        register: ticked(&policy.register_checks, &doc.register_checks),
        refuse: ticked(&policy.refuse_checks, &doc.refuse_checks),
        close: ticked(&policy.close_checks, &doc.close_checks),
    }
}

fn suspension_view(plan: &SuspensionPlan) -> SuspensionView {
    SuspensionView {
        plan_date: plan.plan_at,
        leader: plan.leader.clone(),
        review_at: plan.review_at,
    }
}

fn rating_view(rating: &Rating) -> RatingView {
    RatingView {
        score: rating.score,
        solved: rating.solved,
        text: rating.text.clone(),
        at: rating.at,
        public: rating.public,
    }
}

fn ticked(lines: &[CheckLine], ticks: &[String]) -> Vec<TickedLine> {
    lines
        .iter()
        .map(|line| TickedLine {
            code: line.code.clone(),
            text: line.text.clone(),
            required: line.required,
            ticked: ticks.contains(&line.code),
        })
        .collect()
}

fn task_id(incident: &Incident, no: Option<u16>) -> Option<TaskId> {
    no.and_then(|no| incident.task(no)).map(|task| task.id)
}

fn clock_view(incident: &Incident, clock: &Clock, names: &Names<'_>) -> ClockView {
    let pauses = &incident.doc.pauses;
    ClockView {
        kind: clock.kind,
        task_id: task_id(incident, clock.task),
        stage: clock.stage.clone(),
        started_at: clock.started_at,
        limit: clock.limit.to_string(),
        extra: (clock.extra > 0).then(|| {
            yiwang_worktime::Limit {
                amount: clock.extra,
                ..clock.limit
            }
            .to_string()
        }),
        due_at: clock.due_at,
        yellow_at: clock.yellow_at,
        orange_at: clock.orange_at,
        escalate_at: clock.escalate_at,
        escalated: clock.escalated.clone(),
        stopped_at: clock.stopped_at,
        state: clocks::state(clock, pauses, names.now),
        light: clocks::light(clock, names.now),
        explanation: clocks::explain(clock, pauses, names.catalog, names.explanations),
    }
}

fn request_view(incident: &Incident, request: &Request, names: &Names<'_>) -> RequestView {
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    let decided = matches!(
        request.status,
        RequestStatus::Approved | RequestStatus::Rejected
    );
    RequestView {
        id: request.id,
        kind: request.kind,
        task_id: task_id(incident, request.task),
        status: request.status,
        at: request.asked_at,
        by: UserName {
            id: request.asked_by,
            name: request.asked_by_name.clone(),
        },
        reason_code: request.reason_code.clone(),
        text: request.text.clone(),
        proposed_org: request.proposed_org.map(|org| names.org(org)),
        extra: (request.extra > 0).then_some(request.extra),
        plan_date: request.plan_at,
        leader: some(&request.leader),
        appeal: request.appeal,
        decision: request
            .decided_at
            .filter(|_| decided)
            .map(|at| DecisionView {
                approved: request.status == RequestStatus::Approved,
                text: request.decision.clone(),
                at,
                by: request.decided_by.map(|id| UserName {
                    id,
                    name: request.decided_by_name.clone(),
                }),
            }),
    }
}

fn card_view(card: &crate::model::Card) -> CardView {
    CardView {
        card: card.kind,
        at: card.at,
        by: card.by_name.clone(),
        text: card.text.clone(),
        new_due: card.new_due,
    }
}

fn whistle_view(whistle: &Whistle, names: &Names<'_>) -> WhistleView {
    let call = |call: &crate::model::WhistleCall| WhistleCallView {
        org: names.org(call.org_id),
        arrived_at: call.arrived_at,
        by: call.by_name.clone(),
        position: call.position,
        late: call.arrived_at.unwrap_or(names.now) > whistle.arrive_by,
    };
    WhistleView {
        id: whistle.id,
        kind: whistle.kind,
        at: whistle.at,
        by: whistle.by_name.clone(),
        place: whistle.place.clone(),
        text: whistle.text.clone(),
        arrive_by: whistle.arrive_by,
        calls: whistle.calls.iter().map(call).collect(),
    }
}
