//! yiwang-incident
