//! Asks sources for tiles. No address is in an error or in the log: there may be a key in it.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::{Request, StatusCode, header};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use yiwang_basemap::{Picture, TILE_BYTES_MAX};
use yiwang_runtime::BasemapConfig;

use super::connect::Connector;

/// Connections that wait for the next tile.
const IDLE_PER_HOST_MAX: usize = 8;
const IDLE: Duration = Duration::from_mins(1);

/// Why a source gave no tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the source did not answer in time")]
    Timeout,
    #[error("the source cannot be reached")]
    Unreachable,
    #[error("the source answered {0}")]
    Status(u16),
    #[error("the source sent elsewhere ({0}); that is not followed")]
    Redirect(u16),
    #[error("the source answered with more than {TILE_BYTES_MAX} bytes, or stopped in the middle")]
    Body,
    #[error("the source answered with something that is no picture")]
    NotAPicture,
    #[error("the source failed too often and is not asked for half a minute")]
    Paused,
    #[error("too many requests wait for the source")]
    Shed,
    #[error("the address of a tile is none")]
    Address,
}

/// The client of all sources.
pub(super) struct Upstream {
    client: Client<Connector, Empty<Bytes>>,
    timeout: Duration,
}

impl Upstream {
    pub(super) fn new(config: &BasemapConfig) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_PER_HOST_MAX)
            .build(Connector::new(&config.certificate_authorities));
        Self {
            client,
            timeout: Duration::from_secs(config.request_seconds),
        }
    }

    /// The tile at an address; `None` where the source says that there is none.
    pub(super) async fn ask(&self, address: &str) -> Result<Option<Bytes>, Failure> {
        let asked = tokio::time::timeout(self.timeout, self.answer(address));
        asked.await.unwrap_or(Err(Failure::Timeout))
    }

    async fn answer(&self, address: &str) -> Result<Option<Bytes>, Failure> {
        let request = Request::get(address)
            .header(header::USER_AGENT, "yiwang")
            .header(header::ACCEPT, "image/*")
            .body(Empty::new())
            .map_err(|_error| Failure::Address)?;
        let answer = self.client.request(request).await;
        let answer = answer.map_err(|_error| Failure::Unreachable)?;
        let status = answer.status();
        if status == StatusCode::NOT_FOUND || status == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        if status.is_redirection() {
            return Err(Failure::Redirect(status.as_u16()));
        }
        if !status.is_success() {
            return Err(Failure::Status(status.as_u16()));
        }
        let body = Limited::new(answer.into_body(), TILE_BYTES_MAX)
            .collect()
            .await;
        let bytes = body.map_err(|_error| Failure::Body)?.to_bytes();
        // What cannot be drawn is not kept for a month.
        let read = bytes.clone();
        let picture = tokio::task::spawn_blocking(move || Picture::decode(&read).is_ok()).await;
        let is_picture = picture.unwrap_or(false);
        is_picture
            .then_some(Some(bytes))
            .ok_or(Failure::NotAPicture)
    }
}
