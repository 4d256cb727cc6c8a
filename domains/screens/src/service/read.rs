//! Screens and their versions, for those who may see them.

use std::collections::HashSet;

use yiwang_contracts::Actor;
use yiwang_kernel::Timestamp;

use super::view;
use super::{EDIT, READ, ScreenBrief, ScreenView, ScreensService, VersionView, must, sees};
use crate::error::ScreensError;
use crate::store;

/// Versions that are listed of one screen; older ones are read by their number.
const VERSIONS_LISTED_MAX: u64 = 200;

impl ScreensService {
    /// The screens that the actor may see, in their order; with `drafts` also what is only a draft yet.
    pub async fn screens(
        &self,
        actor: &Actor,
        drafts: bool,
        now: Timestamp,
    ) -> Result<Vec<ScreenBrief>, ScreensError> {
        must(actor, READ, now)?;
        if drafts {
            must(actor, EDIT, now)?;
        }
        let edits = actor.may_somewhere(EDIT, now);
        let standings = store::all(self.db.read()).await?;
        let drafted: HashSet<&str> = standings
            .iter()
            .filter(|standing| edits && standing.draft.is_some())
            .map(|standing| standing.code.as_str())
            .collect();
        let mut briefs: Vec<ScreenBrief> = store::shown(self.db.read())
            .await?
            .iter()
            .filter(|version| sees(actor, &version.screen, now))
            .map(|version| view::brief(version, drafted.contains(version.screen.code.as_str())))
            .collect();
        if drafts {
            let new = standings.iter().filter(|standing| standing.shown.is_none());
            briefs.extend(new.filter_map(|standing| {
                let draft = standing.draft.as_ref()?;
                Some(view::brief_of_draft(&standing.code, draft))
            }));
        }
        briefs.sort_by(|a, b| (a.order, &a.code).cmp(&(b.order, &b.code)));
        Ok(briefs)
    }

    /// The version that is shown, or another one.
    pub async fn screen(
        &self,
        actor: &Actor,
        code: &str,
        number: Option<i64>,
        now: Timestamp,
    ) -> Result<ScreenView, ScreensError> {
        must(actor, READ, now)?;
        let seen = self.seen(actor, code, now).await?;
        let seen = seen.ok_or(ScreensError::NotFound("screen"))?;
        let version = match number {
            Some(number) => store::version(self.db.read(), code, number)
                .await?
                .filter(|version| sees(actor, &version.screen, now))
                .ok_or(ScreensError::NotFound("version"))?,
            None => seen.shown.ok_or(ScreensError::NotFound("screen"))?,
        };
        Ok(view::screen(version, &seen.standing))
    }

    /// The newest first.
    pub async fn versions(
        &self,
        actor: &Actor,
        code: &str,
        now: Timestamp,
    ) -> Result<Vec<VersionView>, ScreensError> {
        must(actor, READ, now)?;
        let seen = self.seen(actor, code, now).await?;
        let seen = seen.ok_or(ScreensError::NotFound("screen"))?;
        let versions = store::list(self.db.read(), code, VERSIONS_LISTED_MAX).await?;
        let views = versions
            .into_iter()
            .filter(|version| sees(actor, &version.screen, now))
            .map(|version| view::version(version, seen.standing.shown));
        Ok(views.collect())
    }
}
