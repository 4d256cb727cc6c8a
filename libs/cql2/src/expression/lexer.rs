//! Words of a filter.

use super::Comparison;
use crate::Fault;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    Comma,
    Compare(Comparison),
    /// `+ - * / % ^`
    Sign(char),
    Number(f64),
    Text(String),
    /// A name in double quotes: never a word of the language.
    Quoted(String),
    Word(String),
}

impl Token {
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(own) if own.eq_ignore_ascii_case(word))
    }

    /// As a fault names it.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Open => "`(`".to_owned(),
            Self::Close => "`)`".to_owned(),
            Self::Comma => "`,`".to_owned(),
            Self::Compare(operator) => format!("`{}`", operator.word()),
            Self::Sign(sign) => format!("`{sign}`"),
            Self::Number(number) => format!("`{number}`"),
            Self::Text(_) => "a text in quotes".to_owned(),
            Self::Quoted(name) => format!("`\"{name}\"`"),
            Self::Word(word) => format!("`{word}`"),
        }
    }
}

pub(super) struct Lexer<'a> {
    text: &'a str,
    pub(super) at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next token and where it begins; nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<(usize, Token)>, Fault> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        let (rest, at) = (self.rest(), self.at);
        let mut chars = rest.chars();
        let Some(first) = chars.next() else {
            return Ok(None);
        };
        let (token, took) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '+' | '-' | '*' | '/' | '%' | '^' => (Token::Sign(first), 1),
            '<' | '>' | '=' => comparison(rest),
            '\'' => {
                let (text, took) = text(rest).ok_or_else(|| {
                    Fault::new(
                        at,
                        "a text in quotes does not end; a quote within is doubled",
                    )
                })?;
                (Token::Text(text), took)
            }
            '"' => {
                let name = rest.get(1..).and_then(|behind| behind.split_once('"'));
                let (name, _) = name.filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
                    Fault::new(at, "a name in double quotes is empty or does not end")
                })?;
                (Token::Quoted(name.to_owned()), name.len() + 2)
            }
            '0'..='9' | '.' => number(rest, at)?,
            c if is_name_start(c) => {
                let end = rest.find(|c| !is_name_part(c)).unwrap_or(rest.len());
                let word = rest.get(..end).unwrap_or_default();
                (Token::Word(word.to_owned()), end)
            }
            '!' => {
                return Err(Fault::new(
                    at,
                    "`!` means nothing here; write `<>` or `NOT`",
                ));
            }
            other => {
                let message = format!(
                    "`{other}` means nothing here; a name with such a sign goes in double quotes"
                );
                return Err(Fault::new(at, message));
            }
        };
        self.at += took;
        Ok(Some((at, token)))
    }
}

pub(super) fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | ':')
}

pub(super) fn is_name_part(c: char) -> bool {
    is_name_start(c)
        || c.is_numeric()
        || matches!(c, '.' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

fn comparison(rest: &str) -> (Token, usize) {
    let two = rest.get(..2).and_then(Comparison::of_word);
    let one = rest.get(..1).and_then(Comparison::of_word);
    let took = if two.is_some() { 2 } else { 1 };
    let operator = two.or(one).unwrap_or(Comparison::Eq);
    (Token::Compare(operator), took)
}

/// Reads `'…'`, a quote within being doubled or behind a backslash; answers the text and the bytes that it took.
fn text(rest: &str) -> Option<(String, usize)> {
    let mut inner = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        let is_quote_next = matches!(chars.peek(), Some((_, '\'')));
        match c {
            '\\' | '\'' if is_quote_next => {
                chars.next();
                inner.push('\'');
            }
            '\'' => return Some((inner, at + 1)),
            c => inner.push(c),
        }
    }
    None
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), Fault> {
    let bytes = rest.as_bytes();
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let is_signed = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
        let digit = bytes.get(end + 1 + usize::from(is_signed));
        if byte.is_ascii_digit() || *byte == b'.' {
            end += 1;
        } else if matches!(byte, b'e' | b'E') && digit.is_some_and(u8::is_ascii_digit) {
            end += 1 + usize::from(is_signed);
        } else {
            break;
        }
    }
    let text = rest.get(..end).unwrap_or_default();
    let number: Option<f64> = text.parse().ok().filter(|number: &f64| number.is_finite());
    let is_name = rest
        .get(end..)
        .is_some_and(|rest| rest.starts_with(is_name_start));
    match number {
        Some(number) if !is_name => Ok((Token::Number(number), end)),
        _ => {
            let message = format!(
                "`{text}` is no number here; a name that begins with a digit goes in double quotes"
            );
            Err(Fault::new(at, message))
        }
    }
}
