//! The program `yiwang`.

use clap::Parser;
use yiwang_server::cli::Cli;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    yiwang_server::run(Cli::parse()).await
}
