//! Versions of one entry along time. What held in the past stays as it was: new content holds from
//! the moment it arrives (or later, when it says so), never before.

use std::sync::Arc;

use yiwang_kernel::Timestamp;

/// One version of an entry and the half-open time in which it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment<T> {
    /// Grows by one with each version of the entry; 0 until it is stored.
    pub version: u32,
    pub from: Timestamp,
    pub to: Option<Timestamp>,
    pub value: T,
}

impl<T> Segment<T> {
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }

    fn ends_after(&self, at: Timestamp) -> bool {
        self.to.is_none_or(|to| to > at)
    }
}

/// All versions of one entry, by time.
#[derive(Debug, Clone)]
pub struct Timeline<T> {
    segments: Vec<Segment<Arc<T>>>,
}

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self {
            segments: Vec::new(),
        }
    }
}

impl<T> Timeline<T> {
    pub fn push(&mut self, segment: Segment<Arc<T>>) {
        let place = self
            .segments
            .partition_point(|other| other.from <= segment.from);
        self.segments.insert(place, segment);
    }

    /// The version in force at an instant.
    pub fn at(&self, at: Timestamp) -> Option<&Segment<Arc<T>>> {
        let after = self.segments.partition_point(|segment| segment.from <= at);
        self.segments
            .get(..after)?
            .last()
            .filter(|segment| segment.holds_at(at))
    }

    pub fn segments(&self) -> &[Segment<Arc<T>>] {
        &self.segments
    }
}

/// Joins what is stored with what should hold from `now` on.
///
/// Before `now` the result answers as `stored` does, from `now` on as `desired` does. An entry that is
/// not stored at all, or of which nothing is left, takes `desired` whole, also its past. Content that goes on unchanged keeps its
/// version; both inputs are in order of time and do not overlap.
pub fn splice<T: PartialEq + Clone>(
    stored: &[Segment<T>],
    desired: &[Segment<T>],
    now: Timestamp,
) -> Vec<Segment<T>> {
    let mut next_version = stored
        .iter()
        .map(|segment| segment.version)
        .max()
        .unwrap_or(0)
        + 1;
    let cut = if stored.is_empty() {
        Timestamp::MIN
    } else {
        now
    };
    let mut joined: Vec<Segment<T>> = stored
        .iter()
        .filter(|segment| segment.from < cut)
        .map(|segment| Segment {
            to: Some(segment.to.map_or(cut, |to| to.min(cut))),
            ..segment.clone()
        })
        .collect();
    for segment in desired.iter().filter(|segment| segment.ends_after(cut)) {
        let from = segment.from.max(cut);
        if let Some(last) = joined.last_mut()
            && last.to == Some(from)
            && last.value == segment.value
        {
            last.to = segment.to;
            continue;
        }
        let same = stored
            .iter()
            .find(|old| old.from == from && old.value == segment.value);
        let version = same.map_or(next_version, |old| old.version);
        next_version = next_version.max(version + u32::from(same.is_none()));
        joined.push(Segment {
            version,
            from,
            to: segment.to,
            value: segment.value.clone(),
        });
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn segment(version: u32, from: i64, to: Option<i64>, value: char) -> Segment<char> {
        Segment {
            version,
            from: at(from),
            to: to.map(at),
            value,
        }
    }

    fn read(segments: &[Segment<char>], second: i64) -> Option<char> {
        segments
            .iter()
            .find(|segment| segment.holds_at(at(second)))
            .map(|segment| segment.value)
    }

    #[test]
    fn the_first_arrival_brings_its_past() {
        let desired = [segment(0, 0, Some(10), 'a'), segment(0, 10, None, 'b')];
        assert_eq!(
            splice(&[], &desired, at(50)),
            [segment(1, 0, Some(10), 'a'), segment(2, 10, None, 'b')]
        );
    }

    #[test]
    fn a_change_holds_from_now_and_sameness_changes_nothing() {
        let stored = [segment(1, 0, None, 'a')];
        assert_eq!(splice(&stored, &[segment(0, 0, None, 'a')], at(50)), stored);
        assert_eq!(
            splice(&stored, &[segment(0, 0, None, 'b')], at(50)),
            [segment(1, 0, Some(50), 'a'), segment(2, 50, None, 'b')]
        );
        assert_eq!(splice(&stored, &[], at(50)), [segment(1, 0, Some(50), 'a')]);
    }

    #[test]
    fn what_was_to_come_may_be_taken_back() {
        let stored = [segment(1, 0, Some(90), 'a'), segment(2, 90, None, 'b')];
        assert_eq!(
            splice(&stored, &[segment(0, 0, None, 'a')], at(50)),
            [segment(1, 0, None, 'a')]
        );
        let kept = splice(
            &stored,
            &[segment(0, 0, Some(90), 'a'), segment(0, 90, None, 'b')],
            at(50),
        );
        assert_eq!(kept, stored);
    }

    fn line() -> impl Strategy<Value = Vec<Segment<char>>> {
        proptest::collection::vec(
            (1_i64..20, 0_i64..5, prop_oneof![Just('a'), Just('b')]),
            0..5,
        )
        .prop_map(|parts| {
            let mut from = 0;
            let mut line = Vec::new();
            for (version, (length, gap, value)) in (1..).zip(parts) {
                line.push(segment(
                    version,
                    from + gap,
                    Some(from + gap + length),
                    value,
                ));
                from += gap + length;
            }
            line
        })
    }

    proptest! {
        #[test]
        fn history_stays_and_the_future_is_the_new_one(stored in line(), desired in line(), now in 0_i64..100) {
            let joined = splice(&stored, &desired, at(now));
            for second in 0..110 {
                let expected = if second < now && !stored.is_empty() { &stored } else { &desired };
                prop_assert_eq!(read(&joined, second), read(expected, second), "at {}", second);
            }
            let mut versions: Vec<u32> = joined.iter().map(|segment| segment.version).collect();
            versions.sort_unstable();
            versions.dedup();
            prop_assert_eq!(versions.len(), joined.len());
            // An entry of which nothing is left is as one that was never stored: it takes its past anew.
            if !joined.is_empty() {
                prop_assert_eq!(splice(&joined, &desired, at(now + 1)), splice(&joined, &joined, at(now + 1)));
            }
        }
    }
}
