//! Which recorded time is played at a time of now. A pure function of the two: whoever asks again hears the same, so
//! that what is sent twice is a duplicate and no contradiction.

use jiff::civil::DateTime;

/// The first and the last time of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::net) struct Span {
    pub first: DateTime,
    pub last: DateTime,
}

impl Span {
    fn holds(self, at: DateTime) -> bool {
        self.first <= at && at <= self.last
    }

    pub(super) fn days(self) -> i32 {
        days_between(self.first, self.last) + 1
    }

    /// The same month, day and time in the newest recorded year that has it; the 29th of February is played from the
    /// 28th where no leap year was recorded. A recording that lacks the season is repeated from its beginning, the
    /// time of day kept.
    pub(in crate::net) fn recorded(self, at: DateTime) -> DateTime {
        let same_day = self.in_a_year(at);
        let is_leap_day = (at.month(), at.day()) == (2, 29);
        let day_before = || {
            let before = at.with().day(28).build().ok()?;
            is_leap_day.then(|| self.in_a_year(before))?
        };
        same_day
            .or_else(day_before)
            .unwrap_or_else(|| self.again(at))
    }

    fn in_a_year(self, at: DateTime) -> Option<DateTime> {
        let years = (self.first.year()..=self.last.year()).rev();
        years
            .filter_map(|year| at.with().year(year).build().ok())
            .find(|at| self.holds(*at))
    }

    fn again(self, at: DateTime) -> DateTime {
        let days = days_between(self.first, at).rem_euclid(self.days().max(1));
        let date = self
            .first
            .date()
            .saturating_add(jiff::Span::new().days(days));
        date.to_datetime(at.time())
    }
}

fn days_between(from: DateTime, to: DateTime) -> i32 {
    let span = to.date().duration_since(from.date());
    i32::try_from(span.as_hours() / 24).unwrap_or_default()
}

/// The beginning of the step that a time lies in.
pub(in crate::net) fn floor(at: DateTime, step: u16) -> DateTime {
    let minute = i32::from(at.hour()) * 60 + i32::from(at.minute());
    let begin = minute - minute % i32::from(step.max(1));
    let midnight = at.date().to_datetime(jiff::civil::Time::midnight());
    midnight.saturating_add(jiff::Span::new().minutes(begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime {
        text.parse().unwrap()
    }

    fn span(first: &str, last: &str) -> Span {
        Span {
            first: at(first),
            last: at(last),
        }
    }

    #[test]
    fn the_newest_year_that_has_the_day_is_played() {
        let four_years = span("2013-03-01T00:00", "2017-02-28T23:00");
        let two_months = span("2019-06-01T00:00", "2019-07-30T23:00");
        let cases = [
            (four_years, "2026-11-26T07:00", "2016-11-26T07:00"),
            (four_years, "2026-01-05T23:00", "2017-01-05T23:00"),
            // The recording ends: the next hour is that of a year earlier.
            (four_years, "2026-02-28T23:00", "2017-02-28T23:00"),
            (four_years, "2026-03-01T00:00", "2016-03-01T00:00"),
            // A leap year was recorded.
            (four_years, "2028-02-29T05:00", "2016-02-29T05:00"),
            // None was: the day before is played.
            (
                span("2013-01-01T00:00", "2015-12-31T23:00"),
                "2028-02-29T05:00",
                "2015-02-28T05:00",
            ),
            (two_months, "2026-06-10T12:00", "2019-06-10T12:00"),
            // 60 days, again and again; the hour stays.
            (two_months, "2019-07-31T12:00", "2019-06-01T12:00"),
            (two_months, "2019-05-31T03:00", "2019-07-30T03:00"),
        ];
        for (recording, now, played) in cases {
            assert_eq!(recording.recorded(at(now)), at(played), "{now}");
        }
    }

    #[test]
    fn a_recording_of_an_hour_is_played_every_day() {
        let short = span("2020-05-05T10:00", "2020-05-05T10:00");
        assert_eq!(
            short.recorded(at("2026-01-01T10:00")),
            at("2020-05-05T10:00")
        );
        assert_eq!(
            short.recorded(at("2026-01-01T11:00")),
            at("2020-05-05T11:00")
        );
    }

    #[test]
    fn times_belong_to_the_step_that_they_lie_in() {
        for (time, step, begin) in [
            ("2000-01-01T12:00", 1_440, "2000-01-01T00:00"),
            ("2000-01-01T12:07", 60, "2000-01-01T12:00"),
            ("2000-01-01T23:59", 15, "2000-01-01T23:45"),
        ] {
            assert_eq!(floor(at(time), step), at(begin));
        }
    }
}
