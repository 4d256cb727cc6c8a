//! The six bytes that name a device or a centre.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An address as it goes over the wire, low byte first. Written it is twelve hexadecimal digits, high byte first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Address(pub [u8; 6]);

/// Not an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no address: 12 hexadecimal digits")]
pub struct AddressFault(String);

impl Address {
    /// As a number.
    pub fn number(self) -> u64 {
        self.0
            .iter()
            .rev()
            .fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012x}", self.number())
    }
}

impl FromStr for Address {
    type Err = AddressFault;

    fn from_str(text: &str) -> Result<Self, AddressFault> {
        let fault = || AddressFault(text.to_owned());
        let is_hex = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(text, 16).ok().filter(|_number| is_hex);
        let bytes = number.ok_or_else(fault)?.to_le_bytes();
        bytes.first_chunk().copied().map(Self).ok_or_else(fault)
    }
}

impl Serialize for Address {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Address {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Address".into()
    }

    fn json_schema(_generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9A-Fa-f]{12}$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_high_byte_first() {
        let address = Address([0xac, 0x10, 0x3c, 0xd5, 0x6d, 0x1d]);
        assert_eq!(address.to_string(), "1d6dd53c10ac");
        assert_eq!("1D6DD53C10AC".parse(), Ok(address));
        for text in ["", "1d6d", "+d6dd53c10ac", "1d6dd53c10acc"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
