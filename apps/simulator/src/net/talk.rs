//! One instrument speaks to the city over its own connection, again and again; when the connection breaks, it comes
//! back after a pause that grows.

mod fire;
mod gauge;
mod sensor;
mod station;
mod truck;

use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use yiwang_kernel::{Clock, SystemClock, Timestamp};

use super::instrument::{Instrument, Kind};
use super::weather::Weather;

const PAUSE_MIN: Duration = Duration::from_secs(1);
const PAUSE_MAX: Duration = Duration::from_mins(1);

/// How long a connection is waited with: longer after each that did not last.
pub(super) struct Pause(Duration);

impl Pause {
    pub(super) fn new() -> Self {
        Self(PAUSE_MIN)
    }

    /// After a connection that has lasted so long.
    pub(super) fn after(&mut self, lasted: Duration) -> Duration {
        if lasted > PAUSE_MAX {
            self.0 = PAUSE_MIN;
        }
        let pause = self.0;
        self.0 = (pause * 2).min(PAUSE_MAX);
        pause
    }
}

/// Speaks until `stop`.
pub(super) async fn talk(instrument: Instrument, weather: Arc<Weather>, stop: CancellationToken) {
    let mut pause = Pause::new();
    loop {
        let began = tokio::time::Instant::now();
        let spoken = tokio::select! {
            () = stop.cancelled() => return,
            spoken = speak(&instrument, &weather) => spoken,
        };
        if let Err(error) = spoken {
            tracing::debug!(
                device = instrument.code,
                "an instrument lost its connection: {error:#}"
            );
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause.after(began.elapsed())) => {}
        }
    }
}

async fn speak(instrument: &Instrument, weather: &Weather) -> anyhow::Result<()> {
    let server = instrument
        .server
        .ok_or_else(|| anyhow::anyhow!("there is nobody to speak to"))?;
    let socket = TcpStream::connect(server).await?;
    match instrument.kind {
        Kind::Rain | Kind::River => gauge::speak(instrument, weather, socket).await,
        Kind::Ponding | Kind::Gas => sensor::speak(instrument, weather, socket).await,
        Kind::Dust => station::speak(instrument, weather, socket).await,
        Kind::Vehicle => truck::speak(instrument, socket).await,
        Kind::Fire => fire::speak(instrument, socket).await,
    }
}

pub(super) fn now() -> Timestamp {
    SystemClock.now()
}

fn seconds(at: Timestamp) -> f64 {
    at.as_second() as f64
}

/// Until the next report: instruments of a kind do not all speak at once, and more often while something happens.
fn until_next(instrument: &Instrument, is_first: bool, is_eventful: bool) -> Duration {
    let interval = f64::from(instrument.kind.card().4);
    let wait = if is_first {
        interval * instrument.draw * 0.5
    } else {
        interval
    };
    Duration::from_secs_f64(if is_eventful {
        (wait / 4.0).max(5.0)
    } else {
        wait
    })
}

/// What the city answered; an error when it has hung up.
pub(super) async fn heard(socket: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<()> {
    let count = socket.read_buf(buffer).await?;
    anyhow::ensure!(count > 0, "the city hung up");
    Ok(())
}
