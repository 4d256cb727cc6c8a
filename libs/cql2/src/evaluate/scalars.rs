//! Texts and numbers.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::Value;
use crate::expression::Arithmetic;

/// Null where it cannot be reckoned.
pub(super) fn reckon<'a>(operator: Arithmetic, a: &Value<'_>, b: &Value<'_>) -> Value<'a> {
    let (Value::Number(a), Value::Number(b)) = (a, b) else {
        return Value::Null;
    };
    let number = match operator {
        Arithmetic::Add => a + b,
        Arithmetic::Sub => a - b,
        Arithmetic::Mul => a * b,
        Arithmetic::Div => a / b,
        Arithmetic::Mod => a % b,
        Arithmetic::Quotient => (a / b).trunc(),
        Arithmetic::Power => a.powf(*b),
    };
    // A division by nothing has no value.
    if number.is_finite() {
        Value::Number(number)
    } else {
        Value::Null
    }
}

/// The same for all writings in upper and lower case.
pub(super) fn casei<'a>(value: &Value<'_>) -> Value<'a> {
    let Value::Text(text) = value else {
        return Value::Null;
    };
    // Letter by letter: a whole word's lower case depends on what stands around a letter.
    let upper = text.chars().flat_map(char::to_uppercase);
    Value::text(upper.flat_map(char::to_lowercase).collect::<String>())
}

/// The same for all writings with and without accents.
pub(super) fn accenti<'a>(value: &Value<'_>) -> Value<'a> {
    let Value::Text(text) = value else {
        return Value::Null;
    };
    let bare = text.nfd().filter(|c| !is_combining_mark(*c));
    Value::text(bare.nfc().collect::<String>())
}

/// `%` stands for any letters, `_` for one, a backslash before either for itself.
pub(super) fn like(value: &Value<'_>, pattern: &Value<'_>) -> Option<bool> {
    let (Value::Text(text), Value::Text(pattern)) = (value, pattern) else {
        return None;
    };
    let text: Vec<char> = text.chars().collect();
    let pattern = marks(pattern);
    let (mut at, mut mark) = (0, 0);
    // Where the last `%` stood and how much of the text it has taken: only that one needs to be tried again.
    let mut any: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(mark) {
            Some(Mark::Any) => {
                any = Some((mark, at));
                mark += 1;
            }
            Some(Mark::One) => (at, mark) = (at + 1, mark + 1),
            Some(Mark::Letter(letter)) if text.get(at) == Some(letter) => {
                (at, mark) = (at + 1, mark + 1);
            }
            _ => {
                let Some((place, taken)) = any else {
                    return Some(false);
                };
                any = Some((place, taken + 1));
                (at, mark) = (taken + 1, place + 1);
            }
        }
    }
    let rest = pattern.get(mark..).unwrap_or_default();
    Some(rest.iter().all(|mark| matches!(mark, Mark::Any)))
}

enum Mark {
    Any,
    One,
    Letter(char),
}

fn marks(pattern: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        marks.push(match letter {
            '%' => Mark::Any,
            '_' => Mark::One,
            '\\' => match letters.next_if(|next| matches!(next, '%' | '_' | '\\')) {
                Some(escaped) => Mark::Letter(escaped),
                None => Mark::Letter('\\'),
            },
            letter => Mark::Letter(letter),
        });
    }
    marks
}
