//! Settings: the commented defaults, a file, the environment, the command line; checked whole before
//! anything starts. Nothing else in the workspace reads the environment.

mod check;
mod env;
mod load;
mod options;
mod schema;
mod secret;

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

pub use load::{ConfigFault, ConfigFaults, ConfigSources, DEFAULT_TOML};
pub use secret::Secret;

/// Every setting. `default.toml` says what each means.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub server: ServerConfig,
    pub store: StoreConfig,
    pub session: SessionConfig,
    pub password: PasswordConfig,
    pub live: LiveConfig,
    pub intake: IntakeConfig,
    pub media: MediaConfig,
    pub open311: Open311Config,
    pub sensing: SensingConfig,
    pub lake: LakeConfig,
    pub basemap: BasemapConfig,
    pub log: LogConfig,
    pub demo: DemoConfig,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    pub listen: String,
    pub public_url: String,
    pub trusted_proxies: Vec<String>,
    pub request_timeout_seconds: u64,
    pub header_timeout_seconds: u64,
    pub connections_max: u32,
    pub shutdown_seconds: u64,
    pub body_bytes_max: u32,
    pub idempotent_body_bytes_max: u32,
    pub idempotency_days: u32,
    pub rate_limits: RateLimitsConfig,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateLimitsConfig {
    pub token: RateLimitConfig,
    pub address: RateLimitConfig,
    pub sign_in: RateLimitConfig,
    pub public: RateLimitConfig,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateLimitConfig {
    pub per_second: f64,
    pub burst: f64,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// May hold a password.
    pub url: Secret,
    pub event_days: u32,
    pub sqlite: SqliteConfig,
    pub postgres: PostgresConfig,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SqliteConfig {
    pub readers: u32,
    pub cache_mib: u32,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostgresConfig {
    pub connections: u32,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionConfig {
    pub idle_minutes: u32,
    pub absolute_hours: u32,
    pub per_user_max: u32,
    pub cache_max: u32,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordConfig {
    pub length_min: u32,
    pub kinds_min: u32,
    pub history: u32,
    pub age_days_max: u32,
    pub lockout_failures: u32,
    pub lockout_minutes: u32,
    pub checks_at_once_max: u32,
    pub checks_waiting_max: u32,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LiveConfig {
    pub ring_events: u32,
    pub heartbeat_seconds: u64,
    pub recheck_seconds: u64,
    pub connections_per_user_max: u32,
    pub connections_max: u32,
    pub queue_batches: u32,
    pub slow_seconds: u64,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntakeConfig {
    pub webhooks: Vec<WebhookConfig>,
    pub webhook_window_seconds: u64,
    pub refused_bytes_max: u32,
    pub refused_days: u32,
    pub refused_rows_max: u32,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MediaConfig {
    pub folder: String,
    pub kinds: Vec<String>,
    pub bytes_max: u64,
    pub pixels_max: u64,
    pub upload_timeout_seconds: u64,
    pub uploads_at_once_max: u32,
    pub previews_at_once_max: u32,
    pub previews_waiting_max: u32,
    pub unattached_per_person_max: u32,
    pub unattached_hours: u32,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LakeConfig {
    pub folder: String,
    pub segment_mib: u32,
    pub segment_minutes: u32,
    pub segments_waiting_max: u32,
    pub observation_days: u32,
    pub hour_days: u32,
    pub day_days: u32,
    pub event_days: u32,
    pub cache_mib: u32,
    pub query_rows_max: u32,
    pub query_memory_mib: u32,
    pub query_seconds: u64,
    pub queries_at_once_max: u32,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BasemapConfig {
    pub cache_folder: PathBuf,
    pub cache_mib: u32,
    pub files_folder: PathBuf,
    pub certificate_authorities: PathBuf,
    pub request_seconds: u64,
    pub requests_at_once_max: u32,
    pub requests_waiting_max: u32,
    /// By the names that sources in packs call them by.
    pub keys: std::collections::BTreeMap<String, Secret>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    pub channel: String,
    pub secret: Secret,
    pub source: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Open311Config {
    pub keys: Vec<Open311Key>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Open311Key {
    pub key: Secret,
    pub name: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SensingConfig {
    pub mqtt: String,
    pub hj212: String,
    pub sl651: String,
    pub jt808: String,
    pub gb26875: String,
    pub mqtts: String,
    pub hj212s: String,
    pub sl651s: String,
    pub jt808s: String,
    pub gb26875s: String,
    pub tls: SensingTlsConfig,
    pub connections_max: u32,
    pub messages_per_second: u32,
    pub messages_burst: u32,
    pub clock_ahead_seconds: u32,
    pub refused_days: u32,
    pub refused_rows_max: u32,
    /// What a vendor does otherwise, by protocol: the protocols' own settings.
    pub dialects: std::collections::BTreeMap<String, serde_json::Value>,
}

/// Files of what the node shows to devices, and of who signs their certificates.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SensingTlsConfig {
    pub certificate: PathBuf,
    pub key: PathBuf,
    pub client_ca: PathBuf,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    pub format: LogFormat,
    pub level: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DemoConfig {
    pub enabled: bool,
    pub seed: u64,
    pub speed: f64,
}

impl Config {
    /// The JSON Schema of a settings file.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

#[cfg(test)]
mod tests;
