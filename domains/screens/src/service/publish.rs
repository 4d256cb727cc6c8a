//! Drafts become versions, old versions become new ones, and screens of no pack go.

use serde::Deserialize;
use serde_json::json;
use yiwang_contracts::Actor;
use yiwang_kernel::Timestamp;

use super::drafts::is_at;
use super::view::{self, other_code};
use super::{ScreenView, ScreensService, event, sees};
use crate::check::examined;
use crate::error::ScreensError;
use crate::screen::Screen;
use crate::store;
use crate::version::{Origin, Version};

const NOTE_CHARS_MAX: usize = 500;

/// A draft becomes what is shown.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishScreen {
    /// The draft that was looked at.
    pub revision: i64,
    /// Why.
    pub note: String,
}

/// An old version becomes the newest.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreScreen {
    pub version: i64,
    /// Why.
    pub note: String,
}

fn noted(note: &str) -> Result<String, ScreensError> {
    let note = note.trim();
    let length = note.chars().count();
    if length == 0 {
        return Err(ScreensError::invalid("/note", "screens.missing", "say why"));
    }
    if length > NOTE_CHARS_MAX {
        let message = format!("at most {NOTE_CHARS_MAX} characters");
        return Err(ScreensError::invalid("/note", "screens.too_long", message));
    }
    Ok(note.to_owned())
}

/// A version as a person publishes it; the store gives it its number.
fn edited(screen: Screen, actor: &Actor, note: String, now: Timestamp) -> Version {
    Version {
        number: 0,
        origin: Origin::Edited,
        screen,
        at: now,
        by: actor.name.clone(),
        note,
    }
}

impl ScreensService {
    pub async fn publish(
        &self,
        actor: &Actor,
        code: &str,
        publish: PublishScreen,
        now: Timestamp,
    ) -> Result<ScreenView, ScreensError> {
        let seen = self.may_change(actor, code, now).await?;
        let standing = seen.ok_or(ScreensError::NotFound("screen"))?.standing;
        let note = noted(&publish.note)?;
        is_at(&standing, Some(publish.revision))?;
        let draft = standing.draft.ok_or(ScreensError::NotFound("draft"))?;
        let screen = checked(code, &draft.screen)?;
        let (key, based_on) = (code.to_owned(), draft.based_on);
        let mut version = edited(screen, actor, note, now);
        let (standing, version) = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let mut standing = store::hold(tx, &key).await?;
                    is_at(&standing, Some(publish.revision))?;
                    if standing.shown != based_on {
                        return Err(ScreensError::VersionConflict {
                            expected: based_on,
                            current: standing.shown,
                        });
                    }
                    version.number = store::add(tx, version.clone()).await?;
                    standing.shown = Some(version.number);
                    store::save(tx, &standing).await?;
                    store::drop_draft(tx, &key).await?;
                    tx.publish(event("published", &version.screen, standing.shown, now));
                    Ok((standing, version))
                })
            })
            .await?;
        let detail =
            json!({ "version": version.number, "based_on": based_on, "note": version.note });
        self.record(actor, "screen.publish", code, detail, now)
            .await?;
        Ok(view::screen(version, &standing))
    }

    /// An old version becomes the newest. The pack's own newest version gives the screen back to the pack.
    pub async fn restore(
        &self,
        actor: &Actor,
        code: &str,
        restore: RestoreScreen,
        now: Timestamp,
    ) -> Result<ScreenView, ScreensError> {
        let seen = self.may_change(actor, code, now).await?;
        let before = seen.ok_or(ScreensError::NotFound("screen"))?.standing;
        let note = noted(&restore.note)?;
        let old = store::version(self.db.read(), code, restore.version)
            .await?
            .filter(|version| sees(actor, &version.screen, now))
            .ok_or(ScreensError::NotFound("version"))?;
        if before.shown == Some(old.number) {
            let message = format!("version {} is shown already", old.number);
            return Err(ScreensError::NotNow(message));
        }
        let screen = checked(code, &serde_json::to_value(&old.screen)?)?;
        let key = code.to_owned();
        let mut version = edited(screen, actor, note, now);
        let (standing, version) = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let mut standing = store::hold(tx, &key).await?;
                    if standing.shown != before.shown {
                        return Err(ScreensError::VersionConflict {
                            expected: before.shown,
                            current: standing.shown,
                        });
                    }
                    let is_packs = standing.pack_version == Some(old.number);
                    if is_packs {
                        version.origin = old.origin;
                    }
                    version.number = store::add(tx, version.clone()).await?;
                    standing.shown = Some(version.number);
                    if is_packs {
                        standing.pack_version = standing.shown;
                    }
                    store::save(tx, &standing).await?;
                    tx.publish(event("published", &version.screen, standing.shown, now));
                    Ok((standing, version))
                })
            })
            .await?;
        let detail =
            json!({ "version": version.number, "restored": restore.version, "note": version.note });
        self.record(actor, "screen.restore", code, detail, now)
            .await?;
        Ok(view::screen(version, &standing))
    }

    /// Takes a screen away that no pack brings, with its draft; its versions stay on record.
    pub async fn remove(
        &self,
        actor: &Actor,
        code: &str,
        now: Timestamp,
    ) -> Result<(), ScreensError> {
        let seen = self.may_change(actor, code, now).await?;
        let shown = seen.and_then(|seen| seen.shown);
        let shown = shown.ok_or(ScreensError::NotFound("screen"))?;
        let key = code.to_owned();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut standing = store::hold(tx, &key).await?;
                    if let Some(pack) = standing.pack {
                        let message = format!(
                            "the screen comes with the pack {pack}; restore its version, or publish another one"
                        );
                        return Err(ScreensError::NotNow(message));
                    }
                    standing.shown = None;
                    store::save(tx, &standing).await?;
                    store::drop_draft(tx, &key).await?;
                    tx.publish(event("removed", &shown.screen, None, now));
                    Ok(())
                })
            })
            .await?;
        self.record(actor, "screen.remove", code, json!({}), now)
            .await
    }
}

/// The screen, if nothing forbids that it is published under this code.
fn checked(code: &str, screen: &serde_json::Value) -> Result<Screen, ScreensError> {
    let (screen, findings) = examined(screen);
    match screen {
        Some(screen) if screen.code == code => Ok(screen),
        Some(_) => Err(ScreensError::Faulty(vec![other_code(code)])),
        None => Err(ScreensError::Faulty(findings)),
    }
}
