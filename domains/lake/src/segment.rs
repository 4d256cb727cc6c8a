//! Segments: append-only Arrow IPC streams. What [`Segment::append`] has answered is on disk; what a crash left
//! unfinished behind it is told by a checksum and cut off when the segment is read again.

use std::fs::File;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{Int32Array, RecordBatch, RunArray, UInt64Array};
use datafusion::arrow::buffer::Buffer;
use datafusion::arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc;
use datafusion::arrow::ipc::reader::StreamDecoder;
use datafusion::arrow::ipc::writer::StreamWriter;

use crate::batch::column;
use crate::checksum::checksum;
use crate::disk::{self, Disk};
use crate::error::LakeError;

/// What each message of a stream begins with, and the bytes of it and the length after it.
const MARK: [u8; 4] = [0xFF; 4];
const PREFIX_BYTES: usize = 8;

/// A segment that is being written.
pub(crate) struct Segment {
    path: PathBuf,
    file: File,
    stream: StreamWriter<Vec<u8>>,
    /// Up to here everything is whole and on disk.
    good: u64,
}

/// How a segment that was read ends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    Whole,
    /// A batch that was never answered for ends with the file.
    Torn,
    /// A batch that has its length is not what was written.
    Damaged(String),
}

/// What there is in a segment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Read {
    /// Up to here everything is whole.
    pub(crate) good: u64,
    /// The bytes of the file.
    pub(crate) bytes: u64,
    pub(crate) tail: Tail,
}

/// The path of a segment.
pub(crate) fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:08}.arrows"))
}

/// The numbers of the segments in a folder, in order.
pub(crate) fn numbers(folder: &Path) -> Result<Vec<u64>, LakeError> {
    let names = disk::names(folder)?;
    let number = |name: &String| name.strip_suffix(".arrows")?.parse().ok();
    Ok(names.iter().filter_map(number).collect())
}

impl Segment {
    /// Begins the segment `number`; a file that an earlier try left is overwritten.
    pub(crate) fn create(
        disk: &Disk,
        folder: &Path,
        number: u64,
        schema: &Schema,
    ) -> Result<Self, LakeError> {
        let path = path(folder, number);
        let mut stream =
            StreamWriter::try_new(Vec::new(), &with_sum(schema)).map_err(LakeError::Encode)?;
        let mut file = disk.create(&path)?;
        let head = std::mem::take(stream.get_mut());
        let begun = disk
            .append(&path, &mut file, 0, &head)
            .and_then(|()| disk.sync_folder(folder));
        if let Err(fault) = begun {
            // The next try overwrites it.
            let _left_behind = disk.remove(&path);
            return Err(fault);
        }
        Ok(Self {
            path,
            file,
            stream,
            good: head.len() as u64,
        })
    }

    /// Appends a batch; it is on disk when this returns. On an error nothing of it is kept.
    pub(crate) fn append(&mut self, disk: &Disk, batch: &RecordBatch) -> Result<(), LakeError> {
        let summed = add_sum(batch).map_err(LakeError::Encode)?;
        self.stream.get_mut().clear();
        self.stream.write(&summed).map_err(LakeError::Encode)?;
        let bytes = self.stream.get_ref();
        match disk.append(&self.path, &mut self.file, self.good, bytes) {
            Ok(()) => {
                self.good += bytes.len() as u64;
                Ok(())
            }
            Err(fault) => {
                // If this fails too, the next append writes over what is behind `good`.
                let _cut = disk.cut(&self.path, &self.file, self.good);
                Err(fault)
            }
        }
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.good
    }
}

/// A whole stream of batches at once, with the same checksums.
pub(crate) fn whole(
    schema: &Schema,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
) -> Result<Vec<u8>, ArrowError> {
    let mut stream = StreamWriter::try_new(Vec::new(), &with_sum(schema))?;
    for batch in batches {
        stream.write(&add_sum(&batch?)?)?;
    }
    stream.into_inner()
}

/// Reads a segment up to the first batch that is not whole.
pub(crate) fn read(
    path: &Path,
    schema: &SchemaRef,
    mut take: impl FnMut(&RecordBatch) -> Result<(), LakeError>,
) -> Result<Read, LakeError> {
    let bytes = Buffer::from_vec(disk::read_whole(path)?);
    let mut decoder = StreamDecoder::new();
    let mut good = 0;
    let tail = loop {
        match message(&bytes, good) {
            Message::End => break Tail::Whole,
            Message::Short => break Tail::Torn,
            Message::Wrong(why) => break Tail::Damaged(why),
            Message::Until(until) => {
                match decode(
                    &mut decoder,
                    bytes.slice_with_length(good, until - good),
                    schema,
                ) {
                    Ok(Some(batch)) => take(&batch)?,
                    // The schema, with which every stream begins.
                    Ok(None) if good == 0 => {}
                    Ok(None) => {
                        break Tail::Damaged("it has a message that holds no batch".to_owned());
                    }
                    Err(why) => break Tail::Damaged(why.to_string()),
                }
                good = until;
            }
        }
    };
    Ok(Read {
        good: good as u64,
        bytes: bytes.len() as u64,
        tail,
    })
}

