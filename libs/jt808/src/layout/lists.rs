//! Lists, and fields that are there or not.

use std::marker::PhantomData;

use super::{Layout, Plain, Reader, Unread, Width, Writer};
use crate::header::Edition;
use crate::oddity::Oddity;

/// A list behind the number of its entries.
pub(crate) struct Many<W>(PhantomData<W>);

/// A list behind the number of its entries; an empty one may be absent, number and all.
pub(crate) struct ManyIfMore<W>(PhantomData<W>);

/// A list whose number is a byte, and a word since 2019.
pub(crate) struct ManyBy;

/// A list that runs to the end of the body.
pub(crate) struct All;

/// There if anything is left.
pub(crate) struct IfMore<L>(PhantomData<L>);

/// There since 2019; there too it is taken as absent if the body ends before it.
pub(crate) struct Since2019<L>(PhantomData<L>);

fn read_many<T>(count: usize, reader: &mut Reader<'_>) -> Result<Vec<T>, Unread>
where
    Plain: Layout<T>,
{
    let field = reader.field_name();
    let mut entries = Vec::new();
    while entries.len() < count {
        if reader.left() == 0 {
            reader.oddities.push(Oddity::Count {
                field,
                declared: count,
                found: entries.len(),
            });
            break;
        }
        entries.push(Plain::read(reader.at_field(field))?);
    }
    Ok(entries)
}

fn write_all<T>(entries: &[T], writer: &mut Writer)
where
    Plain: Layout<T>,
{
    for entry in entries {
        Plain::write(entry, writer);
    }
}

impl<T, W: Width> Layout<Vec<T>> for Many<W>
where
    Plain: Layout<T>,
{
    fn read(reader: &mut Reader<'_>) -> Result<Vec<T>, Unread> {
        let count = W::read(reader)?;
        read_many(count, reader)
    }

    fn write(value: &Vec<T>, writer: &mut Writer) {
        W::write(value.len(), writer);
        write_all(value, writer);
    }
}

impl<T, W: Width> Layout<Vec<T>> for ManyIfMore<W>
where
    Plain: Layout<T>,
{
    fn read(reader: &mut Reader<'_>) -> Result<Vec<T>, Unread> {
        if reader.left() == 0 {
            return Ok(Vec::new());
        }
        Many::<W>::read(reader)
    }

    fn write(value: &Vec<T>, writer: &mut Writer) {
        if !value.is_empty() {
            Many::<W>::write(value, writer);
        }
    }
}

impl<T> Layout<Vec<T>> for ManyBy
where
    Plain: Layout<T>,
{
    fn read(reader: &mut Reader<'_>) -> Result<Vec<T>, Unread> {
        if reader.edition == Edition::V2019 {
            Many::<u16>::read(reader)
        } else {
            Many::<u8>::read(reader)
        }
    }

    fn write(value: &Vec<T>, writer: &mut Writer) {
        if writer.edition == Edition::V2019 {
            Many::<u16>::write(value, writer);
        } else {
            Many::<u8>::write(value, writer);
        }
    }
}

impl<T> Layout<Vec<T>> for All
where
    Plain: Layout<T>,
{
    fn read(reader: &mut Reader<'_>) -> Result<Vec<T>, Unread> {
        let field = reader.field_name();
        let mut entries = Vec::new();
        while reader.left() > 0 {
            entries.push(Plain::read(reader.at_field(field))?);
        }
        Ok(entries)
    }

    fn write(value: &Vec<T>, writer: &mut Writer) {
        write_all(value, writer);
    }
}

impl<T, L: Layout<T>> Layout<Option<T>> for IfMore<L> {
    fn read(reader: &mut Reader<'_>) -> Result<Option<T>, Unread> {
        (reader.left() > 0).then(|| L::read(reader)).transpose()
    }

    fn write(value: &Option<T>, writer: &mut Writer) {
        if let Some(value) = value {
            L::write(value, writer);
        }
    }
}

impl<T, L: Layout<T>> Layout<Option<T>> for Since2019<L> {
    fn read(reader: &mut Reader<'_>) -> Result<Option<T>, Unread> {
        if reader.edition == Edition::V2019 {
            IfMore::<L>::read(reader)
        } else {
            Ok(None)
        }
    }

    fn write(value: &Option<T>, writer: &mut Writer) {
        if writer.edition == Edition::V2019 {
            IfMore::<L>::write(value, writer);
        }
    }
}

/// Zero before 2019.
impl Layout<u8> for Since2019<Plain> {
    fn read(reader: &mut Reader<'_>) -> Result<u8, Unread> {
        if reader.edition == Edition::V2019 {
            reader.u8()
        } else {
            Ok(0)
        }
    }

    fn write(value: &u8, writer: &mut Writer) {
        if writer.edition == Edition::V2019 {
            writer.u8(*value);
        }
    }
}
