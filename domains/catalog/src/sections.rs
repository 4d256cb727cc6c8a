//! The pack sections this domain owns.

use serde_json::Value;
use yiwang_contracts::SectionEntry;

use crate::check::{Finding, read};
use crate::model::{AreaEntry, Codeset, GradeEntry, ItemEntry, LimitEntry, ResponsibilityRule};

/// One section; also how a stored entry says what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    Areas,
    Calendars,
    Grades,
    Limits,
    Items,
    Responsibility,
    Codesets,
}

impl Section {
    pub const ALL: [Self; 7] = [
        Self::Areas,
        Self::Calendars,
        Self::Grades,
        Self::Limits,
        Self::Items,
        Self::Responsibility,
        Self::Codesets,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Areas => "areas",
            Self::Calendars => "calendars",
            Self::Grades => "grades",
            Self::Limits => "limits",
            Self::Items => "items",
            Self::Responsibility => "responsibility",
            Self::Codesets => "codesets",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.name() == name)
    }

    /// The field that names an entry within the section.
    pub fn key_field(self) -> &'static str {
        match self {
            Self::Areas | Self::Items => "code",
            Self::Calendars => "name",
            Self::Grades => "grade",
            Self::Limits | Self::Responsibility | Self::Codesets => "id",
        }
    }

    /// The JSON Schema of one entry.
    pub fn schema(self) -> Value {
        let schema = match self {
            Self::Areas => schemars::schema_for!(AreaEntry),
            Self::Calendars => schemars::schema_for!(yiwang_worktime::CalendarSpec),
            Self::Grades => schemars::schema_for!(GradeEntry),
            Self::Limits => schemars::schema_for!(LimitEntry),
            Self::Items => schemars::schema_for!(ItemEntry),
            Self::Responsibility => schemars::schema_for!(ResponsibilityRule),
            Self::Codesets => schemars::schema_for!(Codeset),
        };
        schema.to_value()
    }
}

impl Section {
    /// Can the entry be read at all?
    pub(crate) fn check_shape(self, entry: &SectionEntry) -> Result<(), Finding> {
        match self {
            Self::Areas => read::<AreaEntry>(entry).map(drop),
            Self::Calendars => read::<yiwang_worktime::CalendarSpec>(entry).map(drop),
            Self::Grades => read::<GradeEntry>(entry).map(drop),
            Self::Limits => read::<LimitEntry>(entry).map(drop),
            Self::Items => read::<ItemEntry>(entry).map(drop),
            Self::Responsibility => read::<ResponsibilityRule>(entry).map(drop),
            Self::Codesets => read::<Codeset>(entry).map(drop),
        }
    }
}
