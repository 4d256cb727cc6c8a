//! What a kind of object has: the properties it reports and the numbers that are known about it.

use crate::duration::Duration;

/// One kind of object. A set of rules is compiled for one profile.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profile {
    /// What objects of this kind report. The place in this list is the property's index.
    pub properties: Vec<Property>,
    /// Names of what is known about each object, such as the guard level of a station: `attr.guard`. The place in
    /// this list is the attribute's index.
    pub attributes: Vec<String>,
}

/// One numeric property.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// As conditions name it.
    pub code: String,
    /// The values that it can have; comparisons that such values never meet are warned of.
    pub range: Option<(f64, f64)>,
    /// A value older than this is absent; without it a value holds until the next.
    pub stale_after: Option<Duration>,
}

impl Property {
    /// A property of which nothing else is known.
    pub fn new(code: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            range: None,
            stale_after: None,
        }
    }

    /// With the values that it can have.
    #[must_use]
    pub const fn within(mut self, low: f64, high: f64) -> Self {
        self.range = Some((low, high));
        self
    }

    /// With an age at which its value is absent.
    #[must_use]
    pub const fn stale_after(mut self, age: Duration) -> Self {
        self.stale_after = Some(age);
        self
    }
}
