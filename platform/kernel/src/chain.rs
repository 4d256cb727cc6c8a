//! Hash chains: each row's digest covers the digest before it, so that a changed, missing or moved row shows.

use sha2::{Digest as _, Sha256};

/// A SHA-256 digest.
pub type Digest = [u8; 32];

pub fn sha256(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

/// `SHA-256(previous || for each part: its length as 8 bytes big-endian, then the part)`.
///
/// The lengths keep two different rows from giving the same bytes. The first row's `previous` is all zeros.
pub fn chain_digest(previous: &Digest, parts: &[&[u8]]) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_split_of_parts_counts() {
        let zero = [0; 32];
        assert_ne!(
            chain_digest(&zero, &[b"ab", b"c"]),
            chain_digest(&zero, &[b"a", b"bc"])
        );
        assert_ne!(
            chain_digest(&zero, &[b"a"]),
            chain_digest(&sha256(b""), &[b"a"])
        );
    }
}
