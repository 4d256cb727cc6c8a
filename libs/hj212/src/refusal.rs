//! Why something is not taken, and what was odd about what is.

/// Why bytes were refused. The code never changes its meaning; the words say what is wrong and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    #[error("{bytes} bytes before a frame start `##` belong to no frame")]
    Garbage { bytes: usize },
    #[error("the sum is {found:04X}, and the data segment has {expected:04X}")]
    Crc { expected: u16, found: u16 },
    #[error("the sum must be four hexadecimal digits and is {found:?}")]
    CrcDigits { found: String },
    #[error("the length says {declared} bytes, and the data segment has {actual}")]
    Length { declared: usize, actual: usize },
    #[error("the length must be four decimal digits and is {found:?}")]
    LengthDigits { found: String },
    #[error("the length says {declared} bytes, and at most {max} are taken")]
    TooLong { declared: usize, max: usize },
    #[error("the frame must end with CR LF, and {found} follows its sum")]
    End { found: String },
    #[error("the frame was to have {declared} bytes, and the next one begins after {have}")]
    Truncated { declared: usize, have: usize },
    #[error("the frame was to have {declared} bytes, and after {have} nothing more came")]
    Stale { declared: usize, have: usize },
    #[error("the field {name} {fault}")]
    Field { name: String, fault: &'static str },
    #[error("{field} is no time: {text:?}")]
    Time { field: &'static str, text: String },
    #[error("the data area is encrypted, and there is no key for it")]
    Encrypted,
    #[error("the data area does not open with the key that is set")]
    Key,
    #[error("part {number} of {count} is no part of a split message of at most {max}")]
    PartNumber { number: u32, count: u32, max: u32 },
    #[error("of {count} parts only {have} came")]
    PartsMissing { have: usize, count: u32 },
    #[error("the parts of one message have more than {max} bytes")]
    PartsTooLong { max: usize },
    #[error("more than {max} split messages are open at once")]
    PartsOpen { max: usize },
}

impl Refusal {
    /// The stable name that is stored and matched on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Garbage { .. } => "hj212.garbage",
            Self::Crc { .. } => "hj212.crc",
            Self::CrcDigits { .. } => "hj212.crc_digits",
            Self::Length { .. } => "hj212.length",
            Self::LengthDigits { .. } => "hj212.length_digits",
            Self::TooLong { .. } => "hj212.too_long",
            Self::End { .. } => "hj212.end",
            Self::Truncated { .. } => "hj212.truncated",
            Self::Stale { .. } => "hj212.stale",
            Self::Field { .. } => "hj212.field",
            Self::Time { .. } => "hj212.time",
            Self::Encrypted => "hj212.encrypted",
            Self::Key => "hj212.key",
            Self::PartNumber { .. } => "hj212.part_number",
            Self::PartsMissing { .. } => "hj212.parts_missing",
            Self::PartsTooLong { .. } => "hj212.parts_too_long",
            Self::PartsOpen { .. } => "hj212.parts_open",
        }
    }

    /// A refused text, short enough for a report.
    pub(crate) fn quote(bytes: &[u8]) -> String {
        const SHOWN: usize = 32;
        let shown = bytes.get(..SHOWN).unwrap_or(bytes);
        String::from_utf8_lossy(shown).into_owned()
    }
}

/// What was taken although the standard has it otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Oddity {
    #[error("the sum is written in lower case")]
    LowerCaseCrc,
    #[error("the sum is that of CRC-16/Modbus")]
    ModbusCrc,
    #[error("the sum is {found:04X} instead of {expected:04X}: the content may be damaged")]
    BadCrc { expected: u16, found: u16 },
    #[error("the sum was made after the encryption")]
    CrcOfCipher,
    #[error("the cipher is written as text")]
    PrintedCipher,
    #[error("the length says {declared} bytes instead of {actual}")]
    WrongLength { declared: usize, actual: usize },
    #[error("the length is {found:?} instead of four digits")]
    LengthDigits { found: String },
    #[error("{bytes} bytes are more than the standard allows")]
    OverLong { bytes: usize },
    #[error("the frame does not end with CR LF")]
    WrongEnd,
    #[error("there are spaces around {name}")]
    Spaces { name: String },
    #[error("the case of the letters of {name} is not that of the standard")]
    LetterCase { name: String },
    #[error("the field {name} is missing")]
    NoField { name: &'static str },
    #[error("the request number {text:?} is no time")]
    RequestNumber { text: String },
    #[error("the device's code has {length} characters")]
    DeviceLength { length: usize },
    #[error("the version bits {version} belong to no known edition")]
    Version { version: u8 },
    #[error("the flag and the numbers of parts contradict each other")]
    PartFlag,
    #[error("{field} is not written to the second: {text:?}")]
    TimeForm { field: &'static str, text: String },
    #[error("{name} is not known and kept as it is")]
    UnknownItem { name: String },
    #[error("{name} is no number: {text:?}")]
    NotANumber { name: String, text: String },
    #[error("{name} has the unknown mark {text:?}")]
    UnknownMark { name: String, text: String },
    #[error("and {count} more")]
    More { count: usize },
}

impl Oddity {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::LowerCaseCrc => "hj212.lower_case_crc",
            Self::ModbusCrc => "hj212.modbus_crc",
            Self::BadCrc { .. } => "hj212.bad_crc",
            Self::CrcOfCipher => "hj212.crc_of_cipher",
            Self::PrintedCipher => "hj212.printed_cipher",
            Self::WrongLength { .. } => "hj212.wrong_length",
            Self::LengthDigits { .. } => "hj212.odd_length_digits",
            Self::OverLong { .. } => "hj212.over_long",
            Self::WrongEnd => "hj212.wrong_end",
            Self::Spaces { .. } => "hj212.spaces",
            Self::LetterCase { .. } => "hj212.letter_case",
            Self::NoField { .. } => "hj212.no_field",
            Self::RequestNumber { .. } => "hj212.request_number",
            Self::DeviceLength { .. } => "hj212.device_length",
            Self::Version { .. } => "hj212.version",
            Self::PartFlag => "hj212.part_flag",
            Self::TimeForm { .. } => "hj212.time_form",
            Self::UnknownItem { .. } => "hj212.unknown_item",
            Self::NotANumber { .. } => "hj212.not_a_number",
            Self::UnknownMark { .. } => "hj212.unknown_mark",
            Self::More { .. } => "hj212.more",
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
