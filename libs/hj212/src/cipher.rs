//! SM4 over the data area, as the 2025 edition asks for it.
//!
//! The sum is made over the plain segment and stays; then each whole 16 bytes of the data area are replaced by their
//! cipher (ECB), and what is left over stays plain, so nothing changes its length. That the cipher stands in the frame
//! as bytes, and not as the `{0x..,}` text in which examples print it, follows from the printed lengths: uncertain,
//! and both forms are read.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sm4::Sm4;
use sm4::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};

const BLOCK: usize = 16;

/// A key of 16 bytes, written as 32 hexadecimal digits and shown to nobody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Key([u8; BLOCK]);

/// Said of a key that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an SM4 key is written as 32 hexadecimal digits")]
pub struct KeyFault;

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl FromStr for Key {
    type Err = KeyFault;

    fn from_str(text: &str) -> Result<Self, KeyFault> {
        let mut key = [0; BLOCK];
        if text.len() != 2 * BLOCK || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(KeyFault);
        }
        for (slot, digits) in key.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digits = std::str::from_utf8(digits).unwrap_or_default();
            *slot = u8::from_str_radix(digits, 16).map_err(|_not_hex| KeyFault)?;
        }
        Ok(Self(key))
    }
}

impl TryFrom<String> for Key {
    type Error = KeyFault;

    fn try_from(text: String) -> Result<Self, KeyFault> {
        text.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        use std::fmt::Write as _;
        key.0.iter().fold(Self::new(), |mut text, byte| {
            let _cannot_fail = write!(text, "{byte:02x}");
            text
        })
    }
}

impl Key {
    /// Replaces each whole block by its cipher.
    pub(crate) fn encrypt(&self, area: &mut [u8]) {
        let sm4 = Sm4::new(&self.0.into());
        for block in area.chunks_exact_mut(BLOCK) {
            if let Ok(block) = <&mut Block<Sm4>>::try_from(block) {
                sm4.encrypt_block(block);
            }
        }
    }

    /// Replaces each whole block by what it stands for.
    pub(crate) fn decrypt(&self, area: &mut [u8]) {
        let sm4 = Sm4::new(&self.0.into());
        for block in area.chunks_exact_mut(BLOCK) {
            if let Ok(block) = <&mut Block<Sm4>>::try_from(block) {
                sm4.decrypt_block(block);
            }
        }
    }
}

/// The bytes of a data area that was sent as examples print it: `{0xE4,0x3E,…}` and what is left over.
pub(crate) fn printed(area: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(area).ok()?.strip_prefix('{')?;
    let (cipher, rest) = text.split_once('}')?;
    let byte = |digits: &str| {
        let digits = digits.trim();
        let digits = digits.strip_prefix("0x").or(digits.strip_prefix("0X"))?;
        u8::from_str_radix(digits, 16).ok()
    };
    let mut bytes: Vec<u8> = cipher.split(',').map(byte).collect::<Option<_>>()?;
    bytes.extend_from_slice(rest.as_bytes());
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_cipher_standard_comes_out() {
        let key: Key = "0123456789abcdeffedcba9876543210".parse().unwrap();
        let mut block = key.0;
        key.encrypt(&mut block);
        assert_eq!(String::from(Key(block)), "681edf34d206965e86b3e94f536e4246");
        key.decrypt(&mut block);
        assert_eq!(block, key.0);
    }

    #[test]
    fn what_is_no_whole_block_stays_plain() {
        let key: Key = "30303030303030303030303030303030".parse().unwrap();
        let mut area = b"DataTime=20240601085857".to_vec();
        key.encrypt(&mut area);
        assert_eq!(area.len(), 23);
        assert_ne!(&area[..16], b"DataTime=2024060");
        assert_eq!(&area[16..], b"1085857");
    }

    #[test]
    fn a_printed_cipher_is_read_as_its_bytes() {
        assert_eq!(printed(b"{0xE4,0x3e}g=N"), Some(b"\xE4\x3Eg=N".to_vec()));
        assert_eq!(printed(b"DataTime=1"), None);
        assert_eq!(printed(b"{0xE4,zz}"), None);
    }

    #[test]
    fn a_key_is_not_shown_and_a_short_one_is_refused() {
        let key: Key = "30303030303030303030303030303030".parse().unwrap();
        assert_eq!(format!("{key:?}"), "Key(…)");
        assert_eq!("3030".parse::<Key>(), Err(KeyFault));
        assert!("é0303030303030303030303030303030".parse::<Key>().is_err());
    }
}
