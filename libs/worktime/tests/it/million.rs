//! A million random cases against the counter of minutes, without one difference.

use jiff::{Timestamp, civil::Date};
use yiwang_worktime::{Calendar, Limit, Span, Unit};

use crate::counter::{Counter, FIRST, Paper, Seasonal, Shifts, Stop};

const CALENDARS: usize = 1_000;
const CASES: usize = 1_000;

/// SplitMix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    fn one_in(&mut self, chance: usize) -> bool {
        self.below(chance) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

fn shifts(random: &mut Random) -> Shifts {
    let count = 1 + random.below(3);
    let grain = random.pick(&[1, 30]);
    let mut ends: Vec<u16> = Vec::new();
    while ends.len() < 2 * count {
        let end = (random.below(1440 / grain + 1) * grain) as u16;
        if !ends.contains(&end) {
            ends.push(end);
        }
    }
    ends.sort_unstable();
    if count > 1 && random.one_in(4) {
        // Two shifts that touch.
        ends[2] = ends[1];
    }
    ends.chunks(2).map(|pair| (pair[0], pair[1])).collect()
}

fn seasons(random: &mut Random) -> Vec<Seasonal> {
    let count = random.below(3);
    let mut days: Vec<(i8, i8)> = Vec::new();
    while days.len() < 2 * count {
        let date = Date::constant(2024, 1, 1)
            .saturating_add(jiff::Span::new().days(random.below(366) as i64));
        let day = (date.month(), date.day());
        if !days.contains(&day) {
            days.push(day);
        }
    }
    days.sort_unstable();
    if random.one_in(2) && !days.is_empty() {
        days.rotate_left(1);
    }
    days.chunks(2)
        .map(|pair| (pair[0], pair[1], shifts(random)))
        .collect()
}

fn paper(random: &mut Random) -> Paper {
    let offset = random.pick(&[480, 480, 480, 0, 345, -210]);
    if random.one_in(12) {
        return Paper {
            offset,
            always: true,
            ..Paper::default()
        };
    }
    let mut paper = Paper {
        offset,
        shifts: shifts(random),
        seasons: seasons(random),
        weekdays: random.pick(&[
            [true, true, true, true, true, false, false],
            [true, true, true, true, true, true, false],
            [true; 7],
            [false, true, false, false, true, false, true],
            [true, false, false, false, false, false, false],
        ]),
        ..Paper::default()
    };
    let mut date = FIRST;
    while date.year() < 2030 {
        match random.below(40) {
            0 => paper.holidays.push(date),
            1 => {
                for _ in 0..random.below(9) {
                    paper.holidays.push(date);
                    date = date.tomorrow().unwrap();
                }
            }
            2 => paper.workdays.push(date),
            3 => paper.half_days.push((date, shifts(random))),
            _ => {}
        }
        date = date.tomorrow().unwrap();
    }
    paper
}

struct Case {
    start: usize,
    limit: Limit,
    stops: Vec<Stop>,
    until: usize,
}

fn case(random: &mut Random, weekly: usize) -> Case {
    // From the second year on, so that spans may begin before; some two years before the end.
    let start = 525_600 + random.below(2 * 525_600);
    // About how long it should last, so that counting minute by minute stays affordable.
    let minutes = match random.below(100) {
        0 => random.below(90 * 1440),
        1..10 => random.below(15 * 1440),
        _ => random.below(4 * 1440),
    };
    let worked = minutes * weekly / (7 * 1440);
    let (unit, amount) = match random.below(6) {
        0 => (Unit::Minute, minutes),
        1 => (Unit::Hour, minutes / 60),
        2 => (Unit::Day, minutes / 1440),
        3 => (Unit::WorkingMinute, worked),
        4 => (Unit::WorkingHour, worked / 60),
        _ => (Unit::WorkingDay, minutes / 1440),
    };
    let amount = if random.one_in(50) { 0 } else { amount };
    let stops = (0..random.below(4)).map(|_| {
        let from = start + random.below(minutes * 3 / 2 + 2880) - 1440;
        let length = if random.one_in(10) {
            20 * 1440
        } else {
            2 * 1440
        };
        let until = from + random.below(length);
        match random.below(16) {
            0 => (from, None),
            1 => (until, Some(from)),
            _ => (from, Some(until)),
        }
    });
    let stops = stops.collect();
    let until = start + random.below(2 * 1440);
    Case {
        start,
        limit: Limit {
            amount: amount as u32,
            unit,
        },
        stops,
        until,
    }
}

#[test]
fn a_million_cases_agree_with_the_counter_of_minutes() {
    let mut random = Random(2026);
    for _ in 0..CALENDARS {
        let paper = paper(&mut random);
        let calendar = Calendar::new(paper.spec()).unwrap();
        let counter = Counter::new(&paper);
        let weekly = counter.weekly();
        let origin = FIRST.to_datetime(jiff::civil::Time::midnight());
        let origin = jiff::tz::Offset::UTC
            .to_timestamp(origin)
            .unwrap()
            .as_second();
        let instant = |minute: usize| {
            let minute = i64::try_from(minute).unwrap() - i64::from(paper.offset);
            Timestamp::from_second(origin + minute * 60).unwrap()
        };
        for _ in 0..CASES {
            let Case {
                start,
                limit,
                stops,
                until,
            } = case(&mut random, weekly);
            let span = |(from, until): &Stop| Span {
                from: instant(*from),
                until: until.map(instant),
            };
            let spans: Vec<_> = stops.iter().map(span).collect();
            let expected = counter.due(start, limit, &stops).map(instant);
            let deadline = calendar.deadline(instant(start), limit, &spans);
            let message = || format!("{paper:?}\n{start} {limit} {stops:?}\n{spans:?}");
            assert_eq!(deadline.due, expected, "{}", message());

            let natural = !limit.unit.is_working();
            let expected = counter.elapsed(start, until, natural, &stops);
            let (from, to) = (instant(start), instant(until));
            let elapsed = calendar.elapsed_minutes(from, to, &spans, limit.unit);
            assert_eq!(elapsed, expected as u64, "until {until}\n{}", message());
        }
    }
}
