//! `yiwang demo`: a generated city with demo accounts, and simulated people who report and work in it.

use std::net::SocketAddr;

use yiwang_identity::{DEMO_PASSWORD, DemoCity};
use yiwang_simulator::SimulatorConfig;

use crate::city::City;
use crate::cli::Demo;
use crate::{history, place, say, serve};

/// The key of the demo's Open311 clients.
const OPEN311_KEY: &str = "yiwang-demo";

pub(crate) async fn demo(options: &Demo) -> anyhow::Result<()> {
    let key = format!(r#"[{{ key = "{OPEN311_KEY}", name = "demo" }}]"#);
    let more = [
        ("demo.enabled", "true".to_owned()),
        ("demo.seed", options.seed.to_string()),
        ("demo.speed", options.speed.to_string()),
        ("open311.keys", key),
    ];
    let config = place::settings(&options.place, &more)?;
    yiwang_runtime::init_logging(&config.log)?;
    let city = serve::start(config, &options.place).await?;
    let now = city.node.platform().now();
    city.identity
        .seed_demo(
            DemoCity {
                seed: options.seed,
                ..DemoCity::default()
            },
            now,
        )
        .await?;
    if !options.quiet_city {
        let cases = history::make(&city, options.seed, now).await?;
        tracing::info!(cases, "the city has a past of {cases} cases");
    }
    let listener = serve::listen(&city).await?;
    let address = listener.local_addr()?;
    say(format_args!(
        "demo city: sign in at http://{address} as dispatcher, password {DEMO_PASSWORD}"
    ));
    if !options.quiet_city {
        live_in(&city, address, options);
    }
    serve::run(city, listener).await
}

/// Sends the simulated people to the city's own door.
fn live_in(city: &City, address: SocketAddr, options: &Demo) {
    let mut config = SimulatorConfig::new(format!("http://{address}"), options.seed);
    config.speed = options.speed;
    config.backlog = options.backlog;
    let tasks = &city.node.platform().tasks;
    let stop = tasks.stop_token();
    tasks.spawn("simulator", async move {
        yiwang_simulator::run(config, stop).await
    });
}
