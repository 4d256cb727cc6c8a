//! yiwang-identity
