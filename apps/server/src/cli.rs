//! The command line: what a person types.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use crate::lake::{LakeCommand, LakeWhat};

/// yiwang: one platform that runs a city.
#[derive(Debug, Parser)]
#[command(name = "yiwang", version, about, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server.
    Serve(Place),
    /// Run a demo city: invented people, real town names, a simulator that keeps it alive.
    Demo(Demo),
    /// Bring the database to this program's version, and stop.
    Migrate(Place),
    /// Take in records of another system.
    Import(Import),
    /// Write records out as CSV or JSON lines.
    Export(Export),
    /// Check, compare and install packs.
    Pack(Pack),
    /// Say what is wrong, since when, and what to do.
    Doctor(Doctor),
    /// Write a consistent copy of the running or stopped store.
    Backup(Backup),
    /// Put a copy back into an empty data folder.
    Restore(Restore),
    /// Accounts: make the first administrator, set a password, list.
    User(User),
    /// The history of observations and events: check it, bring it into files, write it out.
    Lake(LakeCommand),
}

/// Where the city lives.
#[derive(Debug, Clone, Default, Args)]
pub struct Place {
    /// The data folder; made if it is not there.
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// Address and port to listen on, e.g. 127.0.0.1:8080; port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Where the records are: sqlite:PATH or postgres://… (without it: yiwang.db in the data folder).
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// A configuration file (without it: yiwang.toml in the data folder, if there).
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    pub place: Place,
    /// The same seed makes the same city.
    #[arg(long, default_value_t = 20_281)]
    pub seed: u64,
    /// How much faster than the clock the simulated people live.
    #[arg(long, default_value_t = 30.0)]
    pub speed: f64,
    /// Cases to begin with, so that the first page has something to show.
    #[arg(long, default_value_t = 160)]
    pub backlog: u32,
    /// No simulated people: an empty city with demo accounts.
    #[arg(long)]
    pub quiet_city: bool,
    /// Recorded measurements that stations play (air/ and hydro/ in it); without it: ../shared/data where that is
    /// there. An empty word plays none.
    #[arg(long, value_name = "DIR")]
    pub recordings: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Import {
    #[command(subcommand)]
    pub what: ImportWhat,
}

#[derive(Debug, Subcommand)]
pub enum ImportWhat {
    /// Cases from CSV, JSON, JSON lines or Excel, through a mapping file.
    Incidents {
        file: PathBuf,
        /// How the file's columns become cases (YAML; see examples/).
        #[arg(long, value_name = "FILE")]
        mapping: PathBuf,
        /// Only say what would happen.
        #[arg(long)]
        dry_run: bool,
        /// Where refused rows are written with their reasons (default: FILE.refused.csv).
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Args)]
pub struct Export {
    #[command(subcommand)]
    pub what: ExportWhat,
}

#[derive(Debug, Subcommand)]
pub enum ExportWhat {
    /// Cases with their dates, units, clocks and outcome; no personal data.
    Incidents {
        /// The file to write; - is standard output.
        #[arg(long, short, default_value = "-")]
        output: PathBuf,
        #[arg(long, value_parser = ["csv", "jsonl"], default_value = "csv")]
        format: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Args)]
pub struct Pack {
    #[command(subcommand)]
    pub what: PackWhat,
}

#[derive(Debug, Subcommand)]
pub enum PackWhat {
    /// Say everything that is wrong with pack folders, with file and line.
    Check { folders: Vec<PathBuf> },
    /// What installing a folder would change.
    Diff {
        folder: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Install a pack folder; without one, the packs that come with the program.
    Install {
        folder: Option<PathBuf>,
        /// Why holes and overlaps of the responsibility list that the pack opens are taken; goes on the record.
        /// Without it a pack that opens any is refused.
        #[arg(long, value_name = "REASON")]
        accept_faults: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Write the JSON Schemas of all sections, for editors.
    Schema { folder: PathBuf },
}

#[derive(Debug, Args)]
pub struct Doctor {
    /// What to look at; without it: everything.
    #[command(subcommand)]
    pub what: Option<DoctorWhat>,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub enum DoctorWhat {
    /// Verify the audit log's and every case's hash chain; names the first broken row.
    Audit,
    /// Verify the database file.
    Store,
    /// Verify every file of evidence against its row and its case's log.
    Media,
}

#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write; must not exist. Files of evidence go to FILE.media beside it,
    /// the history to FILE.lake.
    pub file: PathBuf,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// A file that `yiwang backup` wrote, with its FILE.media and FILE.lake beside it.
    pub file: PathBuf,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Args)]
pub struct User {
    #[command(subcommand)]
    pub what: UserWhat,
}

#[derive(Debug, Subcommand)]
pub enum UserWhat {
    /// Make an account with one role over the whole city, e.g. the first administrators.
    Add {
        username: String,
        #[arg(long)]
        name: String,
        /// system_admin, security_admin, audit_admin or any role of the packs.
        #[arg(long)]
        role: String,
        #[command(flatten)]
        place: Place,
    },
    /// Set a new password (read from standard input) that must be changed at the next sign-in.
    Password {
        username: String,
        #[command(flatten)]
        place: Place,
    },
    /// List accounts.
    List {
        #[command(flatten)]
        place: Place,
    },
}
