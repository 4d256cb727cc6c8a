//! Where one rule stands for one object, in one word.

use crate::program::Truth;

/// The truths of all conditions that matter, as they were last seen.
const SEEN: u64 = 0x7_ffff;
/// Set among them while the schedule is off.
pub(crate) const SEEN_OFF: u64 = 1 << 18;
const UNTIL_AT: u32 = 8;
const CLEAR_AT: u32 = 16;
const LATCHED_AT: u32 = 20;
const LEAVING_AT: u32 = 24;
const CLOSING: u64 = 1 << 28;
const RANK_AT: u32 = 29;
const RANK: u64 = 7 << RANK_AT;
/// Has ever been decided one way or the other.
const DECIDED: u64 = 1 << 32;
const UNKNOWN: u64 = 1 << 33;
/// Has been judged at all.
const JUDGED: u64 = 1 << 34;
/// The number of the open alarm, or of the last one.
const ALARM_AT: u32 = 35;
const ALARM: u64 = u64::MAX << ALARM_AT;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Head(u64);

impl Head {
    pub(crate) const fn from_word(word: i64) -> Self {
        Self(word.cast_unsigned())
    }

    pub(crate) const fn word(self) -> i64 {
        self.0.cast_signed()
    }

    pub(crate) const fn see(&mut self, seen: u64) {
        self.0 = self.0 & !SEEN | seen;
    }

    /// Where a level's condition stands among what is seen.
    #[inline]
    pub(crate) const fn of_level(level: usize, truth: Truth) -> u64 {
        (truth as u64) << (2 * level)
    }

    pub(crate) const fn of_until(level: usize, truth: Truth) -> u64 {
        (truth as u64) << (UNTIL_AT as usize + 2 * level)
    }

    pub(crate) const fn of_clear(truth: Truth) -> u64 {
        (truth as u64) << CLEAR_AT
    }

    pub(crate) const fn level(self, level: usize) -> Truth {
        Truth::from_bits(self.0 >> (2 * level))
    }

    pub(crate) const fn until(self, level: usize) -> Truth {
        Truth::from_bits(self.0 >> (UNTIL_AT as usize + 2 * level))
    }

    pub(crate) const fn clear(self) -> Truth {
        Truth::from_bits(self.0 >> CLEAR_AT)
    }

    pub(crate) const fn is_off(self) -> bool {
        self.0 & SEEN_OFF != 0
    }

    /// Nothing is latched and nothing open: only the levels' conditions matter.
    #[inline]
    pub(crate) const fn is_quiet(self) -> bool {
        self.0 & (RANK | 0xf << LATCHED_AT) == 0
    }

    pub(crate) const fn is_latched(self, level: usize) -> bool {
        self.0 >> LATCHED_AT >> level & 1 != 0
    }

    pub(crate) const fn latch(&mut self, level: usize, is_latched: bool) {
        self.put(1 << LATCHED_AT << level, is_latched);
    }

    pub(crate) const fn any_latched(self) -> bool {
        self.0 & 0xf << LATCHED_AT != 0
    }

    /// The highest level that is latched.
    pub(crate) const fn highest(self) -> Option<usize> {
        let latched = self.0 >> LATCHED_AT & 0xf;
        match latched {
            0 => None,
            _ => Some(63 - latched.leading_zeros() as usize),
        }
    }

    pub(crate) const fn unlatch_all(&mut self) {
        self.0 &= !(0xff << LATCHED_AT | CLOSING);
    }

    pub(crate) const fn is_leaving(self, level: usize) -> bool {
        self.0 >> LEAVING_AT >> level & 1 != 0
    }

    pub(crate) const fn leave(&mut self, level: usize, is_leaving: bool) {
        self.put(1 << LEAVING_AT << level, is_leaving);
    }

    pub(crate) const fn is_closing(self) -> bool {
        self.0 & CLOSING != 0
    }

    pub(crate) const fn close(&mut self, is_closing: bool) {
        self.put(CLOSING, is_closing);
    }

    /// The severity's rank of the open alarm; 0 when none is open.
    pub(crate) const fn rank(self) -> u8 {
        ((self.0 & RANK) >> RANK_AT) as u8
    }

    pub(crate) const fn set_rank(&mut self, rank: u8) {
        self.0 = self.0 & !RANK | (rank as u64) << RANK_AT;
    }

    pub(crate) const fn alarm(self) -> u32 {
        (self.0 >> ALARM_AT) as u32
    }

    /// Numbers beyond what there is room for begin anew.
    pub(crate) const fn set_alarm(&mut self, number: u32) {
        self.0 = self.0 & !ALARM | (number as u64) << ALARM_AT;
    }

    pub(crate) const fn is_decided(self) -> bool {
        self.0 & DECIDED != 0
    }

    pub(crate) const fn decide(&mut self) {
        self.0 |= DECIDED;
    }

    pub(crate) const fn is_unknown(self) -> bool {
        self.0 & UNKNOWN != 0
    }

    pub(crate) const fn set_unknown(&mut self, is_unknown: bool) {
        self.put(UNKNOWN, is_unknown);
    }

    /// Has been judged by these very truths.
    #[inline]
    pub(crate) const fn is_settled(self, seen: u64) -> bool {
        self.0 & (SEEN | JUDGED) == seen | JUDGED
    }

    pub(crate) const fn is_judged(self) -> bool {
        self.0 & JUDGED != 0
    }

    pub(crate) const fn judge(&mut self) {
        self.0 |= JUDGED;
    }

    const fn put(&mut self, bit: u64, is_set: bool) {
        if is_set {
            self.0 |= bit;
        } else {
            self.0 &= !bit;
        }
    }
}
