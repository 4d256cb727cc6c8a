//! A reckoning in Chinese and in English.

use super::{End, Explanation, Part};
use crate::{day, limit::Unit};

const SECONDS_OF_DAY: i64 = 86_400;

pub(super) fn zh(explanation: &Explanation) -> String {
    let year = Year::of(explanation.start);
    let mut text = format!(
        "自 {} 起 {}",
        Year::NONE.instant(explanation.start),
        explanation.limit.zh()
    );
    if let Some(minutes) = explanation.worth_in_hours() {
        text += &format!("（合 {}）", duration_zh(minutes));
    }
    let in_days = explanation.counts_in_days();
    let parts: Vec<_> = explanation
        .parts
        .iter()
        .map(|part| part_zh(*part, year, in_days))
        .collect();
    if !parts.is_empty() {
        text += "：";
        text += &parts.join("，");
    }
    text += &match explanation.end {
        End::Due(due) => format!("；截止 {}", year.instant(due)),
        End::Held(since, left) => format!(
            "；{} 起暂停，剩余 {}，恢复后确定截止时间",
            year.instant(since),
            duration_zh(left)
        ),
    };
    if explanation.beyond_known {
        text += "（届时的放假安排尚未公布，公布后重新计算）";
    }
    text
}

pub(super) fn en(explanation: &Explanation) -> String {
    let year = Year::of(explanation.start);
    let mut text = explanation.limit.en();
    if let Some(minutes) = explanation.worth_in_hours() {
        text += &format!(" ({})", duration_en(minutes));
    }
    text += &format!(" from {}", Year::NONE.instant(explanation.start));
    let in_days = explanation.counts_in_days();
    let parts: Vec<_> = explanation
        .parts
        .iter()
        .map(|part| part_en(*part, year, in_days))
        .collect();
    if !parts.is_empty() {
        text += ": ";
        text += &parts.join(", ");
    }
    text += &match explanation.end {
        End::Due(due) => format!("; due {}", year.instant(due)),
        End::Held(since, left) => format!(
            "; stopped since {}, {} left, due once it goes on",
            year.instant(since),
            duration_en(left)
        ),
    };
    if explanation.beyond_known {
        text += " (the holidays of that time are not published yet; to be computed again when they are)";
    }
    text
}

fn part_zh(part: Part, year: Year, in_days: bool) -> String {
    match part {
        Part::NotCounted(day) => format!("{} 当日不计", year.day(day)),
        Part::AfterHours(day) => format!("{} 已过工作时间", year.day(day)),
        Part::Worked(first, days, _) if in_days => {
            format!("{} {days} 个工作日", year.days(first, days, "至"))
        }
        Part::Worked(first, days, minutes) => {
            format!("{} {}", year.days(first, days, "至"), duration_zh(minutes))
        }
        Part::Rest(first, days) => format!("{} 休息", year.days(first, days, "至")),
        Part::Holiday(first, days) => format!("{} 放假", year.days(first, days, "至")),
        Part::Pause(from, to, minutes) => format!(
            "{} 至 {} 暂停（不计 {}）",
            year.instant(from),
            year.instant(to),
            duration_zh(minutes)
        ),
        Part::DaysInAll(first, days, worked, minutes) => format!(
            "{} 计入 {worked} 天，共 {}",
            year.days(first, days, "至"),
            duration_zh(minutes)
        ),
        Part::PausesInAll(count, minutes) => {
            format!("暂停 {count} 次（不计 {}）", duration_zh(minutes))
        }
    }
}

fn part_en(part: Part, year: Year, in_days: bool) -> String {
    match part {
        Part::NotCounted(day) => format!("{} not counted", year.day(day)),
        Part::AfterHours(day) => format!("{} after hours", year.day(day)),
        Part::Worked(first, days, _) if in_days => {
            let unit = if days == 1 {
                "working day"
            } else {
                "working days"
            };
            format!("{days} {unit} on {}", year.days(first, days, "to"))
        }
        Part::Worked(first, days, minutes) => {
            format!(
                "{} on {}",
                duration_en(minutes),
                year.days(first, days, "to")
            )
        }
        Part::Rest(first, days) => format!("off on {}", year.days(first, days, "to")),
        Part::Holiday(first, days) => format!("holiday on {}", year.days(first, days, "to")),
        Part::Pause(from, to, minutes) => format!(
            "stopped from {} to {} ({} not counted)",
            year.instant(from),
            year.instant(to),
            duration_en(minutes)
        ),
        Part::DaysInAll(first, days, worked, minutes) => format!(
            "{worked} days counted on {}, {} in all",
            year.days(first, days, "to"),
            duration_en(minutes)
        ),
        Part::PausesInAll(count, minutes) => {
            format!(
                "stopped {count} times ({} not counted)",
                duration_en(minutes)
            )
        }
    }
}

impl Explanation {
    /// Whole working days are told as days; once part of one was lost, only hours are exact.
    fn counts_in_days(&self) -> bool {
        self.limit.unit == Unit::WorkingDay && !self.has_pauses() && self.is_due()
    }

    /// What working days came to in minutes, where the words then go on in hours.
    fn worth_in_hours(&self) -> Option<i64> {
        let told = self.limit.unit == Unit::WorkingDay && !self.counts_in_days();
        let counted = self.parts.iter().map(|part| match part {
            Part::Worked(_, _, minutes) | Part::DaysInAll(_, _, _, minutes) => *minutes,
            _ => 0,
        });
        let left = match self.end {
            End::Held(_, left) => left,
            End::Due(_) => 0,
        };
        let worth = counted.sum::<i64>() + left;
        (told && worth > 0).then_some(worth)
    }

    fn has_pauses(&self) -> bool {
        let mut parts = self.parts.iter();
        parts.any(|part| matches!(part, Part::Pause(..) | Part::PausesInAll(..)))
    }

    fn is_due(&self) -> bool {
        matches!(self.end, End::Due(_))
    }
}

/// The year that goes without saying.
#[derive(Clone, Copy)]
struct Year(Option<i16>);

impl Year {
    const NONE: Self = Self(None);

    fn of(local_second: i64) -> Self {
        Self(Some(day::civil(day_of(local_second)).0))
    }

    fn day(self, day: i32) -> String {
        let (year, month, day) = day::civil(day);
        if self.0 == Some(year) {
            format!("{month:02}-{day:02}")
        } else {
            format!("{year:04}-{month:02}-{day:02}")
        }
    }

    fn days(self, first: i32, days: i32, to: &str) -> String {
        if days == 1 {
            self.day(first)
        } else {
            format!("{} {to} {}", self.day(first), self.day(first + days - 1))
        }
    }

    fn instant(self, local_second: i64) -> String {
        let minute = local_second.rem_euclid(SECONDS_OF_DAY) / 60;
        format!(
            "{} {:02}:{:02}",
            self.day(day_of(local_second)),
            minute / 60,
            minute % 60
        )
    }
}

fn day_of(local_second: i64) -> i32 {
    local_second.div_euclid(SECONDS_OF_DAY) as i32
}

fn duration_zh(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} 分钟"),
        (hours, 0) => format!("{hours} 小时"),
        (hours, minutes) => format!("{hours} 小时 {minutes} 分钟"),
    }
}

fn duration_en(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}
