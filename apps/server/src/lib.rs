#![doc = include_str!("../README.md")]

pub mod city;
pub mod cli;
mod console;
mod demo;
mod docs;
mod doctor;
mod export;
mod ground;
mod history;
mod import;
mod lake;
mod pack;
mod place;
mod progress;
mod serve;
mod storm;
mod upkeep;
mod user;

use std::fmt::Arguments;
use std::io::Write;

use crate::cli::{Cli, Command, ExportWhat, ImportWhat};

/// Runs one command of the command line.
pub async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(place) => Box::pin(serve::serve(&place)).await,
        Command::Demo(options) => Box::pin(demo::demo(&options)).await,
        Command::Migrate(place) => upkeep::migrate(&place).await,
        Command::Import(command) => match command.what {
            ImportWhat::Incidents {
                file,
                mapping,
                dry_run,
                report,
                place,
            } => import::incidents(&file, &mapping, dry_run, report, &place).await,
        },
        Command::Export(command) => match command.what {
            ExportWhat::Incidents {
                output,
                format,
                place,
            } => export::incidents(&output, &format, &place).await,
        },
        Command::Pack(command) => pack::run(command.what).await,
        Command::Doctor(command) => doctor::run(command.what, &command.place).await,
        Command::Backup(command) => upkeep::backup(&command.file, &command.place).await,
        Command::Restore(command) => upkeep::restore(&command.file, &command.place).await,
        Command::User(command) => user::run(command.what).await,
        Command::Lake(command) => lake::run(command.what).await,
    }
}

/// A line for the person who runs the command.
pub(crate) fn say(line: Arguments<'_>) {
    // Who closed the output does not want to read it.
    let _closed = writeln!(std::io::stdout(), "{line}");
}
