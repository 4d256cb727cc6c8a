//! Settings given as texts: environment variables and command-line flags.

use figment::value::{Dict, Map, Tag, Value};
use figment::{Error, Metadata, Profile, Provider};

use super::schema::{Expected, Schema};

/// Environment variables of settings begin so; `__` parts the names.
pub(super) const PREFIX: &str = "YIWANG__";

/// Name and text of some settings, `server.listen` -> `0.0.0.0:80`.
pub(super) struct Texts {
    pub(super) origin: &'static str,
    pub(super) settings: Vec<(String, String)>,
}

impl Texts {
    /// The variables that are settings.
    pub(super) fn of_env<'a>(variables: impl Iterator<Item = &'a (String, String)>) -> Self {
        let settings = variables
            .filter_map(|(name, text)| {
                let name = name.strip_prefix(PREFIX)?.to_lowercase().replace("__", ".");
                Some((name, text.clone()))
            })
            .collect();
        Self {
            origin: "the environment",
            settings,
        }
    }
}

impl Provider for Texts {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let schema = Schema::of_config();
        let mut dict = Dict::new();
        for (name, text) in &self.settings {
            // What is a text by schema stays one, however much it looks like a number.
            let value = if schema.expected_at(name) == Some(Expected::Text) {
                Value::from(text.as_str())
            } else {
                text.parse()
                    .unwrap_or_else(|_infallible| Value::from(text.as_str()))
            };
            insert(&mut dict, name, value);
        }
        Ok(Profile::Default.collect(dict))
    }
}

fn insert(dict: &mut Dict, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            dict.insert(name.to_owned(), value);
        }
        Some((first, rest)) => {
            let slot = dict
                .entry(first.to_owned())
                .or_insert_with(|| Value::Dict(Tag::Default, Dict::new()));
            if !matches!(slot, Value::Dict(..)) {
                *slot = Value::Dict(Tag::Default, Dict::new());
            }
            if let Value::Dict(_, inner) = slot {
                insert(inner, rest, value);
            }
        }
    }
}
