//! Bytes that stand for themselves.

use std::marker::PhantomData;

use super::{Layout, Reader, Unread, Width, Writer};

/// Everything that is left.
pub(crate) struct Rest;

impl Layout<Vec<u8>> for Rest {
    fn read(reader: &mut Reader<'_>) -> Result<Vec<u8>, Unread> {
        Ok(reader.take(reader.left())?.to_vec())
    }

    fn write(value: &Vec<u8>, writer: &mut Writer) {
        writer.bytes.extend_from_slice(value);
    }
}

/// Bytes behind their length.
pub(crate) struct Octets<W>(PhantomData<W>);

pub(crate) type Sized8 = Octets<u8>;
pub(crate) type Sized32 = Octets<u32>;

impl<W: Width> Layout<Vec<u8>> for Octets<W> {
    fn read(reader: &mut Reader<'_>) -> Result<Vec<u8>, Unread> {
        let length = W::read(reader)?;
        Ok(reader.take(length)?.to_vec())
    }

    fn write(value: &Vec<u8>, writer: &mut Writer) {
        writer.sized::<W>(value);
    }
}

/// `N` bytes; shorter values are filled with zeros.
pub(crate) struct Fixed<const N: usize>;

impl<const N: usize> Layout<Vec<u8>> for Fixed<N> {
    fn read(reader: &mut Reader<'_>) -> Result<Vec<u8>, Unread> {
        Ok(reader.take(N)?.to_vec())
    }

    fn write(value: &Vec<u8>, writer: &mut Writer) {
        if value.len() > N {
            writer.too_long(value.len(), N);
        }
        let end = writer.bytes.len() + N;
        writer.bytes.extend(value.iter().take(N));
        writer.bytes.resize(end, 0);
    }
}