/// Cuts what is behind the last whole batch; of a damaged tail a copy is kept beside the segment.
pub(crate) fn mend(disk: &Disk, path: &Path, read: &Read) -> Result<(), LakeError> {
    if let Tail::Damaged(_) = read.tail {
        let bytes = disk::read_whole(path)?;
        let tail = bytes.get(read.good as usize..).unwrap_or_default();
        disk.replace(&path.with_extension("damaged"), tail)?;
    }
    if read.good < read.bytes {
        let file = File::options()
            .write(true)
            .open(path)
            .map_err(|source| LakeError::file(path, source))?;
        disk.cut(path, &file, read.good)?;
    }
    Ok(())
}

enum Message {
    End,
    Short,
    Wrong(String),
    Until(usize),
}

/// Where the message that begins at `from` ends. Nothing is believed that has not been compared with the file's length.
fn message(bytes: &[u8], from: usize) -> Message {
    let Some(rest) = bytes.get(from..).filter(|rest| !rest.is_empty()) else {
        return Message::End;
    };
    let Some((prefix, rest)) = rest.split_first_chunk::<PREFIX_BYTES>() else {
        return Message::Short;
    };
    let [m0, m1, m2, m3, l0, l1, l2, l3] = *prefix;
    if [m0, m1, m2, m3] != MARK {
        return Message::Wrong("a message does not begin as one".to_owned());
    }
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    if length == 0 {
        return Message::End;
    }
    let Some(head) = rest.get(..length) else {
        return Message::Short;
    };
    let body = match ipc::root_as_message(head) {
        Ok(message) => usize::try_from(message.bodyLength()).unwrap_or(usize::MAX),
        Err(error) => return Message::Wrong(error.to_string()),
    };
    let until = (from + PREFIX_BYTES + length).saturating_add(body);
    if until > bytes.len() {
        Message::Short
    } else {
        Message::Until(until)
    }
}

/// One message: the schema at the beginning, a batch after it.
fn decode(
    decoder: &mut StreamDecoder,
    mut message: Buffer,
    schema: &SchemaRef,
) -> Result<Option<RecordBatch>, ArrowError> {
    // The decoder believes lengths within a message; one that lies makes it panic.
    let decoded = std::panic::catch_unwind(AssertUnwindSafe(|| decoder.decode(&mut message)));
    let batch = decoded
        .map_err(|_panic| ArrowError::IpcError("a message contradicts itself".to_owned()))??;
    let Some(batch) = batch else {
        return Ok(None);
    };
    let width = schema.fields().len();
    let sums: &RunArray<Int32Type> = column(&batch, width)?;
    let sums = sums.values();
    let sum = sums.as_any().downcast_ref::<UInt64Array>();
    let sum = sum.and_then(|sums| sums.iter().flatten().next());
    let own = batch.project(&(0..width).collect::<Vec<_>>())?;
    if own.schema() != *schema {
        return Err(ArrowError::SchemaError("it has other columns".to_owned()));
    }
    if sum == Some(checksum(&own)) {
        Ok(Some(own))
    } else {
        Err(ArrowError::IpcError(
            "a batch's checksum differs".to_owned(),
        ))
    }
}

/// The checksum is a column of one run: it costs the same for one row and for thousands.
fn with_sum(schema: &Schema) -> Schema {
    let run = DataType::RunEndEncoded(
        Arc::new(Field::new("run_ends", DataType::Int32, false)),
        Arc::new(Field::new("values", DataType::UInt64, true)),
    );
    let mut fields = schema.fields().to_vec();
    fields.push(Arc::new(Field::new("checksum", run, false)));
    Schema::new(fields)
}

fn add_sum(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let rows = i32::try_from(batch.num_rows())
        .map_err(|_wide| ArrowError::InvalidArgumentError("a batch is too long".to_owned()))?;
    let run = RunArray::<Int32Type>::try_new(
        &Int32Array::from(vec![rows]),
        &UInt64Array::from(vec![checksum(batch)]),
    )?;
    let mut columns = batch.columns().to_vec();
    columns.push(Arc::new(run));
    RecordBatch::try_new(Arc::new(with_sum(&batch.schema())), columns)
}

#[cfg(test)]
mod tests;
