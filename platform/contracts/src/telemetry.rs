//! Telemetry: what devices observe, as the domains hand it on: `sensing` takes it in, `lake` keeps it, `alerting`
//! judges it.

use std::sync::Arc;

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};
use yiwang_kernel::{AreaCode, Position, Text, Timestamp, Uuid};

use crate::{Asked, OrgId, Subject};

/// One property of one device, `("320281YL0001", "level")`. Shared by all points of the series.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Series {
    /// The device's code.
    pub device: Box<str>,
    /// The property's code in the device's profile.
    pub property: Box<str>,
}

impl Series {
    pub fn new(device: &str, property: &str) -> Arc<Self> {
        Arc::new(Self {
            device: device.into(),
            property: property.into(),
        })
    }
}

/// How far an observation is to be believed. The codes are stored; they are never given another meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Quality {
    /// Measured in normal operation.
    Good = 0,
    /// Outside the range that the profile declares.
    OutOfRange = 1,
    /// The device says that it was under maintenance.
    Maintenance = 2,
    /// The device says that it was being calibrated or checked.
    Calibration = 3,
    /// The device says that it was faulty.
    Fault = 4,
    /// The device says that it did not work or had no contact with its sensor.
    Stopped = 5,
    /// Typed in or corrected by a person.
    Manual = 6,
    /// Nothing measured: the device marked the value as not valid.
    Invalid = 7,
    /// Taken back: stands for an observation that was deleted.
    Deleted = 255,
}

impl Quality {
    /// The quality that a stored code stands for; an unknown one is not believed.
    pub fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Good,
            1 => Self::OutOfRange,
            2 => Self::Maintenance,
            3 => Self::Calibration,
            4 => Self::Fault,
            5 => Self::Stopped,
            6 => Self::Manual,
            255 => Self::Deleted,
            _ => Self::Invalid,
        }
    }

    pub fn code(self) -> u8 {
        self as u8
    }

    /// Whether means, indicators and rules count it unless they say otherwise.
    pub fn is_believed(self) -> bool {
        matches!(self, Self::Good | Self::Manual)
    }
}

/// One observed value. Within a series the time is the key: a later append with the same time takes the place of an
/// earlier one.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub series: Arc<Series>,
    /// When it was observed, microseconds since 1970 UTC, by the device's clock.
    pub time: i64,
    /// When it was taken in, microseconds since 1970 UTC.
    pub received: i64,
    /// Not a number where the observation is a text or nothing.
    pub value: f64,
    /// States, codes and structured results (JSON).
    pub text: Option<Arc<str>>,
    pub quality: Quality,
}

/// One value as it is read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub time: i64,
    /// When it was taken in, microseconds since 1970 UTC; kept to the second.
    pub received: i64,
    pub value: f64,
    pub text: Option<Arc<str>>,
    pub quality: Quality,
}

/// A down-sampled stretch. Only believed values count for the four figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// Its beginning, microseconds since 1970 UTC.
    pub start: i64,
    pub min: f64,
    pub max: f64,
    pub sum: f64,
    /// Believed values.
    pub count: u64,
    /// All values, believed or not.
    pub total: u64,
}

/// `from <= time < to`, microseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: i64,
    pub to: i64,
}

/// The stretch that a bucket covers; hours and days begin by the city's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Minute,
    Hour,
    Day,
}

/// The newest value of every series.
pub type Latest = Vec<(Arc<Series>, Sample)>;

/// The history of observations, answered by `lake`.
pub trait History: Send + Sync + 'static {
    /// Appends and makes durable: when it returns `Ok`, a crash or power cut does not lose the points. Blocks for
    /// one fsync; called from a thread of its own, never from an async task.
    fn append(&self, points: &[Point]) -> Asked<()>;

    /// The newest believed-or-not value of every series, for the start.
    fn latest(&self) -> BoxFuture<'_, Asked<Latest>>;

    /// Which of these (series, time) are already kept. Answers in the order asked.
    fn contains<'a>(&'a self, keys: &'a [(Arc<Series>, i64)]) -> BoxFuture<'a, Asked<Vec<bool>>>;

    /// Values of one series by time, newest first if `newest_first`, at most `limit`.
    fn samples<'a>(
        &'a self,
        series: &'a Series,
        span: Span,
        newest_first: bool,
        limit: usize,
    ) -> BoxFuture<'a, Asked<Vec<Sample>>>;

    /// Down-sampled values of one series by time; stretches without a value are absent.
    fn buckets<'a>(
        &'a self,
        series: &'a Series,
        span: Span,
        step: Step,
    ) -> BoxFuture<'a, Asked<Vec<Bucket>>>;

    /// Everything of these devices (all, if none is named) in the order of observation, in pieces.
    fn replay<'a>(
        &'a self,
        devices: &'a [Box<str>],
        span: Span,
    ) -> BoxStream<'a, Asked<Vec<Point>>>;
}

/// Who else is told of what was taken in, once it is durable. Called from the thread that takes in: it must not
/// block, and bounds and counts what it cannot take.
pub trait Observer: Send + Sync + 'static {
    fn observe(&self, points: &Arc<[Point]>, now: Timestamp);

    /// Much waits with it: whoever takes in waits a little before it takes more.
    fn is_busy(&self) -> bool {
        false
    }
}

/// A property of a profile as other domains see it.
#[derive(Debug, Clone, PartialEq)]
pub struct PropertyBrief {
    pub code: String,
    pub name: Text,
    pub unit: Option<String>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// Rules judge numbers and flags.
    pub is_number: bool,
}

/// A kind of device as other domains see it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileBrief {
    pub code: String,
    pub name: Text,
    pub properties: Vec<PropertyBrief>,
}

/// A device as other domains see it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeviceBrief {
    pub id: Uuid,
    pub code: Arc<str>,
    pub name: String,
    pub profile: Arc<str>,
    pub org: Option<OrgId>,
    pub area: Option<AreaCode>,
    pub secrecy: u8,
    pub position: Option<Position>,
    pub place: Option<String>,
    pub group: Option<Arc<str>>,
    /// Figures of its own that rules may use, `guard_level`.
    pub attributes: Vec<(String, f64)>,
    /// Is anything of it taken, and not under maintenance?
    pub is_active: bool,
}

impl DeviceBrief {
    /// What rights look at.
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            orgs: self.org.as_slice(),
            area: self.area.as_ref(),
            secrecy: self.secrecy,
        }
    }
}

/// Answered by `sensing`, from memory: the registered devices.
pub trait Devices: Send + Sync + 'static {
    fn device(&self, code: &str) -> Option<Arc<DeviceBrief>>;
    /// All of them.
    fn all(&self) -> Vec<Arc<DeviceBrief>>;
    /// All of one profile.
    fn of_profile(&self, profile: &str) -> Vec<Arc<DeviceBrief>>;
    fn profile(&self, code: &str) -> Option<ProfileBrief>;
    /// Grows with every change of devices and profiles.
    fn revision(&self) -> i64;
}
