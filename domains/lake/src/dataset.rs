//! What the lake keeps, and where in its folder.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::zone::{Day, Month};

/// A set of rows of one form.
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
    Deserialize,
    utoipa::ToSchema,
)]
#[schema(as = LakeDataset)]
pub enum Dataset {
    /// What devices observed.
    #[serde(rename = "observations")]
    Observations,
    /// The same down-sampled to hours.
    #[serde(rename = "observations_1h")]
    Hours,
    /// The same down-sampled to days.
    #[serde(rename = "observations_1d")]
    Days,
    /// What happened in every domain.
    #[serde(rename = "events")]
    Events,
}

impl Dataset {
    pub const ALL: [Self; 4] = [Self::Observations, Self::Hours, Self::Days, Self::Events];

    /// The name of its folder and its table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Observations => "observations",
            Self::Hours => "observations_1h",
            Self::Days => "observations_1d",
            Self::Events => "events",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dataset| dataset.name() == name)
    }

    pub(crate) fn folder(self) -> PathBuf {
        PathBuf::from(self.name())
    }

    /// Where appended segments lie.
    pub(crate) fn segments(self) -> PathBuf {
        self.folder().join("segments")
    }

    /// Is a partition a month? Otherwise it is a day.
    fn is_by_month(self) -> bool {
        matches!(self, Self::Hours | Self::Days)
    }
}

/// A folder of files of one dataset: those of a day, or of a month for what is down-sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Partition {
    pub(crate) dataset: Dataset,
    /// A [`Day`] or a [`Month`].
    at: i32,
}

impl Partition {
    pub(crate) fn day(dataset: Dataset, day: Day) -> Self {
        Self { dataset, at: day.0 }
    }

    pub(crate) fn month(dataset: Dataset, month: Month) -> Self {
        Self {
            dataset,
            at: month.0,
        }
    }

    /// The day that it is, or the first day of the month.
    pub(crate) fn first_day(self) -> Day {
        if self.dataset.is_by_month() {
            Month(self.at).first_day()
        } else {
            Day(self.at)
        }
    }

    /// The first day after it.
    pub(crate) fn next_day(self) -> Day {
        if self.dataset.is_by_month() {
            Month(self.at + 1).first_day()
        } else {
            Day(self.at + 1)
        }
    }

    /// `2026-11-23` or `2026-11`.
    pub(crate) fn label(self) -> String {
        if self.dataset.is_by_month() {
            Month(self.at).to_string()
        } else {
            Day(self.at).to_string()
        }
    }

    /// Its folder within the lake: `observations/day=2026-11-23`.
    pub(crate) fn folder(self) -> PathBuf {
        let kind = if self.dataset.is_by_month() {
            "month"
        } else {
            "day"
        };
        self.dataset
            .folder()
            .join(format!("{kind}={}", self.label()))
    }

    /// The partition that a folder's name stands for.
    pub(crate) fn parse(dataset: Dataset, folder: &str) -> Option<Self> {
        let at = if dataset.is_by_month() {
            Month::parse(folder.strip_prefix("month=")?)?.0
        } else {
            Day::parse(folder.strip_prefix("day=")?)?.0
        };
        Some(Self { dataset, at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_tells_its_partition() {
        for (dataset, name) in [
            (Dataset::Observations, "day=2026-11-23"),
            (Dataset::Events, "day=1969-12-31"),
            (Dataset::Hours, "month=2026-11"),
            (Dataset::Days, "month=1970-01"),
        ] {
            let partition = Partition::parse(dataset, name).unwrap();
            assert_eq!(partition.folder(), dataset.folder().join(name));
            assert_eq!(Dataset::parse(dataset.name()), Some(dataset));
        }
        assert_eq!(Partition::parse(Dataset::Hours, "day=2026-11-23"), None);
        assert_eq!(Partition::parse(Dataset::Events, "day=2026-13-01"), None);
        let month = Partition::parse(Dataset::Hours, "month=2026-12").unwrap();
        assert_eq!(month.next_day().to_string(), "2027-01-01");
    }
}
