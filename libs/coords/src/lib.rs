//! yiwang-coords
