#![doc = include_str!("../README.md")]
#![expect(clippy::print_stdout, reason = "figures are what this program is for")]
#![expect(
    clippy::disallowed_methods,
    reason = "measuring time is what this program is for"
)]

mod bare;
mod client;
mod figures;
mod lifecycle;
mod server;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    name = "bench",
    about = "Measures yiwang against limits and peers in the same run."
)]
struct Cli {
    #[command(subcommand)]
    what: What,
    /// The server's binary.
    #[arg(long, global = true, default_value = "target/release/yiwang")]
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
    /// Lifecycle steps per second, durable, over HTTP; the bare limit; bytes per closed case.
    Lifecycle {
        #[arg(long, default_value_t = 64)]
        clients: usize,
        #[arg(long, default_value_t = 3)]
        runs: usize,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    std::fs::create_dir_all(&cli.folder)?;
    match cli.what {
        What::Lifecycle { clients, runs } => {
            let cases = if cli.short { 2_000 } else { 20_000 };
            let plan = lifecycle::Plan {
                binary: cli.binary,
                folder: cli.folder,
                clients,
                cases,
                runs,
            };
            lifecycle::run(&plan).await
        }
    }
}
