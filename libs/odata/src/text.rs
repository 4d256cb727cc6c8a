//! Cutting a text at marks that stand outside of quotes and brackets.

use crate::Fault;

/// The parts of `text` between the marks, with where each begins.
pub(crate) fn parts(text: &str, mark: char) -> Result<Vec<(usize, &str)>, Fault> {
    let (mut depth, mut quoted, mut start) = (0usize, false, 0usize);
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' => {
                depth = depth
                    .checked_sub(1)
                    .ok_or_else(|| Fault::new(at, "a `)` without its `(`"))?;
            }
            _ if c == mark && depth == 0 => {
                found.push((start, text.get(start..at).unwrap_or_default()));
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    if quoted {
        return Err(Fault::new(text.len(), "a text in quotes does not end"));
    }
    if depth > 0 {
        return Err(Fault::new(text.len(), "a `(` is not closed"));
    }
    found.push((start, text.get(start..).unwrap_or_default()));
    Ok(found)
}

/// Reads `'…'`, a quote within being doubled; answers the text and the bytes that it took.
pub(crate) fn quoted(text: &str) -> Option<(String, usize)> {
    let mut inner = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            inner.push(c);
        } else if chars.next_if(|(_, next)| *next == '\'').is_some() {
            inner.push('\'');
        } else {
            return Some((inner, at + 1));
        }
    }
    None
}
