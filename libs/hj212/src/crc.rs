//! The check of HJ 212, appendix A.
//!
//! It shares its table with CRC-16/Modbus but feeds the register otherwise: the low byte is shifted out before the
//! next byte comes in. The two give different sums for the same bytes, and some devices send the wrong one.

/// Each byte after its eight steps with the reflected polynomial.
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
    entry((register >> 8) as u8 ^ byte)
}

/// The Modbus register after one more byte.
pub(crate) fn modbus_step(register: u16, byte: u8) -> u16 {
    (register >> 8) ^ entry(register as u8 ^ byte)
}

fn entry(index: u8) -> u16 {
    TABLE.get(usize::from(index)).copied().unwrap_or_default()
}

/// The sum that stands behind a data segment.
///
/// ```
/// let data = b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&";
/// assert_eq!(yiwang_hj212::crc(data), 0x1C80);
/// ```
pub fn crc(data: &[u8]) -> u16 {
    data.iter()
        .fold(START, |register, byte| step(register, *byte))
}

/// What a device sends that takes CRC-16/Modbus for the sum of the standard.
pub(crate) fn modbus(data: &[u8]) -> u16 {
    data.iter()
        .fold(START, |register, byte| modbus_step(register, *byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICIAL: &[u8] = b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&";

    /// Appendix A, word for word.
    fn as_printed(data: &[u8]) -> u16 {
        let mut register = 0xFFFF_u16;
        for byte in data {
            register = (register >> 8) ^ u16::from(*byte);
            for _ in 0..8 {
                let check = register & 1;
                register >>= 1;
                if check == 1 {
                    register ^= 0xA001;
                }
            }
        }
        register
    }

    #[test]
    fn the_official_example_has_its_printed_sum_and_not_that_of_modbus() {
        assert_eq!(crc(OFFICIAL), 0x1C80);
        assert_eq!(modbus(OFFICIAL), 0x0759);
    }

    #[test]
    fn the_example_of_the_2025_edition_has_its_printed_sum() {
        let data = b"QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&";
        assert_eq!(crc(data), 0x2200);
    }

    #[test]
    fn the_table_does_what_the_printed_loop_does() {
        let bytes: Vec<u8> = (0..=255).cycle().take(2_000).collect();
        for end in 0..bytes.len() {
            assert_eq!(crc(&bytes[..end]), as_printed(&bytes[..end]));
        }
    }
}
