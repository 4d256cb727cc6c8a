//! Words of an expression.

use jiff::SignedDuration;

use crate::Fault;
use crate::shape::of_wkt;
use crate::text::quoted;
use crate::value::{Value, read_time};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    Comma,
    Slash,
    Minus,
    Literal(Value),
    Word(String),
}

pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next token and where it begins; nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<(usize, Token)>, Fault> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        let (rest, at) = (self.rest(), self.at);
        let Some(first) = rest.chars().next() else {
            return Ok(None);
        };
        let (token, took) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '/' => (Token::Slash, 1),
            '-' => (Token::Minus, 1),
            '\'' => {
                let (text, took) =
                    quoted(rest).ok_or_else(|| Fault::new(at, "a text in quotes does not end"))?;
                (Token::Literal(Value::Text(text)), took)
            }
            '0'..='9' => number_or_time(rest).map_err(|fault| fault.within("", at))?,
            c if is_word(c) => word(rest).map_err(|fault| fault.within("", at))?,
            other => {
                let message = format!("`{other}` means nothing here");
                return Err(Fault::new(at, message));
            }
        };
        self.at += took;
        Ok(Some((at, token)))
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '@' | ':' | '$')
}

/// A name, or a word before a text in quotes that says what the text is.
fn word(rest: &str) -> Result<(Token, usize), Fault> {
    let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    let (name, behind) = rest.split_at(end);
    if behind.starts_with('\'') {
        let (text, took) =
            quoted(behind).ok_or_else(|| Fault::new(end, "a text in quotes does not end"))?;
        let value = marked(name, &text).map_err(|message| Fault::new(end, message))?;
        return Ok((Token::Literal(value), end + took));
    }
    let token = match name {
        "true" => Token::Literal(Value::Bool(true)),
        "false" => Token::Literal(Value::Bool(false)),
        "null" => Token::Literal(Value::Null),
        "INF" => Token::Literal(Value::Number(f64::INFINITY)),
        _ => Token::Word(name.to_owned()),
    };
    Ok((token, end))
}

fn marked(mark: &str, text: &str) -> Result<Value, String> {
    match mark {
        "geography" | "geometry" => of_wkt(text).map(|shape| Value::Shape(Box::new(shape))),
        "duration" => {
            let length: SignedDuration = text
                .parse()
                .map_err(|_none| format!("`{text}` is no duration; write duration'PT1H30M'"))?;
            Ok(Value::Duration(length))
        }
        "datetime" | "datetimeoffset" => {
            read_time(text).ok_or_else(|| format!("`{text}` is no time"))
        }
        "date" => text
            .parse()
            .map(Value::Date)
            .map_err(|_none| format!("`{text}` is no date")),
        "time" => text
            .parse()
            .map(Value::Time)
            .map_err(|_none| format!("`{text}` is no time of day")),
        other => Err(format!(
            "`{other}'…'` is not known; there are geography, duration, date, time"
        )),
    }
}

fn number_or_time(rest: &str) -> Result<(Token, usize), Fault> {
    let shape = |at: usize, mark: u8| rest.as_bytes().get(at) == Some(&mark);
    if shape(4, b'-') && shape(7, b'-') {
        let mut end = time_end(rest);
        let second = rest.get(end..).and_then(|behind| behind.strip_prefix('/'));
        if let Some(second) = second.filter(|next| next.starts_with(|c: char| c.is_ascii_digit())) {
            end += 1 + time_end(second);
        }
        let text = rest.get(..end).unwrap_or_default();
        let value = if text.len() == 10 {
            text.parse().ok().map(Value::Date)
        } else {
            read_time(text)
        };
        let value = value.ok_or_else(|| {
            let hint = "write 2026-11-23T02:15:00Z, or two of them with `/` between, the earlier first; \
                        a `+` in an address is written %2B";
            Fault::new(0, format!("`{text}` is no time; {hint}"))
        })?;
        return Ok((Token::Literal(value), end));
    }
    if shape(2, b':') {
        let end = rest.find(|c: char| !matches!(c, '0'..='9' | ':' | '.'));
        let text = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let time = text.parse().map_err(|_none| {
            Fault::new(0, format!("`{text}` is no time of day; write 10:15:00"))
        })?;
        return Ok((Token::Literal(Value::Time(time)), text.len()));
    }
    let end = number_end(rest);
    let text = rest.get(..end).unwrap_or_default();
    let number = text
        .parse()
        .map_err(|_none| Fault::new(0, format!("`{text}` is no number")))?;
    Ok((Token::Literal(Value::Number(number)), end))
}

/// Where a date, or a date with its time and offset, ends.
fn time_end(rest: &str) -> usize {
    let end = rest
        .find(|c: char| !matches!(c, '0'..='9' | '-' | ':' | '.' | 'T' | 't' | 'Z' | 'z' | '+'));
    let end = end.unwrap_or(rest.len());
    // What was a `+` before the offset may have come as a space.
    let behind = rest.get(end..).unwrap_or_default().as_bytes();
    let is_offset = matches!(behind, [b' ', h, i, b':', m, n, ..]
        if [h, i, m, n].iter().all(|each| each.is_ascii_digit()));
    if is_offset && end >= 16 { end + 6 } else { end }
}

fn number_end(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let is_exponent = matches!(byte, b'e' | b'E');
        let next = bytes.get(end + 1);
        let is_signed = next.is_some_and(|next| matches!(next, b'+' | b'-'));
        let digit = bytes.get(end + 1 + usize::from(is_signed));
        if byte.is_ascii_digit() || *byte == b'.' {
            end += 1;
        } else if is_exponent && digit.is_some_and(u8::is_ascii_digit) {
            end += 1 + usize::from(is_signed);
        } else {
            break;
        }
    }
    end
}
