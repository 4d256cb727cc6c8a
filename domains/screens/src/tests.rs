//! The domain over both databases.

mod life;
mod packs;
mod rights;
