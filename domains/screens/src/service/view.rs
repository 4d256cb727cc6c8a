//! What is answered.

use serde::Serialize;
use serde_json::Value;
use yiwang_kernel::{Text, Timestamp};

use crate::check::examined;
use crate::finding::ScreenFinding;
use crate::screen::{LayoutKey, Screen};
use crate::version::{Draft, Standing, Version};

/// A screen in a list.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ScreenBrief {
    pub code: String,
    pub title: Text,
    pub order: i32,
    pub right: Option<String>,
    /// 0 where it is only a draft yet.
    pub version: i64,
    /// `pack:` and the pack, or `edited`.
    pub origin: String,
    pub layouts: Vec<LayoutKey>,
    /// Told to editors.
    pub has_draft: bool,
}

/// A screen in one version.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ScreenView {
    pub code: String,
    pub version: i64,
    /// `pack:` and the pack, or `edited`.
    pub origin: String,
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Timestamp,
    pub published_by: String,
    /// Why it was published; empty of what packs bring.
    pub note: String,
    /// The pack brought a version after the one that is shown.
    pub pack_is_newer: bool,
    pub screen: Screen,
}

/// A version in a list.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = ScreenVersionView)]
pub struct VersionView {
    pub version: i64,
    /// `pack:` and the pack, or `edited`.
    pub origin: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub by: String,
    pub note: String,
    pub is_shown: bool,
}

/// A draft with everything that is found about it.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = ScreenDraftView)]
pub struct DraftView {
    pub code: String,
    /// As typed; need not be right.
    #[schema(value_type = Object)]
    pub screen: Value,
    /// The version that it began from.
    pub based_on: Option<i64>,
    pub revision: i64,
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Timestamp,
    pub changed_by: String,
    /// What forbids that it is published.
    pub findings: Vec<ScreenFinding>,
    /// Another version is shown by now than the one that it began from.
    pub is_outdated: bool,
}

pub(super) fn brief(version: &Version, has_draft: bool) -> ScreenBrief {
    let screen = &version.screen;
    ScreenBrief {
        code: screen.code.clone(),
        title: screen.title.clone(),
        order: screen.order,
        right: screen.right.clone(),
        version: version.number,
        origin: version.origin.to_string(),
        layouts: screen.layouts.keys().copied().collect(),
        has_draft,
    }
}

/// A draft of a screen that was never shown, as far as it is written.
pub(super) fn brief_of_draft(code: &str, draft: &Draft) -> ScreenBrief {
    let part = |name: &str| draft.screen.get(name);
    let title = part("title").and_then(|title| serde_json::from_value(title.clone()).ok());
    let order = part("order").and_then(Value::as_i64);
    let layouts = part("layouts").and_then(Value::as_object);
    let keys = layouts.into_iter().flat_map(serde_json::Map::keys);
    ScreenBrief {
        code: code.to_owned(),
        title: title.unwrap_or_else(|| Text::zh(code)),
        order: order.and_then(|order| order.try_into().ok()).unwrap_or(0),
        right: part("right").and_then(Value::as_str).map(str::to_owned),
        version: 0,
        origin: "edited".to_owned(),
        layouts: keys.filter_map(|key| LayoutKey::parse(key)).collect(),
        has_draft: true,
    }
}

pub(super) fn screen(version: Version, standing: &Standing) -> ScreenView {
    ScreenView {
        code: standing.code.clone(),
        version: version.number,
        origin: version.origin.to_string(),
        published_at: version.at,
        published_by: version.by,
        note: version.note,
        pack_is_newer: standing.is_pack_newer(),
        screen: version.screen,
    }
}

pub(super) fn version(version: Version, shown: Option<i64>) -> VersionView {
    VersionView {
        version: version.number,
        origin: version.origin.to_string(),
        at: version.at,
        by: version.by,
        note: version.note,
        is_shown: shown == Some(version.number),
    }
}

pub(super) fn draft(code: &str, draft: Draft, shown: Option<i64>) -> DraftView {
    DraftView {
        findings: findings(code, &draft.screen),
        code: code.to_owned(),
        is_outdated: draft.based_on != shown,
        screen: draft.screen,
        based_on: draft.based_on,
        revision: draft.revision,
        changed_at: draft.changed_at,
        changed_by: draft.changed_by,
    }
}

fn findings(code: &str, screen: &Value) -> Vec<ScreenFinding> {
    let (right, mut findings) = examined(screen);
    if right.is_some_and(|right| right.code != code) {
        findings.push(other_code(code));
    }
    findings
}

/// What is written has another code than the screen that it is to become.
pub(super) fn other_code(code: &str) -> ScreenFinding {
    ScreenFinding {
        pointer: "/code".to_owned(),
        code: "screens.other_code".to_owned(),
        message: format!("this is the draft of the screen {code}"),
        hint: Some("a code stays; make a draft under another code for another screen".to_owned()),
    }
}
