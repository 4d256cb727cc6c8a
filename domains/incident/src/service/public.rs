//! The citizen's side: the honest state of one case for whoever holds its number and code.

use std::sync::Arc;

use yiwang_contracts::{Actor, OrgId};
use yiwang_kernel::{Text, Timestamp};
use yiwang_media::Kind;

use super::{Given, IncidentService};
use crate::IncidentError;
use crate::lifecycle::{Command, CommandKind, Rate, Reason, gate};
use crate::model::{Incident, MediaId, Outcome, Status};
use crate::store;

/// What the citizen is told.
#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct PublicStatus {
    pub number: String,
    pub title: String,
    pub stage: Status,
    pub stage_text: Text,
    /// The unit that handles it.
    pub unit: Option<Text>,
    pub steps: Vec<PublicStep>,
    /// What was answered, once it is closed.
    pub answer: String,
    pub outcome: Option<Outcome>,
    /// What the citizen sent with the case.
    pub media: Vec<PublicMedia>,
    pub can_rate: bool,
    pub can_reopen: bool,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct PublicMedia {
    pub id: MediaId,
    pub kind: Kind,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct PublicStep {
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub text: Text,
}

impl IncidentService {
    /// The state of the case with that number, for whoever knows its code.
    pub async fn public_status(
        &self,
        number: &str,
        code: &str,
        now: Timestamp,
    ) -> Result<PublicStatus, IncidentError> {
        let incident = self.by_key(number, code).await?;
        self.told_whole(&incident, now).await
    }

    /// The citizen's rating; once.
    pub async fn public_rate(
        &self,
        number: &str,
        code: &str,
        rating: Rate,
        now: Timestamp,
    ) -> Result<PublicStatus, IncidentError> {
        self.public_give(
            number,
            code,
            Command::Rate(Rate {
                public: true,
                ..rating
            }),
            now,
        )
        .await
    }

    /// The citizen says that it is not settled; within the window, as often as the rules allow.
    pub async fn public_reopen(
        &self,
        number: &str,
        code: &str,
        reason: String,
        now: Timestamp,
    ) -> Result<PublicStatus, IncidentError> {
        self.public_give(number, code, Command::Reopen(Reason { reason }), now)
            .await
    }

    async fn public_give(
        &self,
        number: &str,
        code: &str,
        command: Command,
        now: Timestamp,
    ) -> Result<PublicStatus, IncidentError> {
        let incident = self.by_key(number, code).await?;
        let given = Given {
            incident: incident.id,
            command: Arc::new(command),
            actor: Arc::new(citizen()),
            expected: None,
            now,
        };
        let incident = self.give(given).await?;
        self.told_whole(&incident, now).await
    }

    /// An unknown number and a wrong code are told apart by nobody.
    pub(super) async fn by_key(&self, number: &str, code: &str) -> Result<Incident, IncidentError> {
        let found =
            store::load_by_number(self.db.read(), &number.trim().to_ascii_uppercase()).await?;
        let code = code.trim().to_ascii_uppercase();
        found
            .filter(|incident| same(&incident.query_code, &code))
            .ok_or(IncidentError::NotFound)
    }

    async fn told_whole(
        &self,
        incident: &Incident,
        now: Timestamp,
    ) -> Result<PublicStatus, IncidentError> {
        let mut status = self.told(incident, now);
        if incident.names_files() {
            let own = self.citizens_media(incident.id).await?;
            status.media = own
                .into_iter()
                .map(|media| PublicMedia {
                    id: media.id,
                    kind: media.kind,
                    name: media.name,
                })
                .collect();
        }
        Ok(status)
    }

    fn told(&self, incident: &Incident, now: Timestamp) -> PublicStatus {
        let rules = self.world.rules();
        let actor = citizen();
        let ctx = self.world.context(&rules, self.world.centre(), &actor, now);
        let can = |kind| gate(incident, kind, &ctx).is_ok();
        let unit = incident.lead_org().and_then(|org| self.unit(org));
        let closed = incident.status == Status::Closed;
        PublicStatus {
            number: incident.number.clone(),
            title: incident.title.clone(),
            stage: incident.status,
            stage_text: stage_text(incident, unit.as_ref()),
            steps: steps(incident, unit.as_ref()),
            unit,
            answer: if closed {
                incident.doc.answer.clone()
            } else {
                String::new()
            },
            outcome: incident.doc.outcome,
            media: Vec::new(),
            can_rate: can(CommandKind::Rate),
            can_reopen: can(CommandKind::Reopen),
        }
    }

    fn unit(&self, org: OrgId) -> Option<Text> {
        self.world
            .orgs
            .by_id(&[org])
            .into_iter()
            .flatten()
            .next()
            .map(|brief| brief.name)
    }
}

fn citizen() -> Actor {
    Actor::system("诉求人 reporter")
}

/// Compares without telling by the time it takes where the two differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len()
        && a.bytes()
            .zip(b.bytes())
            .fold(0, |differ, (a, b)| differ | (a ^ b))
            == 0
}

