//! The signature of a push: HMAC-SHA256 over `time.body`, good for a short while, once. Pure.

use std::collections::{HashSet, VecDeque};

use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use sha2::Sha256;
use yiwang_kernel::Timestamp;

/// Header of a signed push: `t=<seconds since 1970>,v1=<hex>`.
pub const SIGNATURE_HEADER: &str = "x-yiwang-signature";
/// Signatures remembered against replay; older ones are past the window by then, or the channel floods.
pub const SIGNATURES_MAX: usize = 50_000;

/// Why a push is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    #[error("the header X-Yiwang-Signature is missing or not of the form t=<seconds>,v1=<hex>")]
    Missing,
    #[error("the signature does not fit the body and the channel's secret")]
    Wrong,
    #[error("the signature's time is too far from now; check the sender's clock")]
    Stale,
    #[error("this signature was used already")]
    Replayed,
}

/// The time that a header says, when the signature fits.
pub fn verify(
    secret: &str,
    header: Option<&str>,
    body: &[u8],
    now: Timestamp,
    window: SignedDuration,
) -> Result<Signed, SignatureFault> {
    let (seconds, digest) = header.and_then(parse).ok_or(SignatureFault::Missing)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map_err(|_any_length_fits| SignatureFault::Wrong)?;
    mac.update(seconds.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    // Compared in constant time; the time is judged only when the signature is real.
    mac.verify_slice(&digest)
        .map_err(|_wrong| SignatureFault::Wrong)?;
    let at = Timestamp::from_second(seconds).map_err(|_out_of_range| SignatureFault::Stale)?;
    if now.duration_since(at).abs() > window {
        return Err(SignatureFault::Stale);
    }
    Ok(Signed {
        at,
        digest: digest.into(),
    })
}

/// A signature that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    pub at: Timestamp,
    digest: Box<[u8]>,
}

/// The signature that a sender puts into the header.
pub fn sign(secret: &str, body: &[u8], at: Timestamp) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(at.as_second().to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    format!(
        "t={},v1={}",
        at.as_second(),
        hex::encode(mac.finalize().into_bytes())
    )
}

fn parse(header: &str) -> Option<(i64, Vec<u8>)> {
    let (mut seconds, mut digest) = (None, None);
    for part in header.split(',') {
        match part.trim().split_once('=')? {
            ("t", text) => seconds = text.parse().ok(),
            ("v1", text) => digest = hex::decode(text).ok().filter(|bytes| bytes.len() == 32),
            _ => {}
        }
    }
    Some((seconds?, digest?))
}

/// Signatures of the last while, so that none is taken twice.
#[derive(Debug, Default)]
pub struct Seen {
    order: VecDeque<Signed>,
    digests: HashSet<Box<[u8]>>,
}

impl Seen {
    /// Remembers a signature; refuses it when it is remembered already.
    pub fn take(
        &mut self,
        signed: Signed,
        now: Timestamp,
        window: SignedDuration,
    ) -> Result<(), SignatureFault> {
        while let Some(oldest) = self.order.front() {
            // A signature of the future stays good until its own window ends.
            let past = now.duration_since(oldest.at) > window + window;
            if !past && self.order.len() < SIGNATURES_MAX {
                break;
            }
            if let Some(oldest) = self.order.pop_front() {
                self.digests.remove(&oldest.digest);
            }
        }
        if !self.digests.insert(signed.digest.clone()) {
            return Err(SignatureFault::Replayed);
        }
        self.order.push_back(signed);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: SignedDuration = SignedDuration::from_secs(300);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_780_000_000 + seconds).unwrap()
    }

    #[test]
    fn only_the_right_secret_body_and_time_pass() {
        let header = sign("secret", b"{}", at(0));
        let check = |secret: &str, header: Option<&str>, body: &[u8], now: i64| {
            verify(secret, header, body, at(now), WINDOW).map(|signed| signed.at)
        };
        assert_eq!(check("secret", Some(&header), b"{}", 300), Ok(at(0)));
        assert_eq!(check("secret", Some(&header), b"{}", -300), Ok(at(0)));
        assert_eq!(
            check("secret", Some(&header), b"{}", 301),
            Err(SignatureFault::Stale)
        );
        assert_eq!(
            check("other", Some(&header), b"{}", 0),
            Err(SignatureFault::Wrong)
        );
        assert_eq!(
            check("secret", Some(&header), b"{ }", 0),
            Err(SignatureFault::Wrong)
        );
        for broken in [
            None,
            Some(""),
            Some("t=1"),
            Some("v1=00,t=1"),
            Some("t=x,v1=zz"),
            Some("nonsense"),
        ] {
            assert_eq!(
                check("secret", broken, b"{}", 0),
                Err(SignatureFault::Missing),
                "{broken:?}"
            );
        }
    }

    #[test]
    fn the_documented_example_holds() {
        // printf '1780000000.{"ref":"A1"}' | openssl dgst -sha256 -hmac example-secret-of-16
        let header = sign("example-secret-of-16", br#"{"ref":"A1"}"#, at(0));
        assert!(header.starts_with("t=1780000000,v1="));
        assert_eq!(header.len(), "t=1780000000,v1=".len() + 64);
    }

    #[test]
    fn a_signature_is_good_once() {
        let mut seen = Seen::default();
        let signed = |seconds: i64| {
            verify(
                "s",
                Some(&sign("s", b"{}", at(seconds))),
                b"{}",
                at(seconds),
                WINDOW,
            )
            .unwrap()
        };
        assert_eq!(seen.take(signed(0), at(0), WINDOW), Ok(()));
        assert_eq!(
            seen.take(signed(0), at(10), WINDOW),
            Err(SignatureFault::Replayed)
        );
        assert_eq!(seen.take(signed(20), at(20), WINDOW), Ok(()));
        // Long after, the memory of it is gone; by then its time refuses it.
        assert_eq!(seen.take(signed(2_000), at(2_000), WINDOW), Ok(()));
        assert_eq!(seen.order.len(), 1);
    }
}
