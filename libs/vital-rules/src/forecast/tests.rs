//! The forecast on series whose future is known.

use super::*;

/// A draw from 0 to 1 that is the same for the same number.
fn chance(number: usize) -> f64 {
    let mixed = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed ^ (mixed >> 32)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn usual(hour: usize) -> f64 {
    let day = (hour as f64 / 24.0 * std::f64::consts::TAU).sin() * 20.0;
    let weekend = if hour % WEEK >= 120 { -15.0 } else { 0.0 };
    100.0 + day + weekend
}

fn noisy(hours: usize) -> Vec<f64> {
    let noise = |hour: usize| (0..12).map(|part| chance(hour * 12 + part)).sum::<f64>() - 6.0;
    (0..hours)
        .map(|hour| usual(hour) + 3.0 * noise(hour))
        .collect()
}

#[test]
fn eight_in_ten_hours_lie_within_the_band() {
    let series = noisy(20 * WEEK);
    let (mut within, mut all, mut off) = (0, 0, 0.0);
    for start in (8 * WEEK..19 * WEEK).step_by(29) {
        let found = forecast(
            &series[start - 8 * WEEK..start],
            PhysicalRange::default(),
            None,
        )
        .unwrap();
        assert_eq!(found.season, WEEK);
        for (band, actual) in found.hours.iter().zip(&series[start..]) {
            all += 1;
            within += usize::from(band.p10 <= *actual && *actual <= band.p90);
        }
        off += (found.hours[11].p50 - usual(start + 11)).abs();
    }
    let share = f64::from(within as u32) / f64::from(all);
    assert!((0.74..0.90).contains(&share), "{share}");
    assert!(off / 64.0 < 2.0, "{off}");
}

#[test]
fn what_is_unusual_now_dies_away() {
    let mut series = noisy(6 * WEEK);
    // Every disturbance of the history lasts for hours.
    let mut lasting = 0.0;
    for (hour, value) in series.iter_mut().enumerate() {
        lasting = 0.9 * lasting + 6.0 * (chance(hour * 77) - 0.5);
        *value += lasting;
    }
    let plain = forecast(&series, PhysicalRange::default(), None).unwrap();
    *series.last_mut().unwrap() += 40.0;
    let raised = forecast(&series, PhysicalRange::default(), None).unwrap();
    let more = |hour: usize| raised.hours[hour].p50 - plain.hours[hour].p50;
    assert!(
        more(0) > 10.0 && more(0) > more(5) && more(5) > more(23),
        "{} {}",
        more(0),
        more(5)
    );
}

#[test]
fn a_trend_goes_on_within_the_range() {
    let series: Vec<f64> = (0..5 * DAY).map(|hour| hour as f64 * 0.5).collect();
    let found = forecast(
        &series,
        PhysicalRange {
            min: None,
            max: Some(65.0),
        },
        None,
    )
    .unwrap();
    assert!(
        (found.hours[3].p50 - (60.0 + 1.5)).abs() < 0.01,
        "{:?}",
        found.hours[3]
    );
    assert!(
        found
            .hours
            .iter()
            .all(|band| band.p10 <= band.p50 && band.p50 <= band.p90)
    );
    assert!((found.hours[23].p90 - 65.0).abs() < 1e-9);
}

#[test]
fn little_history_says_nothing() {
    assert!(forecast(&noisy(71), PhysicalRange::default(), None).is_none());
    let mut series = noisy(10 * DAY);
    let found = forecast(&series, PhysicalRange::default(), None).unwrap();
    assert_eq!(found.season, DAY);
    let end = series.len();
    series[end - 3..].fill(f64::NAN);
    assert!(forecast(&series, PhysicalRange::default(), None).is_none());
}

/// Cases of each hour, more in the day than at night, and how many there are since midnight.
fn counted(hours: usize) -> Vec<f64> {
    let mut total = 0.0;
    let count = |hour: usize| {
        let rate = if (8..20).contains(&(hour % DAY)) {
            12.0
        } else {
            2.0
        };
        (rate * (0.5 + chance(hour))).round()
    };
    (0..hours)
        .map(|hour| {
            total = if hour.is_multiple_of(DAY) { 0.0 } else { total } + count(hour);
            total
        })
        .collect()
}

const AT_NOON: Daily = Daily {
    hour: 12,
    elapsed: 1.0,
};

#[test]
fn what_is_counted_up_never_falls_before_midnight() {
    let mut series = counted(28 * DAY + 13);
    // A day with four times as much as usual.
    let begin = 28 * DAY;
    for value in &mut series[begin..] {
        *value *= 4.0;
    }
    let range = PhysicalRange {
        min: Some(0.0),
        max: None,
    };
    let found = forecast(&series, range, Some(AT_NOON)).unwrap();
    let now = *series.last().unwrap();
    let mut before = now;
    for band in &found.hours[..11] {
        assert!(band.p50 >= before && band.p10 >= now, "{band:?} {before}");
        before = band.p50;
    }
    // Eleven hours more, most of them busy, and then a new day.
    assert!((30.0..200.0).contains(&(before - now)), "{before} {now}");
    assert!(
        found.hours[11].p50 < 10.0,
        "after midnight {:?}",
        found.hours[11]
    );
    assert!(
        (40.0..120.0).contains(&found.hours[23].p50),
        "{:?}",
        found.hours[23]
    );
    let plain = forecast(&series, range, None).unwrap();
    assert!(plain.hours[10].p50 < now, "what the day forbids");
}

#[test]
fn eight_in_ten_counts_lie_within_the_band() {
    let series = counted(80 * DAY);
    let (mut within, mut all) = (0, 0);
    for end in (40 * DAY..78 * DAY).step_by(29) {
        let daily = Daily {
            hour: (end - 1) % DAY,
            elapsed: 1.0,
        };
        let known = &series[end - 28 * DAY..end];
        let found = forecast(known, PhysicalRange::default(), Some(daily)).unwrap();
        for (band, actual) in found.hours.iter().zip(&series[end..]) {
            all += 1;
            within += usize::from(band.p10 <= *actual && *actual <= band.p90);
        }
    }
    let share = f64::from(within as u32) / f64::from(all);
    assert!((0.74..0.95).contains(&share), "{share}");
}

#[test]
fn an_hour_that_has_just_begun_is_not_taken_for_a_quiet_one() {
    let whole = counted(28 * DAY + 12);
    let mut begun = whole.clone();
    begun.push(*whole.last().unwrap());
    let daily = Daily {
        elapsed: 0.0,
        ..AT_NOON
    };
    let range = PhysicalRange::default();
    let early = forecast(&begun, range, Some(daily)).unwrap();
    let before = Daily {
        hour: 11,
        elapsed: 1.0,
    };
    let late = forecast(&whole, range, Some(before)).unwrap();
    // The end of the next hour is as far as it was a moment ago.
    let apart = early.hours[0].p50 - late.hours[1].p50;
    assert!(apart.abs() < 2.0, "{apart}");
}

#[test]
fn what_rises_and_falls_is_no_count() {
    let series: Vec<f64> = noisy(4 * WEEK);
    let range = PhysicalRange::default();
    assert_eq!(
        forecast(&series, range, Some(AT_NOON)),
        forecast(&series, range, None)
    );
    // Nor is what grows through the year.
    let growing: Vec<f64> = (0..4 * WEEK).map(|hour| hour as f64).collect();
    assert_eq!(
        forecast(&growing, range, Some(AT_NOON)),
        forecast(&growing, range, None)
    );
}
