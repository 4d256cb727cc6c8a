//! What holds for every packet and every stream of bytes.

mod malformed;
mod packets;
mod streams;
