#![doc = include_str!("../README.md")]

mod config;
mod platform;
mod tasks;

pub use config::{
    Config, ConfigFault, ConfigFaults, ConfigSources, DEFAULT_TOML, DemoConfig, IntakeConfig,
    LiveConfig, LogConfig, LogFormat, Open311Config, Open311Key, PasswordConfig, PostgresConfig,
    RateLimitConfig, RateLimitsConfig, Secret, ServerConfig, SessionConfig, SqliteConfig,
    StoreConfig, WebhookConfig,
};
pub use platform::{AuditLink, BoxError, Domain, Platform, Reconciler, ReconcilerRun};
pub use tasks::{TaskEnd, TaskState, Tasks};
