//! Personal values that must not leak into logs, and the masks people see by default.

use serde::{Deserialize, Serialize};

/// A personal value (name, phone, address). `Debug` and `Display` never show it; `reveal` does, on purpose.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Masked(String);

impl Masked {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Masked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// 138****5678: first three and last four digits stay.
pub fn mask_phone(phone: &str) -> String {
    let chars: Vec<char> = phone.chars().collect();
    if chars.len() < 7 {
        return "*".repeat(chars.len());
    }
    let (head, rest) = chars.split_at(3);
    let tail: String = rest.iter().skip(rest.len() - 4.min(rest.len())).collect();
    format!("{}****{tail}", head.iter().collect::<String>())
}

/// 张*, 王*明: the first character and, from three characters on, the last.
pub fn mask_name(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    match chars.as_slice() {
        [] => String::new(),
        [only] => only.to_string(),
        [first, _] => format!("{first}*"),
        [first, .., last] => format!("{first}*{last}"),
    }
}

/// An address down to its building: digits behind 幢/栋/号楼 (unit, room) are hidden.
pub fn mask_address(address: &str) -> String {
    for mark in ["号楼", "幢", "栋"] {
        if let Some(at) = address.find(mark) {
            return format!("{}{mark}**", address.get(..at).unwrap_or_default());
        }
    }
    address.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks() {
        assert_eq!(mask_phone("13812345678"), "138****5678");
        assert_eq!(mask_phone("110"), "***");
        assert_eq!(mask_name("张三"), "张*");
        assert_eq!(mask_name("王小明"), "王*明");
        assert_eq!(
            mask_address("澄江街道甲社区3幢201室"),
            "澄江街道甲社区3幢**"
        );
        assert_eq!(format!("{:?}", Masked::new("13812345678")), "***");
    }
}
