//! `yiwang demo`: a generated city with demo accounts, and simulated people who report and work in it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use yiwang_identity::{DEMO_PASSWORD, DemoCity};
use yiwang_kernel::Masked;
use yiwang_sensing::{OpenEdge, Protocol};
use yiwang_simulator::{DepartmentsConfig, NetConfig, SimulatorConfig};

use crate::city::City;
use crate::cli::Demo;
use crate::{ground, history, place, say, serve};

/// The key of the demo's Open311 clients.
const OPEN311_KEY: &str = "yiwang-demo";

pub(crate) async fn demo(options: &Demo) -> anyhow::Result<()> {
    let recordings = recordings(options.recordings.as_deref())?;
    let key = format!(r#"[{{ key = "{OPEN311_KEY}", name = "demo" }}]"#);
    let more = [
        ("demo.enabled", "true".to_owned()),
        ("demo.seed", options.seed.to_string()),
        ("demo.speed", options.speed.to_string()),
        ("open311.keys", key),
    ];
    // Who takes any port for the console takes any for the devices: cities beside each other do not race.
    let is_anywhere = options
        .place
        .listen
        .as_deref()
        .is_some_and(|at| at.ends_with(":0"));
    let more: Vec<(&str, String)> = more
        .into_iter()
        .chain(EDGES.map(|edge| free(edge, is_anywhere)))
        .collect();
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
        let drawn = ground::draw(&city, options.seed, now).await?;
        tracing::info!(drawn, "the city's map has {drawn} features");
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
        report_in(&city, address, options.seed);
    }
    serve::run(city, listener, |city, edges| {
        if !options.quiet_city {
            measure(city, address, edges, (options.seed, recordings));
        }
    })
    .await
}

/// A setting and the port that it usually has.
const EDGES: [(&str, u16); 5] = [
    ("sensing.mqtt", 1883),
    ("sensing.hj212", 9212),
    ("sensing.sl651", 9651),
    ("sensing.jt808", 9808),
    ("sensing.gb26875", 9875),
];

/// The usual port of an edge, or any other where it is taken.
fn free((name, port): (&'static str, u16), is_anywhere: bool) -> (&'static str, String) {
    let usual = SocketAddr::from(([127, 0, 0, 1], port));
    let is_free = !is_anywhere && std::net::TcpListener::bind(usual).is_ok();
    (
        name,
        format!("127.0.0.1:{}", if is_free { port } else { 0 }),
    )
}

/// Where recordings lie when nobody says so.
const RECORDINGS: &str = "../shared/data";

/// The folder of recordings: the named one, which has to be there, or the usual one if it is.
fn recordings(named: Option<&Path>) -> anyhow::Result<Option<PathBuf>> {
    let Some(named) = named else {
        let usual = Path::new(RECORDINGS);
        return Ok(usual.is_dir().then(|| usual.to_owned()));
    };
    if named.as_os_str().is_empty() {
        return Ok(None);
    }
    anyhow::ensure!(
        named.is_dir(),
        "--recordings: {} is no folder; name one with air/ or hydro/ in it, or leave it out",
        named.display()
    );
    Ok(Some(named.to_owned()))
}

/// Lets the city's instruments speak to the ports that are there for them.
fn measure(
    city: &City,
    address: SocketAddr,
    edges: &[OpenEdge],
    (seed, recordings): (u64, Option<PathBuf>),
) {
    let Some(weather) = city.sky.clone() else {
        return;
    };
    let at = |protocol| {
        let its = |edge: &&OpenEdge| edge.protocol == protocol && !edge.is_secure;
        edges.iter().find(its).map(|edge| edge.address)
    };
    let config = NetConfig {
        base_url: format!("http://{address}"),
        username: "integrator".to_owned(),
        password: Masked::new(DEMO_PASSWORD),
        seed,
        mqtt: at(Protocol::Mqtt),
        hj212: at(Protocol::Hj212),
        sl651: at(Protocol::Sl651),
        jt808: at(Protocol::Jt808),
        gb26875: at(Protocol::Gb26875),
        recordings,
        weather,
    };
    let tasks = &city.node.platform().tasks;
    let stop = tasks.stop_token();
    tasks.spawn("instruments", async move {
        yiwang_simulator::run_net(config, stop).await
    });
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

/// Lets the departments send their figures to the city's own door.
fn report_in(city: &City, address: SocketAddr, seed: u64) {
    let config = DepartmentsConfig {
        base_url: format!("http://{address}"),
        username: "integrator".to_owned(),
        password: Masked::new(DEMO_PASSWORD),
        seed,
    };
    let tasks = &city.node.platform().tasks;
    let stop = tasks.stop_token();
    tasks.spawn("departments", async move {
        yiwang_simulator::run_departments(config, stop).await
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recordings_are_where_they_are_said_to_be() {
        let folder = tempfile::tempdir().unwrap();
        let named = recordings(Some(folder.path())).unwrap();
        assert_eq!(named.as_deref(), Some(folder.path()));
        assert_eq!(recordings(Some(Path::new(""))).unwrap(), None);
        let absent = recordings(Some(&folder.path().join("none"))).unwrap_err();
        assert!(absent.to_string().contains("is no folder"), "{absent}");
    }
}
