//! Parameters of a terminal: 8103, 8104, 8106, 0104.

mod names;

use serde::{Deserialize, Serialize};

pub use names::{ParameterKind, ParameterName, parameter_name};

use crate::layout::{Many, Sized8, decode_text, encode_text, record};

record! {
    /// One parameter as it goes over the wire.
    Parameter {
        id: u32,
        value: Vec<u8> as Sized8,
    }
}

record! {
    /// 8103: what is to be set.
    Parameters {
        parameters: Vec<Parameter> as Many<u8>,
    }
}

record! {
    /// 8106: what is asked for.
    ParameterQuery {
        ids: Vec<u32> as Many<u8>,
    }
}

record! {
    /// 0104: what is set.
    ParameterAnswer {
        /// The serial of the question.
        serial: u16,
        parameters: Vec<Parameter> as Many<u8>,
    }
}

/// A parameter's value as its id says it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParameterValue {
    Number(u32),
    Text(String),
    /// Of an id that the table does not know, or not of the size that it has.
    Raw(Vec<u8>),
}

impl Parameter {
    /// A number, as wide as the table says; four bytes where the table does not know the id.
    pub fn number(id: u32, number: u32) -> Self {
        let bytes = number.to_be_bytes();
        let width = match parameter_name(id).map(|name| name.kind) {
            Some(ParameterKind::Byte) => 1,
            Some(ParameterKind::Word) => 2,
            _ => 4,
        };
        let value = bytes.get(4 - width..).unwrap_or_default().to_vec();
        Self { id, value }
    }

    pub fn text(id: u32, text: &str) -> Self {
        Self {
            id,
            value: encode_text(text),
        }
    }

    /// What the value says.
    pub fn read(&self) -> ParameterValue {
        let raw = || ParameterValue::Raw(self.value.clone());
        let Some(name) = parameter_name(self.id) else {
            return raw();
        };
        match (name.kind, self.value.as_slice()) {
            (ParameterKind::Byte, [byte]) => ParameterValue::Number(u32::from(*byte)),
            (ParameterKind::Word, [high, low]) => {
                ParameterValue::Number(u32::from(u16::from_be_bytes([*high, *low])))
            }
            (ParameterKind::DoubleWord, [a, b, c, d]) => {
                ParameterValue::Number(u32::from_be_bytes([*a, *b, *c, *d]))
            }
            (ParameterKind::Text, bytes) => match decode_text(bytes) {
                (text, true) => ParameterValue::Text(text),
                _ => raw(),
            },
            _ => raw(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_as_wide_as_its_id_says() {
        assert_eq!(Parameter::number(0x0001, 60).value, [0, 0, 0, 60]);
        assert_eq!(Parameter::number(0x0031, 300).value, [1, 44]);
        assert_eq!(Parameter::number(0x0084, 2).value, [2]);
        for (id, number) in [(0x0001, 60), (0x0031, 300), (0x0084, 2)] {
            let value = Parameter::number(id, number).read();
            assert_eq!(value, ParameterValue::Number(number));
        }
        let plate = Parameter::text(0x0083, "苏B12345");
        assert_eq!(plate.value.len(), 8);
        assert_eq!(plate.read(), ParameterValue::Text("苏B12345".to_owned()));
        let odd = Parameter {
            id: 0x0001,
            value: vec![60],
        };
        assert_eq!(odd.read(), ParameterValue::Raw(vec![60]));
    }
}
