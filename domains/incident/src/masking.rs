//! A payload with the people in it masked. Pure.
//!
//! What is personal is known by the name of its field, and within free text by its form: long runs of
//! digits and e-mail addresses. A payload that is not JSON is not shown masked at all, because names in
//! it cannot be told from other words.

use serde_json::{Map, Value};
use yiwang_kernel::{mask_name, mask_phone};

/// Digits from which on a run of them may be a phone, an identity card or a bank account.
const DIGITS_MIN: usize = 7;

/// Fields of which every text is personal, whatever it is called inside.
const PEOPLE: &[&str] = &["reporter", "caller", "contact", "from", "sender"];
/// Parts of names of fields that hold a name, and of those that hold anything else personal.
const NAMES: &[&str] = &["name", "姓名"];
const PERSONAL: &[&str] = &[
    "phone",
    "mobile",
    "tel",
    "mail",
    "contact",
    "idcard",
    "id_card",
    "identity",
    "电话",
    "手机",
    "身份证",
    "邮箱",
];
/// Fields that are no person's although their name holds one of those words.
const PLAIN: &[&str] = &["service_name", "filename", "file_name"];

/// The JSON with people masked; `None` when it is not JSON.
pub(crate) fn masked(payload: &[u8]) -> Option<String> {
    let mut value: Value = serde_json::from_slice(payload).ok()?;
    mask(&mut value, false);
    serde_json::to_string_pretty(&value).ok()
}

fn mask(value: &mut Value, personal: bool) {
    match value {
        Value::Object(fields) => mask_fields(fields, personal),
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, personal)),
        Value::String(text) if personal => *text = hidden(text),
        Value::String(text) => *text = mask_text(text),
        Value::Number(number) if personal || is_long(&number.to_string()) => {
            *value = Value::String(mask_phone(&number.to_string()));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn mask_fields(fields: &mut Map<String, Value>, personal: bool) {
    for (key, value) in fields {
        let key = key.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
        let plain = PLAIN.contains(&key.as_str());
        match value {
            Value::String(text) if !plain && has(NAMES) => *text = mask_name(text),
            value => {
                let whole = PEOPLE.contains(&key.as_str()) || (!plain && has(PERSONAL));
                mask(value, personal || whole);
            }
        }
    }
}

fn hidden(text: &str) -> String {
    if text.chars().any(|c| c.is_ascii_digit()) {
        mask_phone(text)
    } else {
        mask_name(text)
    }
}

fn is_long(text: &str) -> bool {
    text.len() >= DIGITS_MIN && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Free text with long runs of digits and e-mail addresses masked.
pub(crate) fn mask_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut digits = String::new();
    let flush = |digits: &mut String, out: &mut String| {
        if digits.len() >= DIGITS_MIN {
            out.push_str(&mask_phone(digits));
        } else {
            out.push_str(digits);
        }
        digits.clear();
    };
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            flush(&mut digits, &mut out);
            out.push(c);
        }
    }
    flush(&mut digits, &mut out);
    mask_mail(&out)
}

/// `a@b.c` becomes `***@b.c`.
fn mask_mail(text: &str) -> String {
    let Some(at) = text.find('@') else {
        return text.to_owned();
    };
    let (before, after) = text.split_at(at);
    let local = |c: char| c.is_ascii_alphanumeric() || "._%+-*".contains(c);
    let kept = before.trim_end_matches(local);
    let rest = after.get(1..).unwrap_or_default();
    let masked = if kept.len() < before.len() { "***" } else { "" };
    format!("{kept}{masked}@{}", mask_mail(rest))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(value: &Value) -> Value {
        let text = masked(value.to_string().as_bytes()).expect("JSON");
        serde_json::from_str(&text).expect("still JSON")
    }

    #[test]
    fn people_are_masked_wherever_they_stand() {
        let body = json!({
            "title": "路灯不亮", "description": "请打 13800001234 或 a.b@example.invalid 找王五",
            "reporter": { "name": "王小五", "phone": "13800001234", "wechat": "wangxiaowu" },
            "contact_phone": 13_800_001_234_i64, "联系人姓名": "李四", "source_ref": "A-12",
            "position": { "lon": 120.28, "lat": 31.91 },
        });
        let seen = shown(&body);
        assert_eq!(seen["title"], "路灯不亮");
        assert_eq!(
            seen["description"],
            "请打 138****1234 或 ***@example.invalid 找王五"
        );
        assert_eq!(seen["reporter"]["name"], "王*五");
        assert_eq!(seen["reporter"]["phone"], "138****1234");
        assert_eq!(seen["reporter"]["wechat"], "w*u");
        assert_eq!(seen["contact_phone"], "138****1234");
        assert_eq!(seen["联系人姓名"], "李*");
        assert_eq!(seen["source_ref"], "A-12");
        assert_eq!(seen["position"]["lon"], 120.28);
    }

    #[test]
    fn what_is_not_json_is_not_shown() {
        assert_eq!(masked("姓名：王五".as_bytes()), None);
        assert_eq!(masked(br#"{"name": "#), None);
    }

    #[test]
    fn free_text_keeps_its_words() {
        for (text, kept) in [
            ("3 幢 1204 室", "3 幢 1204 室"),
            ("卡号6222021234567890", "卡号622****7890"),
            ("@", "@"),
            ("x@y z@w", "***@y ***@w"),
        ] {
            assert_eq!(mask_text(text), kept);
        }
    }
}
