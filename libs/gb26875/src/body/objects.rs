//! Objects behind their count. Makers differ in whether an object ends with its time; how many bytes there are tells.

use jiff::Timestamp;
use jiff::tz::Offset;

use super::Unsendable;
use crate::oddity::Oddity;
use crate::reader::{Reader, Unread, write_time};

pub(super) const TIME_BYTES: usize = 6;

/// An object of a data unit.
pub(super) trait Object: Sized {
    /// Its bytes without the time, if they are always the same number.
    const BYTES: Option<usize>;
    /// Does it end with a time, by the standard?
    const IS_TIMED: bool;

    fn read(reader: &mut Reader<'_>) -> Result<Self, Unread>;
    fn write(&self, out: &mut Vec<u8>) -> Result<(), Unsendable>;

    fn set_time(&mut self, _time: Option<Timestamp>) {}

    fn time(&self) -> Option<Timestamp> {
        None
    }
}

/// How the objects stand in the bytes.
struct Plan {
    count: usize,
    is_timed: bool,
}

pub(super) fn read<T: Object>(reader: &mut Reader<'_>) -> Result<Vec<T>, Unread> {
    let declared = reader.u8("count")?;
    let plan = plan::<T>(usize::from(declared), reader);
    let mut objects = Vec::new();
    let mut left = reader.left();
    for index in 0..plan.count {
        match read_one::<T>(plan.is_timed, reader) {
            Ok(object) => objects.push(object),
            Err(unread) if index == 0 => return Err(unread),
            Err(_cut) => break,
        }
        left = reader.left();
    }
    if plan.is_timed != T::IS_TIMED && !objects.is_empty() {
        let oddity = if plan.is_timed {
            Oddity::ExtraTime
        } else {
            Oddity::NoTime
        };
        reader.oddities.push(oddity);
    }
    let found = objects.len();
    if found != usize::from(declared) {
        reader.oddities.push(Oddity::Count { declared, found });
    }
    if left > 0 {
        reader.oddities.push(Oddity::Trailing { bytes: left });
    }
    Ok(objects)
}

fn plan<T: Object>(declared: usize, reader: &Reader<'_>) -> Plan {
    let left = reader.left();
    let plan = |count, is_timed| Plan { count, is_timed };
    let standard = plan(declared, T::IS_TIMED);
    let Some(bytes) = T::BYTES else {
        return plan(declared, is_timed_by_trial::<T>(declared, reader));
    };
    let (timed, untimed) = (bytes + TIME_BYTES, bytes);
    let (usual, other) = if T::IS_TIMED {
        (timed, untimed)
    } else {
        (untimed, timed)
    };
    if left == declared * usual {
        standard
    } else if left == declared * other && left > 0 {
        plan(declared, !T::IS_TIMED)
    } else if left > 0 && usual > 0 && left.is_multiple_of(usual) && T::IS_TIMED {
        // The bytes are exactly some other number of objects: the count is wrong.
        plan(left / usual, true)
    } else {
        standard
    }
}

/// Texts make objects of any length: what uses up the bytes exactly is how they stand.
fn is_timed_by_trial<T: Object>(declared: usize, reader: &Reader<'_>) -> bool {
    let fits = |is_timed: bool| {
        let mut trial = reader.clone_rest();
        (0..declared).all(|_index| read_one::<T>(is_timed, &mut trial).is_ok()) && trial.left() == 0
    };
    if fits(T::IS_TIMED) {
        T::IS_TIMED
    } else {
        T::IS_TIMED ^ fits(!T::IS_TIMED)
    }
}

fn read_one<T: Object>(is_timed: bool, reader: &mut Reader<'_>) -> Result<T, Unread> {
    let mut object = T::read(reader)?;
    if is_timed {
        let time = reader.time("time")?;
        object.set_time(time);
    }
    Ok(object)
}

/// Writes them as the standard says and answers how many they are.
pub(super) fn write<T: Object>(
    objects: &[T],
    zone: Offset,
    out: &mut Vec<u8>,
) -> Result<usize, Unsendable> {
    for object in objects {
        object.write(out)?;
        if T::IS_TIMED {
            write_time(object.time(), zone, out);
        }
    }
    Ok(objects.len())
}
