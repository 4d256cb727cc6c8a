//! What is read of an X.509 certificate: which one it is, and from when to when it is good. Whether somebody has its
//! key is shown by the handshake; who it belongs to, by the registry. Pure.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use yiwang_kernel::{Digest, Timestamp, sha256};

/// Larger ones are not looked at.
const BYTES_MAX: usize = 65_536;

/// Tags of DER (X.690) that stand before the times.
const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xA0;

/// A certificate as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Certificate {
    /// SHA-256 of the whole.
    pub digest: Digest,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
}

impl Certificate {
    /// Reads DER; `None` where it is no certificate.
    pub(crate) fn read(der: &[u8]) -> Option<Self> {
        if der.len() > BYTES_MAX {
            return None;
        }
        let (outer, rest) = Element::read(der)?;
        if outer.tag != SEQUENCE || !rest.is_empty() {
            return None;
        }
        let (signed, _signature) = Element::read(outer.content)?;
        let (first, after_first) = Element::read(signed.within(SEQUENCE)?)?;
        // The first version of the standard does not say its version.
        let fields = if first.tag == VERSION {
            after_first
        } else {
            signed.content
        };
        let (serial, fields) = Element::read(fields)?;
        serial.within(INTEGER)?;
        let (_algorithm, fields) = Element::read(fields)?;
        let (_issuer, fields) = Element::read(fields)?;
        let (validity, _subject_and_more) = Element::read(fields)?;
        let (not_before, after) = Element::read(validity.within(SEQUENCE)?)?;
        let (not_after, _nothing) = Element::read(after)?;
        Some(Self {
            digest: sha256(der),
            not_before: not_before.time()?,
            not_after: not_after.time()?,
        })
    }

    /// Is its time over?
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.not_after < now
    }
}

/// One value of DER.
#[derive(Clone, Copy)]
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
}

impl<'a> Element<'a> {
    /// The first element and what follows it.
    fn read(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&tag, rest) = bytes.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let count = usize::from(first & 0x7F);
            // Without a length of its own it is no DER; with more than three bytes of it, larger than is looked at.
            if !(1..=3).contains(&count) {
                return None;
            }
            let (digits, rest) = rest.split_at_checked(count)?;
            let length = digits
                .iter()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            (length, rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        Some((Self { tag, content }, rest))
    }

    fn within(self, tag: u8) -> Option<&'a [u8]> {
        (self.tag == tag).then_some(self.content)
    }

    /// `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ` (RFC 5280, 4.1.2.5).
    fn time(self) -> Option<Timestamp> {
        let text = std::str::from_utf8(self.content).ok()?.strip_suffix('Z')?;
        let year_digits = match self.tag {
            UTC_TIME => 2,
            GENERALIZED_TIME => 4,
            _ => return None,
        };
        let is_right = text.len() == year_digits + 10 && text.bytes().all(|b| b.is_ascii_digit());
        let (year, rest) = is_right.then(|| text.split_at(year_digits))?;
        let year: i16 = year.parse().ok()?;
        let year = match year_digits {
            2 if year >= 50 => 1900 + year,
            2 => 2000 + year,
            _ => year,
        };
        let pair = |at: usize| rest.get(at..at + 2)?.parse::<i8>().ok();
        let civil =
            DateTime::new(year, pair(0)?, pair(2)?, pair(4)?, pair(6)?, pair(8)?, 0).ok()?;
        // 99991231235959Z means that it has no end, and is later than what a Timestamp can be.
        Some(Offset::UTC.to_timestamp(civil).unwrap_or(Timestamp::MAX))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn made(not_after: (i32, u8, u8)) -> Vec<u8> {
        let mut params = rcgen::CertificateParams::new(vec!["R1".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2025, 1, 2);
        params.not_after = rcgen::date_time_ymd(not_after.0, not_after.1, not_after.2);
        let key = rcgen::KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn its_times_are_read_in_both_forms() {
        for (not_after, expected) in [
            ((2026, 12, 31), "2026-12-31T00:00:00Z"),
            ((2049, 12, 31), "2049-12-31T00:00:00Z"),
            ((2051, 1, 1), "2051-01-01T00:00:00Z"),
            ((9999, 12, 31), "9999-12-30T22:00:00.999999999Z"),
        ] {
            let der = made(not_after);
            let read = Certificate::read(&der).unwrap();
            assert_eq!(read.not_after.to_string(), expected);
            assert_eq!(read.not_before.to_string(), "2025-01-02T00:00:00Z");
            assert_eq!(read.digest, sha256(&der));
        }
    }

    #[test]
    fn it_is_over_after_its_last_moment() {
        let read = Certificate::read(&made((2026, 12, 31))).unwrap();
        assert!(!read.is_over(read.not_after));
        assert!(read.is_over(read.not_after + jiff::SignedDuration::from_secs(1)));
    }

    #[test]
    fn what_is_no_certificate_is_none() {
        let der = made((2026, 12, 31));
        assert_eq!(Certificate::read(&[]), None);
        assert_eq!(Certificate::read(b"hello"), None);
        assert_eq!(Certificate::read(&der[..der.len() - 1]), None);
        assert_eq!(Certificate::read(&[der.as_slice(), b"!"].concat()), None);
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(at in 0_usize..400, byte: u8, cut in 0_usize..600) {
            let mut der = made((2026, 12, 31));
            if let Some(place) = der.get_mut(at) {
                *place = byte;
            }
            let _read = Certificate::read(&der);
            der.truncate(cut);
            let _read = Certificate::read(&der);
        }
    }
}
