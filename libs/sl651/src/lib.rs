#![doc = include_str!("../README.md")]

mod bcd;
mod command;
mod crc;
mod decode;
mod element;
mod encode;
mod frame;
mod framing;
mod link;
mod message;
mod packets;
mod refusal;
mod report;
mod settings;

pub use command::{Command, Wanted};
pub use crc::crc;
pub use element::known::{KNOWN, Known};
pub use element::{Element, State, StateBit, Value};
pub use encode::{Device, Unsendable};
pub use frame::{Direction, Encoding, End, Header, Numbers, Station, StationFault};
pub use link::{Link, Part, Received, Replies};
pub use message::{
    Body, Category, Group, Message, Parameter, Point, Report, ReportKind, Step, Subject,
};
pub use refusal::{Oddity, Refusal};
pub use settings::{After, Limits, Mode, ReplyTime, Settings, Tolerance};
