//! Frames in, messages and answers out, seen from outside.

#![cfg(test)]

mod characters;
mod dialects;
mod packets;
mod properties;
mod real;
mod samples;
mod vectors;
