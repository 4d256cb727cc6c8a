//! CRC-16/Modbus, which stands behind a frame with its high byte first.

const TABLE: [u16; 256] = table();

#[expect(
    clippy::indexing_slicing,
    reason = "computed by the compiler, which checks the bounds"
)]
const fn table() -> [u16; 256] {
    let mut table = [0_u16; 256];
    let mut index = 0;
    while index < 256 {
        let mut register = index as u16;
        let mut step = 0;
        while step < 8 {
            let low = register & 1;
            register >>= 1;
            if low == 1 {
                register ^= 0xA001;
            }
            step += 1;
        }
        table[index] = register;
        index += 1;
    }
    table
}

pub(crate) const START: u16 = 0xFFFF;

/// The register after one more byte.
pub(crate) fn step(register: u16, byte: u8) -> u16 {
    let entry = TABLE.get(usize::from(register as u8 ^ byte));
    (register >> 8) ^ entry.copied().unwrap_or_default()
}

/// What so many zeros make of a register: for each power of two, what they make of each of its bits.
const ZEROS: [[u16; 16]; POWERS] = zeros();
/// Fewer bytes than this power of two are summed at once.
const POWERS: usize = 13;

#[expect(
    clippy::indexing_slicing,
    reason = "computed by the compiler, which checks the bounds"
)]
const fn zeros() -> [[u16; 16]; POWERS] {
    let mut zeros = [[0; 16]; POWERS];
    let mut bit = 0;
    while bit < 16 {
        let register = 1_u16 << bit;
        zeros[0][bit] = (register >> 8) ^ TABLE[(register & 0xFF) as usize];
        bit += 1;
    }
    let mut power = 1;
    while power < POWERS {
        let mut bit = 0;
        while bit < 16 {
            let half = zeros[power - 1];
            zeros[power][bit] = combine(&half, half[bit]);
            bit += 1;
        }
        power += 1;
    }
    zeros
}

#[expect(
    clippy::indexing_slicing,
    reason = "the table has an entry for each bit of the register"
)]
const fn combine(of_bits: &[u16; 16], register: u16) -> u16 {
    let mut combined = 0;
    let mut bit = 0;
    while bit < 16 {
        if register >> bit & 1 == 1 {
            combined ^= of_bits[bit];
        }
        bit += 1;
    }
    combined
}

/// The register after so many bytes of zero.
pub(crate) fn after_zeros(register: u16, count: usize) -> u16 {
    let powers = ZEROS.iter().enumerate();
    powers
        .filter(|(power, _)| count >> power & 1 == 1)
        .fold(register, |register, (_, of_bits)| {
            combine(of_bits, register)
        })
}

/// The sum of a frame from its start to its end mark.
///
/// ```
/// assert_eq!(yiwang_sl651::crc(b"123456789"), 0x4B37);
/// ```
pub fn crc(bytes: &[u8]) -> u16 {
    bytes
        .iter()
        .fold(START, |register, byte| step(register, *byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_passed_over_at_once() {
        for count in [0, 1, 2, 3, 100, 4_124, 8_191] {
            for register in [0, 1, 0x8000, 0xFFFF, 0x1234] {
                let slow = (0..count).fold(register, |register, _| step(register, 0));
                assert_eq!(after_zeros(register, count), slow);
            }
        }
    }
}
