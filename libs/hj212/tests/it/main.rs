//! Frames in, messages and answers out, seen from outside.

#![cfg(test)]

mod cipher;
mod dialects;
mod parts;
mod properties;
mod real;
mod samples;
mod vectors;
