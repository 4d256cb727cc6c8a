//! yiwang-testkit
