//! Why a feature was not taken: what is wrong, where in it, and what to do.

use crate::value::{ATTRIBUTES_MAX, KEY_BYTES_MAX, KEYS_MAX, TEXT_BYTES_MAX};

/// The attribute key of clusters, which features may not use.
pub const COUNT_KEY: &str = "count";
/// Classes are numbered from 0; a set of them is a list of bits.
pub const CLASSES_MAX: u32 = 1 << 20;
/// The most points that one line or polygon may have.
pub const VERTICES_MAX: usize = 200_000;

/// A feature that was not taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("feature {id}: {fault}")]
pub struct Refusal {
    /// Which feature.
    pub id: u64,
    /// Why.
    pub fault: Fault,
}

/// Why a feature was not taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Fault {
    /// A coordinate is NaN or infinite.
    #[error("a coordinate is not a number; send finite degrees")]
    NotANumber,
    /// A place beyond the square map.
    #[error(
        "{lon} {lat} lies beyond the Web Mercator map; send degrees, longitude first, within ±180 and ±85.0511"
    )]
    OffTheMap {
        /// Degrees east.
        lon: f64,
        /// Degrees north.
        lat: f64,
    },
    /// A ring that encloses nothing.
    #[error("ring {ring} of part {part} has {points} different points; a ring needs at least 3")]
    ShortRing {
        /// Which polygon of the geometry, from 0.
        part: usize,
        /// Which ring of it: 0 is the exterior.
        ring: usize,
        /// How many points differ from the one before them.
        points: usize,
    },
    /// A ring without an inside.
    #[error(
        "ring {ring} of part {part} has no area on the map; draw it around something or send a line"
    )]
    FlatRing {
        /// Which polygon of the geometry, from 0.
        part: usize,
        /// Which ring of it: 0 is the exterior.
        ring: usize,
    },
    /// A line that goes nowhere.
    #[error("line {part} has fewer than 2 different points; send a point instead")]
    ShortLine {
        /// Which line of the geometry, from 0.
        part: usize,
    },
    /// A geometry without any point.
    #[error("the geometry is empty; leave the feature out or remove it")]
    Empty,
    /// A collection of several kinds.
    #[error("a geometry collection is not drawn; send each member as a feature of its own")]
    Collection,
    /// More points than one feature may have.
    #[error("the geometry has {points} points, at most {VERTICES_MAX} are taken; divide it")]
    TooManyPoints {
        /// How many it has.
        points: usize,
    },
    /// A class beyond what a set of classes holds.
    #[error("class {class} is too large; number classes from 0 to {}", CLASSES_MAX - 1)]
    Class {
        /// The class.
        class: u32,
    },
    /// A version that ends before it begins.
    #[error("it holds from {from} until {until}, which is never; `until` must be later")]
    NeverHolds {
        /// Microseconds.
        from: i64,
        /// Microseconds.
        until: i64,
    },
    /// A change older than what is known of the feature.
    #[error(
        "the change is of {at}, but a version of {known} is known; send changes in the order of their times"
    )]
    OutOfOrder {
        /// Microseconds of the change.
        at: i64,
        /// Microseconds of the newest version's beginning or end.
        known: i64,
    },
    /// Two versions that hold at the same time.
    #[error(
        "a version from {from} begins before the one before it ends at {until}; one id has one version at a time"
    )]
    Overlap {
        /// Microseconds of this version's beginning.
        from: i64,
        /// Microseconds of the earlier one's end.
        until: i64,
    },
    /// An attribute key that is empty, too long, repeated or that of clusters.
    #[error(
        "attribute `{key}` cannot be used: keys have 1 to {KEY_BYTES_MAX} bytes, are not `{COUNT_KEY}` and occur once"
    )]
    Key {
        /// The key.
        key: String,
    },
    /// A value that cannot be written.
    #[error(
        "attribute `{key}` is too long or not a number; texts have up to {TEXT_BYTES_MAX} bytes, numbers are finite"
    )]
    Value {
        /// The key.
        key: String,
    },
    /// More attributes than a feature, or keys than a layer, may have.
    #[error(
        "too many attributes: a feature has up to {ATTRIBUTES_MAX}, a layer up to {KEYS_MAX} keys"
    )]
    TooManyAttributes,
    /// The dictionary of values cannot grow.
    #[error("the layer holds too many different texts; forget old versions, or divide the layer")]
    DictionaryFull,
}

impl Fault {
    /// A stable word for counters and programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotANumber => "not_a_number",
            Self::OffTheMap { .. } => "off_the_map",
            Self::ShortRing { .. } => "short_ring",
            Self::FlatRing { .. } => "flat_ring",
            Self::ShortLine { .. } => "short_line",
            Self::Empty => "empty",
            Self::Collection => "collection",
            Self::TooManyPoints { .. } => "too_many_points",
            Self::Class { .. } => "class",
            Self::NeverHolds { .. } => "never_holds",
            Self::OutOfOrder { .. } => "out_of_order",
            Self::Overlap { .. } => "overlap",
            Self::Key { .. } => "key",
            Self::Value { .. } => "value",
            Self::TooManyAttributes => "too_many_attributes",
            Self::DictionaryFull => "dictionary_full",
        }
    }

    pub(crate) fn of(self, id: u64) -> Refusal {
        Refusal { id, fault: self }
    }
}
