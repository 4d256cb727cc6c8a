//! The use cases: authorize, load, decide, save, tell. One struct, its methods by subject.

mod drafts;
mod packs;
mod publish;
mod read;
mod view;

use std::sync::Arc;

use serde_json::{Value, json};
use yiwang_contracts::{Actor, Audit, AuditEntry, EventScope, NewEvent};
use yiwang_kernel::{Timestamp, Uuid};
use yiwang_runtime::Platform;
use yiwang_store::Db;

pub(crate) use drafts::KeepDraft;
pub(crate) use publish::{PublishScreen, RestoreScreen};
pub(crate) use view::{DraftView, ScreenBrief, ScreenView, VersionView};

use crate::error::ScreensError;
use crate::screen::Screen;
use crate::store;
use crate::version::{Standing, Version};

pub(crate) const READ: &str = "screens.read";
pub(crate) const EDIT: &str = "screens.edit";

/// Everything this domain does.
pub struct ScreensService {
    db: Db,
    audit: Arc<dyn Audit>,
}

/// A screen as it stands, for one who may see it.
struct Seen {
    standing: Standing,
    /// `None` where the screen was never shown, or is not any more.
    shown: Option<Version>,
}

impl ScreensService {
    pub(crate) fn new(platform: &Platform) -> Self {
        Self {
            db: platform.db.clone(),
            audit: platform.audit.as_question(),
        }
    }

    /// What stands of a code; not there for who may not see what is shown of it. What is not shown is there for
    /// editors alone.
    async fn seen(
        &self,
        actor: &Actor,
        code: &str,
        now: Timestamp,
    ) -> Result<Option<Seen>, ScreensError> {
        let Some(standing) = store::load(self.db.read(), code).await? else {
            return Ok(None);
        };
        let shown = match standing.shown {
            Some(number) => store::version(self.db.read(), code, number).await?,
            None => None,
        };
        let is_seen = match &shown {
            Some(version) => sees(actor, &version.screen, now),
            None => actor.may_somewhere(EDIT, now),
        };
        Ok(is_seen.then_some(Seen { standing, shown }))
    }

    /// For a change: the code is free, or what stands of it may be seen. A hidden screen is not there.
    async fn may_change(
        &self,
        actor: &Actor,
        code: &str,
        now: Timestamp,
    ) -> Result<Option<Seen>, ScreensError> {
        must(actor, EDIT, now)?;
        let seen = self.seen(actor, code, now).await?;
        if seen.is_none() && store::load(self.db.read(), code).await?.is_some() {
            return Err(ScreensError::NotFound("screen"));
        }
        Ok(seen)
    }

    /// Writes an act into the audit log.
    async fn record(
        &self,
        actor: &Actor,
        action: &str,
        code: &str,
        detail: Value,
        now: Timestamp,
    ) -> Result<(), ScreensError> {
        let entry = AuditEntry::done(actor, action, format!("screen:{code}"), detail, now);
        Ok(self.audit.record(entry).await?)
    }
}

fn must(actor: &Actor, action: &'static str, now: Timestamp) -> Result<(), ScreensError> {
    if actor.may_somewhere(action, now) {
        return Ok(());
    }
    Err(ScreensError::Denied { action })
}

/// Has the actor the right that a screen asks for, anywhere?
fn sees(actor: &Actor, screen: &Screen, now: Timestamp) -> bool {
    let right = screen.right.as_deref();
    right.is_none_or(|right| actor.may_somewhere(right, now))
}

/// Tells walls that another version is shown, or none any more.
fn event(kind: &str, screen: &Screen, version: Option<i64>, at: Timestamp) -> NewEvent {
    NewEvent {
        kind: format!("screens.{kind}"),
        subject_id: uuid_of(&screen.code),
        at,
        scope: EventScope {
            action: screen.right.clone().unwrap_or_else(|| READ.to_owned()),
            orgs: Vec::new(),
            area: None,
            secrecy: 1,
        },
        body: json!({ "code": screen.code, "version": version }),
    }
}

/// The id by which events speak of a screen.
fn uuid_of(code: &str) -> Uuid {
    let digest = yiwang_kernel::sha256(format!("screen/{code}").as_bytes());
    let bytes: [u8; 16] = digest.first_chunk().copied().unwrap_or_default();
    Uuid::from_bytes(bytes)
}
