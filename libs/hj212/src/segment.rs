//! The data segment: header fields, then the data area between `CP=&&` and `&&`.

use std::borrow::Cow;

use crate::refusal::{Oddities, Oddity, Refusal};
use crate::settings::{Settings, Tolerance};

const OPEN: &[u8] = b"CP=&&";
const CLOSE: &[u8] = b"&&";

/// The bytes of the data area.
pub(crate) fn area(segment: &[u8]) -> Option<&[u8]> {
    let (start, end) = bounds(segment)?;
    segment.get(start..end)
}

/// The segment with another data area.
pub(crate) fn with_area(segment: &[u8], area: &[u8]) -> Option<Vec<u8>> {
    let (start, end) = bounds(segment)?;
    Some([segment.get(..start)?, area, segment.get(end..)?].concat())
}

/// Where the data area begins and ends. The end is searched from behind, since a cipher may hold anything.
fn bounds(segment: &[u8]) -> Option<(usize, usize)> {
    let open = segment
        .windows(OPEN.len())
        .position(|window| window.eq_ignore_ascii_case(OPEN))?;
    let start = open + OPEN.len();
    let end = segment.trim_ascii_end().len().checked_sub(CLOSE.len())?;
    let closes = segment.get(end..)?.starts_with(CLOSE);
    (closes && start <= end).then_some((start, end))
}

/// One `name=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// The two halves of a plain data segment, as text.
pub(crate) struct Halves {
    pub(crate) header: Vec<Item>,
    pub(crate) area: String,
}

/// Splits a plain data segment.
pub(crate) fn halves(
    settings: &Settings,
    segment: &[u8],
    oddities: &mut Oddities,
) -> Result<Halves, Refusal> {
    let Some((start, end)) = bounds(segment) else {
        return Err(Refusal::Field {
            name: "CP".into(),
            fault: "must hold its data between `&&` and `&&` at the end of the segment",
        });
    };
    let open = start - OPEN.len();
    let header = text(segment.get(..open).unwrap_or_default());
    let area = text(segment.get(start..end).unwrap_or_default()).into_owned();
    let header = header
        .split(';')
        .filter(|field| !field.trim().is_empty())
        .map(|field| item(settings, field, oddities))
        .collect::<Result<_, _>>()?;
    Ok(Halves { header, area })
}

/// Text of the field is UTF-8 or, in older devices, GB 2312 and its successors.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_not_utf8) => encoding_rs::GB18030.decode_without_bom_handling(bytes).0,
    }
}

/// The items of a data area in their order. What stands between `//` and `//` is one value, whatever is in it.
pub(crate) fn items(
    settings: &Settings,
    area: &str,
    oddities: &mut Oddities,
) -> Result<Vec<Item>, Refusal> {
    let mut items = Vec::new();
    let mut rest = area;
    while !rest.is_empty() {
        let end = item_end(rest);
        let (head, tail) = rest.split_at(end);
        if !head.trim().is_empty() {
            items.push(item(settings, head, oddities)?);
        }
        rest = tail.get(1..).unwrap_or_default();
    }
    Ok(items)
}

/// Where the first item ends: at the next separator that is not inside a quoted value.
fn item_end(text: &str) -> usize {
    const QUOTE: &str = "//";
    let plain = text.find([';', ',']).unwrap_or(text.len());
    let head = text.get(..plain).unwrap_or_default();
    let Some(opened) = head.find("=//").map(|at| at + 1 + QUOTE.len()) else {
        return plain;
    };
    let inside = text.get(opened..).unwrap_or_default();
    match inside.find(QUOTE) {
        Some(closed) => {
            let after = opened + closed + QUOTE.len();
            let behind = text.get(after..).unwrap_or_default();
            after + behind.find([';', ',']).unwrap_or(behind.len())
        }
        None => plain,
    }
}

fn item(settings: &Settings, text: &str, oddities: &mut Oddities) -> Result<Item, Refusal> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let clean = Item {
        name: name.trim().to_owned(),
        value: value.trim().to_owned(),
    };
    if clean.name.len() == name.len() && clean.value.len() == value.len() {
        return Ok(clean);
    }
    let name = Refusal::quote(clean.name.as_bytes());
    if !settings.accepts(Tolerance::Spaces) {
        return Err(Refusal::Field {
            name,
            fault: "has spaces around it",
        });
    }
    oddities.push(Oddity::Spaces { name });
    Ok(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(area: &str) -> Vec<(String, String)> {
        let items = items(&Settings::default(), area, &mut Oddities::default()).unwrap();
        items
            .into_iter()
            .map(|item| (item.name, item.value))
            .collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.into(), value.into())
    }

    #[test]
    fn the_area_ends_at_the_last_ampersands() {
        assert_eq!(area(b"ST=32;CP=&&a=1&&b=2&&"), Some(&b"a=1&&b=2"[..]));
        assert_eq!(area(b"ST=32;CP=&&&&"), Some(&b""[..]));
        assert_eq!(area(b"ST=32;CP=&&&"), None);
        assert_eq!(area(b"ST=32;CP=&&a=1"), None);
        assert_eq!(area(b"&&"), None);
    }

    #[test]
    fn items_are_separated_by_commas_and_semicolons() {
        let expected = [
            pair("DataTime", "1"),
            pair("a-Rtd", "2"),
            pair("a-Flag", "N"),
            pair("b", ""),
        ];
        assert_eq!(read("DataTime=1;a-Rtd=2,a-Flag=N;;b"), expected);
    }

    #[test]
    fn a_quoted_value_may_hold_separators() {
        let expected = [pair("i11001-Info", "//换膜;再启动,完成//"), pair("b", "1")];
        assert_eq!(read("i11001-Info=//换膜;再启动,完成//;b=1"), expected);
        assert_eq!(read("a=//x;b=1"), [pair("a", "//x"), pair("b", "1")]);
        assert_eq!(read("a=1;b=//;//"), [pair("a", "1"), pair("b", "//;//")]);
    }

    #[test]
    fn spaces_are_cut_off_and_marked_or_refused() {
        let mut oddities = Oddities::default();
        let found = items(&Settings::default(), "a=1; b = 2", &mut oddities).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].name, "b");
        assert_eq!(oddities.into_vec(), [Oddity::Spaces { name: "b".into() }]);
        let strict = Settings {
            accept: [].into(),
            ..Settings::default()
        };
        assert!(items(&strict, "a=1; b=2", &mut Oddities::default()).is_err());
    }
}
