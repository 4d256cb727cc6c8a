//! What a setting must be beyond its type.

use std::collections::HashSet;
use std::net::SocketAddr;

use yiwang_http::AddressRange;

use super::{Config, ConfigFault, RateLimitConfig};

/// Shorter secrets can be guessed.
const SECRET_CHARS_MIN: usize = 16;

pub(super) fn faults(config: &Config) -> Vec<ConfigFault> {
    let mut faults = Vec::new();
    server(config, &mut faults);
    store(config, &mut faults);
    people(config, &mut faults);
    live(config, &mut faults);
    edges(config, &mut faults);
    if tracing_subscriber::EnvFilter::try_new(&config.log.level).is_err() {
        faults.push(
            ConfigFault::new("log.level", "this is no log level").with_hint("for example info"),
        );
    }
    if !(0.0..=3600.0).contains(&config.demo.speed) {
        faults.push(ConfigFault::new(
            "demo.speed",
            "this must be within 0 and 3600",
        ));
    }
    faults
}

fn within(faults: &mut Vec<ConfigFault>, name: &str, value: u64, from: u64, to: u64) {
    if !(from..=to).contains(&value) {
        faults.push(ConfigFault::new(
            name,
            format!("this must be within {from} and {to}"),
        ));
    }
}

fn server(config: &Config, faults: &mut Vec<ConfigFault>) {
    let server = &config.server;
    if server.listen.parse::<SocketAddr>().is_err() {
        let hint = "an address and a port, such as 127.0.0.1:8080, 0.0.0.0:80 or [::]:8080";
        faults
            .push(ConfigFault::new("server.listen", "this cannot be listened on").with_hint(hint));
    }
    let url = &server.public_url;
    let is_url = url.starts_with("http://") || url.starts_with("https://");
    if !url.is_empty() && (!is_url || url.ends_with('/')) {
        let hint = "for example https://city.example";
        let message = "this must begin with http:// or https:// and have no slash at the end";
        faults.push(ConfigFault::new("server.public_url", message).with_hint(hint));
    }
    for (at, text) in server.trusted_proxies.iter().enumerate() {
        if let Err(fault) = text.parse::<AddressRange>() {
            faults.push(ConfigFault::new(
                &format!("server.trusted_proxies[{at}]"),
                fault.to_string(),
            ));
        }
    }
    within(
        faults,
        "server.request_timeout_seconds",
        server.request_timeout_seconds,
        1,
        3_600,
    );
    within(
        faults,
        "server.header_timeout_seconds",
        server.header_timeout_seconds,
        1,
        600,
    );
    within(
        faults,
        "server.shutdown_seconds",
        server.shutdown_seconds,
        0,
        600,
    );
    within(
        faults,
        "server.connections_max",
        server.connections_max.into(),
        1,
        1_000_000,
    );
    within(
        faults,
        "server.body_bytes_max",
        server.body_bytes_max.into(),
        1_024,
        1 << 30,
    );
    within(
        faults,
        "server.idempotent_body_bytes_max",
        server.idempotent_body_bytes_max.into(),
        1_024,
        1 << 30,
    );
    within(
        faults,
        "server.idempotency_days",
        server.idempotency_days.into(),
        1,
        365,
    );
    let limits = &server.rate_limits;
    rate(faults, "token", limits.token);
    rate(faults, "address", limits.address);
    rate(faults, "sign_in", limits.sign_in);
    rate(faults, "public", limits.public);
}

fn rate(faults: &mut Vec<ConfigFault>, name: &str, limit: RateLimitConfig) {
    if !(limit.per_second >= 0.0 && limit.per_second.is_finite()) {
        faults.push(ConfigFault::new(
            &format!("server.rate_limits.{name}.per_second"),
            "this must be 0 or more",
        ));
    }
    if !(limit.burst >= 1.0 && limit.burst.is_finite()) {
        faults.push(ConfigFault::new(
            &format!("server.rate_limits.{name}.burst"),
            "this must be 1 or more",
        ));
    }
}

