//! A device in memory: what it is, what it last said, how it is connected, what was counted.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use serde::Serialize;
use tokio_util::sync::CancellationToken;
use yiwang_contracts::{Quality, Sample, Series};

use crate::device::Device;
use crate::last_values::Place;
use crate::profile::Profile;
use crate::protocol::Protocol;

/// Frames of one device that are kept in memory to be looked at.
const FRAMES_KEPT: usize = 20;
/// Bytes of a frame that are kept.
const FRAME_BYTES_KEPT: usize = 512;

/// A device with its profile, as they stand. Replaced as a whole when either changes.
#[derive(Debug)]
pub struct Binding {
    pub device: Device,
    pub profile: Arc<Profile>,
    /// By position of the property.
    pub series: Box<[Arc<Series>]>,
}

impl Binding {
    pub fn new(device: Device, profile: Arc<Profile>) -> Self {
        let of =
            |property: &crate::profile::Property| Series::new(&device.code, &property.entry.code);
        Self {
            series: profile.properties.iter().map(of).collect(),
            device,
            profile,
        }
    }
}

/// The newest reading of a property that was let in, durable or about to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Newest {
    pub time: i64,
    pub value: f64,
    pub text: u64,
}

/// What a device has shown that it is the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    Token,
    Certificate,
}

/// How a device is connected.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Connection {
    pub edge: Protocol,
    pub remote: String,
    pub is_secure: bool,
    /// None where the protocol has its own way, or none.
    pub proof: Option<Proof>,
    /// Microseconds since 1970 UTC.
    pub since: i64,
}

impl std::fmt::Display for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let secure = if self.is_secure { "tls " } else { "" };
        let proof = match self.proof {
            Some(Proof::Token) => " token",
            Some(Proof::Certificate) => " certificate",
            None => "",
        };
        write!(f, "{} {secure}{}{proof}", self.edge.as_str(), self.remote)
    }
}

/// What moves.
#[derive(Debug, Default)]
pub(crate) struct Live {
    /// By position of the property.
    pub newest: Box<[Option<Newest>]>,
    /// What is durable: where it is kept beside that of all others.
    pub last: Box<[Place]>,
    /// When anything last came of it.
    pub heard: Option<i64>,
    /// Arrival less observation of the newest message, microseconds: transport and clock together.
    pub lag: i64,
    pub connections: Vec<(u64, Connection, CancellationToken)>,
    /// Why the last connection ended.
    pub ended: Option<(&'static str, i64)>,
    pub frames: std::collections::VecDeque<Frame>,
}

/// A frame as it came, for people to look at.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub at: i64,
    pub edge: Protocol,
    pub bytes: Box<[u8]>,
    pub length: usize,
    /// The code of why it was refused.
    pub refused: Option<&'static str>,
}

/// Readings by what became of them, since the start.
#[derive(Debug, Default)]
pub struct Counts {
    pub received: AtomicU64,
    pub stored: AtomicU64,
    pub duplicate: AtomicU64,
    /// Stored, and older than what was there.
    pub late: AtomicU64,
    refused: Mutex<BTreeMap<&'static str, u64>>,
    shed: Mutex<BTreeMap<&'static str, u64>>,
}

/// The counts at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CountsView {
    pub received: u64,
    pub stored: u64,
    pub duplicate: u64,
    pub late: u64,
    /// By reason.
    #[schema(value_type = Object)]
    pub refused: BTreeMap<&'static str, u64>,
    /// By reason.
    #[schema(value_type = Object)]
    pub shed: BTreeMap<&'static str, u64>,
}

impl Counts {
    pub(crate) fn refuse(&self, code: &'static str, readings: u64) {
        *locked(&self.refused).entry(code).or_default() += readings;
    }

    pub(crate) fn shed(&self, code: &'static str, readings: u64) {
        *locked(&self.shed).entry(code).or_default() += readings;
    }

    pub fn view(&self) -> CountsView {
        CountsView {
            received: self.received.load(Ordering::Relaxed),
            stored: self.stored.load(Ordering::Relaxed),
            duplicate: self.duplicate.load(Ordering::Relaxed),
            late: self.late.load(Ordering::Relaxed),
            refused: locked(&self.refused).clone(),
            shed: locked(&self.shed).clone(),
        }
    }
}

/// A device in memory. Its place in the registry is its for life.
#[derive(Debug)]
pub struct Slot {
    binding: RwLock<Arc<Binding>>,
    live: Mutex<Live>,
    pub counts: Counts,
}

impl Slot {
    pub(crate) fn new(binding: Binding, places: Box<[Place]>) -> Self {
        Self {
            live: Mutex::new(Live {
                newest: vec![None; places.len()].into(),
                last: places,
                ..Live::default()
            }),
            binding: RwLock::new(Arc::new(binding)),
            counts: Counts::default(),
        }
    }

    /// Ends the device's connections.
    pub(crate) fn revoke_connections(&self) {
        for (_, _, end) in &self.live().connections {
            end.cancel();
        }
    }

