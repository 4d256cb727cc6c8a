//! yiwang-benches
