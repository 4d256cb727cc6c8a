//! The domain in process, on every database.

mod life;
mod past;
mod rights;
