//! A message as it was understood.

use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::header::{Edition, Header};

/// One message of one terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Whose message it is: [`Header::phone`]. Of a message in parts, the header of its first part.
    pub header: Header,
    /// The edition by which the body was read.
    pub edition: Edition,
    pub body: Body,
}