fn en(text: &Text) -> &str {
    text.en.as_deref().unwrap_or(&text.zh)
}

fn stage_text(incident: &Incident, unit: Option<&Text>) -> Text {
    let named = |zh: &str, en_text: &str| match unit {
        Some(unit) => Text::new(zh.replace("{}", &unit.zh), en_text.replace("{}", en(unit))),
        None => Text::new(
            zh.replace("{}", "承办单位"),
            en_text.replace("{}", "the unit in charge"),
        ),
    };
    if incident.doc.suspension.is_some() {
        return named(
            "{}正在按计划办理, 因条件限制暂时挂账, 条件具备后继续办理",
            "{} will go on with it when the conditions allow; until then it is on hold",
        );
    }
    match incident.status {
        Status::Received => Text::new("已收到, 等待受理", "received, waiting to be accepted"),
        Status::Accepted => Text::new("已受理, 正在核实立案", "accepted, being checked"),
        Status::Registered if incident.doc.consulting => Text::new(
            "已立案, 正在会商确定承办单位",
            "registered; a consultation is finding the unit to handle it",
        ),
        Status::Registered => Text::new(
            "已立案, 正在确定承办单位",
            "registered, about to be dispatched",
        ),
        Status::Dispatched => named("已派给{}, 等待签收", "sent to {}, not yet signed for"),
        Status::Handling => named("{}正在处置", "{} is handling it"),
        Status::Reported => named(
            "{}已反馈处置结果, 正在核查",
            "{} has reported; the result is being verified",
        ),
        Status::Verified => named(
            "{}的处置结果已通过核查, 等待结案",
            "the result of {} is verified, about to be closed",
        ),
        Status::Closed => match incident.doc.outcome {
            Some(Outcome::Refused) => Text::new("不予受理", "not accepted"),
            Some(Outcome::Answered) => Text::new("已直接答复", "answered at once"),
            Some(Outcome::Transferred) => {
                Text::new("已转交其他服务办理", "handed to another service")
            }
            Some(Outcome::Unsolvable) => Text::new(
                "已结案, 问题暂时无法解决",
                "closed; it cannot be solved for now",
            ),
            Some(Outcome::Explained) => Text::new("已结案, 已作说明", "closed with an explanation"),
            Some(Outcome::Withdrawn) => Text::new("已结案, 诉求人撤回", "closed; it was withdrawn"),
            _ => Text::new("已结案, 问题已解决", "closed, solved"),
        },
        Status::Void => Text::new("已作废", "void"),
        Status::Merged => Text::new(
            "与同一事项的另一案件合并办理",
            "handled together with another report of the same matter",
        ),
    }
}

fn steps(incident: &Incident, unit: Option<&Text>) -> Vec<PublicStep> {
    let doc = &incident.doc;
    let lead = incident
        .lead()
        .or_else(|| incident.tasks.iter().rev().find(|task| task.is_lead()));
    let name = unit.map_or_else(|| Text::new("承办单位", "the unit in charge"), Clone::clone);
    let with = |zh: &str, en_text: &str| {
        Text::new(
            format!("{}{zh}", name.zh),
            format!("{} {en_text}", en(&name)),
        )
    };
    let lead_step =
        |at: fn(&crate::model::TaskDoc) -> Option<Timestamp>| lead.and_then(|task| at(&task.doc));
    let all = [
        (Some(incident.created_at), Text::new("收到诉求", "received")),
        (doc.accepted_at, Text::new("受理", "accepted")),
        (doc.registered_at, Text::new("立案", "registered")),
        (
            lead_step(|task| task.dispatched_at),
            Text::new(format!("派给{}", name.zh), format!("sent to {}", en(&name))),
        ),
        (
            lead_step(|task| task.signed_at),
            with("签收", "signed for it"),
        ),
        (
            lead_step(|task| task.contacted_at),
            with("联系诉求人", "contacted the reporter"),
        ),
        (
            lead_step(|task| task.arrived_at),
            with("到达现场", "arrived on site"),
        ),
        (
            lead_step(|task| task.reported_at),
            with("反馈处置结果", "reported the result"),
        ),
        (incident.closed_at, Text::new("结案", "closed")),
    ];
    let mut steps: Vec<PublicStep> = all
        .into_iter()
        .filter_map(|(at, text)| at.map(|at| PublicStep { at, text }))
        .collect();
    steps.sort_by_key(|step| step.at);
    steps
}
