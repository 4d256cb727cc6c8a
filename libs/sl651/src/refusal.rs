//! Why something is not taken, and what was odd about what is.

/// Why bytes were refused. The code never changes its meaning; the words say what is wrong and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    #[error("{bytes} bytes before a frame start belong to no frame")]
    Garbage { bytes: usize },
    #[error("the sum is {found:04X}, and the frame has {expected:04X}")]
    Crc { expected: u16, found: u16 },
    #[error(
        "the length says {declared} bytes, and there stands {found:02X} instead of an end mark"
    )]
    Length { declared: usize, found: u8 },
    #[error("the direction is {found:X}, and must be 0 (up) or 8 (down)")]
    DirectionMark { found: u8 },
    #[error("a frame of the other direction came")]
    Direction,
    #[error("the body begins with {found:02X}, and must begin with 02 or 16")]
    StartMark { found: u8 },
    #[error("the frame ends with {found:02X}, which is no end mark")]
    EndMark { found: u8 },
    #[error("the body has {have} bytes, and needs {needed} for its number and its time")]
    TooShort { have: usize, needed: usize },
    #[error("the frame was to have {declared} bytes, and the next one begins after {have}")]
    Truncated { declared: usize, have: usize },
    #[error("the frame was to have {declared} bytes, and after {have} nothing more came")]
    Stale { declared: usize, have: usize },
    #[error("the {field} is no time: {digits}")]
    Time { field: &'static str, digits: String },
    #[error("the body of function {function:02X} {fault}")]
    Body { function: u8, fault: &'static str },
    #[error("frames in characters are not read by these settings")]
    Ascii,
    #[error("packet {number} of {total} cannot be")]
    PacketNumber { number: u16, total: u16 },
    #[error("of {total} packets only {have} came")]
    PacketsMissing { have: usize, total: u16 },
    #[error("the packets of one message have more than {max} bytes")]
    PacketsTooLong { max: usize },
    #[error("more than {max} messages in packets are open at once")]
    PacketsOpen { max: usize },
}

impl Refusal {
    /// The stable name that is stored and matched on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Garbage { .. } => "sl651.garbage",
            Self::Crc { .. } => "sl651.crc",
            Self::Length { .. } => "sl651.length",
            Self::DirectionMark { .. } => "sl651.direction_mark",
            Self::Direction => "sl651.direction",
            Self::StartMark { .. } => "sl651.start_mark",
            Self::EndMark { .. } => "sl651.end_mark",
            Self::TooShort { .. } => "sl651.too_short",
            Self::Truncated { .. } => "sl651.truncated",
            Self::Stale { .. } => "sl651.stale",
            Self::Time { .. } => "sl651.time",
            Self::Body { .. } => "sl651.body",
            Self::Ascii => "sl651.ascii",
            Self::PacketNumber { .. } => "sl651.packet_number",
            Self::PacketsMissing { .. } => "sl651.packets_missing",
            Self::PacketsTooLong { .. } => "sl651.packets_too_long",
            Self::PacketsOpen { .. } => "sl651.packets_open",
        }
    }
}

/// What was taken although the standard has it otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Oddity {
    #[error("the sum has its low byte first")]
    LowByteFirst,
    #[error("the sum is {found:04X} instead of {expected:04X}: the content may be damaged")]
    BadCrc { expected: u16, found: u16 },
    #[error("the length says {declared} bytes instead of {actual}")]
    WrongLength { declared: usize, actual: usize },
    #[error("the time of sending is no time: {digits}")]
    SendTime { digits: String },
    #[error("there is no time of observation; that of sending stands for it")]
    NoObservationTime,
    #[error("the body is about station {named}, the frame comes from another")]
    OtherStation { named: String },
    #[error("the station's category {category:02X} is not known")]
    UnknownCategory { category: u8 },
    #[error("element {code} is not one of the standard's")]
    UnknownElement { code: String },
    #[error("element {code} has no decimal digits: {digits}")]
    NotDecimal { code: String, digits: String },
    #[error("element {code} says {declared} bytes, and a series has {needed}")]
    SeriesLength {
        code: String,
        declared: usize,
        needed: usize,
    },
    #[error("{bytes} bytes at the end are no elements and kept as they are")]
    Leftover { bytes: usize },
    #[error("the function {function:02X} is not known; its body is kept as it is")]
    UnknownFunction { function: u8 },
    #[error("and {count} more")]
    More { count: usize },
}

impl Oddity {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::LowByteFirst => "sl651.low_byte_first",
            Self::BadCrc { .. } => "sl651.bad_crc",
            Self::WrongLength { .. } => "sl651.wrong_length",
            Self::SendTime { .. } => "sl651.send_time",
            Self::NoObservationTime => "sl651.no_observation_time",
            Self::OtherStation { .. } => "sl651.other_station",
            Self::UnknownCategory { .. } => "sl651.unknown_category",
            Self::UnknownElement { .. } => "sl651.unknown_element",
            Self::NotDecimal { .. } => "sl651.not_decimal",
            Self::SeriesLength { .. } => "sl651.series_length",
            Self::Leftover { .. } => "sl651.leftover",
            Self::UnknownFunction { .. } => "sl651.unknown_function",
            Self::More { .. } => "sl651.more",
        }
    }
}

/// Oddities of one message, bounded.
#[derive(Debug, Default)]
pub(crate) struct Oddities(Vec<Oddity>, usize);

impl Oddities {
    const MAX: usize = 32;

    pub(crate) fn push(&mut self, oddity: Oddity) {
        if self.0.contains(&oddity) {
            return;
        }
        if self.0.len() < Self::MAX {
            self.0.push(oddity);
        } else {
            self.1 += 1;
        }
    }

    pub(crate) fn extend(&mut self, others: impl IntoIterator<Item = Oddity>) {
        others.into_iter().for_each(|oddity| self.push(oddity));
    }

    pub(crate) fn into_vec(mut self) -> Vec<Oddity> {
        if self.1 > 0 {
            self.0.push(Oddity::More { count: self.1 });
        }
        self.0
    }
}

/// Bytes as digits, short enough for a report.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    const SHOWN: usize = 32;
    bytes
        .iter()
        .take(SHOWN)
        .fold(String::new(), |mut text, byte| {
            let _cannot_fail = write!(text, "{byte:02X}");
            text
        })
}
