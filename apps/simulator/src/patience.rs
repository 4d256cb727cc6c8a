//! How long people take for what, in simulated time, and who is late.

use yiwang_kernel::{Timestamp, from_micros};

use crate::dice::Dice;
use crate::rhythm::{CityTime, is_night};

const MINUTE: f64 = 60.0;
/// Work that is not urgent goes slower at night.
const NIGHT: f64 = 3.0;
/// Some let things lie, and so the lights change; more of the short limits, which people can watch.
const LATE: f64 = 0.06;
const LATE_SHORT: f64 = 0.22;
const SHORT_SECONDS: i64 = 2 * 3_600;
/// Longer limits than this are not waited for on purpose.
const LONG_SECONDS: i64 = 3 * 86_400;

/// Mean minutes for a deed, by grade i to v.
fn minutes(kind: &str, grade: &str) -> f64 {
    let by_grade = |times: [f64; 5]| {
        let at = ["i", "ii", "iii", "iv", "v"]
            .iter()
            .position(|name| *name == grade);
        times.get(at.unwrap_or(3)).copied().unwrap_or(60.0)
    };
    match kind {
        "at_once" => 0.0,
        "answer" | "supervise" => 5.0,
        "accept" | "refuse" | "transfer" | "merge" => by_grade([1.0, 2.0, 6.0, 10.0, 10.0]),
        "register" => by_grade([1.0, 3.0, 10.0, 25.0, 40.0]),
        "dispatch" => by_grade([1.0, 3.0, 8.0, 15.0, 30.0]),
        "sign" => by_grade([2.0, 6.0, 25.0, 70.0, 90.0]),
        "contact" | "arrive" => by_grade([5.0, 15.0, 45.0, 120.0, 180.0]),
        "report" => by_grade([50.0, 240.0, 200.0, 900.0, 2_400.0]),
        "assist" => by_grade([30.0, 120.0, 120.0, 400.0, 1_000.0]),
        "request" => 40.0,
        "resume" => 4_000.0,
        "verify" => by_grade([20.0, 40.0, 90.0, 180.0, 240.0]),
        "close" => by_grade([10.0, 20.0, 40.0, 60.0, 90.0]),
        "rate" => 240.0,
        "reopen" => 600.0,
        _ => 60.0,
    }
}

/// What is to be waited for.
pub(crate) struct Wait<'a> {
    pub(crate) kind: &'a str,
    pub(crate) grade: &'a str,
    /// Start and end of the limit that runs against it.
    pub(crate) clock: Option<(Timestamp, Timestamp)>,
}

/// The instant at which it is done.
pub(crate) fn when(wait: &Wait<'_>, time: &CityTime, now: Timestamp, dice: &mut Dice) -> Timestamp {
    let mut seconds = minutes(wait.kind, wait.grade) * MINUTE * dice.between(0.4, 1.8);
    let patient = !matches!(wait.grade, "i" | "ii") && wait.kind != "answer";
    if patient && is_night(time.at(now)) {
        seconds *= NIGHT;
    }
    let done = time.after(now, seconds);
    let late = dice.unit();
    let part = *dice
        .weighted(&[(0.8, 3.0), (0.95, 3.0), (1.2, 3.0), (2.0, 1.0)])
        .unwrap_or(&1.0);
    let Some((start, due)) = wait.clock else {
        return done;
    };
    let limit = due.as_second() - start.as_second();
    let share = if limit <= SHORT_SECONDS {
        LATE_SHORT
    } else {
        LATE
    };
    if limit > LONG_SECONDS || late >= share {
        return done;
    }
    let micros = start.as_microsecond() + (limit as f64 * part * 1e6) as i64;
    done.max(from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn times(speed: f64, wait: &Wait<'_>) -> Vec<i64> {
        let now = at("2026-11-23T02:00:00Z");
        let time = CityTime {
            real: now,
            begins: now,
            speed,
        };
        let mut dice = Dice::of(&[9]);
        (0..2_000)
            .map(|_| when(wait, &time, now, &mut dice).as_second() - now.as_second())
            .collect()
    }

    #[test]
    fn urgent_matters_go_first() {
        let mean = |grade| {
            let wait = Wait {
                kind: "sign",
                grade,
                clock: None,
            };
            times(1.0, &wait).iter().sum::<i64>() / 2_000
        };
        assert!(mean("i") < mean("ii") && mean("ii") < mean("iii") && mean("iii") < mean("iv"));
    }

    #[test]
    fn speed_shortens_work_but_not_limits() {
        let clock = Some((at("2026-11-23T02:00:00Z"), at("2026-11-23T02:10:00Z")));
        let wait = Wait {
            kind: "accept",
            grade: "ii",
            clock,
        };
        let times = times(60.0, &wait);
        let (prompt, late): (Vec<i64>, Vec<i64>) = times.iter().partition(|seconds| **seconds < 60);
        assert!(prompt.iter().all(|seconds| *seconds <= 4));
        assert!((300..600).contains(&late.len()), "{}", late.len());
        let red = late.iter().filter(|seconds| **seconds > 600).count();
        assert!(red > 100 && late.iter().all(|seconds| (480..=1_200).contains(seconds)));
    }

    #[test]
    fn long_limits_are_not_sat_out() {
        let clock = Some((at("2026-11-23T02:00:00Z"), at("2026-12-03T02:00:00Z")));
        let wait = Wait {
            kind: "report",
            grade: "iv",
            clock,
        };
        assert!(times(60.0, &wait).iter().all(|seconds| *seconds < 1_800));
    }
}
