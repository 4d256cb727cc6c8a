//! How two times lie to each other. An instant is an interval that begins where it ends.

use jiff::Timestamp;

use crate::Value;
use crate::expression::TemporalRelation;

/// From one value to another; null where an end is neither open nor a time, or where it ends before it begins.
pub(super) fn interval<'a>(
    from: Value<'_>,
    is_from_open: bool,
    to: Value<'_>,
    is_to_open: bool,
) -> Value<'a> {
    let (from, to) = (from.as_moment(), to.as_moment());
    let is_known = (from.is_some() || is_from_open) && (to.is_some() || is_to_open);
    let is_backward = matches!((from, to), (Some(from), Some(to)) if from > to);
    if is_known && !is_backward {
        Value::Interval(from, to)
    } else {
        Value::Null
    }
}

/// Not known where one of them is no time.
pub(super) fn lie(relation: TemporalRelation, a: &Value<'_>, b: &Value<'_>) -> Option<bool> {
    let (begin, end) = span(a)?;
    let (other_begin, other_end) = span(b)?;
    Some(match relation {
        TemporalRelation::After => begin > other_end,
        TemporalRelation::Before => end < other_begin,
        TemporalRelation::Contains => begin < other_begin && end > other_end,
        TemporalRelation::Disjoint => end < other_begin || begin > other_end,
        TemporalRelation::During => begin > other_begin && end < other_end,
        TemporalRelation::Equals => begin == other_begin && end == other_end,
        TemporalRelation::FinishedBy => begin < other_begin && end == other_end,
        TemporalRelation::Finishes => begin > other_begin && end == other_end,
        TemporalRelation::Intersects => begin <= other_end && end >= other_begin,
        TemporalRelation::Meets => end == other_begin,
        TemporalRelation::MetBy => begin == other_end,
        TemporalRelation::OverlappedBy => {
            begin > other_begin && begin < other_end && end > other_end
        }
        TemporalRelation::Overlaps => begin < other_begin && end > other_begin && end < other_end,
        TemporalRelation::StartedBy => begin == other_begin && end > other_end,
        TemporalRelation::Starts => begin == other_begin && end < other_end,
    })
}

/// Begin and end; what is open reaches beyond every timestamp.
fn span(value: &Value<'_>) -> Option<(i128, i128)> {
    let (begin, end) = match value.as_time()? {
        Value::Interval(from, to) => (from, to),
        time => {
            let moment = time.as_moment()?;
            (Some(moment), Some(moment))
        }
    };
    let of = |end: Option<Timestamp>, open: i128| end.map_or(open, Timestamp::as_nanosecond);
    Some((of(begin, i128::MIN), of(end, i128::MAX)))
}