    pub fn binding(&self) -> Arc<Binding> {
        Arc::clone(&self.binding.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn live(&self) -> MutexGuard<'_, Live> {
        locked(&self.live)
    }

    /// Takes a changed device or profile over; what is known of properties that stay is kept.
    pub(crate) fn rebind(&self, binding: Binding, places: Box<[Place]>) {
        let before = self.binding();
        let mut live = self.live();
        let known = std::mem::replace(&mut live.newest, vec![None; places.len()].into());
        let gone = std::mem::replace(&mut live.last, places);
        let gone = known.into_iter().zip(gone);
        for (property, (newest, place)) in before.profile.properties.iter().zip(gone) {
            let last = place.vacate();
            let Some(at) = binding.profile.property(&property.entry.code) else {
                continue;
            };
            if let Some(known) = live.newest.get_mut(usize::from(at)) {
                *known = newest;
            }
            if let (Some(place), Some(last)) = (live.last.get(usize::from(at)), last) {
                place.put(last);
            }
        }
        *self.binding.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(binding);
    }

    /// What the history says was last, at the start.
    pub(crate) fn restore(&self, property: u16, sample: Sample) {
        let mut live = self.live();
        let newest = Newest {
            time: sample.time,
            value: sample.value,
            text: text_mark(sample.text.as_deref()),
        };
        live.heard = live.heard.max(Some(sample.time));
        if let Some(place) = live.newest.get_mut(usize::from(property)) {
            *place = Some(newest);
        }
        if let Some(place) = live.last.get(usize::from(property)) {
            place.put(sample);
        }
    }

    /// A connection of the device began.
    pub(crate) fn connect(&self, number: u64, connection: Connection, end: CancellationToken) {
        let mut live = self.live();
        live.heard = live.heard.max(Some(connection.since));
        live.connections.push((number, connection, end));
    }

    /// A connection of the device ended.
    pub(crate) fn disconnect(&self, number: u64, ending: &'static str, now: i64) {
        let mut live = self.live();
        live.connections.retain(|(each, ..)| *each != number);
        live.ended = Some((ending, now));
    }

    /// Keeps a frame to be looked at.
    pub(crate) fn keep_frame(
        &self,
        edge: Protocol,
        bytes: &[u8],
        refused: Option<&'static str>,
        at: i64,
    ) {
        let mut live = self.live();
        if live.frames.len() == FRAMES_KEPT {
            live.frames.pop_front();
        }
        let kept = bytes.get(..FRAME_BYTES_KEPT).unwrap_or(bytes);
        live.frames.push_back(Frame {
            at,
            edge,
            bytes: kept.into(),
            length: bytes.len(),
            refused,
        });
    }
}

/// Tells texts apart without keeping them twice.
pub(crate) fn text_mark(text: Option<&str>) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    text.map_or(0, |text| {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        hasher.finish()
    })
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Newest {
    /// Is this the same reading again?
    pub(crate) fn is_same(&self, time: i64, value: f64, text: u64) -> bool {
        // Zero has two signs, and nothing measured has many forms.
        let bits = |value: f64| {
            if value.is_nan() {
                u64::MAX
            } else {
                (value + 0.0).to_bits()
            }
        };
        let same_value = bits(self.value) == bits(value);
        self.time == time && same_value && self.text == text
    }
}

/// How well a device is heard.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Hearing {
    /// Heard within the time that its profile allows.
    Online,
    /// Its connection ended, or it said goodbye.
    Offline,
    /// No word for longer than its profile allows.
    Silent,
    /// Never heard.
    Never,
}

impl Hearing {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
            Self::Silent => "silent",
            Self::Never => "never",
        }
    }
}

/// How well the device is heard at `now`, why, and since when.
pub(crate) fn hearing(
    binding: &Binding,
    live: &Live,
    now: i64,
) -> (Hearing, &'static str, Option<i64>) {
    let Some(heard) = live.heard else {
        return (Hearing::Never, "never_heard", None);
    };
    let allowed = binding
        .profile
        .silent_after_seconds(binding.device.interval_seconds);
    let silent_from = heard.saturating_add(i64::from(allowed) * 1_000_000);
    let ended = live.ended.filter(|_| live.connections.is_empty());
    match ended {
        Some((why, at)) if at >= heard && now < silent_from => (Hearing::Offline, why, Some(at)),
        _ if now >= silent_from => (Hearing::Silent, "no_word", Some(silent_from)),
        _ => (Hearing::Online, "heard", Some(heard)),
    }
}

/// So long nothing is said of a device that nobody could have heard before.
const AWAITED_MAX: i64 = 15 * 60_000_000;

/// Whether a device that is not heard may still speak in time: it could be heard only since then.
pub(crate) fn is_awaited(binding: &Binding, since: i64, now: i64) -> bool {
    let allowed = binding
        .profile
        .silent_after_seconds(binding.device.interval_seconds);
    let awaited = (i64::from(allowed) * 1_000_000).min(AWAITED_MAX);
    now < since.saturating_add(awaited)
}

/// Marks quality of what a device under maintenance sends.
pub(crate) fn quality_of(device: &Device, quality: Quality) -> Quality {
    if device.state == crate::device::DeviceState::Maintenance && quality.is_believed() {
        Quality::Maintenance
    } else {
        quality
    }
}
