//! The program `yiwang`.

use clap::Parser;
use yiwang_server::cli::Cli;

/// Requests make and drop many small things; the system's allocator took a quarter of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    yiwang_server::run(Cli::parse()).await
}
