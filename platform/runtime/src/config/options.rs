//! Settings in the form in which the parts of the platform take them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use yiwang_http::{EdgeOptions, LiveOptions, RateLimit, RateLimits};
use yiwang_store::StoreOptions;

use super::{Config, RateLimitConfig};

impl Config {
    /// A relative SQLite path is within the data folder.
    pub fn store_options(&self, data: &Path) -> StoreOptions {
        let url = self.store.url.reveal();
        let url = match url.strip_prefix("sqlite:") {
            Some(":memory:") | None => url.to_owned(),
            Some(path) => format!(
                "sqlite:{}",
                data.join(path.trim_start_matches("//")).display()
            ),
        };
        let mut options = StoreOptions::new(url);
        options.readers = self.store.sqlite.readers;
        options.cache_kib = self.store.sqlite.cache_mib * 1_024;
        options.connections = self.store.postgres.connections;
        options
    }

    /// Where files are; a relative folder is within the data folder.
    pub fn media_folder(&self, data: &Path) -> PathBuf {
        data.join(&self.media.folder)
    }

    /// Where the history is; a relative folder is within the data folder.
    pub fn lake_folder(&self, data: &Path) -> PathBuf {
        data.join(&self.lake.folder)
    }

    /// The same settings with the files of TLS and of basemaps where they are: a relative path is within the data folder.
    #[must_use]
    pub fn with_files_in(mut self, data: &Path) -> Self {
        let (tls, basemap) = (&mut self.sensing.tls, &mut self.basemap);
        for path in [
            &mut tls.certificate,
            &mut tls.key,
            &mut tls.client_ca,
            &mut basemap.cache_folder,
            &mut basemap.files_folder,
            &mut basemap.certificate_authorities,
        ] {
            if !path.as_os_str().is_empty() {
                *path = data.join(&*path);
            }
        }
        self
    }

    /// The address people type; without a setting, where the server listens.
    pub fn public_url(&self) -> String {
        if self.server.public_url.is_empty() {
            format!("http://{}", self.server.listen)
        } else {
            self.server.public_url.clone()
        }
    }

    pub fn edge_options(&self) -> EdgeOptions {
        let limits = &self.server.rate_limits;
        EdgeOptions {
            public_url: self.public_url(),
            // The check of the settings has refused what is no address.
            trusted_proxies: self
                .server
                .trusted_proxies
                .iter()
                .filter_map(|text| text.parse().ok())
                .collect(),
            request_timeout: Duration::from_secs(self.server.request_timeout_seconds),
            upload_timeout: Duration::from_secs(self.media.upload_timeout_seconds),
            body_bytes_max: self.server.body_bytes_max as usize,
            idempotent_body_bytes_max: self.server.idempotent_body_bytes_max as usize,
            rate_limits: RateLimits {
                token: limits.token.into(),
                address: limits.address.into(),
                sign_in: limits.sign_in.into(),
                public: limits.public.into(),
            },
        }
    }

    pub fn live_options(&self) -> LiveOptions {
        LiveOptions {
            ring_events: self.live.ring_events as usize,
            heartbeat: Duration::from_secs(self.live.heartbeat_seconds),
            recheck: Duration::from_secs(self.live.recheck_seconds),
            connections_per_user_max: self.live.connections_per_user_max as usize,
            connections_max: self.live.connections_max as usize,
            queue_batches: self.live.queue_batches as usize,
            slow: Duration::from_secs(self.live.slow_seconds),
        }
    }
}

impl From<RateLimitConfig> for RateLimit {
    fn from(limit: RateLimitConfig) -> Self {
        Self {
            per_second: limit.per_second,
            burst: limit.burst,
        }
    }
}
