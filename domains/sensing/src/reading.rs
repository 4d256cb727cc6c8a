//! What a device sent, decoded: a message of readings on its way into the hall, and what becomes of it.

use std::sync::Arc;

use yiwang_contracts::Quality;

use crate::intake::Ack;
use crate::protocol::Protocol;
use crate::slot::Slot;

/// One value of one property of the message's device.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Position of the property in the device's profile.
    pub property: u16,
    /// Microseconds since 1970 UTC.
    pub time: i64,
    pub value: f64,
    pub text: Option<Arc<str>>,
    pub quality: Quality,
}

/// Why something was not taken: a stable code to count by, and words for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refused {
    pub code: &'static str,
    pub message: String,
}

impl Refused {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// What a device sent at once.
pub struct Message {
    pub slot: Arc<Slot>,
    pub edge: Protocol,
    /// When it arrived, microseconds since 1970 UTC.
    pub received: i64,
    /// In order of time.
    pub readings: Vec<Reading>,
    pub ack: Ack,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    pub stored: u32,
    pub duplicate: u32,
}
