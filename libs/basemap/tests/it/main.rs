//! What other programs made, read here.

mod archives;
mod shift;
