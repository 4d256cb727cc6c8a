//! Pictures, sound and video that the terminal took: events, uploads and the commands around them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::layout::{Bcd6, Layout, Many, ManyIfMore, Plain, Reader, Rest, Unread, Writer, record};
use crate::location::{FIXED_BYTES, FixedPart, Location};
use crate::oddity::Oddity;

record! {
    /// 0800: something was taken.
    MediaEvent {
        id: u32,
        /// 0 picture, 1 sound, 2 video.
        kind: u8,
        /// 0 JPEG, 1 TIF, 2 MP3, 3 WAV, 4 WMV.
        format: u8,
        /// 0 by command, 1 timed, 2 robbery, 3 collision or rollover, 4 door opened, 5 door closed, 6 door shut above
        /// 20 km/h, 7 by distance.
        event: u8,
        channel: u8,
    }
}

/// 0801: the thing itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaUpload {
    pub event: MediaEvent,
    /// Where it was taken. Old terminals leave it out.
    pub location: Option<Location>,
    pub bytes: Vec<u8>,
}

/// A JPEG in the place of the location shows that there is none.
const JPEG_START: [u8; 3] = [0xff, 0xd8, 0xff];

impl Layout<MediaUpload> for Plain {
    fn read(reader: &mut Reader<'_>) -> Result<MediaUpload, Unread> {
        let event = reader.get::<MediaEvent, Self>("event")?;
        let rest = reader.peek();
        let is_bare = rest.starts_with(&JPEG_START)
            && !rest
                .get(FIXED_BYTES..)
                .is_some_and(|after| after.starts_with(&JPEG_START));
        let location = if is_bare {
            reader.oddities.push(Oddity::NoLocation);
            None
        } else {
            Some(reader.get::<_, FixedPart>("location")?)
        };
        let bytes = reader.get::<_, Rest>("bytes")?;
        Ok(MediaUpload {
            event,
            location,
            bytes,
        })
    }

    fn write(value: &MediaUpload, writer: &mut Writer) {
        Self::write(&value.event, writer);
        if let Some(location) = &value.location {
            FixedPart::write(location, writer);
        }
        writer.put::<_, Rest>("bytes", &value.bytes);
    }
}

record! {
    /// 8800: the upload has come, or these parts of it have not.
    MediaAnswer {
        id: u32,
        /// Empty when everything has come.
        missing: Vec<u16> as ManyIfMore<u8>,
    }
}

record! {
    /// 8801: take pictures or record.
    Shoot {
        channel: u8,
        /// 0 stop, FFFFh record video, otherwise the number of pictures.
        command: u16,
        /// Seconds between pictures, or the length of the video; 0 as short as possible, or on and on.
        seconds: u16,
        /// 1 keep, 0 send at once.
        keep: u8,
        /// 1 320x240, 2 640x480, 3 800x600, 4 1024x768, 5 QCIF, 6 CIF, 7 half D1, 8 D1.
        resolution: u8,
        /// 1 best to 10 smallest.
        quality: u8,
        brightness: u8,
        contrast: u8,
        saturation: u8,
        chroma: u8,
    }
}

record! {
    /// 0805: what was taken by command.
    Shot {
        /// The serial of the command.
        serial: u16,
        /// 0 done, 1 failed, 2 channel not supported.
        result: u8,
        ids: Vec<u32> as ManyIfMore<u16>,
    }
}

record! {
    /// 8802: what is stored?
    MediaSearch {
        kind: u8,
        /// 0 all.
        channel: u8,
        event: u8,
        from: Option<Timestamp> as Bcd6,
        to: Option<Timestamp> as Bcd6,
    }
}

record! {
    /// One stored medium.
    MediaEntry {
        id: u32,
        kind: u8,
        channel: u8,
        event: u8,
        location: Location as FixedPart,
    }
}

record! {
    /// 0802: what is stored.
    MediaFound {
        /// The serial of the search.
        serial: u16,
        entries: Vec<MediaEntry> as Many<u16>,
    }
}

record! {
    /// 8803: upload what is stored.
    MediaUploads {
        kind: u8,
        channel: u8,
        event: u8,
        from: Option<Timestamp> as Bcd6,
        to: Option<Timestamp> as Bcd6,
        /// 1 delete afterwards.
        delete: u8,
    }
}

record! {
    /// 8804.
    SoundRecording {
        /// 0 stop, 1 start.
        command: u8,
        /// 0 on and on.
        seconds: u16,
        /// 1 keep, 0 send at once.
        keep: u8,
        /// 0 8 kHz, 1 11, 2 23, 3 32.
        rate: u8,
    }
}

record! {
    /// 8805.
    MediaStored {
        id: u32,
        /// 1 delete afterwards.
        delete: u8,
    }
}
