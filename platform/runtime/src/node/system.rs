//! The system page: queues, subscriptions, reconcilers, tasks, and messages that nobody could handle.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yiwang_contracts::{Actor, Audit as _, AuditEntry, AuditOutcome};
use yiwang_http::{ApiResult, CurrentActor, Json, Path, Problem, Problems, require};
use yiwang_kernel::{Page, Timestamp, Uuid};
use yiwang_store::ParkedMessage;

use super::Node;
use crate::TaskState;
use crate::reconcile::ReconcilerState;

/// The right to see and mend the machinery.
const SYSTEM_READ: &str = "system.read";

pub(super) fn routes(node: Node) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(queues))
        .routes(routes!(parked))
        .routes(routes!(retry_parked))
        .routes(routes!(discard_parked))
        .with_state(node)
}

/// How the machinery stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueuesView {
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Timestamp,
    pub writer: WriterView,
    pub outbox: OutboxView,
    pub subscriptions: Vec<SubscriptionView>,
    pub parked: usize,
    pub reconcilers: Vec<ReconcilerState>,
    pub tasks: Vec<TaskView>,
}

/// The write path since the node started.
#[derive(Debug, Serialize, ToSchema)]
pub struct WriterView {
    pub writes: u64,
    /// Commits; several writes share one.
    pub groups: u64,
    /// Writes refused because too many were waiting.
    pub refused: u64,
    pub failed_commits: u64,
    pub waiting: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OutboxView {
    pub last_seq: i64,
    /// Events still kept.
    pub kept: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SubscriptionView {
    pub name: String,
    pub seq: i64,
    /// Events not handled yet.
    pub behind: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NodeTaskView)]
pub struct TaskView {
    pub name: String,
    /// running, ended, failed, panicked
    pub state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// An event that a subscription could not handle.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParkedView {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub subscription: String,
    pub seq: i64,
    pub kind: String,
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub error: String,
    pub tries: u32,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// Queues, subscriptions, reconcilers and tasks
#[utoipa::path(get, path = "/api/v1/system/queues", tag = "system", operation_id = "system_queues",
    responses((status = 200, body = QueuesView), Problems))]
async fn queues(
    State(node): State<Node>,
    CurrentActor(actor): CurrentActor,
) -> ApiResult<QueuesView> {
    let platform = node.platform();
    let now = platform.now();
    require(&actor, SYSTEM_READ, now)?;
    let (stats, lag) = (platform.db.writer_stats(), platform.db.outbox_lag().await?);
    let subscriptions = platform.db.subscriptions().await?;
    Ok(Json(QueuesView {
        as_of: now,
        writer: WriterView {
            writes: stats.writes,
            groups: stats.groups,
            refused: stats.refused,
            failed_commits: stats.failed_commits,
            waiting: stats.waiting,
        },
        outbox: OutboxView {
            last_seq: lag.last_seq,
            kept: lag.kept,
        },
        subscriptions: subscriptions
            .into_iter()
            .map(|one| SubscriptionView {
                name: one.name,
                seq: one.seq,
                behind: one.behind,
            })
            .collect(),
        parked: platform.db.parked().await?.len(),
        reconcilers: node.reconcilers().states(),
        tasks: platform.tasks.states().into_iter().map(task_view).collect(),
    }))
}

fn task_view((name, state): (String, TaskState)) -> TaskView {
    let (state, message) = match state {
        TaskState::Running => ("running", None),
        TaskState::Ended => ("ended", None),
        TaskState::Failed(message) => ("failed", Some(message)),
        TaskState::Panicked(message) => ("panicked", Some(message)),
    };
    TaskView {
        name,
        state: state.to_owned(),
        message,
    }
}

/// Events that a subscription could not handle
#[utoipa::path(get, path = "/api/v1/system/parked", tag = "system", operation_id = "system_parked",
    responses((status = 200, body = Page<ParkedView>), Problems))]
async fn parked(
    State(node): State<Node>,
    CurrentActor(actor): CurrentActor,
) -> ApiResult<Page<ParkedView>> {
    require(&actor, SYSTEM_READ, node.platform().now())?;
    let items = node
        .platform()
        .db
        .parked()
        .await?
        .into_iter()
        .map(parked_view)
        .collect();
    Ok(Json(Page { items, next: None }))
}

fn parked_view(message: ParkedMessage) -> ParkedView {
    ParkedView {
        id: message.id,
        subscription: message.subscription,
        seq: message.seq,
        kind: message.kind,
        subject_id: message.event.subject_id,
        error: message.error,
        tries: message.tries,
        at: message.at,
    }
}

/// Hands a parked event to its subscription once more
#[utoipa::path(post, path = "/api/v1/system/parked/{id}/retry", tag = "system", operation_id = "system_parked_retry",
    params(("id" = Uuid, Path)), responses((status = 204, description = "handled"), Problems))]
async fn retry_parked(
    State(node): State<Node>,
    CurrentActor(actor): CurrentActor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    let message = find(&node, &actor, id).await?;
    let subscription = node
        .0
        .subscriptions
        .iter()
        .find(|one| one.name == message.subscription);
    let Some(subscription) = subscription else {
        let detail = "the subscription is not there any more; the message can only be discarded";
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "system.subscription_gone",
            detail,
        ));
    };
    let handled = subscription
        .handler
        .handle(std::slice::from_ref(&message.event))
        .await;
    let outcome = if handled.is_ok() {
        AuditOutcome::Done
    } else {
        AuditOutcome::Failed
    };
    record(&node, &actor, "parked.retry", &message, outcome).await?;
    if let Err(error) = handled {
        tracing::warn!(subscription = subscription.name, seq = message.seq, %error, "a parked event failed again");
        let problem = Problem::new(
            StatusCode::CONFLICT,
            "system.failed_again",
            "the event could not be handled again",
        );
        return Err(problem.with_data(json!({ "error": error.to_string() })));
    }
    node.platform().db.discard_parked(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a parked event up
#[utoipa::path(post, path = "/api/v1/system/parked/{id}/discard", tag = "system",
    operation_id = "system_parked_discard", params(("id" = Uuid, Path)),
    responses((status = 204, description = "given up"), Problems))]
async fn discard_parked(
    State(node): State<Node>,
    CurrentActor(actor): CurrentActor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    let message = find(&node, &actor, id).await?;
    record(
        &node,
        &actor,
        "parked.discard",
        &message,
        AuditOutcome::Done,
    )
    .await?;
    node.platform().db.discard_parked(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn find(node: &Node, actor: &Actor, id: Uuid) -> Result<ParkedMessage, Problem> {
    require(actor, SYSTEM_READ, node.platform().now())?;
    let parked = node.platform().db.parked().await?;
    parked
        .into_iter()
        .find(|message| message.id == id)
        .ok_or_else(Problem::not_found)
}

async fn record(
    node: &Node,
    actor: &Actor,
    action: &str,
    message: &ParkedMessage,
    outcome: AuditOutcome,
) -> Result<(), Problem> {
    let detail: Value =
        json!({ "subscription": message.subscription, "seq": message.seq, "kind": message.kind });
    let entry = AuditEntry {
        outcome,
        ..AuditEntry::done(
            actor,
            action,
            format!("parked:{}", message.id),
            detail,
            node.platform().now(),
        )
    };
    Ok(node.platform().audit.record(entry).await?)
}
