//! What a device proves itself with.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use yiwang_kernel::{Digest, Timestamp, sha256};

use crate::certificate::Certificate;
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

/// The certificate within a PEM text; one whose time is over is refused.
pub(crate) fn certificate_of(pem: &str, now: Timestamp) -> Result<Certificate, SensingError> {
    let fault = |code: &str, message: String| SensingError::invalid("/pem", code, message);
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|error| {
        let message = format!("there is no certificate in PEM in it: {error}");
        fault("malformed", message)
    })?;
    let certificate = Certificate::read(&der).ok_or_else(|| {
        let message = "what is in it is no X.509 certificate";
        fault("malformed", message.to_owned())
    })?;
    if certificate.is_over(now) {
        let message = format!("its time was over at {}", certificate.not_after);
        return Err(fault("expired", message));
    }
    Ok(certificate)
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
