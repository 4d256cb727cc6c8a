//! What is read of an X.509 certificate: which one it is, and from when to when it is good. Whether somebody has its
//! key is shown by the handshake; who it belongs to, by the registry. Pure.

use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;
use x509_parser::time::ASN1Time;
use yiwang_kernel::{Digest, Timestamp, sha256};

/// Larger ones are not looked at.
const BYTES_MAX: usize = 65_536;

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
        let (rest, read) = X509Certificate::from_der(der).ok()?;
        let validity = read.validity();
        rest.is_empty().then(|| Self {
            digest: sha256(der),
            not_before: instant(validity.not_before),
            not_after: instant(validity.not_after),
        })
    }

    /// Is its time over?
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.not_after < now
    }
}

/// 99991231235959Z means that it has no end (RFC 5280, 4.1.2.5), and is later than what a Timestamp can be.
fn instant(time: ASN1Time) -> Timestamp {
    Timestamp::from_second(time.timestamp()).unwrap_or(Timestamp::MAX)
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
