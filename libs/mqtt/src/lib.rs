#![doc = include_str!("../README.md")]

mod acl;
mod aliases;
mod client;
mod connection;
mod fault;
mod frames;
mod limits;
mod message;
pub mod packet;
mod property;
mod reason;
mod retained;
mod sessions;
mod topic;
mod topics;
mod tree;
mod window;
mod wire;

pub use acl::{
    Acl, AclFault, AclFaultKind, Identity, IdentityFault, PUBLISH_DEFAULT, SUBSCRIBE_DEFAULT,
};
pub use client::{Client, ClientEvent, Published};
pub use connection::{Connection, Event, Outcome, Sent, Token, Welcome, grant};
pub use fault::Fault;
pub use limits::Limits;
pub use message::{Delivery, Message, MessageProperties};
pub use packet::{Packet, Qos, Version};
pub use property::REPEATS_MAX;
pub use reason::Reason;
pub use retained::{NotRetained, Retained, RetainedCounts, RetainedLimits};
pub use sessions::{
    Attachment, Closed, Lapsed, NotQueued, Opened, SessionCounts, SessionId, SessionLimits,
    Sessions, TooManySessions, Unfinished, Waiting,
};
pub use topic::{Filter, TopicFault, TopicLimits, check_topic};
pub use topics::{
    Match, Publication, Subscribed, Subscriber, Subscription, TooManySubscriptions, Topics,
    TopicsLimits,
};
pub use window::InFlight;
pub use wire::{PacketId, REMAINING_LENGTH_MAX};
