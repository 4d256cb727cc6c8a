//! How the net is: numbers of devices, counts of edges, what was refused.

use std::sync::atomic::Ordering;

use serde::Serialize;
use yiwang_contracts::Actor;
use yiwang_kernel::{Page, PageRequest, Timestamp, from_micros, micros};

use super::SensingService;
use super::view::Numbers;
use crate::device::DeviceId;
use crate::error::SensingError;
use crate::protocol::Protocol;
use crate::slot::{CountsView, hearing};
use crate::store;
use crate::store::refusals::{RefusalFilter, RefusalRow};

/// Rows looked at for one page of refusals: those of hidden devices are passed over.
const LOOKED_AT_MAX: usize = 5_000;

/// Numbers of the devices that one may see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SummaryView {
    pub devices: u64,
    pub by_hearing: Numbers,
    pub by_profile: Numbers,
    pub by_state: Numbers,
    pub by_protocol: Numbers,
    /// Whose calibration is overdue.
    pub calibration_overdue: u64,
}

/// One edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EdgeView {
    pub edge: Protocol,
    pub messages: u64,
    pub counts: CountsView,
    /// Received and not yet in one of the others.
    pub waiting: i64,
}

/// How the way in is.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct HealthView {
    /// Why nothing can be made durable now.
    pub blocked: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub blocked_since: Option<Timestamp>,
    /// Groups made durable, and messages in them.
    pub groups: u64,
    pub group_messages: u64,
    /// Mean time of making a group durable.
    pub append_ms: f64,
    pub edges: Vec<EdgeView>,
    pub refusals_not_kept: u64,
}

/// A refused frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct RefusedFrame {
    pub id: i64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub edge: Protocol,
    pub remote: String,
    pub device: String,
    pub device_id: Option<DeviceId>,
    pub code: String,
    pub message: String,
    pub bytes: i64,
    /// What is kept of it, as text where it is text.
    pub text: Option<String>,
    pub hex: String,
}

/// What refused frames are asked for by.
#[derive(Debug, Clone, Default)]
pub(crate) struct RefusalQuery {
    pub edge: Option<Protocol>,
    pub code: Option<String>,
    pub device: Option<String>,
    pub q: Option<String>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

impl SensingService {
    pub fn summary(&self, actor: &Actor, now: Timestamp) -> Result<SummaryView, SensingError> {
        let scope = Self::scope(actor, "sensing.read", now)?;
        let mut summary = SummaryView::default();
        let at = micros(now);
        let count = |numbers: &mut Numbers, word: &str| {
            *numbers.entry(word.to_owned()).or_default() += 1;
        };
        for slot in self.registry.all() {
            let binding = slot.binding();
            let device = &binding.device;
            if !scope.permits(device.subject()) {
                continue;
            }
            summary.devices += 1;
            let heard = hearing(&binding, &slot.live(), at).0;
            count(&mut summary.by_hearing, heard.as_str());
            count(&mut summary.by_profile, &device.profile);
            count(&mut summary.by_state, device.state.as_str());
            count(&mut summary.by_protocol, device.protocol.as_str());
            let is_overdue = device.calibration_due.is_some_and(|due| due < now);
            summary.calibration_overdue += u64::from(is_overdue);
        }
        Ok(summary)
    }

    pub fn health(&self, actor: &Actor, now: Timestamp) -> Result<HealthView, SensingError> {
        Self::scope(actor, "counters.read", now)?;
        let state = self.intake.state();
        let blocked = state.blocked();
        let groups = state.groups.load(Ordering::Relaxed);
        let spent_ms = state.append_us.load(Ordering::Relaxed) as f64 / 1e3;
        let edges = self.intake.totals.all().iter().map(|edge| {
            let counts = edge.view();
            let settled = counts.stored
                + counts.duplicate
                + counts.refused.values().sum::<u64>()
                + counts.shed.values().sum::<u64>();
            EdgeView {
                edge: edge.edge,
                messages: edge.messages.value(),
                waiting: counts.received as i64 - settled as i64,
                counts,
            }
        });
        Ok(HealthView {
            blocked_since: blocked.as_ref().map(|(_, since)| from_micros(*since)),
            blocked: blocked.map(|(why, _)| why),
            groups,
            group_messages: state.group_messages.load(Ordering::Relaxed),
            append_ms: spent_ms / groups.max(1) as f64,
            edges: edges.collect(),
            refusals_not_kept: self.intake.refusals.not_kept(),
        })
    }

    /// Refused frames, newest first: those of devices that one may see, and of unknown senders for those who may
    /// see everything.
    pub(crate) async fn refused_frames(
        &self,
        actor: &Actor,
        query: &RefusalQuery,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<RefusedFrame>, SensingError> {
        let scope = Self::scope(actor, "sensing.read", now)?;
        let filter = RefusalFilter {
            edge: query.edge,
            code: query.code.clone(),
            device: query.device.clone(),
            q: query.q.clone(),
            from: query.from.map(micros),
            until: query.until.map(micros),
        };
        let (limit, mut before) = (page.limit(), page.position::<i64>()?);
        let nobody = yiwang_contracts::Subject {
            orgs: &[],
            area: None,
            secrecy: 1,
        };
        let visible = |row: &RefusalRow| match row.device_id.and_then(|id| self.registry.by_id(id))
        {
            Some(slot) => scope.permits(slot.binding().device.subject()),
            None => scope.permits(nobody),
        };
        let (mut found, mut looked_at) = (Vec::new(), 0);
        while found.len() <= limit as usize && looked_at < LOOKED_AT_MAX {
            let rows = store::refusals::list(self.db.read(), &filter, before, u64::from(limit) + 1)
                .await?;
            let is_last = rows.len() <= limit as usize;
            before = rows.last().map(|(id, _)| *id);
            looked_at += rows.len();
            found.extend(rows.into_iter().filter(|(_, row)| visible(row)));
            if is_last {
                break;
            }
        }
        found.truncate(limit as usize + 1);
        let page = Page::cut(found, limit, |(id, _)| *id);
        Ok(page.map(|(id, row)| refusal(id, row)))
    }
}

fn refusal(id: i64, row: RefusalRow) -> RefusedFrame {
    let text = String::from_utf8(row.body.clone()).ok();
    RefusedFrame {
        id,
        at: from_micros(row.at),
        edge: row.edge,
        remote: row.remote,
        device: row.device,
        device_id: row.device_id,
        code: row.code,
        message: row.message,
        bytes: row.bytes,
        text: text.filter(|text| !text.chars().any(|c| c.is_control() && !c.is_whitespace())),
        hex: hex::encode(&row.body),
    }
}
