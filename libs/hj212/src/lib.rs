#![doc = include_str!("../README.md")]

mod body;
mod check;
mod cipher;
mod command;
mod crc;
mod decode;
mod encode;
mod flag;
mod framing;
mod link;
mod message;
mod parts;
mod refusal;
mod segment;
mod settings;
mod time;

pub use cipher::{Key, KeyFault};
pub use command::{Action, Command, History};
pub use crc::crc;
pub use encode::{Device, Unsendable};
pub use flag::{Edition, Flag};
pub use link::{Link, Part, Received, Replies};
pub use message::{
    Body, ExecutionReturn, Field, Group, Header, Kind, Mark, Message, Reading, RequestReturn, Value,
};
pub use refusal::{Oddity, Refusal};
pub use settings::{Limits, Settings, Tolerance};
