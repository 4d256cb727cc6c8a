//! yiwang-catalog
