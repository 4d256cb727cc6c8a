//! What a setting must be beyond its type.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::ops::RangeInclusive;

use yiwang_http::AddressRange;

use super::{Config, ConfigFault, RateLimitConfig};

/// Shorter secrets can be guessed.
const SECRET_CHARS_MIN: usize = 16;
/// No body limit may be set above this.
const BODY_BYTES_MAX: u64 = 1 << 30;
/// No file may be larger.
const MEDIA_BYTES_MAX: u64 = 4 << 30;

pub(super) fn faults(config: &Config) -> Vec<ConfigFault> {
    let mut faults = Vec::new();
    server(config, &mut faults);
    store(config, &mut faults);
    people(config, &mut faults);
    live(config, &mut faults);
    edges(config, &mut faults);
    sensing(config, &mut faults);
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

/// Each number must lie within its range.
macro_rules! ranges {
    ($faults:ident, $config:ident, $($($part:ident).+ in $range:expr;)*) => {$({
        let range: RangeInclusive<u64> = $range;
        if !range.contains(&u64::from($config.$($part).+)) {
            let name = [$(stringify!($part)),+].join(".");
            let message = format!("this must be within {} and {}", range.start(), range.end());
            $faults.push(ConfigFault::new(&name, message));
        }
    })*};
}

fn sensing(config: &Config, faults: &mut Vec<ConfigFault>) {
    let sensing = &config.sensing;
    for (name, address) in [
        ("sensing.mqtt", &sensing.mqtt),
        ("sensing.hj212", &sensing.hj212),
        ("sensing.sl651", &sensing.sl651),
        ("sensing.jt808", &sensing.jt808),
        ("sensing.gb26875", &sensing.gb26875),
    ] {
        listens(name, address, faults);
    }
    for (name, address) in [
        ("sensing.mqtts", &sensing.mqtts),
        ("sensing.hj212s", &sensing.hj212s),
        ("sensing.sl651s", &sensing.sl651s),
        ("sensing.jt808s", &sensing.jt808s),
        ("sensing.gb26875s", &sensing.gb26875s),
    ] {
        if listens(name, address, faults) {
            has_certificate(name, config, faults);
        }
    }
    ranges! { faults, config,
        sensing.connections_max in 1..=10_000_000;
        sensing.messages_per_second in 1..=1_000_000;
        sensing.messages_burst in 1..=1_000_000;
        sensing.clock_ahead_seconds in 1..=86_400;
        sensing.refused_days in 1..=3_650;
        sensing.refused_rows_max in 1_000..=100_000_000;
    }
}

/// Is something to be listened on?
fn listens(name: &str, address: &str, faults: &mut Vec<ConfigFault>) -> bool {
    if !address.is_empty() && address.parse::<SocketAddr>().is_err() {
        let hint = "an address and a port, such as 0.0.0.0:1883, or nothing";
        faults.push(ConfigFault::new(name, "this cannot be listened on").with_hint(hint));
    }
    !address.is_empty()
}

/// Where TLS is spoken the node shows a certificate.
fn has_certificate(edge: &str, config: &Config, faults: &mut Vec<ConfigFault>) {
    let tls = &config.sensing.tls;
    for (name, path) in [
        ("sensing.tls.certificate", &tls.certificate),
        ("sensing.tls.key", &tls.key),
    ] {
        let is_told = faults.iter().any(|fault| fault.name == name);
        if path.as_os_str().is_empty() && !is_told {
            let hint = "the path of a file in PEM; docs/guide/devices.md shows how one is made";
            let message = format!("this must be there, since {edge} listens with TLS");
            faults.push(ConfigFault::new(name, message).with_hint(hint));
        }
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
    ranges! { faults, config,
        server.request_timeout_seconds in 1..=3_600;
        server.header_timeout_seconds in 1..=600;
        server.shutdown_seconds in 0..=600;
        server.connections_max in 1..=1_000_000;
        server.body_bytes_max in 1_024..=BODY_BYTES_MAX;
        server.idempotent_body_bytes_max in 1_024..=BODY_BYTES_MAX;
        server.idempotency_days in 1..=365;
    }
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
    ranges! { faults, config,
        store.event_days in 1..=3_650;
        store.sqlite.readers in 1..=64;
        store.sqlite.cache_mib in 1..=65_536;
        store.postgres.connections in 2..=1_000;
    }
}

fn people(config: &Config, faults: &mut Vec<ConfigFault>) {
    ranges! { faults, config,
        session.idle_minutes in 1..=1_440;
        session.absolute_hours in 1..=720;
        session.per_user_max in 1..=1_000;
        session.cache_max in 1..=10_000_000;
        password.length_min in 8..=128;
        password.kinds_min in 1..=4;
        password.history in 0..=100;
        password.age_days_max in 0..=3_650;
        password.lockout_failures in 1..=100;
        password.lockout_minutes in 1..=10_080;
        password.checks_at_once_max in 1..=256;
        password.checks_waiting_max in 1..=10_000;
    }
}

fn live(config: &Config, faults: &mut Vec<ConfigFault>) {
    ranges! { faults, config,
        live.ring_events in 100..=10_000_000;
        live.heartbeat_seconds in 1..=600;
        live.recheck_seconds in 1..=600;
        live.connections_per_user_max in 1..=100_000;
        live.connections_max in 1..=1_000_000;
        live.queue_batches in 1..=10_000;
        live.slow_seconds in 1..=600;
    }
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
    ranges! { faults, config,
        intake.webhook_window_seconds in 10..=3_600;
        intake.refused_bytes_max in 0..=1_048_576;
        intake.refused_days in 1..=3_650;
        intake.refused_rows_max in 1..=10_000_000;
    }
    media(config, faults);
    lake(config, faults);
    basemap(config, faults);
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

fn media(config: &Config, faults: &mut Vec<ConfigFault>) {
    ranges! { faults, config,
        media.bytes_max in 1_024..=MEDIA_BYTES_MAX;
        media.pixels_max in 10_000..=1_000_000_000;
        media.upload_timeout_seconds in 1..=3_600;
        media.uploads_at_once_max in 1..=1_000;
        media.previews_at_once_max in 1..=64;
        media.previews_waiting_max in 0..=10_000;
        media.unattached_per_person_max in 1..=100_000;
        media.unattached_hours in 1..=8_760;
    }
    for (at, kind) in config.media.kinds.iter().enumerate() {
        if yiwang_media::Kind::parse(kind).is_none() {
            let known = yiwang_media::Kind::ALL.map(yiwang_media::Kind::as_str);
            let fault = ConfigFault::new(
                &format!("media.kinds[{at}]"),
                "this is no kind of file that is known",
            );
            faults.push(fault.with_hint(format!("one of {}", known.join(", "))));
        }
    }
    if config.media.folder.is_empty() {
        faults.push(ConfigFault::new("media.folder", "this must be there"));
    }
}

fn basemap(config: &Config, faults: &mut Vec<ConfigFault>) {
    ranges! { faults, config,
        basemap.cache_mib in 0..=10_485_760;
        basemap.request_seconds in 1..=120;
        basemap.requests_at_once_max in 1..=256;
        basemap.requests_waiting_max in 0..=10_000;
    }
    for (name, folder) in [
        ("basemap.cache_folder", &config.basemap.cache_folder),
        ("basemap.files_folder", &config.basemap.files_folder),
    ] {
        if folder.as_os_str().is_empty() {
            faults.push(ConfigFault::new(name, "this must be there"));
        }
    }
}

fn lake(config: &Config, faults: &mut Vec<ConfigFault>) {
    ranges! { faults, config,
        lake.segment_mib in 1..=1_024;
        lake.segment_minutes in 1..=1_440;
        lake.segments_waiting_max in 1..=1_000;
        lake.observation_days in 1..=36_530;
        lake.hour_days in 1..=36_530;
        lake.day_days in 1..=36_530;
        lake.event_days in 1..=36_530;
        lake.cache_mib in 1..=65_536;
        lake.query_rows_max in 1..=1_000_000;
        lake.query_memory_mib in 16..=65_536;
        lake.query_seconds in 1..=3_600;
        lake.queries_at_once_max in 1..=64;
    }
    if config.lake.folder.is_empty() {
        faults.push(ConfigFault::new("lake.folder", "this must be there"));
    }
}
