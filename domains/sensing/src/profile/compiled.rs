//! A profile ready for the hot path: properties by position, elements by name.

use std::collections::HashMap;

use yiwang_contracts::Quality;

use super::entry::{ElementEntry, ProfileEntry, PropertyEntry, ValueKind};
use crate::protocol::Protocol;

/// What it takes to round: a power of ten is divided by, so that 0.1 stays 0.1.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Rounding {
    None,
    Parts(f64),
    Steps(f64),
}

/// One property, ready to judge values.
#[derive(Debug, Clone)]
pub struct Property {
    pub entry: PropertyEntry,
    rounding: Rounding,
}

#[derive(Debug, Clone, Copy)]
struct Element {
    property: u16,
    scale: f64,
    offset: f64,
}

/// A profile, ready to read messages by.
#[derive(Debug, Clone)]
pub struct Profile {
    pub entry: ProfileEntry,
    pub properties: Vec<Property>,
    by_code: HashMap<Box<str>, u16>,
    elements: HashMap<(Protocol, Box<str>), Vec<Element>>,
}

impl Profile {
    /// Entries are checked before they are installed, so this cannot fail.
    pub fn new(entry: ProfileEntry) -> Self {
        let (mut by_code, mut elements) = (HashMap::new(), HashMap::new());
        for (at, property) in (0u16..).zip(&entry.properties) {
            by_code.insert(property.code.as_str().into(), at);
            for (protocol, names) in &property.elements {
                for (name, scale, offset) in names.iter().map(ElementEntry::parts) {
                    let element = Element {
                        property: at,
                        scale,
                        offset,
                    };
                    let known: &mut Vec<Element> =
                        elements.entry((*protocol, name.into())).or_default();
                    known.push(element);
                }
            }
        }
        Self {
            properties: entry
                .properties
                .iter()
                .cloned()
                .map(Property::new)
                .collect(),
            by_code,
            elements,
            entry,
        }
    }

    /// The position of a property by its code.
    pub fn property(&self, code: &str) -> Option<u16> {
        // A handful of names is found faster by looking at them than by hashing.
        if self.properties.len() <= 8 {
            let at = |property: &Property| property.entry.code == code;
            return self.properties.iter().position(at).map(|at| at as u16);
        }
        self.by_code.get(code).copied()
    }

    /// The properties that an element of a protocol stands for, with the value converted.
    pub fn element(
        &self,
        protocol: Protocol,
        name: &str,
        value: f64,
    ) -> impl Iterator<Item = (u16, f64)> + '_ {
        let known = self.elements.get(&(protocol, Box::from(name)));
        known
            .into_iter()
            .flatten()
            .map(move |each| (each.property, value * each.scale + each.offset))
    }

    /// After so long without a word a device is silent.
    pub fn silent_after_seconds(&self, interval_seconds: Option<u32>) -> u32 {
        match (self.entry.silent_after_seconds, interval_seconds) {
            (Some(own), None) => own,
            (_, interval) => interval
                .unwrap_or(self.entry.interval_seconds)
                .saturating_mul(3),
        }
    }
}

impl Property {
    fn new(entry: PropertyEntry) -> Self {
        let rounding = match entry.resolution {
            Some(step) if step > 0.0 => {
                let parts = (1.0 / step).round();
                if step < 1.0 && (parts * step - 1.0).abs() < 1e-9 {
                    Rounding::Parts(parts)
                } else {
                    Rounding::Steps(step)
                }
            }
            _ => Rounding::None,
        };
        Self { entry, rounding }
    }

    /// The value as the instrument can tell it, and whether it can be.
    pub fn judge(&self, value: f64, claimed: Quality) -> (f64, Quality) {
        let rounded = match self.rounding {
            Rounding::None => value,
            Rounding::Parts(parts) => (value * parts).round() / parts,
            Rounding::Steps(step) => (value / step).round() * step,
        };
        let outside = self.entry.min.is_some_and(|min| rounded < min)
            || self.entry.max.is_some_and(|max| rounded > max);
        let quality = if outside && claimed == Quality::Good {
            Quality::OutOfRange
        } else {
            claimed
        };
        (rounded, quality)
    }

    pub fn is_text(&self) -> bool {
        self.entry.kind == ValueKind::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn property(resolution: Option<f64>) -> Property {
        Property::new(PropertyEntry {
            code: "level".into(),
            name: yiwang_kernel::Text::zh("水位"),
            kind: ValueKind::Number,
            unit: Some("m".into()),
            min: Some(-1.0),
            max: Some(10.0),
            resolution,
            elements: std::collections::BTreeMap::new(),
        })
    }

    #[test]
    fn values_are_rounded_to_the_instrument_and_marked_outside_its_range() {
        let cases = [
            (Some(0.01), 0.123_456, 0.12, Quality::Good),
            (Some(0.1), 0.300_000_04, 0.3, Quality::Good),
            (Some(0.5), 0.74, 0.5, Quality::Good),
            (Some(5.0), 7.6, 10.0, Quality::Good),
            (Some(0.001), 10.0004, 10.0, Quality::Good),
            (None, 10.0004, 10.0004, Quality::OutOfRange),
            (Some(0.01), -1.006, -1.01, Quality::OutOfRange),
        ];
        for (resolution, value, rounded, quality) in cases {
            let judged = property(resolution).judge(value, Quality::Good);
            assert_eq!(judged, (rounded, quality), "{value} at {resolution:?}");
        }
        let kept = property(None).judge(99.0, Quality::Maintenance);
        assert_eq!(kept.1, Quality::Maintenance, "what the device says stays");
    }
}
