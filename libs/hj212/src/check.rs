//! Whether a data segment and the sum behind it belong together, in every way that devices send them.

use crate::cipher;
use crate::crc::{crc, modbus};
use crate::refusal::{Oddity, Refusal};
use crate::segment;
use crate::settings::{Settings, Tolerance};

/// A data segment whose sum is right, in plain form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    pub(crate) segment: Vec<u8>,
    pub(crate) oddities: Vec<Oddity>,
}

/// Compares a data segment with the four digits behind it; opens the data area where that is needed.
pub(crate) fn check(
    settings: &Settings,
    segment: &[u8],
    digits: &[u8],
) -> Result<Checked, Refusal> {
    let found = sum_of(digits)?;
    let mut oddities = Vec::new();
    if digits.iter().any(u8::is_ascii_lowercase) {
        if !settings.accepts(Tolerance::LowerCaseCrc) {
            return Err(Refusal::CrcDigits {
                found: Refusal::quote(digits),
            });
        }
        oddities.push(Oddity::LowerCaseCrc);
    }
    let expected = crc(segment);
    if expected == found {
        return plain(settings, segment, oddities);
    }
    if settings.accepts(Tolerance::ModbusCrc) && modbus(segment) == found {
        oddities.push(Oddity::ModbusCrc);
        return plain(settings, segment, oddities);
    }
    match opened(settings, segment, found) {
        Some((segment, oddity)) => {
            oddities.extend(oddity);
            Ok(Checked { segment, oddities })
        }
        None => Err(wrong(settings, segment, expected, found)),
    }
}

/// The sum in its four digits.
pub(crate) fn sum_of(digits: &[u8]) -> Result<u16, Refusal> {
    let text = std::str::from_utf8(digits).ok();
    let text = text.filter(|text| text.len() == 4 && text.bytes().all(|b| b.is_ascii_hexdigit()));
    text.and_then(|text| u16::from_str_radix(text, 16).ok())
        .ok_or_else(|| Refusal::CrcDigits {
            found: Refusal::quote(digits),
        })
}

/// The sum is that of the bytes as they came. If they are a cipher nevertheless, the sum was made too late.
fn plain(
    settings: &Settings,
    segment: &[u8],
    mut oddities: Vec<Oddity>,
) -> Result<Checked, Refusal> {
    let cipher = segment::area(segment).filter(|area| is_cipher(area));
    let Some(area) = cipher else {
        let segment = segment.to_vec();
        return Ok(Checked { segment, oddities });
    };
    let Some(key) = &settings.sm4_key else {
        return Err(Refusal::Encrypted);
    };
    let mut bytes = area.to_vec();
    key.decrypt(&mut bytes);
    if is_cipher(&bytes) {
        return Err(Refusal::Key);
    }
    oddities.push(Oddity::CrcOfCipher);
    let segment = segment::with_area(segment, &bytes).unwrap_or_default();
    Ok(Checked { segment, oddities })
}

/// The plain segment, if the sum is that of the data area opened with the key.
fn opened(settings: &Settings, segment: &[u8], found: u16) -> Option<(Vec<u8>, Option<Oddity>)> {
    let key = settings.sm4_key.as_ref()?;
    let area = segment::area(segment)?;
    let (mut bytes, oddity) = match cipher::printed(area) {
        Some(bytes) => (bytes, Some(Oddity::PrintedCipher)),
        None => (area.to_vec(), None),
    };
    key.decrypt(&mut bytes);
    let segment = segment::with_area(segment, &bytes)?;
    (crc(&segment) == found).then_some((segment, oddity))
}

fn wrong(settings: &Settings, segment: &[u8], expected: u16, found: u16) -> Refusal {
    let area = segment::area(segment);
    if area.is_some_and(|area| is_cipher(area) || cipher::printed(area).is_some()) {
        return match settings.sm4_key {
            Some(_) => Refusal::Key,
            None => Refusal::Encrypted,
        };
    }
    Refusal::Crc { expected, found }
}

