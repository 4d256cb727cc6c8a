//! yiwang-http
