//! What a device proves itself with.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use yiwang_kernel::{Digest, sha256};

use crate::error::SensingError;

/// Marks a device's token, so that leaked ones are found by scanners.
const PREFIX: &str = "ywd_";
/// Longer values are refused unseen.
const LENGTH_MAX: usize = 128;

/// A new token and what is kept of it.
pub(crate) fn new_token() -> (String, Digest) {
    let token = format!(
        "{PREFIX}{}",
        URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>())
    );
    let digest = sha256(token.as_bytes());
    (token, digest)
}

/// Is this the token whose digest is kept? Digests of random tokens need no constant time.
pub(crate) fn fits(token: &[u8], kept: Option<&Digest>) -> bool {
    token.len() <= LENGTH_MAX && kept.is_some_and(|kept| sha256(token) == *kept)
}

/// The certificate within a PEM text.
pub(crate) fn der_of(pem: &str) -> Result<Vec<u8>, SensingError> {
    let fault = |message: &str| SensingError::invalid("/pem", "malformed", message);
    let begin = pem
        .split_once("-----BEGIN CERTIFICATE-----")
        .map(|(_, rest)| rest);
    let body = begin.and_then(|rest| rest.split_once("-----END CERTIFICATE-----"));
    let (body, _) = body.ok_or_else(|| fault("there is no certificate in it"))?;
    let text: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD
        .decode(text)
        .map_err(|_no_base64| fault("the certificate is no base64"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_fits() {
        let (token, digest) = new_token();
        assert!(fits(token.as_bytes(), Some(&digest)));
        assert!(!fits(token.as_bytes(), None));
        assert!(!fits(b"ywd_", Some(&digest)));
        assert!(!fits(&[b'a'; 4096], Some(&digest)));
    }
}
