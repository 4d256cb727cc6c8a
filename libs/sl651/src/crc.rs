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
