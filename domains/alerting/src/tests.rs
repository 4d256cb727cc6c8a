//! The domain as a whole, on both engines.

mod drafts;
mod life;
mod quiet;
mod storms;
