//! yiwang-packs
