#![doc = include_str!("../README.md")]

mod area;
mod chain;
mod clock;
mod fault;
mod id;
mod page;
mod position;
mod secret;
mod text;

pub use area::AreaCode;
pub use chain::{Digest, chain_digest, sha256};
pub use clock::{Clock, ManualClock, SystemClock, TimeRange, from_micros, micros};
pub use fault::{Fault, FaultKind, FieldFault, IntoFault, OtherFault};
pub use id::{new_uuid, uuid_time};
pub use jiff::Timestamp;
pub use page::{Cursor, CursorFault, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, Page, PageRequest};
pub use position::{Position, PositionFault};
pub use secret::{Masked, mask_address, mask_name, mask_phone};
pub use text::{Provenance, Text};
pub use uuid::Uuid;
