//! yiwang-simulator
