//! What was refused is kept for people to look at, within bounds: so many of a kind in a minute, the rest counted.

use std::collections::HashMap;
use std::sync::Mutex;

use tokio::sync::mpsc;
use yiwang_http::Counter;

use crate::protocol::Protocol;
use crate::reading::Refused;
use crate::slot::{Slot, locked};
use crate::store::refusals::RefusalRow;

/// Refusals of one device (or sender) and reason that are kept in a minute; more are counted only.
pub(crate) const KEPT_A_MINUTE: u32 = 10;
/// Bytes of a frame that are kept.
const BYTES_KEPT: usize = 16_384;
/// Refusals that wait to be written.
pub(crate) const WAITING_MAX: usize = 10_000;
/// Senders that are told apart within a minute.
const SENDERS_MAX: usize = 10_000;

/// Something refused, with where it came from.
#[derive(Clone, Copy)]
pub(crate) struct Kept<'a> {
    pub edge: Protocol,
    pub slot: Option<&'a Slot>,
    /// Who the sender said it is.
    pub claimed: &'a str,
    pub remote: &'a str,
    pub bytes: &'a [u8],
    pub at: i64,
}

impl<'a> Kept<'a> {
    pub(crate) fn of_slot(edge: Protocol, slot: &'a Slot, bytes: &'a [u8], at: i64) -> Self {
        Self {
            edge,
            slot: Some(slot),
            claimed: "",
            remote: "",
            bytes,
            at,
        }
    }
}

/// Refusals of this minute by sender and reason.
type Kinds = HashMap<(String, &'static str), u32>;

/// Hands refusals to whoever writes them down.
pub(crate) struct RefusalKeeper {
    to_write: mpsc::Sender<RefusalRow>,
    minute: Mutex<(i64, Kinds)>,
    /// Refused, counted, and not kept.
    not_kept: Counter,
}

impl RefusalKeeper {
    pub(crate) fn new(not_kept: Counter) -> (Self, mpsc::Receiver<RefusalRow>) {
        let (to_write, waiting) = mpsc::channel(WAITING_MAX);
        let keeper = Self {
            to_write,
            minute: Mutex::default(),
            not_kept,
        };
        (keeper, waiting)
    }

    pub(crate) fn keep(&self, kept: &Kept<'_>, refused: &Refused) {
        if let Some(slot) = kept.slot
            && !kept.bytes.is_empty()
        {
            slot.keep_frame(kept.edge, kept.bytes, Some(refused.code), kept.at);
        }
        let row = row(kept, refused);
        let sender = if row.device.is_empty() {
            &row.remote
        } else {
            &row.device
        };
        if !self.is_within_bounds(sender, refused.code, kept.at)
            || self.to_write.try_send(row).is_err()
        {
            self.not_kept.increment();
        }
    }

    pub(crate) fn not_kept(&self) -> u64 {
        self.not_kept.value()
    }

    fn is_within_bounds(&self, sender: &str, code: &'static str, at: i64) -> bool {
        let this_minute = at / 60_000_000;
        let mut minute = locked(&self.minute);
        if minute.0 != this_minute {
            *minute = (this_minute, HashMap::new());
        }
        if minute.1.len() >= SENDERS_MAX {
            return false;
        }
        let count = minute.1.entry((sender.to_owned(), code)).or_default();
        *count += 1;
        *count <= KEPT_A_MINUTE
    }
}

fn row(kept: &Kept<'_>, refused: &Refused) -> RefusalRow {
    let binding = kept.slot.map(Slot::binding);
    let device = binding.as_deref().map(|each| &each.device);
    RefusalRow {
        at: kept.at,
        edge: kept.edge,
        remote: kept.remote.to_owned(),
        device: device.map_or_else(|| kept.claimed.to_owned(), |each| each.code.clone()),
        device_id: device.map(|each| each.id),
        code: refused.code.to_owned(),
        message: refused.message.clone(),
        bytes: kept.bytes.len() as i64,
        body: kept.bytes.get(..BYTES_KEPT).unwrap_or(kept.bytes).to_vec(),
    }
}
