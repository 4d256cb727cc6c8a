#![doc = include_str!("../README.md")]

mod calendar;
mod check;
mod count;
mod day;
mod explanation;
mod limit;
mod schedule;
mod span;
mod spec;
mod text_form;

pub use calendar::Calendar;
pub use check::{CalendarFault, CalendarWarning};
pub use count::Deadline;
pub use explanation::Explanation;
pub use limit::{Limit, LimitFault, Unit};
pub use schedule::{Clock, ClockFault, DaySet, Hours, Schedule, Worked, is_weekday};
pub use span::Span;
pub use spec::{
    CalendarKind, CalendarSpec, DateRange, DayKind, MonthDay, Season, Shift, SpecFault, Title,
    Weekday,
};
