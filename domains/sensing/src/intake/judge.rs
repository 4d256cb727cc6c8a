//! What a reading is, given the newest of its series. Pure.

use crate::reading::Reading;
use crate::slot::{Newest, text_mark};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judged {
    /// Newer than everything before, or another value at the newest time.
    New,
    /// The newest again.
    Duplicate,
    /// Older than the newest: only the history knows whether it is there.
    Late,
}

/// Judges and, if the reading is new, remembers it as the newest.
pub(super) fn judge(newest: &mut Option<Newest>, reading: &Reading) -> Judged {
    let text = text_mark(reading.text.as_deref());
    if let Some(known) = newest {
        if reading.time < known.time {
            return Judged::Late;
        }
        if known.is_same(reading.time, reading.value, text) {
            return Judged::Duplicate;
        }
    }
    *newest = Some(Newest {
        time: reading.time,
        value: reading.value,
        text,
    });
    Judged::New
}

#[cfg(test)]
mod tests {
    use super::*;
    use yiwang_contracts::Quality;

    #[test]
    fn by_time_then_by_value() {
        let reading = |time, value| Reading {
            property: 0,
            time,
            value,
            text: None,
            quality: Quality::Good,
        };
        let mut newest = None;
        let steps = [
            (10, 1.0, Judged::New),
            (10, 1.0, Judged::Duplicate),
            (10, 2.0, Judged::New),
            (11, 2.0, Judged::New),
            (10, 1.0, Judged::Late),
            (11, 2.0, Judged::Duplicate),
            (12, f64::NAN, Judged::New),
            (12, f64::NAN, Judged::Duplicate),
        ];
        for (time, value, expected) in steps {
            let judged = judge(&mut newest, &reading(time, value));
            assert_eq!(judged, expected, "{time} {value}");
        }
    }
}
