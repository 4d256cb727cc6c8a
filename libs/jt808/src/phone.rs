//! The number that names a terminal on the wire.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::header::Edition;
use crate::layout::Unsendable;

/// The phone number of a terminal, without the zeros that fill it to 12 or 20 digits, so that a terminal keeps its name
/// when it changes to the edition of 2019. All zeros are `0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// Not a phone number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no phone number: 1 to 20 digits")]
pub struct PhoneFault(String);

impl Phone {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Are all digits decimal? Some devices put letters where BCD has none.
    pub fn is_decimal(&self) -> bool {
        self.0.bytes().all(|byte| byte.is_ascii_digit())
    }

    pub(crate) fn from_bcd(bytes: &[u8]) -> Self {
        let digits: String = bytes
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|nibble| char::from_digit(u32::from(nibble), 16))
            .collect();
        Self::without_zeros(&digits)
    }

    pub(crate) fn to_bcd(&self, edition: Edition) -> Result<Vec<u8>, Unsendable> {
        let most = edition.phone_digits();
        if self.0.len() > most {
            return Err(Unsendable::Phone {
                phone: self.0.clone(),
                most,
            });
        }
        let padded = format!("{:0>most$}", self.0);
        let nibbles: Vec<u8> = padded
            .chars()
            .filter_map(|digit| digit.to_digit(16))
            .map(|digit| digit as u8)
            .collect();
        Ok(nibbles
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |byte, nibble| byte << 4 | nibble))
            .collect())
    }

    fn without_zeros(digits: &str) -> Self {
        let significant = digits.trim_start_matches('0');
        Self(
            if significant.is_empty() {
                "0"
            } else {
                significant
            }
            .to_owned(),
        )
    }
}

impl FromStr for Phone {
    type Err = PhoneFault;

    fn from_str(text: &str) -> Result<Self, PhoneFault> {
        let fits = (1..=20).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
        if fits {
            Ok(Self::without_zeros(text))
        } else {
            Err(PhoneFault(text.to_owned()))
        }
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneFault;

    fn try_from(text: String) -> Result<Self, PhoneFault> {
        text.parse()
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_keeps_its_name_when_the_edition_changes() {
        let phone: Phone = "13912344329".parse().unwrap();
        for edition in [Edition::V2011, Edition::V2013, Edition::V2019] {
            let bytes = phone.to_bcd(edition).unwrap();
            assert_eq!(bytes.len(), edition.phone_digits() / 2);
            assert_eq!(Phone::from_bcd(&bytes), phone);
        }
        let long: Phone = "12345678901234567890".parse().unwrap();
        assert!(long.to_bcd(Edition::V2013).is_err());
        assert_eq!(Phone::from_bcd(&[0; 6]).as_str(), "0");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "1 2", "12x", "123456789012345678901"] {
            assert!(text.parse::<Phone>().is_err(), "{text}");
        }
    }
}
