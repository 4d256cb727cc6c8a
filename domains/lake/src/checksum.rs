//! A checksum over a batch: Arrow's stream has none, and after a power cut the end of a file may hold anything.

use datafusion::arrow::array::{Array, AsArray as _, RecordBatch};
use datafusion::arrow::datatypes::DataType;

/// Not against malice: against pages that never reached the disk.
pub(crate) fn checksum(batch: &RecordBatch) -> u64 {
    let mut sum = Sum(batch.num_rows() as u64);
    for column in batch.columns() {
        sum.column(column.as_ref());
    }
    sum.0
}

struct Sum(u64);

impl Sum {
    fn word(&mut self, word: u64) {
        self.0 = (self.0 ^ word)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(31);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.word(u64::from_le_bytes(*word));
        }
        for byte in rest {
            self.word(u64::from(*byte));
        }
    }

    fn column(&mut self, column: &dyn Array) {
        if column.null_count() > 0 {
            for row in 0..column.len() {
                self.word(u64::from(column.is_valid(row)));
            }
        }
        if let DataType::Utf8 = column.data_type() {
            let texts = column.as_string::<i32>();
            for length in texts.offsets().lengths() {
                self.word(length as u64);
            }
            let offsets = texts.value_offsets();
            let ends = offsets.first().zip(offsets.last());
            let range = ends.map_or(0..0, |(from, to)| *from as usize..*to as usize);
            self.bytes(texts.value_data().get(range).unwrap_or_default());
            return;
        }
        let data = column.to_data();
        let width = column.data_type().primitive_width().unwrap_or(0);
        let range = data.offset() * width..(data.offset() + data.len()) * width;
        let values = data.buffers().first().and_then(|values| values.get(range));
        self.bytes(values.unwrap_or_default());
    }
}
