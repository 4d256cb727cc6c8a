//! The bytes that wait, and the sum of any stretch of them.
//!
//! A sender can claim as many frames as it has bytes, each as long as it likes. So the sum of a stretch is not made
//! byte by byte: the register is kept behind each byte, and one register less what came before the stretch is its sum.

use crate::crc;

#[derive(Debug, Default)]
pub(super) struct Waiting {
    bytes: Vec<u8>,
    /// Where they begin in the stream.
    offset: u64,
    /// The register before the first byte, if that of the stream began with zero.
    before: u16,
    /// The register behind each byte.
    registers: Vec<u16>,
}

impl Waiting {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    pub(super) fn end(&self) -> u64 {
        self.offset + self.bytes.len() as u64
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) {
        let mut register = self.register(self.bytes.len());
        self.bytes.extend_from_slice(bytes);
        self.registers.extend(bytes.iter().map(|byte| {
            register = crc::step(register, *byte);
            register
        }));
    }

    /// Cuts bytes off in front.
    pub(super) fn take(&mut self, count: usize) -> Vec<u8> {
        let count = count.min(self.bytes.len());
        self.before = self.register(count);
        self.registers.drain(..count);
        self.offset += count as u64;
        self.bytes.drain(..count).collect()
    }

    /// The sum of the bytes from here to there.
    pub(super) fn sum(&self, from: usize, to: usize) -> u16 {
        let before = self.register(from) ^ crc::START;
        self.register(to) ^ crc::after_zeros(before, to.saturating_sub(from))
    }

    fn register(&self, at: usize) -> u16 {
        let behind = at.checked_sub(1).and_then(|last| self.registers.get(last));
        behind.copied().unwrap_or(self.before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stretch_has_its_sum() {
        let bytes: Vec<u8> = (0..5_000_u32)
            .map(|number| (number * 7 + number / 13) as u8)
            .collect();
        let mut waiting = Waiting::default();
        waiting.extend(&bytes[..100]);
        waiting.take(40);
        waiting.extend(&bytes[100..]);
        let here = &bytes[40..];
        assert_eq!(waiting.bytes(), here);
        assert_eq!((waiting.offset(), waiting.end()), (40, 5_000));
        for (from, to) in [
            (0, 0),
            (0, 1),
            (0, 4_960),
            (17, 17),
            (17, 18),
            (59, 61),
            (1_000, 4_095),
        ] {
            assert_eq!(
                waiting.sum(from, to),
                crc::crc(&here[from..to]),
                "{from} {to}"
            );
        }
    }
}
