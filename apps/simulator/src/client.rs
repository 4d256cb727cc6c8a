//! The officers' connections: one signed-in account per seat, no more requests than agreed.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::time::Instant;
use yiwang_kernel::{Clock, SystemClock};

use crate::config::Accounts;
use crate::decide::Seat;
use crate::engine::{Ask, Call, Outcome};

/// Requests at the same time.
pub(crate) const IN_FLIGHT_MAX: usize = 8;
/// Requests a second, over any second.
const REQUESTS_PER_SECOND_MAX: f64 = 150.0;
const REQUEST_SECONDS_MAX: u64 = 30;
const BODY_BYTES_MAX: usize = 16 << 20;
/// Waiting when the server is busy: doubled from the first to the last.
const BUSY_SECONDS_MIN: f64 = 0.5;
const BUSY_SECONDS_MAX: f64 = 30.0;
const PAGES_MAX: usize = 40;

/// The accounts at one server.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    accounts: Accounts,
    tokens: BTreeMap<Seat, String>,
    busy_in_a_row: i32,
    next_at: Instant,
    pub(crate) sign_ins: u64,
}

impl Client {
    pub(crate) fn new(base: &str, accounts: Accounts) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(REQUEST_SECONDS_MAX))
            .no_proxy()
            .build()?;
        Ok(Self {
            http,
            base: base.trim_end_matches('/').to_owned(),
            accounts,
            tokens: BTreeMap::new(),
            busy_in_a_row: 0,
            next_at: Instant::now(),
            sign_ins: 0,
        })
    }

    /// Signs in every seat; the units' account may be the one or the other.
    pub(crate) async fn sign_in_all(&mut self) -> anyhow::Result<()> {
        for seat in Seat::ALL {
            if seat == Seat::Public || self.tokens.contains_key(&seat) {
                continue;
            }
            let mut known = self.sign_in(seat).await?;
            if !known && seat == Seat::Handler {
                self.accounts
                    .handler
                    .clone_from(&self.accounts.handler_otherwise);
                tracing::warn!(
                    account = self.accounts.handler,
                    "no account works for every unit; only the units of this one will work"
                );
                known = self.sign_in(seat).await?;
            }
            ensure!(
                known,
                "{} is not known, or has another password",
                self.account(seat)
            );
        }
        Ok(())
    }

    fn account(&self, seat: Seat) -> &str {
        match seat {
            Seat::Intake | Seat::Public => &self.accounts.intake,
            Seat::Dispatcher => &self.accounts.dispatcher,
            Seat::Handler => &self.accounts.handler,
            Seat::Verifier => &self.accounts.verifier,
            Seat::Duty => &self.accounts.duty,
            Seat::Supervisor => &self.accounts.supervisor,
            Seat::Integrator => &self.accounts.integrator,
        }
    }

    /// False when the server does not know the account.
    async fn sign_in(&mut self, seat: Seat) -> anyhow::Result<bool> {
        let account = self.account(seat).to_owned();
        let body = json!({"username": account, "password": self.accounts.password.reveal()});
        let request = self
            .http
            .post(format!("{}/api/v1/sessions", self.base))
            .json(&body);
        let (status, body, _) = read(request.send().await?).await?;
        if matches!(status, 401 | 403) {
            return Ok(false);
        }
        let token = body.get("token").and_then(Value::as_str);
        let Some(token) = token.filter(|_| (200..300).contains(&status)) else {
            bail!("signing in as {account} is answered with {status}");
        };
        self.tokens.insert(seat, token.to_owned());
        self.sign_ins += 1;
        Ok(true)
    }

    /// Reads something while the city is being learned.
    pub(crate) async fn read(&self, seat: Seat, path: &str) -> anyhow::Result<Value> {
        let request = self.signed(seat, self.http.get(format!("{}{path}", self.base)));
        let (status, body, _) = read(request.send().await?).await?;
        if !(200..300).contains(&status) {
            bail!("{path} is answered with {status}");
        }
        Ok(body)
    }

    /// Reads a list to its end, or to a bound.
    pub(crate) async fn read_all(&self, seat: Seat, path: &str) -> anyhow::Result<Vec<Value>> {
        let mut out = Vec::new();
        let mut cursor = String::new();
        for _ in 0..PAGES_MAX {
            let body = self.read(seat, &format!("{path}{cursor}")).await?;
            out.extend_from_slice(crate::city::rows_of(&body));
            match body.get("next").and_then(Value::as_str) {
                Some(next) => {
                    let escaped: String =
                        form_urlencoded::byte_serialize(next.as_bytes()).collect();
                    cursor = format!("&cursor={escaped}");
                }
                None => break,
            }
        }
        Ok(out)
    }

    fn signed(&self, seat: Seat, request: RequestBuilder) -> RequestBuilder {
        match self.tokens.get(&seat) {
            Some(token) if seat != Seat::Public => request.bearer_auth(token),
            _ => request,
        }
    }

    /// Sends requests side by side; the outcomes are in their order.
    pub(crate) async fn send(&mut self, asks: &[Ask]) -> Vec<Outcome> {
        self.keep_pace(asks.len()).await;
        let answers = futures::future::join_all(asks.iter().map(|ask| self.one(ask))).await;
        let mut outcomes = Vec::with_capacity(asks.len());
        let (mut busy, mut fine) = (false, false);
        for (ask, answer) in asks.iter().zip(answers) {
            let wait = self.busy_seconds();
            outcomes.push(match answer {
                Ok((401, body, _)) if ask.seat == Seat::Public => {
                    Outcome::Answer { status: 401, body }
                }
                Ok((401, _, _)) => {
                    self.tokens.remove(&ask.seat);
                    Outcome::Busy {
                        seconds: BUSY_SECONDS_MIN,
                    }
                }
                Ok((429 | 502..=504, _, after)) => {
                    busy = true;
                    let seconds = after
                        .unwrap_or(wait)
                        .clamp(BUSY_SECONDS_MIN, BUSY_SECONDS_MAX);
                    Outcome::Busy { seconds }
                }
                Ok((status, body, _)) => {
                    fine = true;
                    Outcome::Answer { status, body }
                }
                Err(error) => {
                    busy = true;
                    tracing::debug!(%error, "no answer");
                    Outcome::Busy { seconds: wait }
                }
            });
        }
        if busy {
            self.busy_in_a_row += 1;
        } else if fine {
            self.busy_in_a_row = 0;
        }
        self.return_seats().await;
        outcomes
    }

    /// Whoever was signed out signs in again.
    async fn return_seats(&mut self) {
        if self.tokens.len() + 1 < Seat::ALL.len()
            && let Err(error) = self.sign_in_all().await
        {
            self.busy_in_a_row += 1;
            tracing::debug!(%error, "not signed in again");
        }
    }

    fn busy_seconds(&self) -> f64 {
        let doubled = BUSY_SECONDS_MIN * 2_f64.powi(self.busy_in_a_row.min(10));
        doubled.min(BUSY_SECONDS_MAX)
    }

    /// Nothing is sent for a while when nothing was answered.
    pub(crate) fn pause(&self) -> Option<Duration> {
        (self.busy_in_a_row > 0).then(|| Duration::from_secs_f64(self.busy_seconds()))
    }

    async fn keep_pace(&mut self, requests: usize) {
        let now = Instant::now();
        let start = self.next_at.max(now);
        self.next_at = start + Duration::from_secs_f64(requests as f64 / REQUESTS_PER_SECOND_MAX);
        tokio::time::sleep_until(start).await;
    }

    async fn one(&self, ask: &Ask) -> anyhow::Result<(u16, Value, Option<f64>)> {
        let url = |path: &str| format!("{}{path}", self.base);
        let request = match &ask.call {
            Call::Get(path) => self.http.get(url(path)),
            Call::Post {
                path,
                body,
                version,
            } => {
                let request = self.http.post(url(path)).json(body);
                match version {
                    Some(version) => request.header("if-match", format!("\"{version}\"")),
                    None => request,
                }
            }
            Call::Signed { path, secret, body } => {
                let body = body.to_string();
                let signature = sign(secret.reveal(), &body, SystemClock.now().as_second())?;
                self.http
                    .post(url(path))
                    .header("content-type", "application/json")
                    .header("x-yiwang-signature", signature)
                    .body(body)
            }
            Call::Form { path, fields } => {
                let body = form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(fields)
                    .finish();
                self.http
                    .post(url(path))
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(body)
            }
        };
        read(self.signed(ask.seat, request).send().await?).await
    }
}

/// `t=SECONDS,v1=HEX`: HMAC-SHA256 over `SECONDS.BODY`.
fn sign(secret: &str, body: &str, seconds: i64) -> anyhow::Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?;
    mac.update(format!("{seconds}.{body}").as_bytes());
    let digest = hex::encode(mac.finalize().into_bytes());
    Ok(format!("t={seconds},v1={digest}"))
}

/// Status, body as JSON, and the seconds of Retry-After.
async fn read(answer: Response) -> anyhow::Result<(u16, Value, Option<f64>)> {
    let status = answer.status().as_u16();
    let after = answer
        .headers()
        .get("retry-after")
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let body = answer.bytes().await.context("the answer broke off")?;
    if body.len() > BODY_BYTES_MAX {
        bail!("the answer is too large");
    }
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    Ok((status, body, after))
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn a_push_is_signed_as_openssl_signs_it() {
        let signature = sign("0123456789abcdef", r#"{"ref":"A1"}"#, 1_763_000_000).unwrap();
        assert_eq!(
            signature,
            "t=1763000000,v1=5309f36d1f2f8ec0da59037ba2af4cbd7135521b539a96639d10ec95d702044b"
        );
    }
}
