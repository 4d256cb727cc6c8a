//! Days as whole numbers since 1970-01-01, and local time as microseconds since its midnight.
//!
//! All counting happens on these numbers; a civil date is made only to look at a season or to show.

use jiff::{Timestamp, civil::Date};

use crate::spec::MonthDay;

/// Microseconds of a minute.
pub(crate) const MINUTE: i64 = 60_000_000;
/// Microseconds of a day.
pub(crate) const DAY: i64 = 1_440 * MINUTE;

/// Counting stops here, in the year 9997: far from where instants end.
pub(crate) const LAST_DAY: i32 = 2_932_000;
/// Counting back stops here.
pub(crate) const FIRST_DAY: i32 = -LAST_DAY;

/// The number of the day that a local time lies in.
pub(crate) const fn day_of(local: i64) -> i32 {
    local.div_euclid(DAY) as i32
}

/// The local time at which a day begins.
pub(crate) const fn midnight(day: i32) -> i64 {
    day as i64 * DAY
}

/// The local time of an instant, to the microsecond.
pub(crate) fn to_local(at: Timestamp, offset_minutes: i16) -> i64 {
    at.as_microsecond() + i64::from(offset_minutes) * MINUTE
}

/// The instant of a local time; times outside the counted days become their ends.
pub(crate) fn to_instant(local: i64, offset_minutes: i16) -> Timestamp {
    let local = local.clamp(midnight(FIRST_DAY), midnight(LAST_DAY));
    Timestamp::from_microsecond(local - i64::from(offset_minutes) * MINUTE)
        .expect("the counted days lie well within what an instant can be")
}

/// 0 for Monday to 6 for Sunday.
pub(crate) const fn weekday(day: i32) -> u8 {
    // 1970-01-01 was a Thursday.
    (day + 3).rem_euclid(7) as u8
}

/// Year, month and day of the Gregorian calendar.
pub(crate) const fn civil(day: i32) -> (i16, u8, u8) {
    // Years are taken to begin in March, so that the leap day is the last of a 400-year era.
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + (month <= 2) as i32;
    (year as i16, month as u8, day_of_month as u8)
}

/// The day of the year that a day is.
pub(crate) const fn month_day(day: i32) -> MonthDay {
    let (_, month, day) = civil(day);
    MonthDay { month, day }
}

/// The number of a civil date.
pub(crate) fn number(date: Date) -> i32 {
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    let year = i32::from(date.year()) - i32::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The civil date of a day.
pub(crate) fn date(day: i32) -> Date {
    let (year, month, day) = civil(day);
    Date::new(year, month.cast_signed(), day.cast_signed())
        .expect("the counted days lie well within what a date can be")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_agree_with_the_civil_calendar() {
        let mut expected = Date::constant(1890, 1, 1);
        let mut day = number(expected);
        assert_eq!(number(Date::constant(1970, 1, 1)), 0);
        while expected < Date::constant(2110, 1, 1) {
            assert_eq!((date(day), number(expected)), (expected, day));
            assert_eq!(
                i8::try_from(weekday(day)).unwrap(),
                expected.weekday().to_monday_zero_offset()
            );
            expected = expected.tomorrow().unwrap();
            day += 1;
        }
    }

    #[test]
    fn the_ends_of_the_counted_days_are_instants() {
        for offset in [-720, 0, 480, 840] {
            for local in [i64::MIN, midnight(FIRST_DAY), midnight(LAST_DAY), i64::MAX] {
                let day = day_of(to_local(to_instant(local, offset), offset));
                assert!(day == FIRST_DAY || day == LAST_DAY);
                assert_eq!(number(date(day)), day);
            }
        }
    }
}
