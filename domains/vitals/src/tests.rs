//! The domain in process, on every database.

mod early;
mod life;
mod past;
mod past_facts;
mod report;
mod rights;
mod sql;
