//! The officers' connections: one signed-in account per seat, no more requests than agreed.

use std::time::Duration;

use anyhow::{Context, bail};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::time::Instant;
use yiwang_kernel::{Clock, SystemClock};

use crate::config::Accounts;
use crate::decide::Seat;
use crate::engine::{Ask, Call, Outcome};
use crate::picture::picture;
use crate::staff::Staff;

/// Requests at the same time.
pub(crate) const IN_FLIGHT_MAX: usize = 8;
/// Requests a second, over any second.
const REQUESTS_PER_SECOND_MAX: f64 = 150.0;
const REQUEST_SECONDS_MAX: u64 = 30;
const BODY_BYTES_MAX: usize = 16 << 20;
/// Waiting when the server is busy: doubled from the first to the last.
const BUSY_SECONDS_MIN: f64 = 0.5;
const BUSY_SECONDS_MAX: f64 = 30.0;
/// In a piece of evidence: what to draw a picture of.
pub(crate) const PICTURE: &str = "picture";
/// Pages of a list that is read to its end.
pub(crate) const PAGES_MAX: usize = 40;

const DESKS: [Seat; 7] = [
    Seat::Intake,
    Seat::Dispatcher,
    Seat::Verifier,
    Seat::Duty,
    Seat::Supervisor,
    Seat::Integrator,
    Seat::Grid,
];

