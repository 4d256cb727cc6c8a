//! What a unit asks for and a second person decides; cards of supervision; whistles.

use serde::{Deserialize, Serialize};
use yiwang_contracts::{OrgId, UserId};
use yiwang_kernel::{Position, Timestamp, Uuid};

use super::wire::{is_default, ms, ms_option, words};

words! {
    /// What is asked for.
    pub enum RequestKind {
        /// 退回
        Return = "return",
        /// 延期
        Extension = "extension",
        /// 挂账
        Suspension = "suspension",
        /// 作废
        Void = "void",
        /// 剔除: out of scoring.
        Exclusion = "exclusion",
    }
}

words! {
    pub enum RequestStatus {
        Pending = "pending",
        Approved = "approved",
        Rejected = "rejected",
        /// What it was about ended before anybody decided.
        Lapsed = "lapsed",
    }
}

/// A request. Whoever asked may not decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    #[serde(rename = "i")]
    pub id: Uuid,
    #[serde(rename = "k")]
    pub kind: RequestKind,
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub task: Option<u16>,
    #[serde(rename = "s")]
    pub status: RequestStatus,
    #[serde(rename = "a", with = "ms")]
    pub asked_at: Timestamp,
    #[serde(rename = "u")]
    pub asked_by: UserId,
    #[serde(rename = "n")]
    pub asked_by_name: String,
    #[serde(rename = "r")]
    pub reason_code: String,
    #[serde(rename = "x")]
    pub text: String,
    /// The unit that should have it, for returns.
    #[serde(rename = "po", default, skip_serializing_if = "Option::is_none")]
    pub proposed_org: Option<OrgId>,
    /// More time, for extensions, in the unit of the limit.
    #[serde(rename = "e", default, skip_serializing_if = "is_default")]
    pub extra: u32,
    /// For suspensions: when the matter will be done, and who answers for it.
    #[serde(
        rename = "pd",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub plan_at: Option<Timestamp>,
    #[serde(rename = "l", default, skip_serializing_if = "String::is_empty")]
    pub leader: String,
    /// For exclusions: this one is the appeal against a rejected one.
    #[serde(rename = "ap", default, skip_serializing_if = "is_default")]
    pub appeal: bool,
    #[serde(
        rename = "da",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub decided_at: Option<Timestamp>,
    #[serde(rename = "db", default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<UserId>,
    #[serde(rename = "dn", default, skip_serializing_if = "String::is_empty")]
    pub decided_by_name: String,
    #[serde(rename = "dt", default, skip_serializing_if = "String::is_empty")]
    pub decision: String,
}

words! {
    /// The rungs of supervision (督办).
    pub enum CardKind {
        /// 催办
        Urge = "urge",
        Yellow = "yellow",
        Orange = "orange",
        Red = "red",
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    #[serde(rename = "k")]
    pub kind: CardKind,
    #[serde(rename = "a", with = "ms")]
    pub at: Timestamp,
    #[serde(rename = "n")]
    pub by_name: String,
    #[serde(rename = "x")]
    pub text: String,
    #[serde(
        rename = "d",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub new_due: Option<Timestamp>,
}

words! {
    /// Why a whistle is blown (吹哨).
    pub enum WhistleKind {
        /// 联合执法
        Enforcement = "enforcement",
        /// 重点工作
        KeyArea = "key_area",
        /// 应急处置
        Emergency = "emergency",
    }
}

/// A call to several units to come to a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Whistle {
    #[serde(rename = "i")]
    pub id: Uuid,
    #[serde(rename = "k")]
    pub kind: WhistleKind,
    #[serde(rename = "a", with = "ms")]
    pub at: Timestamp,
    #[serde(rename = "n")]
    pub by_name: String,
    #[serde(rename = "p")]
    pub place: String,
    #[serde(rename = "x")]
    pub text: String,
    #[serde(rename = "b", with = "ms")]
    pub arrive_by: Timestamp,
    #[serde(rename = "o")]
    pub calls: Vec<WhistleCall>,
}

/// One unit called by a whistle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WhistleCall {
    #[serde(rename = "o")]
    pub org_id: OrgId,
    #[serde(
        rename = "a",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub arrived_at: Option<Timestamp>,
    #[serde(rename = "n", default, skip_serializing_if = "String::is_empty")]
    pub by_name: String,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}
