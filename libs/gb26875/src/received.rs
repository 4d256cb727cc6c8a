//! What a link makes of the bytes that came.

use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::header::Header;
use crate::oddity::Oddity;
use crate::refusal::Refusal;

/// One message: of a device its own address is [`Header::source`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub header: Header,
    pub body: Body,
}

/// One thing that came out of the bytes, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A whole message.
    Message {
        /// The exact bytes of its frame.
        raw: Vec<u8>,
        message: Message,
        oddities: Vec<Oddity>,
        replies: Replies,
    },
    /// Bytes that are no message, or none that can be taken.
    Refused {
        /// The first bytes, as many as the settings say.
        raw: Vec<u8>,
        /// How many there were.
        length: usize,
        reason: Refusal,
        /// A denial, if there was a whole frame to deny.
        reply: Option<Vec<u8>>,
    },
}

/// What to send about a message, once its fate is known. At most one is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replies {
    /// A confirmation, after the message has been made durable.
    pub stored: Option<Vec<u8>>,
    /// A denial, when it is not taken.
    pub refused: Option<Vec<u8>>,
}
