//! JSON Schemas of pack files, for editors that complete and check while one types.

use std::path::Path;

use serde_json::{Value, json};

use crate::load::{Manifest, Sections};

/// File names with their schemas: `pack.schema.json` and one for each section.
pub fn schemas(sections: &Sections) -> Vec<(String, Value)> {
    let manifest = schemars::schema_for!(Manifest).to_value();
    let mut files = vec![("pack.schema.json".to_owned(), manifest)];
    files.extend(
        sections
            .iter()
            .map(|(name, entry)| (format!("{name}.schema.json"), file_schema(name, entry))),
    );
    files
}

/// A section file is a list of entries, or a single one.
fn file_schema(name: &str, entry: &Value) -> Value {
    let mut entry = entry.clone();
    let definitions = entry.as_object_mut().and_then(|fields| {
        fields.shift_remove("$schema");
        fields.shift_remove("$defs")
    });
    let mut definitions = definitions.unwrap_or_else(|| json!({}));
    if let Some(definitions) = definitions.as_object_mut() {
        definitions.insert("SectionEntry".to_owned(), entry);
    }
    let one = json!({"$ref": "#/$defs/SectionEntry"});
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Pack section `{name}`"),
        "anyOf": [{"type": "array", "items": one}, one],
        "$defs": definitions,
    })
}

/// Writes the schemas into a folder; answers how many.
pub fn write_schemas(sections: &Sections, folder: &Path) -> std::io::Result<usize> {
    std::fs::create_dir_all(folder)?;
    let files = schemas(sections);
    for (name, schema) in &files {
        std::fs::write(folder.join(name), format!("{schema:#}\n"))?;
    }
    Ok(files.len())
}
