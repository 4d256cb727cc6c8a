//! Video of JT/T 1078: what goes over the link of JT/T 808. The media streams themselves are no part of this crate.

use jiff::Timestamp;

use crate::layout::{Bcd6, Many, Text, record};

record! {
    /// 9101.
    LiveRequest {
        /// Address of the media server.
        server: String as Text<u8>,
        tcp_port: u16,
        udp_port: u16,
        channel: u8,
        /// 0 audio and video, 1 video, 2 talk, 3 listen in, 4 broadcast, 5 pass through.
        media: u8,
        /// 0 main, 1 sub.
        stream: u8,
    }
}

record! {
    /// 9102.
    LiveControl {
        channel: u8,
        /// 0 close, 1 change stream, 2 pause, 3 go on, 4 close the talk.
        command: u8,
        /// On closing: 0 both, 1 audio, 2 video.
        close: u8,
        /// On changing: 0 main, 1 sub.
        stream: u8,
    }
}

record! {
    /// 9105.
    LossReport {
        channel: u8,
        /// Percent.
        loss: u8,
    }
}

record! {
    /// 9201.
    Playback {
        server: String as Text<u8>,
        tcp_port: u16,
        udp_port: u16,
        channel: u8,
        /// 0 audio and video, 1 audio, 2 video, 3 either.
        media: u8,
        /// 0 either, 1 main, 2 sub.
        stream: u8,
        /// 0 either, 1 main, 2 emergency.
        store: u8,
        /// 0 normal, 1 fast, 2 key frames backwards, 3 key frames, 4 single frame.
        mode: u8,
        /// 0 none, 1 to 5: 1x, 2x, 4x, 8x, 16x.
        speed: u8,
        from: Option<Timestamp> as Bcd6,
        to: Option<Timestamp> as Bcd6,
    }
}

record! {
    /// 9202.
    PlaybackControl {
        channel: u8,
        /// 0 start, 1 pause, 2 end, 3 fast, 4 backwards, 5 go to, 6 key frames.
        command: u8,
        speed: u8,
        to: Option<Timestamp> as Bcd6,
    }
}

record! {
    /// 9205.
    RecordingQuery {
        channel: u8,
        from: Option<Timestamp> as Bcd6,
        to: Option<Timestamp> as Bcd6,
        /// Bits 0 to 31 of the location's alarms, 32 to 63 of JT/T 1078; 0 for all.
        alarms: u64,
        media: u8,
        stream: u8,
        store: u8,
    }
}

record! {
    /// One recording.
    Recording {
        channel: u8,
        from: Option<Timestamp> as Bcd6,
        to: Option<Timestamp> as Bcd6,
        alarms: u64,
        media: u8,
        stream: u8,
        store: u8,
        /// Bytes.
        size: u32,
    }
}

record! {
    /// 1205.
    Recordings {
        /// The serial of the question.
        serial: u16,
        recordings: Vec<Recording> as Many<u32>,
    }
}

record! {
    /// 9206: to a file server.
    RecordingUpload {
        server: String as Text<u8>,
        port: u16,
        user: String as Text<u8>,
        password: String as Text<u8>,
        path: String as Text<u8>,
        channel: u8,
        from: Option<Timestamp> as Bcd6,
        to: Option<Timestamp> as Bcd6,
        alarms: u64,
        media: u8,
        stream: u8,
        store: u8,
        /// Bit 0 by WIFI, 1 by cable, 2 by mobile network.
        condition: u8,
    }
}

record! {
    /// 1206.
    UploadDone {
        /// The serial of the command.
        serial: u16,
        /// 0 done, 1 failed.
        result: u8,
    }
}

record! {
    /// 9207.
    UploadControl {
        /// The serial of the upload command.
        serial: u16,
        /// 0 pause, 1 go on, 2 cancel.
        command: u8,
    }
}

record! {
    /// 1003.
    AvAttributes {
        audio_codec: u8,
        audio_channels: u8,
        audio_rate: u8,
        audio_bits: u8,
        audio_frame_bytes: u16,
        audio_output: u8,
        video_codec: u8,
        audio_channels_max: u8,
        video_channels_max: u8,
    }
}

record! {
    /// 1005.
    Passengers {
        from: Option<Timestamp> as Bcd6,
        to: Option<Timestamp> as Bcd6,
        on: u16,
        off: u16,
    }
}

record! {
    /// 9301.
    PtzRotation {
        channel: u8,
        /// 0 stop, 1 up, 2 down, 3 left, 4 right.
        direction: u8,
        speed: u8,
    }
}

record! {
    /// 9302 to 9306.
    PtzSwitch {
        channel: u8,
        /// Focus and zoom: 0 larger, 1 smaller. Wiper and light: 0 off, 1 on.
        action: u8,
    }
}
