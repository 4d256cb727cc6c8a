//! How the fields of a body stand in its bytes. A body is declared once, by `record!`; reading and writing follow from
//! the declaration, so the two cannot disagree.
//!
//! Reading never panics and never allocates by a count that the bytes only claim. What can be read in spite of a fault
//! (a time that is no time, text in no encoding) is read and noted as an [`Oddity`].

mod bytes;
mod lists;
mod text;
mod time;

use jiff::tz::Offset;

pub(crate) use bytes::{Fixed, Rest, Sized8, Sized32};
pub(crate) use lists::{All, IfMore, Many, ManyBy, ManyIfMore, Since2019};
pub(crate) use text::{Padded, PaddedBy, Text, TextRest, decode_text, encode_text};
pub(crate) use time::{Bcd6, Digits, Utc6};

use crate::header::Edition;
use crate::oddity::Oddity;

/// Where a body ends before its fields do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field {field} at byte {at} needs {needed} bytes, {left} are left")]
pub struct Unread {
    /// The field's name in this crate.
    pub field: &'static str,
    /// Offset within the body.
    pub at: usize,
    /// Bytes that the field needs.
    pub needed: usize,
    /// Bytes that are left.
    pub left: usize,
}

/// What cannot be put into bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// A text or list is longer than its length field can say.
    #[error("field {field} holds {found}, more than the {most} that fit")]
    TooLong {
        field: &'static str,
        found: usize,
        most: usize,
    },
    /// The number has more digits than the edition has room for.
    #[error("phone {phone} has more than {most} digits")]
    Phone { phone: String, most: usize },
    /// The body would need more parts than can be numbered.
    #[error("a body of {bytes} bytes does not fit into 65535 parts")]
    Body { bytes: usize },
    /// Nothing was received on this connection, so it is not known whom to address.
    #[error("no device has spoken on this connection yet")]
    NoDevice,
}

impl Unsendable {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "jt808.unsendable.too_long",
            Self::Phone { .. } => "jt808.unsendable.phone",
            Self::Body { .. } => "jt808.unsendable.body",
            Self::NoDevice => "jt808.unsendable.no_device",
        }
    }
}

