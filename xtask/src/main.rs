#![doc = include_str!("../README.md")]

mod areas;
mod tidy;

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let command = std::env::args().nth(1);
    let outcome = match command.as_deref() {
        Some("areas") => areas::run(),
        Some("tidy") => tidy::run(),
        Some(other) => Err(anyhow::anyhow!("no command `{other}`; see xtask/README.md")),
        None => Err(anyhow::anyhow!(
            "usage: cargo xtask COMMAND; see xtask/README.md"
        )),
    };
    if let Err(error) = outcome {
        // A closed standard error leaves nobody to tell; the exit code still does.
        let _ = writeln!(std::io::stderr(), "error: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
