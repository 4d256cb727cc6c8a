//! What conditions read: values of properties, attributes, functions of windows, constants and parameters. Every
//! different one has one place, which all rules of a set share.
//!
//! Places of the *bank* differ from object to object; places of the *table* are the same for all objects and change
//! only with the date.

use std::sync::Arc;

use crate::{duration::Duration, language::Node, profile::Profile, spec::Accepts};

/// Places that bank and table may have before another rule is read. One rule adds some thousands at the most, and
/// `0x7fff` can be numbered.
pub(crate) const PLACES_MAX: usize = 20_000;

/// A place in the bank or in the table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Operand(u16);

const TABLE: u16 = 0x8000;

impl Operand {
    pub(crate) const fn bank(index: usize) -> Self {
        Self(index as u16)
    }

    pub(crate) const fn table(index: usize) -> Self {
        Self(index as u16 | TABLE)
    }

    pub(crate) const fn is_table(self) -> bool {
        self.0 & TABLE != 0
    }

    pub(crate) const fn index(self) -> usize {
        (self.0 & !TABLE) as usize
    }
}

impl std::fmt::Debug for Operand {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side = if self.is_table() { "table" } else { "bank" };
        write!(out, "{side}[{}]", self.index())
    }
}

/// A property as rules see it that accept these samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) property: usize,
    pub(crate) accepts: Accepts,
}

/// Up to where a window reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// The instant at which it is asked: time alone empties it.
    Now,
    /// The last sample: only a sample changes it.
    Sample,
    /// Whole hours long before the last sample.
    Hours,
}

/// The last so much time of one slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WindowKey {
    pub(crate) slot: usize,
    pub(crate) lapse: Duration,
    pub(crate) anchor: Anchor,
}

/// What is computed of a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Function {
    Average,
    Least,
    Most,
    Sum,
    Count,
    /// Samples for which a predicate holds.
    CountOf(usize),
    /// Last less first, for each hour between them.
    Rate,
    /// Last less first.
    Delta,
    Deviation,
    Median,
    First,
    Last,
    /// Distance from the median in robust deviations of at least so much.
    RobustZ(f64),
    /// Distance from what the hour of the day had before.
    SeasonalZ(f64),
    /// What the hour of the day had before.
    Baseline,
    /// How surely the level has changed.
    Change(f64),
}

impl Function {
    pub(crate) const fn anchor(self) -> Anchor {
        match self {
            Self::RobustZ(_) | Self::Change(_) => Anchor::Sample,
            Self::SeasonalZ(_) | Self::Baseline => Anchor::Hours,
            _ => Anchor::Now,
        }
    }
}

/// Where a place of the bank is filled from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Source {
    /// The slot's last value.
    Slot(usize),
    /// What is known about the object.
    Attribute(usize),
    Window(usize, Function),
    /// Nothing came for so long.
    Silence(usize, Duration),
    /// Seconds since the last sample.
    Age(usize),
}

/// A place of the table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entry {
    Constant(f64),
    /// In force `from <= time < to`.
    Dated(Vec<(i64, i64, f64)>),
}

/// A comparison of an age: the only operand that moves by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct AgeTest {
    pub(crate) slot: usize,
    /// In seconds.
    pub(crate) limit: Operand,
}

/// What a sample of a slot must fulfil to be counted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Predicate {
    pub(crate) slot: usize,
    pub(crate) test: Node,
}

/// All places, as they are handed out while rules are read.
#[derive(Debug, Default)]
pub(crate) struct Operands {
    pub(crate) profile: Profile,
    pub(crate) slots: Vec<Slot>,
    pub(crate) windows: Vec<WindowKey>,
    pub(crate) bank: Vec<Source>,
    pub(crate) bank_names: Vec<Arc<str>>,
    pub(crate) table: Vec<Entry>,
    pub(crate) table_names: Vec<Arc<str>>,
    pub(crate) age_tests: Vec<AgeTest>,
    pub(crate) predicates: Vec<Predicate>,
}

impl Operands {
    pub(crate) fn new(profile: Profile) -> Self {
        Self {
            profile,
            ..Self::default()
        }
    }

    pub(crate) fn slot(&mut self, property: usize, accepts: Accepts) -> usize {
        index_of(&mut self.slots, Slot { property, accepts })
    }

    /// The last value of a slot.
    pub(crate) fn value(&mut self, slot: usize) -> Operand {
        let name = self.property_of(slot).to_owned();
        self.place(Source::Slot(slot), &name)
    }

    pub(crate) fn attribute(&mut self, attribute: usize) -> Operand {
        let name = self.profile.attributes.get(attribute);
        let name = format!("attr.{}", name.map_or("", String::as_str));
        self.place(Source::Attribute(attribute), &name)
    }

    /// A function of a window; `written` is its name and argument as the rule has them.
    pub(crate) fn window(
        &mut self,
        slot: usize,
        lapse: Duration,
        function: Function,
        written: &str,
    ) -> Operand {
        let anchor = function.anchor();
        let window = index_of(
            &mut self.windows,
            WindowKey {
                slot,
                lapse,
                anchor,
            },
        );
        self.place(
            Source::Window(window, function),
            &format!("{written}, {lapse})"),
        )
    }

    pub(crate) fn predicate(&mut self, slot: usize, test: Node) -> usize {
        index_of(&mut self.predicates, Predicate { slot, test })
    }

    pub(crate) fn silence(&mut self, slot: usize, lapse: Duration) -> Operand {
        let name = format!("missing({}, {lapse})", self.property_of(slot));
        self.place(Source::Silence(slot, lapse), &name)
    }

    /// The age of a slot's last sample, to be compared with a limit.
    pub(crate) fn age(&mut self, slot: usize, limit: Operand) -> Operand {
        index_of(&mut self.age_tests, AgeTest { slot, limit });
        let name = format!("age({})", self.property_of(slot));
        self.place(Source::Age(slot), &name)
    }

    pub(crate) fn constant(&mut self, value: f64) -> Operand {
        let same = |entry: &Entry| matches!(entry, Entry::Constant(other) if other.to_bits() == value.to_bits());
        let index = self.table.iter().position(same).unwrap_or_else(|| {
            self.table_names.push(value.to_string().into());
            self.table.push(Entry::Constant(value));
            self.table.len() - 1
        });
        Operand::table(index)
    }

    /// A parameter has a place of its own even where another has the same values, so that it keeps its name.
    pub(crate) fn param(&mut self, name: &str, entry: Entry) -> Operand {
        self.table_names.push(name.into());
        self.table.push(entry);
        Operand::table(self.table.len() - 1)
    }

    pub(crate) fn property_of(&self, slot: usize) -> &str {
        let property = self.slots.get(slot).map(|slot| slot.property);
        let property = property.and_then(|property| self.profile.properties.get(property));
        property.map_or("", |property| &property.code)
    }

    /// Whether there are more places than can be numbered.
    pub(crate) fn is_full(&self) -> bool {
        self.bank.len() > PLACES_MAX || self.table.len() > PLACES_MAX
    }

    fn place(&mut self, source: Source, name: &str) -> Operand {
        let before = self.bank.len();
        let index = index_of(&mut self.bank, source);
        if index == before {
            self.bank_names.push(name.into());
        }
        Operand::bank(index)
    }
}

fn index_of<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    if let Some(index) = list.iter().position(|other| *other == item) {
        return index;
    }
    list.push(item);
    list.len() - 1
}
