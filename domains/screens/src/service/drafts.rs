//! Drafts of screens: one of each code, right or not yet.

use serde::Deserialize;
use serde_json::{Value, json};
use yiwang_contracts::Actor;
use yiwang_kernel::Timestamp;
use yiwang_store::Tx;

use super::view;
use super::{DraftView, EDIT, ScreensService, must};
use crate::check::{SCREEN_BYTES_MAX, is_code};
use crate::error::ScreensError;
use crate::store;
use crate::version::{Draft, Standing};

/// Screens and drafts of screens that a city has.
const SCREENS_MAX: i64 = 1_000;

/// The whole screen as it is now.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KeepScreenDraft)]
pub struct KeepDraft {
    /// As typed; need not be right yet.
    #[schema(value_type = Object)]
    pub screen: Value,
    /// The version that it began from; of a new screen none.
    #[serde(default)]
    pub based_on: Option<i64>,
    /// The draft that was looked at; none where there was none.
    #[serde(default)]
    pub revision: Option<i64>,
}

impl ScreensService {
    pub async fn draft(
        &self,
        actor: &Actor,
        code: &str,
        now: Timestamp,
    ) -> Result<DraftView, ScreensError> {
        let seen = self.may_change(actor, code, now).await?;
        let standing = seen.ok_or(ScreensError::NotFound("screen"))?.standing;
        let draft = standing.draft.ok_or(ScreensError::NotFound("draft"))?;
        Ok(view::draft(code, draft, standing.shown))
    }

    /// Keeps a draft as it is now, and tells everything that is found about it.
    pub async fn keep_draft(
        &self,
        actor: &Actor,
        code: &str,
        keep: KeepDraft,
        now: Timestamp,
    ) -> Result<DraftView, ScreensError> {
        self.may_change(actor, code, now).await?;
        self.check_draft(code, &keep).await?;
        let (key, by) = (code.to_owned(), actor.name.clone());
        let (standing, draft) = self
            .db
            .write(move |tx| Box::pin(async move { keep_in(tx, &key, keep, by, now).await }))
            .await?;
        let detail = json!({ "revision": draft.revision, "based_on": draft.based_on });
        self.record(actor, "screen.draft", code, detail, now)
            .await?;
        Ok(view::draft(code, draft, standing.shown))
    }

    async fn check_draft(&self, code: &str, keep: &KeepDraft) -> Result<(), ScreensError> {
        if !is_code(code) {
            let message =
                format!("`{code}` is no code: 1 to 64 lower case letters, digits and hyphens");
            return Err(ScreensError::invalid("code", "screens.bad_code", message));
        }
        if !keep.screen.is_object() {
            let message = "a screen is an object";
            return Err(ScreensError::invalid(
                "/screen",
                "screens.malformed",
                message,
            ));
        }
        if keep.screen.to_string().len() > SCREEN_BYTES_MAX {
            let message = format!("at most {SCREEN_BYTES_MAX} bytes");
            return Err(ScreensError::invalid(
                "/screen",
                "screens.too_long",
                message,
            ));
        }
        if let Some(number) = keep.based_on
            && store::version(self.db.read(), code, number)
                .await?
                .is_none()
        {
            let message = format!("the screen {code} has no version {number}");
            return Err(ScreensError::invalid(
                "/based_on",
                "screens.no_version",
                message,
            ));
        }
        Ok(())
    }

    /// Puts a draft away for good.
    pub async fn discard_draft(
        &self,
        actor: &Actor,
        code: &str,
        now: Timestamp,
    ) -> Result<(), ScreensError> {
        must(actor, EDIT, now)?;
        self.draft(actor, code, now).await?;
        let key = code.to_owned();
        let dropped = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let standing = store::hold(tx, &key).await?;
                    let draft = standing.draft.ok_or(ScreensError::NotFound("draft"))?;
                    store::drop_draft(tx, &key).await?;
                    Ok::<_, ScreensError>(draft)
                })
            })
            .await?;
        let detail = json!({ "revision": dropped.revision, "changed_by": dropped.changed_by });
        self.record(actor, "screen.discard", code, detail, now)
            .await
    }
}

async fn keep_in(
    tx: &Tx,
    code: &str,
    keep: KeepDraft,
    by: String,
    now: Timestamp,
) -> Result<(Standing, Draft), ScreensError> {
    let standing = store::hold(tx, code).await?;
    is_at(&standing, keep.revision)?;
    let is_new = standing.shown.is_none() && standing.draft.is_none();
    if is_new && store::count(tx).await? >= SCREENS_MAX {
        let message = format!("the city has {SCREENS_MAX} screens and drafts; remove one first");
        return Err(ScreensError::NotNow(message));
    }
    let draft = Draft {
        screen: keep.screen,
        based_on: keep.based_on,
        revision: standing.revision + 1,
        changed_at: now,
        changed_by: by,
    };
    store::keep_draft(tx, code, &draft).await?;
    Ok((standing, draft))
}

/// The draft is the one that was looked at.
pub(super) fn is_at(standing: &Standing, expected: Option<i64>) -> Result<(), ScreensError> {
    let draft = standing.draft.as_ref();
    let current = draft.map(|draft| draft.revision);
    if current == expected {
        return Ok(());
    }
    Err(ScreensError::DraftConflict {
        expected,
        current,
        by: draft.map(|draft| draft.changed_by.clone()),
    })
}
