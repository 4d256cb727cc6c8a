//! Directories: which tile lies where.

use super::ArchiveFault;

/// More entries than any directory of a real archive has; the specification keeps roots below 16 KiB.
const ENTRIES_MAX: u64 = 1 << 20;

/// Entries in the order of the numbers of their first tiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Directory(Vec<Entry>);

/// Tiles with one content, or, with a run of 0, a further directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) first: u64,
    pub(super) run: u32,
    pub(super) offset: u64,
    pub(super) length: u32,
}

impl Directory {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, ArchiveFault> {
        let mut reader = Reader(bytes);
        let count = reader.number()?;
        // Each entry has four numbers of a byte at least.
        if count == 0 || count > ENTRIES_MAX || count * 4 > bytes.len() as u64 {
            return Err(ArchiveFault::Directory);
        }
        let count = count as usize;
        let mut entries = Vec::with_capacity(count);
        let mut first = 0_u64;
        for n in 0..count {
            let step = reader.number()?;
            if n > 0 && step == 0 {
                return Err(ArchiveFault::Directory);
            }
            first = first.checked_add(step).ok_or(ArchiveFault::Directory)?;
            entries.push(Entry {
                first,
                run: 0,
                offset: 0,
                length: 0,
            });
        }
        for entry in &mut entries {
            entry.run = reader.small()?;
        }
        for entry in &mut entries {
            entry.length = reader.small()?;
        }
        let mut end = None;
        for entry in &mut entries {
            // 0 stands for: right behind the one before.
            entry.offset = match reader.number()? {
                0 => end.ok_or(ArchiveFault::Directory)?,
                more => more - 1,
            };
            let length = u64::from(entry.length);
            end = Some(
                entry
                    .offset
                    .checked_add(length)
                    .ok_or(ArchiveFault::Directory)?,
            );
        }
        Ok(Self(entries))
    }

    /// The entry that has a tile, or the directory in which to look on.
    pub(super) fn find(&self, number: u64) -> Option<Entry> {
        let behind = self.0.partition_point(|entry| entry.first <= number);
        let entry = self.0.get(behind.checked_sub(1)?)?;
        let is_there = entry.run == 0 || number - entry.first < u64::from(entry.run);
        (is_there && entry.length > 0).then_some(*entry)
    }
}

/// Numbers of seven bits in each byte, the least first.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn number(&mut self) -> Result<u64, ArchiveFault> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first().ok_or(ArchiveFault::Directory)?;
            self.0 = rest;
            let bits = u64::from(byte & 0x7F);
            if shift == 63 && bits > 1 {
                return Err(ArchiveFault::Directory);
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(ArchiveFault::Directory)
    }

    fn small(&mut self) -> Result<u32, ArchiveFault> {
        u32::try_from(self.number()?).map_err(|_large| ArchiveFault::Directory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_by_their_run() {
        // Two entries: tiles 5 to 7 at 0, a further directory from 40 on right behind.
        let directory = Directory::read(&[2, 5, 35, 3, 0, 10, 20, 1, 0]).unwrap();
        let tiles = Entry {
            first: 5,
            run: 3,
            offset: 0,
            length: 10,
        };
        assert_eq!(directory.find(4), None);
        assert_eq!(directory.find(5), Some(tiles));
        assert_eq!(directory.find(7), Some(tiles));
        assert_eq!(directory.find(8), None);
        let leaf = Entry {
            first: 40,
            run: 0,
            offset: 10,
            length: 20,
        };
        assert_eq!(directory.find(40), Some(leaf));
        assert_eq!(directory.find(4_000), Some(leaf));
    }

    #[test]
    fn broken_directories_are_errors() {
        for bytes in [
            &[][..],
            &[0],
            &[200],
            &[1, 0, 1, 1],
            // The first has nothing before it.
            &[1, 0, 1, 1, 0],
            // The same tile twice.
            &[2, 5, 0, 1, 1, 1, 1, 1, 0],
            &[255; 12],
            &[255, 255, 255, 255, 255, 255, 255, 255, 255, 1],
        ] {
            assert!(
                matches!(Directory::read(bytes), Err(ArchiveFault::Directory)),
                "{bytes:?}"
            );
        }
    }
}
