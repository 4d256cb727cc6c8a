//! The domain in process, on every database.

mod early;
mod life;
mod past;
mod report;
mod rights;
mod sql;
