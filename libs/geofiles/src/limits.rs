//! How much of a file is read.

/// Limits of one file. What is over one is refused and told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as it came.
    pub file_bytes_max: u64,
    /// Bytes that an archive unpacks to, and of a GeoPackage: they are held in memory.
    pub unpacked_bytes_max: u64,
    /// Records of one layer, the bad ones included.
    pub records_max: u64,
    /// Bytes of one record as it stands in the file.
    pub record_bytes_max: usize,
    /// Points of one geometry.
    pub vertices_max: usize,
    /// Columns of a table.
    pub columns_max: usize,
    /// Bytes of one record's attributes.
    pub attribute_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes_max: 512 << 20,
            unpacked_bytes_max: 256 << 20,
            records_max: 1_000_000,
            record_bytes_max: 32 << 20,
            vertices_max: 500_000,
            columns_max: 512,
            attribute_bytes_max: 256 << 10,
        }
    }
}
