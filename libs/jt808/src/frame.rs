//! A frame on the wire: `7E`, the escaped header, body and XOR of both, `7E`.

/// Opens and closes a frame.
pub(crate) const FLAG: u8 = 0x7e;
const ESCAPE: u8 = 0x7d;

/// The XOR of all bytes.
pub(crate) fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum ^ byte)
}

/// Adds checksum, escapes and flags.
pub(crate) fn wrap(bytes: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(bytes.len() + bytes.len() / 16 + 4);
    frame.push(FLAG);
    for byte in bytes.iter().copied().chain([checksum(bytes)]) {
        match byte {
            FLAG => frame.extend([ESCAPE, 2]),
            ESCAPE => frame.extend([ESCAPE, 1]),
            _ => frame.push(byte),
        }
    }
    frame.push(FLAG);
    frame
}

/// What stood between two flags.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unwrapped {
    /// Header and body.
    pub(crate) bytes: Vec<u8>,
    /// The checksum that was sent.
    pub(crate) sent: u8,
    /// The checksum that the bytes have.
    pub(crate) computed: u8,
    /// Escapes followed by neither 1 nor 2; they were taken as they stood.
    pub(crate) bare_escapes: usize,
}

/// Takes off escapes and checksum; `None` if there is not even a checksum.
pub(crate) fn unwrap(segment: &[u8]) -> Option<Unwrapped> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut bare_escapes = 0;
    let mut rest = segment.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if byte != ESCAPE {
            bytes.push(byte);
        } else if rest.next_if_eq(&2).is_some() {
            bytes.push(FLAG);
        } else {
            if rest.next_if_eq(&1).is_none() {
                bare_escapes += 1;
            }
            bytes.push(ESCAPE);
        }
    }
    let sent = bytes.pop()?;
    Some(Unwrapped {
        computed: checksum(&bytes),
        bytes,
        sent,
        bare_escapes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrapped_unwraps() {
        let bytes = [0x30, 0x7e, 0x08, 0x7d, 0x55];
        let frame = wrap(&bytes);
        assert_eq!(
            frame,
            [0x7e, 0x30, 0x7d, 0x02, 0x08, 0x7d, 0x01, 0x55, 0x6e, 0x7e]
        );
        let inner = frame.get(1..frame.len() - 1).unwrap();
        let unwrapped = unwrap(inner).unwrap();
        assert_eq!(unwrapped.bytes, bytes);
        assert_eq!(unwrapped.sent, unwrapped.computed);
        assert_eq!(unwrapped.bare_escapes, 0);
    }

    #[test]
    fn a_checksum_that_is_a_flag_is_escaped() {
        let frame = wrap(&[0x7e]);
        assert_eq!(frame, [0x7e, 0x7d, 0x02, 0x7d, 0x02, 0x7e]);
    }

    #[test]
    fn a_bare_escape_is_taken_as_it_stands() {
        let unwrapped = unwrap(&[0x01, 0x7d, 0x05, 0x79]).unwrap();
        assert_eq!(unwrapped.bytes, [0x01, 0x7d, 0x05]);
        assert_eq!(unwrapped.bare_escapes, 1);
        assert_eq!(unwrap(&[]), None);
    }
}
