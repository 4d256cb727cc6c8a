//! Frames are kept to be looked at: what a device proves itself with is taken out before.

/// Between `PW=` and the next semicolon (HJ 212, 6.3.2) there are stars.
pub(super) fn hide_password(raw: Vec<u8>) -> Vec<u8> {
    let Some(at) = raw.windows(3).position(|three| three == b"PW=") else {
        return raw;
    };
    let (head, rest) = raw.split_at(at + 3);
    let length = rest.iter().position(|byte| *byte == b';');
    let after = rest.get(length.unwrap_or(rest.len())..).unwrap_or(&[]);
    [head, b"******", after].concat()
}

/// Stars in the place of a token; where it does not stand in the frame as it is, the frame ends with its header.
pub(super) fn hide_token(mut raw: Vec<u8>, token: &str) -> Vec<u8> {
    /// Mark, id, attributes and number of the shortest header (JT/T 808-2013, 4.4.3).
    const HEADER: usize = 13;
    let token = token.as_bytes();
    let found = raw
        .windows(token.len().max(1))
        .position(|window| window == token);
    match found {
        Some(at) => {
            for byte in raw.iter_mut().skip(at).take(token.len()) {
                *byte = b'*';
            }
        }
        None => raw.truncate(HEADER),
    }
    raw
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_kept() {
        for (frame, kept) in [
            (
                "##0101QN=1;ST=32;PW=100000;MN=01;CP=&&&&1C80",
                "##0101QN=1;ST=32;PW=******;MN=01;CP=&&&&1C80",
            ),
            ("##0101ST=32;PW=123", "##0101ST=32;PW=******"),
            ("##0101ST=32;MN=01", "##0101ST=32;MN=01"),
        ] {
            assert_eq!(hide_password(frame.into()), kept.as_bytes());
        }
    }

    #[test]
    fn a_token_is_not_kept() {
        let frame = b"\x7e\x01\x02\x00\x06\x01\x39\x12\x34\x56\x78\x00\x01secret\x55\x7e";
        let kept = b"\x7e\x01\x02\x00\x06\x01\x39\x12\x34\x56\x78\x00\x01******\x55\x7e";
        assert_eq!(hide_token(frame.to_vec(), "secret"), kept);
        assert_eq!(hide_token(frame.to_vec(), "escaped"), &frame[..13]);
        assert_eq!(hide_token(Vec::new(), ""), Vec::<u8>::new());
    }
}
