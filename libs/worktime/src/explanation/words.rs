//! A reckoning in Chinese and in English.

use super::{End, Explanation, Part};
use crate::{day, limit::Unit};

const SECONDS_OF_DAY: i64 = 86_400;

pub(super) fn zh(explanation: &Explanation) -> String {
    let year = Year::of(explanation.start);
    let start = Year::NONE.instant(explanation.start);
    let limit = explanation.limit.zh();
    let worth = explanation.worth_in_hours().map(duration_zh);
    let worth = worth.map_or_else(String::new, |worth| format!("（合 {worth}）"));
    let in_days = explanation.counts_in_days();
    let parts = explanation.parts.iter();
    let parts: Vec<_> = parts.map(|part| part_zh(*part, year, in_days)).collect();
    let colon = if parts.is_empty() { "" } else { "：" };
    let parts = parts.join("，");
    let end = match explanation.end {
        End::Due(due) => format!("截止 {}", year.instant(due)),
        End::Held(since, left) => {
            let (since, left) = (year.instant(since), duration_zh(left));
            format!("{since} 起暂停，剩余 {left}，恢复后确定截止时间")
        }
    };
    let beyond = if explanation.beyond_known {
        "（届时的放假安排尚未公布，公布后重新计算）"
    } else {
        ""
    };
    format!("自 {start} 起 {limit}{worth}{colon}{parts}；{end}{beyond}")
}

pub(super) fn en(explanation: &Explanation) -> String {
    let year = Year::of(explanation.start);
    let start = Year::NONE.instant(explanation.start);
    let limit = explanation.limit.en();
    let worth = explanation.worth_in_hours().map(duration_en);
    let worth = worth.map_or_else(String::new, |worth| format!(" ({worth})"));
    let in_days = explanation.counts_in_days();
    let parts = explanation.parts.iter();
    let parts: Vec<_> = parts.map(|part| part_en(*part, year, in_days)).collect();
    let colon = if parts.is_empty() { "" } else { ": " };
    let parts = parts.join(", ");
    let end = match explanation.end {
        End::Due(due) => format!("due {}", year.instant(due)),
        End::Held(since, left) => {
            let (since, left) = (year.instant(since), duration_en(left));
            format!("stopped since {since}, {left} left, due once it goes on")
        }
    };
    let beyond = if explanation.beyond_known {
        " (the holidays of that time are not published yet; to be computed again then)"
    } else {
        ""
    };
    format!("{limit}{worth} from {start}{colon}{parts}; {end}{beyond}")
}

fn part_zh(part: Part, year: Year, in_days: bool) -> String {
    match part {
        Part::NotCounted(day) => format!("{} 当日不计", year.day(day)),
        Part::AfterHours(day) => format!("{} 已过工作时间", year.day(day)),
        Part::Worked(first, days, _) if in_days => {
            format!("{} {days} 个工作日", year.days_zh(first, days))
        }
        Part::Worked(first, 1, minutes) => format!("{} {}", year.day(first), duration_zh(minutes)),
        Part::Worked(first, days, minutes) => {
            format!(
                "{} {days} 天 {}",
                year.days_zh(first, days),
                duration_zh(minutes)
            )
        }
        Part::Rest(first, days) => format!("{} 休息", year.days_zh(first, days)),
        Part::Holiday(first, days) => format!("{} 放假", year.days_zh(first, days)),
        Part::Pause(from, to, minutes) => format!(
            "{} 至 {} 暂停（不计 {}）",
            year.instant(from),
            year.instant(to),
            duration_zh(minutes)
        ),
        Part::DaysInAll(first, days, worked, minutes) => format!(
            "{} 计入 {worked} 天，共 {}",
            year.days_zh(first, days),
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
            format!("{days} {unit} {}", year.days_en(first, days))
        }
        Part::Worked(first, days, minutes) => {
            format!("{} {}", duration_en(minutes), year.days_en(first, days))
        }
        Part::Rest(first, days) => format!("off {}", year.days_en(first, days)),
        Part::Holiday(first, days) => format!("holiday {}", year.days_en(first, days)),
        Part::Pause(from, to, minutes) => format!(
            "stopped from {} to {} ({} not counted)",
            year.instant(from),
            year.instant(to),
            duration_en(minutes)
        ),
        Part::DaysInAll(first, days, worked, minutes) => format!(
            "{worked} days counted {}, {} in all",
            year.days_en(first, days),
            duration_en(minutes)
        ),
        Part::PausesInAll(count, minutes) => {
            let times = if count == 1 {
                "once".to_owned()
            } else {
                format!("{count} times")
            };
            format!("stopped {times} ({} not counted)", duration_en(minutes))
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

    fn days_zh(self, first: i32, days: i32) -> String {
        if days == 1 {
            self.day(first)
        } else {
            format!("{} 至 {}", self.day(first), self.day(first + days - 1))
        }
    }

    fn days_en(self, first: i32, days: i32) -> String {
        if days == 1 {
            format!("on {}", self.day(first))
        } else {
            format!("from {} to {}", self.day(first), self.day(first + days - 1))
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
