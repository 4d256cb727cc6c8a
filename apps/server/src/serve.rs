//! `yiwang serve`: from settings to a listening node, and back down without losing a request.

use anyhow::Context;
use tokio::net::TcpListener;
use yiwang_runtime::{Config, Platform};
use yiwang_sensing::OpenEdge;

use crate::city::{self, City};
use crate::cli::Place;
use crate::{place, say};

pub(crate) async fn serve(place: &Place) -> anyhow::Result<()> {
    let config = place::settings(place, &[])?;
    yiwang_runtime::init_logging(&config.log)?;
    let city = start(config, place).await?;
    let listener = listen(&city).await?;
    run(city, listener, |_, _| ()).await
}

/// Opens the city and puts its packs in place; nothing runs or listens yet.
pub(crate) async fn start(config: Config, place: &Place) -> anyhow::Result<City> {
    let lake = config.lake_folder(&place.data);
    let platform: Platform = place::platform(config, place).await?;
    let city = Box::pin(city::open(platform, &lake)).await?;
    city.install_packs().await?;
    if !city.identity.has_users().await? && !city.node.platform().config.demo.enabled {
        say(format_args!(
            "there is no account yet; make the three administrators first:\n  \
             yiwang user add NAME --name 姓名 --role system_admin --data {}",
            place.data.display()
        ));
    }
    Ok(city)
}

pub(crate) async fn listen(city: &City) -> anyhow::Result<TcpListener> {
    let address = &city.node.platform().config.server.listen;
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}; choose another with --listen, port 0 takes a free one")
    })
}

/// Runs until the process is told to stop; then ends requests, streams and tasks in this order. `open` is called
/// once devices are listened to.
pub(crate) async fn run(
    city: City,
    listener: TcpListener,
    open: impl FnOnce(&City, &[OpenEdge]),
) -> anyhow::Result<()> {
    city.node.open().await?;
    city.node.start();
    let tasks = city.node.platform().tasks.clone();
    tasks.spawn("live", city.live.clone().run());
    let stop = tasks.stop_token();
    tasks.spawn("stop signal", {
        let stop = stop.clone();
        async move {
            tokio::select! {
                signal = yiwang_runtime::stop_signal() => match signal {
                    Ok(signal) => tracing::info!("{signal}: stopping"),
                    Err(error) => tracing::error!(%error, "signals cannot be heard"),
                },
                () = stop.cancelled() => {}
            }
            stop.cancel();
        }
    });
    say_if_files_are_few(&city);
    let edges = city.listen_to_devices().await?;
    for edge in &edges {
        say(format_args!(
            "devices speak {} to {}",
            edge.name(),
            edge.address
        ));
    }
    open(&city, &edges);
    say(format_args!(
        "yiwang is ready at http://{}",
        listener.local_addr()?
    ));
    city.node.serve(listener, city.app, &city.edge).await;
    Ok(())
}

/// Every connection is an open file; files of the store and of the history come on top.
fn say_if_files_are_few(city: &City) {
    const OTHERS: u64 = 1_000;
    let config = &city.node.platform().config;
    let wanted = u64::from(config.server.connections_max)
        + u64::from(config.sensing.connections_max)
        + OTHERS;
    let allowed = yiwang_runtime::raise_open_files();
    if allowed < wanted {
        tracing::warn!(
            allowed,
            wanted,
            "the system allows {allowed} open files, the settings ask for {wanted}: raise the limit (ulimit -n, \
             LimitNOFILE) or lower server.connections_max and sensing.connections_max"
        );
    }
}