/// A data area is text; what has control characters or is no text in either encoding of the field is a cipher.
fn is_cipher(area: &[u8]) -> bool {
    let is_control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    area.iter().any(is_control)
        || (!area.is_ascii()
            && std::str::from_utf8(area).is_err()
            && encoding_rs::GB18030.decode_without_bom_handling(area).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &[u8] =
        b"ST=31;CN=2011;MN=A;Flag=9;CP=&&DataTime=20260101000000;a21026-Rtd=18.5,a21026-Flag=N&&";

    fn with_key() -> Settings {
        Settings {
            sm4_key: "30303030303030303030303030303030".parse().ok(),
            ..Settings::default()
        }
    }

    fn sealed(settings: &Settings) -> Vec<u8> {
        let mut area = segment::area(PLAIN).unwrap().to_vec();
        settings.sm4_key.as_ref().unwrap().encrypt(&mut area);
        segment::with_area(PLAIN, &area).unwrap()
    }

    fn digits(sum: u16) -> Vec<u8> {
        format!("{sum:04X}").into_bytes()
    }

    #[test]
    fn a_cipher_with_the_sum_of_its_plain_text_is_opened() {
        let settings = with_key();
        let found = check(&settings, &sealed(&settings), &digits(crc(PLAIN))).unwrap();
        assert_eq!(
            found,
            Checked {
                segment: PLAIN.to_vec(),
                oddities: vec![]
            }
        );
    }

    #[test]
    fn a_cipher_with_the_sum_of_itself_is_opened_and_marked() {
        let settings = with_key();
        let sealed = sealed(&settings);
        let found = check(&settings, &sealed, &digits(crc(&sealed))).unwrap();
        assert_eq!(found.segment, PLAIN);
        assert_eq!(found.oddities, [Oddity::CrcOfCipher]);
    }

    #[test]
    fn a_printed_cipher_is_opened_and_marked() {
        let settings = with_key();
        let mut area = segment::area(PLAIN).unwrap().to_vec();
        settings.sm4_key.as_ref().unwrap().encrypt(&mut area);
        let whole = area.len() / 16 * 16;
        let list: Vec<String> = area[..whole]
            .iter()
            .map(|byte| format!("0x{byte:02X}"))
            .collect();
        let mut printed = format!("{{{}}}", list.join(",")).into_bytes();
        printed.extend_from_slice(&area[whole..]);
        let segment = segment::with_area(PLAIN, &printed).unwrap();
        let found = check(&settings, &segment, &digits(crc(PLAIN))).unwrap();
        assert_eq!(found.segment, PLAIN);
        assert_eq!(found.oddities, [Oddity::PrintedCipher]);
    }

    #[test]
    fn a_cipher_without_its_key_says_so() {
        let settings = with_key();
        let sealed = sealed(&settings);
        let none = check(&Settings::default(), &sealed, &digits(crc(PLAIN)));
        assert_eq!(none, Err(Refusal::Encrypted));
        let other = Settings {
            sm4_key: "40303030303030303030303030303030".parse().ok(),
            ..Settings::default()
        };
        assert_eq!(
            check(&other, &sealed, &digits(crc(PLAIN))),
            Err(Refusal::Key)
        );
    }

    #[test]
    fn lower_case_and_modbus_are_taken_only_if_the_settings_say_so() {
        let lower = b"1c80";
        let official = b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&";
        let found = check(&Settings::default(), official, lower).unwrap();
        assert_eq!(found.oddities, [Oddity::LowerCaseCrc]);
        let strict = Settings {
            accept: [Tolerance::ModbusCrc].into(),
            ..Settings::default()
        };
        assert!(matches!(
            check(&strict, official, lower),
            Err(Refusal::CrcDigits { .. })
        ));
        let other = digits(modbus(PLAIN));
        assert_eq!(
            check(&strict, PLAIN, &other).unwrap().oddities,
            [Oddity::ModbusCrc]
        );
        assert!(matches!(
            check(&Settings::default(), PLAIN, &other),
            Err(Refusal::Crc { .. })
        ));
    }
}
