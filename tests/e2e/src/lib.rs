//! yiwang-e2e
