//! Part of a file: RFC 9110 section 14, one range at a time.

use std::ops::RangeInclusive;

/// What of a file is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Range(RangeInclusive<u64>),
    /// Nothing of it is in the file.
    Outside,
}

/// Reads a `Range` header against a length. What is not understood, and more than one range, asks for the whole.
pub(super) fn part(header: Option<&str>, length: u64) -> Part {
    let asked = header
        .and_then(|text| text.trim().strip_prefix("bytes="))
        .and_then(|text| text.split_once('-'));
    let Some((first, last)) = asked else {
        return Part::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    let number = |text: &str| text.parse::<u64>().ok();
    let end = length.checked_sub(1);
    match (first.is_empty(), last.is_empty()) {
        (true, true) => Part::Whole,
        // The last so many bytes.
        (true, false) => match (number(last), end) {
            (None, _) => Part::Whole,
            (Some(0), _) | (_, None) => Part::Outside,
            (Some(count), Some(end)) => Part::Range(length.saturating_sub(count)..=end),
        },
        (false, open) => {
            let last = if open { Some(u64::MAX) } else { number(last) };
            match (number(first), last, end) {
                (Some(first), Some(last), _) if first > last => Part::Whole,
                (Some(first), Some(last), Some(end)) if first <= end => {
                    Part::Range(first..=last.min(end))
                }
                (Some(_), Some(_), _) => Part::Outside,
                _ => Part::Whole,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let table = [
            (None, 10, Part::Whole),
            (Some("bytes=0-3"), 10, Part::Range(0..=3)),
            (Some("bytes=4-"), 10, Part::Range(4..=9)),
            (Some("bytes=-3"), 10, Part::Range(7..=9)),
            (Some("bytes=-30"), 10, Part::Range(0..=9)),
            (Some("bytes=9-9"), 10, Part::Range(9..=9)),
            (Some("bytes=5-500"), 10, Part::Range(5..=9)),
            (Some("bytes=10-"), 10, Part::Outside),
            (Some("bytes=-0"), 10, Part::Outside),
            (Some("bytes=0-"), 0, Part::Outside),
            (Some("bytes=5-4"), 10, Part::Whole),
            (Some("bytes=a-b"), 10, Part::Whole),
            (Some("bytes=-"), 10, Part::Whole),
            (Some("bytes=0-1,3-4"), 10, Part::Whole),
            (Some("lines=0-1"), 10, Part::Whole),
            (Some("bytes=99999999999999999999-"), 10, Part::Whole),
        ];
        for (header, length, wanted) in table {
            assert_eq!(part(header, length), wanted, "{header:?} of {length}");
        }
    }
}
