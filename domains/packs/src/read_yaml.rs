//! One YAML document as a value, with every fault of the text at once: for files that are not packs.

use serde_json::Value;

use crate::load::yaml;

/// The value of a YAML text; otherwise its faults, `line 3: …` each on its own line.
pub fn read_yaml(text: &str) -> Result<Value, String> {
    match yaml::document(text) {
        Ok(Some(document)) => Ok(document.value),
        Ok(None) => Ok(Value::Null),
        Err(faults) => {
            let lines: Vec<String> = faults
                .iter()
                .map(|fault| format!("line {}: {}", fault.line, fault.message))
                .collect();
            Err(lines.join("\n"))
        }
    }
}
