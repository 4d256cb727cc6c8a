//! Text. The standard's STRING is GBK; GB 18030 contains it and encodes every character.

use std::marker::PhantomData;

use encoding_rs::GB18030;

use super::{Layout, Reader, Unread, Width, Writer};
use crate::header::Edition;
use crate::oddity::Oddity;

/// The text, and whether every byte was text: what would be written otherwise is none (a lone 80 is read as the euro
/// sign, which has two bytes).
pub(crate) fn decode_text(bytes: &[u8]) -> (String, bool) {
    let (text, malformed) = GB18030.decode_without_bom_handling(bytes);
    let is_text = !malformed && encode_text(&text) == bytes;
    (text.into_owned(), is_text)
}

pub(crate) fn encode_text(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(0);
    let end = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |at| at + 1);
    bytes.get(start..end).unwrap_or_default()
}

fn read_text(bytes: &[u8], reader: &mut Reader<'_>) -> String {
    let (text, clean) = decode_text(bytes);
    if !clean {
        let field = reader.field_name();
        reader.oddities.push(Oddity::Text { field });
    }
    text
}

fn read_padded(length: usize, reader: &mut Reader<'_>) -> Result<String, Unread> {
    let bytes = reader.take(length)?;
    Ok(read_text(trimmed(bytes), reader))
}

fn write_padded(length: usize, value: &str, writer: &mut Writer) {
    let bytes = encode_text(value);
    if bytes.len() > length {
        writer.too_long(bytes.len(), length);
    }
    let end = writer.bytes.len() + length;
    writer.bytes.extend(bytes.iter().take(length));
    writer.bytes.resize(end, 0);
}

/// Text in `N` bytes, filled with zeros behind it. Some devices fill in front; both are taken off.
pub(crate) struct Padded<const N: usize>;

impl<const N: usize> Layout<String> for Padded<N> {
    fn read(reader: &mut Reader<'_>) -> Result<String, Unread> {
        read_padded(N, reader)
    }

    fn write(value: &String, writer: &mut Writer) {
        write_padded(N, value, writer);
    }
}

/// Text in a field whose size is another in each edition: of 2011, of 2013, of 2019.
pub(crate) struct PaddedBy<const A: usize, const B: usize, const C: usize>;

impl<const A: usize, const B: usize, const C: usize> PaddedBy<A, B, C> {
    fn size(edition: Edition) -> usize {
        match edition {
            Edition::V2011 => A,
            Edition::V2013 => B,
            Edition::V2019 => C,
        }
    }
}

impl<const A: usize, const B: usize, const C: usize> Layout<String> for PaddedBy<A, B, C> {
    fn read(reader: &mut Reader<'_>) -> Result<String, Unread> {
        read_padded(Self::size(reader.edition), reader)
    }

    fn write(value: &String, writer: &mut Writer) {
        write_padded(Self::size(writer.edition), value, writer);
    }
}

/// Text behind its length in bytes.
pub(crate) struct Text<W>(PhantomData<W>);

impl<W: Width> Layout<String> for Text<W> {
    fn read(reader: &mut Reader<'_>) -> Result<String, Unread> {
        let length = W::read(reader)?;
        let bytes = reader.take(length)?;
        Ok(read_text(bytes, reader))
    }

    fn write(value: &String, writer: &mut Writer) {
        writer.sized::<W>(&encode_text(value));
    }
}

/// Text to the end of the body, without closing zeros.
pub(crate) struct TextRest;

impl Layout<String> for TextRest {
    fn read(reader: &mut Reader<'_>) -> Result<String, Unread> {
        read_padded(reader.left(), reader)
    }

    fn write(value: &String, writer: &mut Writer) {
        writer.bytes.extend(encode_text(value));
    }
}
