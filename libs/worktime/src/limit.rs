//! A limit: an amount of time in one of six units, written `30m 4h 2d 240wm 4wh 5wd`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::text_form::text_schema;

/// What a limit counts in.
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
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Minutes on the wall clock.
    Minute,
    /// Hours on the wall clock.
    Hour,
    /// Spans of 24 hours.
    Day,
    /// Minutes of working time.
    WorkingMinute,
    /// Hours of working time.
    WorkingHour,
    /// Working days, counted from the day after the start.
    WorkingDay,
}

impl Unit {
    /// Does the unit count working time only?
    pub const fn is_working(self) -> bool {
        matches!(
            self,
            Self::WorkingMinute | Self::WorkingHour | Self::WorkingDay
        )
    }

    const fn suffix(self) -> &'static str {
        match self {
            Self::Minute => "m",
            Self::Hour => "h",
            Self::Day => "d",
            Self::WorkingMinute => "wm",
            Self::WorkingHour => "wh",
            Self::WorkingDay => "wd",
        }
    }

    /// The largest amount that a limit may be written with: about ten years.
    pub const fn amount_max(self) -> u32 {
        match self {
            Self::Minute | Self::WorkingMinute => 5_256_000,
            Self::Hour | Self::WorkingHour => 87_600,
            Self::Day | Self::WorkingDay => 3_650,
        }
    }
}

/// So much time of a unit: four working hours, five working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limit {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
}

/// Why a text or an amount is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitFault {
    /// Not a number and a unit.
    #[error("a limit is a whole number and one of m, h, d, wm, wh, wd, such as 4wh")]
    Form,
    /// More than about ten years.
    #[error("a limit is at most {max}{suffix}", max = .0.amount_max(), suffix = .0.suffix())]
    TooLong(Unit),
}

impl Limit {
    /// A limit of at most about ten years.
    pub fn new(amount: u32, unit: Unit) -> Result<Self, LimitFault> {
        if amount > unit.amount_max() {
            return Err(LimitFault::TooLong(unit));
        }
        Ok(Self { amount, unit })
    }

    /// In Chinese: `4 个工作小时`.
    pub fn zh(self) -> String {
        let unit = match self.unit {
            Unit::Minute => "分钟",
            Unit::Hour => "小时",
            Unit::Day => "天",
            Unit::WorkingMinute => "个工作分钟",
            Unit::WorkingHour => "个工作小时",
            Unit::WorkingDay => "个工作日",
        };
        format!("{} {unit}", self.amount)
    }

    /// In English: `4 working hours`.
    pub fn en(self) -> String {
        let unit = match self.unit {
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::WorkingMinute => "working minute",
            Unit::WorkingHour => "working hour",
            Unit::WorkingDay => "working day",
        };
        let plural = if self.amount == 1 { "" } else { "s" };
        format!("{} {unit}{plural}", self.amount)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.amount, self.unit.suffix())
    }
}

impl FromStr for Limit {
    type Err = LimitFault;

    fn from_str(text: &str) -> Result<Self, LimitFault> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (amount, suffix) = text.split_at_checked(digits).ok_or(LimitFault::Form)?;
        if amount.is_empty() {
            return Err(LimitFault::Form);
        }
        let unit = match suffix {
            "m" => Unit::Minute,
            "h" => Unit::Hour,
            "d" => Unit::Day,
            "wm" => Unit::WorkingMinute,
            "wh" => Unit::WorkingHour,
            "wd" => Unit::WorkingDay,
            _ => return Err(LimitFault::Form),
        };
        // Digits alone can only fail to parse by being too many.
        let amount = amount.parse().unwrap_or(u32::MAX);
        Self::new(amount, unit)
    }
}

/// The two forms that are read; only the short one is written.
#[derive(Deserialize)]
#[serde(untagged)]
enum LimitForm {
    Short(String),
    Long(LongForm),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LongForm {
    amount: u32,
    unit: Unit,
}

impl Serialize for Limit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let limit = match LimitForm::deserialize(deserializer) {
            Ok(LimitForm::Short(text)) => text.parse(),
            Ok(LimitForm::Long(LongForm { amount, unit })) => Self::new(amount, unit),
            // "matched no variant" says nothing to the writer of a pack.
            Err(_untagged) => Err(LimitFault::Form),
        };
        limit.map_err(serde::de::Error::custom)
    }
}

text_schema!(Limit, "^[0-9]+(m|h|d|wm|wh|wd)$", "4wh");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_read_and_written() {
        for text in ["0m", "30m", "4h", "2d", "240wm", "4wh", "5wd"] {
            let limit: Limit = text.parse().unwrap();
            assert_eq!(limit.to_string(), text);
            let json = serde_json::to_string(&limit).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<Limit>(&json).unwrap(), limit);
        }
    }

    #[test]
    fn the_map_form_is_read() {
        let limit: Limit = serde_json::from_str(r#"{"amount": 5, "unit": "working_day"}"#).unwrap();
        assert_eq!(
            (limit.to_string(), limit.zh()),
            ("5wd".into(), "5 个工作日".into())
        );
    }

    #[test]
    fn what_is_no_limit_is_refused_with_words() {
        for text in ["", "4", "wh", "4 wh", "-4h", "4wx", "1.5d", "4小时"] {
            assert_eq!(text.parse::<Limit>(), Err(LimitFault::Form), "{text}");
        }
        for text in ["3651wd", "99999999999999m"] {
            assert!(
                matches!(text.parse::<Limit>(), Err(LimitFault::TooLong(_))),
                "{text}"
            );
        }
        assert_eq!(
            "3651wd".parse::<Limit>().unwrap_err().to_string(),
            "a limit is at most 3650wd"
        );
        for json in [
            "4",
            "null",
            r#"{"amount": 4}"#,
            r#"{"amount":1,"unit":"hour","x":1}"#,
        ] {
            let fault = serde_json::from_str::<Limit>(json).unwrap_err().to_string();
            assert!(
                fault.starts_with("a limit is a whole number"),
                "{json}: {fault}"
            );
        }
    }

    #[test]
    fn words_agree_in_number() {
        assert_eq!(
            Limit::new(1, Unit::WorkingDay).unwrap().en(),
            "1 working day"
        );
        assert_eq!(
            Limit::new(4, Unit::WorkingHour).unwrap().en(),
            "4 working hours"
        );
    }
}
