//! Random bearer values: 256 bits, shown once, kept as their SHA-256 only.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use yiwang_kernel::{Digest, sha256};

/// Marks a token of an integrator, so that leaked ones are found by scanners.
pub(crate) const TOKEN_PREFIX: &str = "ywt_";
/// Marks a session.
pub(crate) const SESSION_PREFIX: &str = "yws_";
/// Longer values are refused unseen.
const BEARER_LENGTH_MAX: usize = 64;

/// A new bearer value and the digest to store.
pub(crate) fn new_bearer(prefix: &str) -> (String, Digest) {
    let bearer = format!(
        "{prefix}{}",
        URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
    );
    let digest = sha256(bearer.as_bytes());
    (bearer, digest)
}

/// What kind of bearer value this is, and its digest.
pub(crate) fn read_bearer(bearer: &str) -> Option<(BearerKind, Digest)> {
    if bearer.len() > BEARER_LENGTH_MAX {
        return None;
    }
    let kind = match bearer {
        _ if bearer.starts_with(SESSION_PREFIX) => BearerKind::Session,
        _ if bearer.starts_with(TOKEN_PREFIX) => BearerKind::Token,
        _ => return None,
    };
    Some((kind, sha256(bearer.as_bytes())))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum BearerKind {
    Session,
    Token,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearers() {
        let (bearer, digest) = new_bearer(SESSION_PREFIX);
        assert_eq!(read_bearer(&bearer), Some((BearerKind::Session, digest)));
        assert_eq!(bearer.len(), 4 + 43);
        assert_ne!(new_bearer(TOKEN_PREFIX).0, new_bearer(TOKEN_PREFIX).0);
        for bad in ["", "abc", &"yws_".repeat(40)] {
            assert_eq!(read_bearer(bad), None);
        }
    }
}