/// Reads one body from the front.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    length: usize,
    field: &'static str,
    pub(crate) edition: Edition,
    pub(crate) zone: Offset,
    pub(crate) oddities: Vec<Oddity>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(body: &'a [u8], edition: Edition, zone: Offset) -> Self {
        Self {
            rest: body,
            length: body.len(),
            field: "body",
            edition,
            zone,
            oddities: Vec::new(),
        }
    }

    /// A reader of a part of the body, with the same rules.
    pub(crate) fn within<'b>(&self, bytes: &'b [u8]) -> Reader<'b> {
        Reader::new(bytes, self.edition, self.zone)
    }

    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }

    pub(crate) fn peek(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn field_name(&self) -> &'static str {
        self.field
    }

    pub(crate) fn at_field(&mut self, name: &'static str) -> &mut Self {
        self.field = name;
        self
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Unread> {
        let Some((taken, rest)) = self.rest.split_at_checked(count) else {
            return Err(Unread {
                field: self.field,
                at: self.length - self.rest.len(),
                needed: count,
                left: self.rest.len(),
            });
        };
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Unread> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Unread> {
        Ok(u8::from_be_bytes(self.array()?))
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Unread> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Unread> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Unread> {
        Ok(u64::from_be_bytes(self.array()?))
    }

    pub(crate) fn get<T, L: Layout<T>>(&mut self, name: &'static str) -> Result<T, Unread> {
        self.field = name;
        L::read(self)
    }
}

/// Writes one body. The first thing that does not fit is kept as the fault.
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
    pub(crate) edition: Edition,
    pub(crate) zone: Offset,
    field: &'static str,
    fault: Option<Unsendable>,
}

impl Writer {
    pub(crate) fn new(edition: Edition, zone: Offset) -> Self {
        Self {
            bytes: Vec::new(),
            edition,
            zone,
            field: "body",
            fault: None,
        }
    }

    pub(crate) fn finish(self) -> Result<Vec<u8>, Unsendable> {
        self.fault.map_or(Ok(self.bytes), Err)
    }

    pub(crate) fn at_field(&mut self, name: &'static str) -> &mut Self {
        self.field = name;
        self
    }

    pub(crate) fn too_long(&mut self, found: usize, most: usize) {
        self.fault.get_or_insert(Unsendable::TooLong {
            field: self.field,
            found,
            most,
        });
    }

    pub(crate) fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub(crate) fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    pub(crate) fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    pub(crate) fn put<T, L: Layout<T>>(&mut self, name: &'static str, value: &T) {
        self.field = name;
        L::write(value, self);
    }

    /// The number of entries, in a field of `W`.
    pub(crate) fn put_count<W: Width>(&mut self, count: usize) {
        W::write(count, self);
    }

    /// The bytes, behind their length in a field of `W`.
    pub(crate) fn sized<W: Width>(&mut self, bytes: &[u8]) {
        W::write(bytes.len(), self);
        self.bytes.extend_from_slice(bytes);
    }

    /// A writer of a part of the body, with the same rules.
    pub(crate) fn within(&self) -> Self {
        Self::new(self.edition, self.zone)
    }

    /// Takes over what a part has become, and its fault.
    pub(crate) fn absorb<W: Width>(&mut self, part: Self) {
        if let Some(fault) = part.fault {
            self.fault.get_or_insert(fault);
        }
        self.sized::<W>(&part.bytes);
    }
}

/// One way in which a `T` stands in bytes.
pub(crate) trait Layout<T> {
    fn read(reader: &mut Reader<'_>) -> Result<T, Unread>;
    fn write(value: &T, writer: &mut Writer);
}

/// The layout that a type has unless a field says otherwise: numbers in network order, records field by field.
pub(crate) struct Plain;

/// The number in front of a text or list.
pub(crate) trait Width {
    const MOST: usize;
    fn read(reader: &mut Reader<'_>) -> Result<usize, Unread>;
    fn put(value: usize, writer: &mut Writer);

    fn write(value: usize, writer: &mut Writer) {
        if value > Self::MOST {
            writer.too_long(value, Self::MOST);
        }
        Self::put(value, writer);
    }
}

macro_rules! number {
    ($type:ident) => {
        impl Layout<$type> for Plain {
            fn read(reader: &mut Reader<'_>) -> Result<$type, Unread> {
                reader.$type()
            }

            fn write(value: &$type, writer: &mut Writer) {
                writer.$type(*value);
            }
        }

        impl Width for $type {
            const MOST: usize = $type::MAX as usize;

            fn read(reader: &mut Reader<'_>) -> Result<usize, Unread> {
                Ok(reader.$type()? as usize)
            }

            fn put(value: usize, writer: &mut Writer) {
                writer.$type(value as $type);
            }
        }
    };
}

number!(u8);
number!(u16);
number!(u32);
number!(u64);

/// Declares a record and both directions of its layout.
macro_rules! record {
    (@layout) => { $crate::layout::Plain };
    (@layout $layout:ty) => { $layout };
    ($(#[$meta:meta])* $name:ident {
        $($(#[$note:meta])* $field:ident: $type:ty $(as $layout:ty)?),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub struct $name { $($(#[$note])* pub $field: $type),+ }

        impl $crate::layout::Layout<$name> for $crate::layout::Plain {
            fn read(
                reader: &mut $crate::layout::Reader<'_>,
            ) -> Result<$name, $crate::layout::Unread> {
                Ok($name {
                    $($field: reader.get::<$type, record!(@layout $($layout)?)>(stringify!($field))?),+
                })
            }

            fn write(value: &$name, writer: &mut $crate::layout::Writer) {
                $(writer.put::<$type, record!(@layout $($layout)?)>(stringify!($field), &value.$field);)+
            }
        }
    };
}

pub(crate) use record;
