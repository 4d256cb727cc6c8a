//! What a link makes of the bytes that came.

use crate::header::Header;
use crate::message::Message;
use crate::oddity::Oddity;
use crate::refusal::Refusal;

/// One thing that came out of the bytes, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A whole message.
    Message {
        /// The exact bytes of its frame; of a message in parts, of all its frames in order.
        raw: Vec<u8>,
        message: Message,
        oddities: Vec<Oddity>,
        replies: Replies,
    },
    /// A part of a message whose other parts have not all come.
    Part {
        raw: Vec<u8>,
        header: Header,
        oddities: Vec<Oddity>,
        /// Distinct parts that have come.
        have: usize,
        /// To be sent once the part is durable; only where the settings want each part answered.
        reply: Option<Vec<u8>>,
    },
    /// Parts are missing, and this asks for them. To be sent at once.
    Ask {
        /// Of the message's first part.
        header: Header,
        missing: Vec<u16>,
        bytes: Vec<u8>,
    },
    /// Bytes that are no message, or none that can be taken.
    Refused {
        /// The first bytes, as many as the settings say.
        raw: Vec<u8>,
        /// How many there were.
        length: usize,
        reason: Refusal,
        /// What to tell the terminal, if the frame said who it is and what it wants.
        reply: Option<Vec<u8>>,
    },
}

/// What to send about a message, once its fate is known. The two carry the same serial number; at most one is sent. Of
/// a message in parts the part that completed it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replies {
    /// After the message has been made durable.
    pub stored: Option<Vec<u8>>,
    /// When it is not taken.
    pub refused: Option<Vec<u8>>,
    /// The reply depends on who the vehicle is: [`crate::Link::registered`] for a registration, [`crate::Link::answer`]
    /// for an authentication build it.
    pub is_decided_by_caller: bool,
}
