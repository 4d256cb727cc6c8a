#![doc = include_str!("../README.md")]

pub mod body;
mod frame;
mod header;
mod layout;
mod link;
pub mod location;
mod message;
mod oddity;
mod phone;
mod received;
mod refusal;
mod sender;
mod settings;

pub use body::{Body, MESSAGES, MessageName, message_name};
pub use header::{BODY_BYTES_MAX, Edition, Header, Part};
pub use layout::{Unread, Unsendable};
pub use link::{Link, Outcome, Registered};
pub use location::Location;
pub use message::Message;
pub use oddity::Oddity;
pub use phone::{Phone, PhoneFault};
pub use received::{Received, Replies};
pub use refusal::{Dropped, Refusal};
pub use sender::{Sender, Sent, encode};
pub use settings::{Limits, Settings};
