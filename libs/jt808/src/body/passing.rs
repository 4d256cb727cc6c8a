//! Bytes that this crate hands on as they are.

use crate::layout::{Fixed, Rest, Sized32, record};

record! {
    /// 0900 and 8900.
    Transparent {
        /// 0 satellite details, 0Bh licence card, 41h and 42h serial ports, from F0h what maker and owner agreed.
        kind: u8,
        bytes: Vec<u8> as Rest,
    }
}

record! {
    /// 0901: compressed by GZIP; not unpacked here.
    Compressed {
        bytes: Vec<u8> as Sized32,
    }
}

record! {
    /// 0701: a waybill in whatever form sender and receiver agreed.
    Waybill {
        content: Vec<u8> as Sized32,
    }
}

record! {
    /// 0A00 and 8A00. Encrypted bodies are refused all the same.
    PublicKey {
        exponent: u32,
        modulus: Vec<u8> as Fixed<128>,
    }
}
