//! Files that belong to an alarm of active safety (苏标): what announces, sends and confirms them.

use crate::layout::{Fixed, Many, Padded, PaddedBy, Text, record};
use crate::location::{AlarmMark, MarkByEdition};

record! {
    /// One file.
    AlarmFile {
        name: String as Text<u8>,
        /// Bytes.
        size: u32,
    }
}

record! {
    /// 1210.
    AlarmFiles {
        terminal: String as PaddedBy<7, 7, 30>,
        mark: AlarmMark as MarkByEdition,
        /// The platform's own number of the alarm.
        alarm: String as Padded<32>,
        /// 0 normal, 1 sent again.
        kind: u8,
        files: Vec<AlarmFile> as Many<u8>,
    }
}

record! {
    /// 1211 and 1212.
    FileEntry {
        name: String as Text<u8>,
        /// 0 picture, 1 sound, 2 video, 3 text, 4 other.
        kind: u8,
        /// Bytes.
        size: u32,
    }
}

record! {
    /// 9208.
    FilesRequest {
        /// Address of the file server.
        server: String as Text<u8>,
        tcp_port: u16,
        udp_port: u16,
        mark: AlarmMark as MarkByEdition,
        /// The platform's own number of the alarm.
        alarm: String as Padded<32>,
        reserved: Vec<u8> as Fixed<16>,
    }
}

record! {
    /// A stretch of a file that did not come.
    Gap {
        offset: u32,
        length: u32,
    }
}

record! {
    /// 9212.
    FileDone {
        name: String as Text<u8>,
        kind: u8,
        /// 0 done, 1 send the gaps again.
        result: u8,
        gaps: Vec<Gap> as Many<u8>,
    }
}
