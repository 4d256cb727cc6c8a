//! What holds for every packet and every stream of bytes.

#![cfg(test)]

mod malformed;
mod packets;
mod streams;
