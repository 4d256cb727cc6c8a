//! yiwang-server
