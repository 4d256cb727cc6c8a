#![doc = include_str!("../README.md")]
#![expect(clippy::print_stdout, reason = "figures are what this program is for")]
#![expect(
    clippy::disallowed_methods,
    reason = "measuring time is what this program is for"
)]

mod bare;
mod client;
mod figures;
mod fill;
mod kinds;
mod lifecycle;
mod list;
mod net;
mod peer;
mod responsibility;
mod server;
mod tiles;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// The server's own; the clients must not be what the machine is busy with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
#[command(
    name = "bench",
    about = "Measures yiwang against limits and peers in the same run."
)]
struct Cli {
    #[command(subcommand)]
    what: What,
    /// The server's binary.
    #[arg(long, global = true, default_value = "target/dist/yiwang")]
    binary: PathBuf,
    /// Where the databases are made; on the disk that is to be measured.
    #[arg(long, global = true, default_value = "target/bench")]
    folder: PathBuf,
    /// A tenth of the work: for a look, not for a figure.
    #[arg(long, global = true)]
    short: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Lifecycle steps per second, durable, over HTTP; the bare limit; the peer; bytes per closed case.
    Lifecycle(Lifecycle),
    /// Start to ready, and lists with three filters, among millions of cases.
    List {
        #[arg(long, default_value_t = 3_000_000)]
        cases: usize,
        /// Requests of each kind.
        #[arg(long, default_value_t = 60)]
        requests: usize,
        #[arg(long, default_value_t = 5)]
        starts: usize,
        /// Keep the filled folder here and use it again.
        #[arg(long)]
        keep: Option<PathBuf>,
    },
    /// Messages over MQTT made durable, judged and shown; how long an alarm is under way; beside mosquitto.
    Net(NetLoad),
    /// Readings brought by the hundred thousand over HTTP.
    Batch {
        #[arg(long, default_value_t = 3)]
        runs: usize,
    },
    /// What an MQTT connection costs on which nothing is said.
    Idle {
        #[arg(long, default_value_t = 15_000)]
        connections: usize,
    },
    /// Positions of vehicles against very many fences, through the server on one processor.
    Fixes {
        #[arg(long, default_value_t = 2_000)]
        devices: usize,
        #[arg(long, default_value_t = 10_000)]
        fences: usize,
        #[arg(long, default_value_t = 30)]
        seconds: u64,
    },
    /// The last values of very many devices, after a start, in one answer.
    Last {
        #[arg(long, default_value_t = 1_000_000)]
        devices: usize,
        #[arg(long, default_value_t = 7)]
        asks: usize,
    },
    /// Vector tiles over very many components, first asked and asked again; how soon a change is in its tile.
    Tiles(MapTiles),
    /// The check of the whole responsibility list of the shipped packs, and the questions that reports ask.
    Responsibility {
        #[arg(long, default_value_t = 20)]
        checks: usize,
        #[arg(long, default_value_t = 500)]
        questions: usize,
    },
}

#[derive(Debug, clap::Args)]
struct Lifecycle {
    #[arg(long, default_value_t = 64)]
    clients: usize,
    #[arg(long, default_value_t = 20_000)]
    cases: usize,
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Ask for short answers (`Prefer: return=minimal`) where a client needs no more.
    #[arg(long)]
    minimal: bool,
    /// A Python with SpiffWorkflow, psycopg2, Flask and gunicorn; without it the peer is left out.
    #[arg(long)]
    peer_python: Option<PathBuf>,
    #[arg(long, default_value_t = 8)]
    peer_processes: usize,
}

impl Lifecycle {
    fn plan(self, binary: PathBuf, folder: PathBuf, short: bool) -> lifecycle::Plan {
        let cases = if short { self.cases / 10 } else { self.cases };
        let peer = self.peer_python.map(|python| peer::Peer {
            python,
            scripts: PathBuf::from("benches/peers"),
            cases: cases / 10,
            processes: self.peer_processes,
        });
        lifecycle::Plan {
            binary,
            folder,
            clients: self.clients,
            cases,
            runs: self.runs,
            minimal: self.minimal,
            peer,
        }
    }
}

#[derive(Debug, clap::Args)]
struct NetLoad {
    #[arg(long, default_value_t = 500)]
    devices: usize,
    /// Publishes under way of one connection.
    #[arg(long, default_value_t = 32)]
    window: u16,
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// The program mosquitto; without it the peer is left out.
    #[arg(long)]
    mosquitto: Option<PathBuf>,
}

impl NetLoad {
    fn plan(self, binary: PathBuf, folder: PathBuf, short: bool) -> net::Plan {
        net::Plan {
            binary,
            folder,
            devices: self.devices,
            window: self.window,
            seconds: if short {
                self.seconds / 4
            } else {
                self.seconds
            },
            runs: if short { 1 } else { self.runs },
            mosquitto: self.mosquitto,
        }
    }
}

#[derive(Debug, clap::Args)]
struct MapTiles {
    #[arg(long, default_value_t = 1_000_000)]
    components: usize,
    #[arg(long, default_value_t = 2_000)]
    tiles: usize,
    #[arg(long, default_value_t = 4)]
    clients: usize,
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// The program martin; without it this peer is left out.
    #[arg(long)]
    martin: Option<PathBuf>,
    /// A Python with tipg and uvicorn; without it this peer is left out.
    #[arg(long)]
    tipg_python: Option<PathBuf>,
}

impl MapTiles {
    fn plan(self, binary: PathBuf, folder: PathBuf, short: bool) -> tiles::Plan {
        let part = if short { 10 } else { 1 };
        tiles::Plan {
            binary,
            folder,
            components: self.components / part,
            tiles: self.tiles / part,
            clients: self.clients,
            runs: self.runs,
            martin: self.martin,
            tipg_python: self.tipg_python,
        }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    std::fs::create_dir_all(&cli.folder)?;
    match cli.what {
        What::Lifecycle(asked) => {
            lifecycle::run(&asked.plan(cli.binary, cli.folder, cli.short)).await
        }
        What::List {
            cases,
            requests,
            starts,
            keep,
        } => {
            let plan = list::Plan {
                binary: cli.binary,
                folder: cli.folder,
                cases: if cli.short { cases / 10 } else { cases },
                requests,
                starts,
                keep,
            };
            list::run(&plan).await
        }
        What::Net(asked) => net::run(&asked.plan(cli.binary, cli.folder, cli.short)).await,
        What::Batch { runs } => {
            let runs = if cli.short { 1 } else { runs };
            net::batch(&cli.binary, &cli.folder, runs).await
        }
        What::Idle { connections } => {
            let connections = if cli.short {
                connections / 10
            } else {
                connections
            };
            net::idle(&cli.binary, &cli.folder, connections).await
        }
        What::Fixes {
            devices,
            fences,
            seconds,
        } => {
            let part = if cli.short { 10 } else { 1 };
            let count = (devices / part, fences / part);
            net::fixes(&cli.binary, &cli.folder, count, seconds / part as u64).await
        }
        What::Last { devices, asks } => {
            let devices = if cli.short { devices / 10 } else { devices };
            net::last(&cli.binary, &cli.folder, devices, asks).await
        }
        What::Tiles(asked) => tiles::run(&asked.plan(cli.binary, cli.folder, cli.short)).await,
        What::Responsibility { checks, questions } => {
            let plan = responsibility::Plan {
                binary: cli.binary,
                folder: cli.folder,
                checks,
                questions,
            };
            responsibility::run(&plan).await
        }
    }
}
