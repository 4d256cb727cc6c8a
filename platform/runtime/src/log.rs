//! Logs: one line an event on standard error, as text or JSON. No personal data reaches them by rule.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::{LogConfig, LogFormat};

/// Chatty crates, held down unless the setting names them.
const QUIET: &str = "sqlx=warn,hyper=warn,h2=warn,tower_http=warn";

/// Starts logging; once a process.
pub fn init_logging(config: &LogConfig) -> Result<(), anyhow::Error> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", config.level))?;
    let registry = tracing_subscriber::registry().with(filter);
    match config.format {
        LogFormat::Text => {
            let colours = std::io::stderr().is_terminal();
            let layer = tracing_subscriber::fmt::layer()
                .with_writer(std::io::stderr)
                .with_ansi(colours);
            registry.with(layer).try_init()?;
        }
        LogFormat::Json => {
            let layer = tracing_subscriber::fmt::layer()
                .json()
                .flatten_event(true)
                .with_current_span(true)
                .with_span_list(false)
                .with_writer(std::io::stderr);
            registry.with(layer).try_init()?;
        }
    }
    Ok(())
}
