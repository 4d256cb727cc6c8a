//! The functions of the standard, by name, with how many arguments they have.

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    SubstringOf,
    Contains,
    StartsWith,
    EndsWith,
    Length,
    IndexOf,
    Substring,
    ToLower,
    ToUpper,
    Trim,
    Concat,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    FractionalSeconds,
    Date,
    Time,
    TotalOffsetMinutes,
    Now,
    MinDateTime,
    MaxDateTime,
    Round,
    Floor,
    Ceiling,
    GeoDistance,
    GeoLength,
    GeoIntersects,
    StEquals,
    StDisjoint,
    StTouches,
    StWithin,
    StOverlaps,
    StCrosses,
    StIntersects,
    StContains,
    StRelate,
}

use Function as F;

/// Name, function, fewest and most arguments.
const FUNCTIONS: [(&str, Function, usize, usize); 39] = [
    ("substringof", F::SubstringOf, 2, 2),
    ("contains", F::Contains, 2, 2),
    ("startswith", F::StartsWith, 2, 2),
    ("endswith", F::EndsWith, 2, 2),
    ("length", F::Length, 1, 1),
    ("indexof", F::IndexOf, 2, 2),
    ("substring", F::Substring, 2, 3),
    ("tolower", F::ToLower, 1, 1),
    ("toupper", F::ToUpper, 1, 1),
    ("trim", F::Trim, 1, 1),
    ("concat", F::Concat, 2, 2),
    ("year", F::Year, 1, 1),
    ("month", F::Month, 1, 1),
    ("day", F::Day, 1, 1),
    ("hour", F::Hour, 1, 1),
    ("minute", F::Minute, 1, 1),
    ("second", F::Second, 1, 1),
    ("fractionalseconds", F::FractionalSeconds, 1, 1),
    ("date", F::Date, 1, 1),
    ("time", F::Time, 1, 1),
    ("totaloffsetminutes", F::TotalOffsetMinutes, 1, 1),
    ("now", F::Now, 0, 0),
    ("mindatetime", F::MinDateTime, 0, 0),
    ("maxdatetime", F::MaxDateTime, 0, 0),
    ("round", F::Round, 1, 1),
    ("floor", F::Floor, 1, 1),
    ("ceiling", F::Ceiling, 1, 1),
    ("geo.distance", F::GeoDistance, 2, 2),
    ("geo.length", F::GeoLength, 1, 1),
    ("geo.intersects", F::GeoIntersects, 2, 2),
    ("st_equals", F::StEquals, 2, 2),
    ("st_disjoint", F::StDisjoint, 2, 2),
    ("st_touches", F::StTouches, 2, 2),
    ("st_within", F::StWithin, 2, 2),
    ("st_overlaps", F::StOverlaps, 2, 2),
    ("st_crosses", F::StCrosses, 2, 2),
    ("st_intersects", F::StIntersects, 2, 2),
    ("st_contains", F::StContains, 2, 2),
    ("st_relate", F::StRelate, 3, 3),
];

impl Function {
    /// The function with its fewest and most arguments.
    pub(crate) fn parse(name: &str) -> Option<(Self, usize, usize)> {
        let known = FUNCTIONS.iter().find(|(known, ..)| *known == name)?;
        Some((known.1, known.2, known.3))
    }

    /// Every name, for a hint.
    pub(crate) fn names() -> String {
        let names: Vec<&str> = FUNCTIONS.iter().map(|(name, ..)| *name).collect();
        names.join(", ")
    }

    /// Is its value true, false or null?
    pub(crate) fn decides(self) -> bool {
        matches!(
            self,
            F::SubstringOf
                | F::Contains
                | F::StartsWith
                | F::EndsWith
                | F::GeoIntersects
                | F::StEquals
                | F::StDisjoint
                | F::StTouches
                | F::StWithin
                | F::StOverlaps
                | F::StCrosses
                | F::StIntersects
                | F::StContains
                | F::StRelate
        )
    }
}
