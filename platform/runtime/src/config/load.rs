//! Layering and loading.

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Format as _, Toml};
use serde_json::Value as Json;

use super::env::Texts;
use super::schema::Schema;
use super::{Config, check};

/// The commented defaults: the reference of all settings.
pub const DEFAULT_TOML: &str = include_str!("../default.toml");

/// The settings file looked for in the data folder.
const FILE_NAME: &str = "yiwang.toml";

/// Where settings come from, apart from the defaults.
#[derive(Debug, Clone, Default)]
pub struct ConfigSources {
    /// A settings file; it must exist.
    pub file: Option<PathBuf>,
    /// Environment variables; those that do not begin with `YIWANG__` are passed over.
    pub environment: Vec<(String, String)>,
    /// What the command line sets: `("server.listen", "0.0.0.0:80")`.
    pub flags: Vec<(String, String)>,
}

impl ConfigSources {
    /// What this process was started with: its environment, and `--config` or else `yiwang.toml` in the data folder.
    pub fn of_process(data: &Path, file: Option<PathBuf>) -> Self {
        let found = || Some(data.join(FILE_NAME)).filter(|path| path.is_file());
        let environment = std::env::vars_os()
            .filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)))
            .collect();
        Self {
            file: file.or_else(found),
            environment,
            flags: Vec::new(),
        }
    }

    /// Adds what a command-line flag says.
    #[must_use]
    pub fn with_flag(mut self, name: &str, text: impl Into<String>) -> Self {
        self.flags.push((name.to_owned(), text.into()));
        self
    }
}

/// One thing wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFault {
    /// `server.listen`; empty when a whole file is at fault.
    pub name: String,
    pub message: String,
    pub hint: Option<String>,
    /// Where the value was set, in words.
    pub origin: Option<String>,
}

impl ConfigFault {
    pub(super) fn new(name: &str, message: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            message: message.into(),
            hint: None,
            origin: None,
        }
    }

    #[must_use]
    pub(super) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// All that is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigFaults(pub Vec<ConfigFault>);

impl std::fmt::Display for ConfigFaults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the settings have {} fault(s)", self.0.len())?;
        for fault in &self.0 {
            write!(f, "\n  ")?;
            if !fault.name.is_empty() {
                write!(f, "{}: ", fault.name)?;
            }
            write!(f, "{}", fault.message)?;
            if let Some(origin) = &fault.origin {
                write!(f, " (set in {origin})")?;
            }
            if let Some(hint) = &fault.hint {
                write!(f, "\n    {hint}")?;
            }
        }
        Ok(())
    }
}

impl Config {
    /// Layers and checks the settings; all faults at once.
    pub fn load(sources: &ConfigSources) -> Result<Self, ConfigFaults> {
        let mut figment = Figment::from(Toml::string(DEFAULT_TOML));
        if let Some(path) = &sources.file {
            let text = std::fs::read_to_string(path).map_err(|error| {
                ConfigFaults(vec![ConfigFault::new(
                    "",
                    format!("{} cannot be read: {error}", path.display()),
                )])
            })?;
            figment = figment.merge(NamedToml {
                name: path.display().to_string(),
                text,
            });
        }
        figment = figment
            .merge(Texts::of_env(sources.environment.iter()))
            .merge(Texts {
                origin: "the command line",
                settings: sources.flags.clone(),
            });

        let settings: Json = figment.extract().map_err(|error| unreadable(&error))?;
        let mut faults = Schema::of_config().faults(&settings);
        if faults.is_empty() {
            match figment.extract::<Self>() {
                Ok(config) => {
                    faults = check::faults(&config);
                    if faults.is_empty() {
                        return Ok(config);
                    }
                }
                Err(error) => faults = unreadable(&error).0,
            }
        }
        for fault in &mut faults {
            fault.origin = origin(&figment, &fault.name);
        }
        Err(ConfigFaults(faults))
    }

    /// The defaults alone: tests and tools.
    pub fn defaults() -> Self {
        Self::load(&ConfigSources::default())
            .expect("the compiled-in defaults are checked by a test")
    }
}

/// A TOML file that is already in memory, under the name it had.
struct NamedToml {
    name: String,
    text: String,
}

impl figment::Provider for NamedToml {
    fn metadata(&self) -> figment::Metadata {
        figment::Metadata::named(self.name.clone())
    }

    fn data(
        &self,
    ) -> Result<figment::value::Map<figment::Profile, figment::value::Dict>, figment::Error> {
        Toml::string(&self.text).data()
    }
}

fn unreadable(error: &figment::Error) -> ConfigFaults {
    let faults = error.clone().into_iter().map(|one| {
        let mut fault = ConfigFault::new(&one.path.join("."), one.kind.to_string());
        fault.origin = one.metadata.map(|metadata| metadata.name.into_owned());
        fault
    });
    ConfigFaults(faults.collect())
}

/// Who set the value; the defaults are not worth a word.
fn origin(figment: &Figment, name: &str) -> Option<String> {
    let path = name.split('[').next().unwrap_or(name);
    let metadata = figment.find_metadata(path)?;
    let is_default = metadata.name.contains("TOML source string");
    (!is_default).then(|| metadata.name.clone().into_owned())
}
