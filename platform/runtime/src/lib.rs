#![doc = include_str!("../README.md")]

mod config;
mod health;
mod log;
mod node;
mod open_files;
mod platform;
mod reconcile;
mod serve;
mod tasks;

pub use config::{
    BasemapConfig, Config, ConfigFault, ConfigFaults, ConfigSources, DEFAULT_TOML, DemoConfig,
    IntakeConfig, LakeConfig, LiveConfig, LogConfig, LogFormat, MediaConfig, Open311Config,
    Open311Key, PasswordConfig, PostgresConfig, RateLimitConfig, RateLimitsConfig, Secret,
    SensingTlsConfig, ServerConfig, SessionConfig, SqliteConfig, StoreConfig, WebhookConfig,
};
pub use health::{CheckRun, CheckView, Finding, Health, Readiness, ReadinessStatus};
pub use log::init_logging;
pub use node::{Node, OutboxView, ParkedView, QueuesView, SubscriptionView, TaskView, WriterView};
pub use open_files::raise_open_files;
pub use platform::{AuditLink, BoxError, Domain, Platform, Reconciler, ReconcilerRun};
pub use reconcile::{ReconcilerState, Reconcilers};
pub use serve::{ServeOptions, serve, stop_signal};
pub use tasks::{TaskEnd, TaskState, Tasks};
