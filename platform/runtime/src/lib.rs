//! yiwang-runtime