fn store(config: &Config, faults: &mut Vec<ConfigFault>) {
    let url = config.store.url.reveal();
    if !["sqlite:", "postgres://", "postgresql://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        let hint = "for example sqlite:yiwang.db or postgres://user:password@host/database";
        faults.push(
            ConfigFault::new("store.url", "this must begin with sqlite: or postgres://")
                .with_hint(hint),
        );
    }
    within(
        faults,
        "store.event_days",
        config.store.event_days.into(),
        1,
        3_650,
    );
    within(
        faults,
        "store.sqlite.readers",
        config.store.sqlite.readers.into(),
        1,
        64,
    );
    within(
        faults,
        "store.sqlite.cache_mib",
        config.store.sqlite.cache_mib.into(),
        1,
        65_536,
    );
    within(
        faults,
        "store.postgres.connections",
        config.store.postgres.connections.into(),
        2,
        1_000,
    );
}

fn people(config: &Config, faults: &mut Vec<ConfigFault>) {
    let (session, password) = (&config.session, &config.password);
    within(
        faults,
        "session.idle_minutes",
        session.idle_minutes.into(),
        1,
        1_440,
    );
    within(
        faults,
        "session.absolute_hours",
        session.absolute_hours.into(),
        1,
        720,
    );
    within(
        faults,
        "session.per_user_max",
        session.per_user_max.into(),
        1,
        1_000,
    );
    within(
        faults,
        "session.cache_max",
        session.cache_max.into(),
        1,
        10_000_000,
    );
    within(
        faults,
        "password.length_min",
        password.length_min.into(),
        8,
        128,
    );
    within(
        faults,
        "password.kinds_min",
        password.kinds_min.into(),
        1,
        4,
    );
    within(faults, "password.history", password.history.into(), 0, 100);
    within(
        faults,
        "password.age_days_max",
        password.age_days_max.into(),
        0,
        3_650,
    );
    within(
        faults,
        "password.lockout_failures",
        password.lockout_failures.into(),
        1,
        100,
    );
    within(
        faults,
        "password.lockout_minutes",
        password.lockout_minutes.into(),
        1,
        10_080,
    );
    within(
        faults,
        "password.checks_at_once_max",
        password.checks_at_once_max.into(),
        1,
        256,
    );
    within(
        faults,
        "password.checks_waiting_max",
        password.checks_waiting_max.into(),
        1,
        10_000,
    );
}

fn live(config: &Config, faults: &mut Vec<ConfigFault>) {
    let live = &config.live;
    within(
        faults,
        "live.ring_events",
        live.ring_events.into(),
        100,
        10_000_000,
    );
    within(
        faults,
        "live.heartbeat_seconds",
        live.heartbeat_seconds,
        1,
        600,
    );
    within(faults, "live.recheck_seconds", live.recheck_seconds, 1, 600);
    within(
        faults,
        "live.connections_per_user_max",
        live.connections_per_user_max.into(),
        1,
        100_000,
    );
    within(
        faults,
        "live.connections_max",
        live.connections_max.into(),
        1,
        1_000_000,
    );
    within(
        faults,
        "live.queue_batches",
        live.queue_batches.into(),
        1,
        10_000,
    );
    within(faults, "live.slow_seconds", live.slow_seconds, 1, 600);
}

fn edges(config: &Config, faults: &mut Vec<ConfigFault>) {
    let mut channels = HashSet::new();
    for (at, webhook) in config.intake.webhooks.iter().enumerate() {
        let name = |field: &str| format!("intake.webhooks[{at}].{field}");
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if webhook.channel.is_empty() || !webhook.channel.chars().all(plain) {
            faults.push(ConfigFault::new(
                &name("channel"),
                "this must be made of a-z, 0-9, - and _",
            ));
        }
        if !channels.insert(webhook.channel.as_str()) {
            faults.push(ConfigFault::new(
                &name("channel"),
                "another webhook has this channel",
            ));
        }
        if webhook.secret.reveal().chars().count() < SECRET_CHARS_MIN {
            faults.push(
                ConfigFault::new(
                    &name("secret"),
                    format!("this must have at least {SECRET_CHARS_MIN} characters"),
                )
                .with_hint("for example what `openssl rand -hex 32` gives"),
            );
        }
    }
    within(
        faults,
        "intake.webhook_window_seconds",
        config.intake.webhook_window_seconds,
        10,
        3_600,
    );
    let mut keys = HashSet::new();
    for (at, key) in config.open311.keys.iter().enumerate() {
        if key.key.reveal().is_empty() || !keys.insert(key.key.reveal()) {
            faults.push(ConfigFault::new(
                &format!("open311.keys[{at}].key"),
                "this must be there and be unique",
            ));
        }
    }
}
