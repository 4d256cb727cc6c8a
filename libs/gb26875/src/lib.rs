#![doc = include_str!("../README.md")]

mod address;
pub mod body;
mod header;
mod link;
pub mod names;
mod oddity;
mod reader;
mod received;
mod refusal;
mod sender;
mod settings;

pub use address::{Address, AddressFault};
pub use body::{Body, KINDS, KindName, UNIT_BYTES_MAX, Unsendable, kind_name};
pub use header::{Command, Header};
pub use link::Link;
pub use oddity::Oddity;
pub use reader::Unread;
pub use received::{Message, Received, Replies};
pub use refusal::Refusal;
pub use sender::{Sender, Sent, encode};
pub use settings::{Limits, Settings};
