//! The city's instruments: gauges, stations, dust monitors, trucks and fire units. Each speaks its own protocol over a
//! connection of its own to the port that is there for it, as it would in a street. Beside them stand stations that
//! play what others once recorded.

mod fleet;
mod instrument;
mod playback;
mod recording;
mod talk;
mod weather;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::{self, Offset};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use yiwang_kernel::Masked;

pub use weather::Weather;

/// Civil time of the demo city.
const ZONE: Offset = tz::offset(8);
/// What stations of HJ 212 prove themselves with.
const HJ212_PASSWORD: &str = "123456";
/// The centre that all stations of SL 651 know, and what they prove themselves with.
const SL651_CENTRE: u8 = 1;
const SL651_PASSWORD: u16 = 0x1234;

/// Where the instruments are and whom they speak to.
#[derive(Debug, Clone)]
pub struct NetConfig {
    /// Where the server is, e.g. `http://127.0.0.1:8080`.
    pub base_url: String,
    /// An account that may register devices.
    pub username: String,
    pub password: Masked,
    pub seed: u64,
    pub mqtt: Option<SocketAddr>,
    pub hj212: Option<SocketAddr>,
    pub sl651: Option<SocketAddr>,
    pub jt808: Option<SocketAddr>,
    pub gb26875: Option<SocketAddr>,
    /// A folder of recorded measurements; stations play what is in it.
    pub recordings: Option<PathBuf>,
    /// The sky over all of them.
    pub weather: Arc<Weather>,
}

/// Registers the instruments that are not there yet, and lets them speak until `stop`. Recordings are looked through
/// meanwhile, and what is wrong with them keeps no instrument back.
pub async fn run_net(config: NetConfig, stop: CancellationToken) -> anyhow::Result<()> {
    let (measured, ()) = tokio::join!(
        measure(&config, stop.clone()),
        playback::run(&config, stop.clone())
    );
    measured
}

async fn measure(config: &NetConfig, stop: CancellationToken) -> anyhow::Result<()> {
    let fleet = fleet::Fleet::arrive(config).await?;
    tracing::info!(
        devices = fleet.instruments.len(),
        "the instruments of the city speak"
    );
    let talks = TaskTracker::new();
    for instrument in fleet.instruments {
        let (weather, stop) = (Arc::clone(&config.weather), stop.clone());
        talks.spawn(talk::talk(instrument, weather, stop));
    }
    talks.close();
    talks.wait().await;
    Ok(())
}