/// The accounts at one server.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    pub(crate) staff: Staff,
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
            staff: Staff::new(accounts),
            busy_in_a_row: 0,
            next_at: Instant::now(),
            sign_ins: 0,
        })
    }

    /// Signs in the seats without which nothing works.
    pub(crate) async fn sign_in_desks(&mut self) -> anyhow::Result<()> {
        for seat in DESKS {
            if !self.staff.is_out(&seat) {
                continue;
            }
            self.staff.take_turn();
            if self.sign_in(&seat).await?.is_none() {
                bail!("{seat:?} is not known, or has another password");
            }
        }
        Ok(())
    }

    /// Signs in a seat, or whoever takes its place; `None` when there is nobody.
    async fn sign_in(&mut self, seat: &Seat) -> anyhow::Result<Option<()>> {
        loop {
            let account = self.staff.account(seat).unwrap_or_default().to_owned();
            let body = json!({"username": account, "password": self.staff.password()});
            let request = self
                .http
                .post(format!("{}/api/v1/sessions", self.base))
                .json(&body);
            let (status, body, _) = read(request.send().await?).await?;
            if matches!(status, 401 | 403) {
                if self.staff.not_known(seat) && self.staff.is_out(seat) {
                    continue;
                }
                return Ok(self.staff.token(seat).map(|_| ()));
            }
            let token = body.get("token").and_then(Value::as_str);
            let Some(token) = token.filter(|_| (200..300).contains(&status)) else {
                bail!("signing in as {account} is answered with {status}");
            };
            self.staff.signed_in(seat, token.to_owned());
            self.sign_ins += 1;
            return Ok(Some(()));
        }
    }

    /// Reads something while the city is being learned.
    pub(crate) async fn read(&self, seat: &Seat, path: &str) -> anyhow::Result<Value> {
        let request = self.signed(seat, self.http.get(format!("{}{path}", self.base)));
        let (status, body, _) = read(request.send().await?).await?;
        if !(200..300).contains(&status) {
            bail!("{path} is answered with {status}");
        }
        Ok(body)
    }

    /// Reads a list to its end, or to a bound.
    pub(crate) async fn read_all(
        &self,
        seat: &Seat,
        path: &str,
        pages_max: usize,
    ) -> anyhow::Result<Vec<Value>> {
        let mut out = Vec::new();
        let mut cursor = String::new();
        for _ in 0..pages_max {
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

    fn signed(&self, seat: &Seat, request: RequestBuilder) -> RequestBuilder {
        match self.staff.token(seat) {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends requests side by side; the outcomes are in their order.
    pub(crate) async fn send(&mut self, asks: &[Ask]) -> Vec<Outcome> {
        for ask in asks {
            if self.staff.is_out(&ask.seat) && self.staff.take_turn() {
                let came = self.sign_in(&ask.seat).await;
                tracing::debug!(?came, "signed in");
            }
        }
        let ready = asks.iter().filter(|ask| !self.staff.is_out(&ask.seat));
        self.keep_pace(ready.count()).await;
        let answers = futures::future::join_all(asks.iter().map(|ask| self.one(ask))).await;
        let (mut busy, mut fine) = (false, false);
        let outcomes = asks.iter().zip(answers).map(|(ask, answer)| {
            let outcome = self.judge(&ask.seat, answer);
            busy |= matches!(outcome, Outcome::Busy { .. });
            fine |= matches!(outcome, Outcome::Answer { .. });
            outcome
        });
        let outcomes = outcomes.collect();
        if busy {
            self.busy_in_a_row += 1;
        } else if fine {
            self.busy_in_a_row = 0;
        }
        outcomes
    }

    fn judge(&mut self, seat: &Seat, answer: anyhow::Result<Option<Reply>>) -> Outcome {
        let wait = self.busy_seconds();
        match answer {
            Ok(None) => Outcome::NotYet,
            Ok(Some((401, _, _))) if *seat != Seat::Public => {
                self.staff.signed_out(seat);
                Outcome::NotYet
            }
            Ok(Some((429 | 502..=504, _, after))) => {
                let seconds = after.unwrap_or(wait);
                let seconds = seconds.clamp(BUSY_SECONDS_MIN, BUSY_SECONDS_MAX);
                Outcome::Busy { seconds }
            }
            Ok(Some((status, body, _))) => Outcome::Answer { status, body },
            Err(error) => {
                tracing::debug!(%error, "no answer");
                Outcome::Busy { seconds: wait }
            }
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

    /// `None` when the seat has not signed in yet.
    async fn one(&self, ask: &Ask) -> anyhow::Result<Option<Reply>> {
        if self.staff.is_out(&ask.seat) {
            return Ok(None);
        }
        let url = |path: &str| format!("{}{path}", self.base);
        let request = match &ask.call {
            Call::Get(path) => self.http.get(url(path)),
            Call::Post {
                path,
                body,
                version,
            } => {
                let mut body = body.clone();
                if let Err(reply) = self.send_pictures(&ask.seat, &mut body).await? {
                    return Ok(Some(reply));
                }
                let request = self.http.post(url(path)).json(&body);
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
        read(self.signed(&ask.seat, request).send().await?)
            .await
            .map(Some)
    }

    /// Draws and sends the pictures that a report's evidence asks for, and names them in the report; the server's
    /// word when it does not take one.
    async fn send_pictures(
        &self,
        seat: &Seat,
        body: &mut Value,
    ) -> anyhow::Result<Result<(), Reply>> {
        let pieces = body.get_mut("evidence").and_then(Value::as_array_mut);
        for piece in pieces
            .into_iter()
            .flatten()
            .filter_map(Value::as_object_mut)
        {
            let Some(of) = piece.remove(PICTURE) else {
                continue;
            };
            let kind = piece
                .get("kind")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let png = picture(of.as_str().unwrap_or_default(), kind)?;
            let url = format!("{}/api/v1/media?name={kind}.png", self.base);
            let request = self.http.post(url).header("content-type", "image/png");
            let (status, answer, after) =
                read(self.signed(seat, request.body(png)).send().await?).await?;
            let Some(id) = answer.get("id").filter(|_| status == 201) else {
                return Ok(Err((status, answer, after)));
            };
            piece.insert("media_id".to_owned(), id.clone());
        }
        Ok(Ok(()))
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
type Reply = (u16, Value, Option<f64>);

async fn read(answer: Response) -> anyhow::Result<Reply> {
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
