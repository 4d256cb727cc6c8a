//! The stages of a case, and who owns it in each.

use super::wire::words;

words! {
    /// Where a case stands. The open ones come first.
    pub enum Status {
        /// 待受理
        Received = "received",
        /// 待立案
        Accepted = "accepted",
        /// 待派遣
        Registered = "registered",
        /// 待签收
        Dispatched = "dispatched",
        /// 处置中
        Handling = "handling",
        /// 待核查
        Reported = "reported",
        /// 待结案
        Verified = "verified",
        /// 已结案
        Closed = "closed",
        /// 作废
        Void = "void",
        /// 并案
        Merged = "merged",
    }
}

impl Status {
    /// Somebody still has to do something.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Void | Self::Merged)
    }

    pub const fn zh(self) -> &'static str {
        match self {
            Self::Received => "待受理",
            Self::Accepted => "待立案",
            Self::Registered => "待派遣",
            Self::Dispatched => "待签收",
            Self::Handling => "处置中",
            Self::Reported => "待核查",
            Self::Verified => "待结案",
            Self::Closed => "已结案",
            Self::Void => "作废",
            Self::Merged => "并案",
        }
    }

    pub const fn en(self) -> &'static str {
        match self {
            Self::Received => "to be accepted",
            Self::Accepted => "to be registered",
            Self::Registered => "to be dispatched",
            Self::Dispatched => "to be signed for",
            Self::Handling => "being handled",
            Self::Reported => "to be verified",
            Self::Verified => "to be closed",
            Self::Closed => "closed",
            Self::Void => "void",
            Self::Merged => "merged",
        }
    }
}

words! {
    /// A seat of the centre that owns a case while no unit does.
    pub enum Desk {
        /// 受理员
        Acceptance = "acceptance",
        /// 值班长
        Registration = "registration",
        /// 派遣员
        Dispatch = "dispatch",
        /// 会商
        Consultation = "consultation",
        /// 核查员
        Verification = "verification",
        /// 结案员
        Closing = "closing",
    }
}
