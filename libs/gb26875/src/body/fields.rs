//! How the fields of an object stand in its bytes. An object is declared once, by `object!`; reading and writing follow
//! from the declaration.

use super::Unsendable;
use crate::names::{DeviceFlags, DeviceOperationFlags, OperationFlags, PartFlags, SystemFlags};
use crate::reader::{Reader, Unread, encode_text};

/// Bytes of a part's description.
pub(super) const DESCRIPTION_BYTES: usize = 31;

/// One way in which a `T` stands in bytes.
pub(super) trait Layout<T> {
    fn read(field: &'static str, reader: &mut Reader<'_>) -> Result<T, Unread>;
    fn write(value: &T, out: &mut Vec<u8>) -> Result<(), Unsendable>;
}

/// The layout that a type has unless a field says otherwise.
pub(super) struct Plain;

/// Text in 31 bytes.
pub(super) struct Described;

/// Text behind its length.
pub(super) struct Sized8;

macro_rules! numbers {
    ($($type:ty: $reader:ident, $value:ident => $bytes:expr, $made:expr;)+) => {
        $(impl Layout<$type> for Plain {
            fn read(field: &'static str, reader: &mut Reader<'_>) -> Result<$type, Unread> {
                reader.$reader(field).map($made)
            }

            fn write($value: &$type, out: &mut Vec<u8>) -> Result<(), Unsendable> {
                out.extend($bytes);
                Ok(())
            }
        })+
    };
}

numbers! {
    u8: u8, value => [*value], |byte| byte;
    i16: u16, value => value.to_le_bytes(), u16::cast_signed;
    [u8; 2]: array, value => *value, |bytes| bytes;
    [u8; 4]: array, value => *value, |bytes| bytes;
    SystemFlags: u16, value => value.0.to_le_bytes(), SystemFlags;
    PartFlags: u16, value => value.0.to_le_bytes(), PartFlags;
    DeviceFlags: u8, value => [value.0], DeviceFlags;
    OperationFlags: u8, value => [value.0], OperationFlags;
    DeviceOperationFlags: u8, value => [value.0], DeviceOperationFlags;
}

fn encoded(text: &str, most: usize) -> Result<Vec<u8>, Unsendable> {
    let bytes = encode_text(text);
    if bytes.len() > most {
        return Err(Unsendable::TooLong {
            field: "description",
            found: bytes.len(),
            most,
        });
    }
    Ok(bytes)
}

impl Layout<String> for Described {
    fn read(field: &'static str, reader: &mut Reader<'_>) -> Result<String, Unread> {
        reader.text(field, DESCRIPTION_BYTES)
    }

    fn write(value: &String, out: &mut Vec<u8>) -> Result<(), Unsendable> {
        let end = out.len() + DESCRIPTION_BYTES;
        out.extend(encoded(value, DESCRIPTION_BYTES)?);
        out.resize(end, 0);
        Ok(())
    }
}

impl Layout<String> for Sized8 {
    fn read(field: &'static str, reader: &mut Reader<'_>) -> Result<String, Unread> {
        let size = usize::from(reader.u8(field)?);
        reader.text(field, size)
    }

    fn write(value: &String, out: &mut Vec<u8>) -> Result<(), Unsendable> {
        let bytes = encoded(value, usize::from(u8::MAX))?;
        out.push(bytes.len() as u8);
        out.extend(bytes);
        Ok(())
    }
}

/// Declares an object: its name, its bytes without the time (if they are always the same number), its fields, and the
/// time at its end where the standard has one.
macro_rules! object {
    ($(#[$meta:meta])* $name:ident[$bytes:expr] {
        $($(#[$note:meta])* $field:ident: $type:ty $(as $layout:ty)?),* $(,)?
    } $(+ $(#[$time_note:meta])* $time:ident)?) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $($(#[$note])* pub $field: $type,)*
            $($(#[$time_note])* pub $time: Option<jiff::Timestamp>,)?
        }

        impl $crate::body::objects::Object for $name {
            const BYTES: Option<usize> = $bytes;
            const IS_TIMED: bool = object!(@timed $($time)?);

            fn read(
                _reader: &mut $crate::reader::Reader<'_>,
            ) -> Result<Self, $crate::reader::Unread> {
                Ok(Self {
                    $($field: <object!(@layout $($layout)?) as $crate::body::fields::Layout<$type>>::read(
                        stringify!($field),
                        _reader,
                    )?,)*
                    $($time: None,)?
                })
            }

            fn write(&self, _out: &mut Vec<u8>) -> Result<(), $crate::body::Unsendable> {
                $(<object!(@layout $($layout)?) as $crate::body::fields::Layout<$type>>::write(&self.$field, _out)?;)*
                Ok(())
            }

            $(
                fn set_time(&mut self, time: Option<jiff::Timestamp>) {
                    self.$time = time;
                }

                fn time(&self) -> Option<jiff::Timestamp> {
                    self.$time
                }
            )?
        }

        impl $crate::body::fields::Layout<$name> for $crate::body::fields::Plain {
            fn read(
                _field: &'static str,
                reader: &mut $crate::reader::Reader<'_>,
            ) -> Result<$name, $crate::reader::Unread> {
                $crate::body::objects::Object::read(reader)
            }

            fn write(value: &$name, out: &mut Vec<u8>) -> Result<(), $crate::body::Unsendable> {
                $crate::body::objects::Object::write(value, out)
            }
        }
    };
    (@timed) => { false };
    (@timed $time:ident) => { true };
    (@layout) => { $crate::body::fields::Plain };
    (@layout $layout:ty) => { $layout };
}

pub(super) use object;
