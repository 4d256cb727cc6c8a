//! Fixes a second against ten thousand fences, and questions about a million points. Run with `--release`; everything
//! is done by one thread, and seconds are those that it had a processor, where the system tells (Linux). `fixes` or
//! `questions` measures only these.

#![expect(clippy::print_stdout, reason = "a measurement is printed")]
#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]

use std::{sync::LazyLock, time::Instant};

use serde_json::json;
use yiwang_coords::{
    Line, LonLat, Plane, Polygon, Ring,
    near::{PointIndex, PolygonIndex, Reach, uncovered},
};
use yiwang_geofence::{Event, Fix, Settings, Tracker, TrailSettings, trails};

const FENCES: usize = 10_000;
const OBJECTS: usize = 10_000;
/// Fixes of each object, ten seconds apart.
const ROUNDS: i64 = 100;
const POINTS: usize = 1_000_000;
const QUESTIONS: usize = 10_000;
const RUNS: usize = 3;
const SECOND: i64 = 1_000_000;
const START: i64 = 1_772_409_600 * SECOND;
/// Half of the county, east to west and north to south.
const EAST_M: f64 = 25_000.0;
const NORTH_M: f64 = 15_000.0;

const KINDS: [&str; 5] = ["muck truck", "tanker", "bus", "grid worker", "drone"];

/// For whom fences are.
#[derive(Debug, Clone, Copy)]
enum Audience {
    /// Each for one of five kinds of objects.
    Kinds,
    /// Each for all.
    All,
}

/// Numbers that look drawn, the same in every run.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.next()
    }

    /// Half of everything is in the town.
    fn place(&mut self) -> (f64, f64) {
        let size = if self.next() < 0.5 { 0.2 } else { 1.0 };
        let east = self.between(-EAST_M, EAST_M) * size;
        (east, self.between(-NORTH_M, NORTH_M) * size)
    }
}

fn ground(east: f64, north: f64) -> LonLat {
    Plane::at(LonLat::new(120.28, 31.91)).point(east, north)
}

fn star(draw: &mut Draw, middle: (f64, f64), size_m: f64, corners: usize) -> Vec<LonLat> {
    let mut points: Vec<_> = (0..corners)
        .map(|corner| {
            let turn = corner as f64 / corners as f64 * std::f64::consts::TAU;
            let ray = size_m * draw.between(0.6, 1.0);
            ground(middle.0 + turn.cos() * ray, middle.1 + turn.sin() * ray)
        })
        .collect();
    points.extend(points.first().copied());
    points
}

/// A way of some kilometres with a bend every 200 m.
fn way(draw: &mut Draw, bends: usize) -> Vec<LonLat> {
    let (mut east, mut north) = draw.place();
    let mut course = draw.between(0.0, std::f64::consts::TAU);
    let points = (0..bends).map(|_| {
        course += draw.between(-0.5, 0.5);
        (east, north) = (east + course.cos() * 200.0, north + course.sin() * 200.0);
        ground(east, north)
    });
    points.collect()
}

fn written(points: &[LonLat]) -> Vec<[f64; 2]> {
    points.iter().map(|point| [point.lon, point.lat]).collect()
}

/// Four of ten a circle, four a polygon, one a route of one object, one a corridor like any other fence. Twenty
/// are towns with two thousand corners.
fn fences(tracker: &mut Tracker, audience: Audience) {
    let mut draw = Draw(7);
    for number in 0..FENCES {
        let middle = draw.place();
        let mut concerns = match audience {
            Audience::Kinds => json!({"tags": KINDS.get(number / 10 % KINDS.len()).as_slice()}),
            Audience::All => json!({}),
        };
        let mut rules = json!({
            "enter": true, "leave": true, "dwell_seconds": 600, "overspeed": {"kmh": 60.0, "seconds": 20}
        });
        let outline = match number % 10 {
            _ if number % 500 == 0 => {
                let town = star(&mut draw, middle, 4_000.0, 2_000);
                json!({"kind": "polygon", "coordinates": [[written(&town)]]})
            }
            0..4 => {
                let centre = ground(middle.0, middle.1);
                let radius_m = draw.between(50.0, 500.0);
                json!({"kind": "circle", "centre": [centre.lon, centre.lat], "radius_m": radius_m})
            }
            4..8 => {
                let size_m = draw.between(60.0, 600.0);
                let corners = 5 + (draw.next() * 40.0) as usize;
                let ring = star(&mut draw, middle, size_m, corners);
                json!({"kind": "polygon", "coordinates": [[written(&ring)]]})
            }
            rest => {
                if rest == 8 {
                    concerns = json!({"objects": [format!("v{number}")]});
                    rules = json!({"off_route": {"seconds": 300, "metres": 2_000.0}});
                }
                let line = written(&way(&mut draw, 50));
                json!({"kind": "corridor", "lines": [line], "half_width_m": 60.0})
            }
        };
        let spec = json!({
            "id": format!("fence {number}"), "outline": outline, "concerns": concerns, "rules": rules
        });
        let spec = serde_json::from_value(spec).expect("a fence as written here");
        let put = tracker.put_fence(spec, START, &mut Vec::new());
        put.expect("a fence as written here");
    }
}

/// Where all objects are at each round: each drives at its own speed and turns now and then.
fn drive() -> Vec<Vec<Fix>> {
    let mut draw = Draw(11);
    let mut cars: Vec<_> = (0..OBJECTS)
        .map(|_| {
            let (east, north) = draw.place();
            (east, north, draw.between(0.0, 6.3), draw.between(0.0, 25.0))
        })
        .collect();
    let rounds = (0..ROUNDS).map(|round| {
        let fixes = cars.iter_mut().enumerate().map(|(number, car)| {
            if draw.next() < 0.1 {
                car.2 += draw.between(-1.6, 1.6);
                car.3 = draw.between(0.0, 25.0);
            }
            car.0 += car.2.cos() * car.3 * 10.0;
            car.1 += car.2.sin() * car.3 * 10.0;
            let place = ground(car.0, car.1);
            let time = START + round * 10 * SECOND + number as i64 * 997;
            Fix::new(time, place.lon, place.lat).at_kmh(car.3 * 3.6)
        });
        fixes.collect()
    });
    rounds.collect()
}

/// Seconds that this thread has run.
fn now() -> f64 {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = text
        .split(' ')
        .next()
        .and_then(|nanos| nanos.parse::<f64>().ok());
    nanos.map_or_else(|| BEGUN.elapsed().as_secs_f64(), |nanos| nanos / 1e9)
}

fn median(mut runs: Vec<f64>) -> f64 {
    runs.sort_by(f64::total_cmp);
    runs.get(runs.len() / 2).copied().unwrap_or_default()
}

/// Seconds of the median of some runs.
fn timed<T>(mut run: impl FnMut() -> T) -> (f64, T) {
    let mut last = None;
    let runs = (0..RUNS).map(|_| {
        let begun = now();
        last = Some(run());
        now() - begun
    });
    let runs = runs.collect();
    (median(runs), last.expect("there is more than one run"))
}

/// Bytes of memory that the process holds.
fn resident() -> f64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<f64>().ok());
    pages.unwrap_or_default() * 4_096.0
}

/// Feeds all rounds, a tick after each, and says how many fixes a second went through.
fn track(rounds: &[Vec<Fix>], names: &[String], audience: Audience) -> f64 {
    let before = resident();
    let mut tracker = Tracker::new(Settings::default());
    let begun = now();
    fences(&mut tracker, audience);
    let (put, fenced) = (now() - begun, resident());
    let mut out = Vec::new();
    for (name, kind) in names.iter().zip(KINDS.iter().cycle()) {
        let put = tracker.put_object(name, &[kind], START, &mut out);
        put.expect("an object as named here");
    }
    let (mut told, mut held) = (0, 0);
    let begun = now();
    for fixes in rounds {
        for (name, fix) in names.iter().zip(fixes) {
            // Whatever is ignored is counted.
            let _ = tracker.fix(name, *fix, &mut out);
        }
        let now = fixes.last().map_or(START, |fix| fix.time);
        tracker.tick(now, &mut out);
        told += out.len();
        held = held.max(out.capacity());
        out.clear();
    }
    let seconds = now() - begun;
    let (counts, size) = (tracker.counts(), tracker.size());
    let rate = counts.received as f64 / seconds;
    let bytes = resident() - fenced - (held * size_of::<Event>()) as f64;
    println!(
        "{audience:?}: {} fences in {put:.2} s and {:.0} MiB; {} fixes in {seconds:.2} s: {rate:.0}/s; {} taken; {told} \
         events; {} watches; {:.0} B/object with its watches",
        size.fences,
        (fenced - before) / 1_048_576.0,
        counts.received,
        counts.taken,
        size.watches,
        bytes / OBJECTS as f64,
    );
    rate
}

fn follow() {
    let rounds = drive();
    let names: Vec<_> = (0..OBJECTS).map(|number| format!("v{number}")).collect();
    for audience in [Audience::Kinds, Audience::All] {
        let rates = (0..RUNS).map(|_| track(&rounds, &names, audience));
        println!(
            "{audience:?}: median {:.0} fixes/s",
            median(rates.collect())
        );
    }
    let (seconds, found) = timed(|| {
        let days = names.iter().take(1_000).enumerate().map(|(number, _)| {
            let day: Vec<_> = rounds
                .iter()
                .filter_map(|fixes| fixes.get(number).copied())
                .collect();
            trails(&day, &TrailSettings::default())
        });
        days.map(|day| day.trails.len()).sum::<usize>()
    });
    println!(
        "{found} trails of {ROUNDS} fixes: {:.1} us each",
        seconds * 1e6 / found as f64
    );
}

fn ask() {
    let mut draw = Draw(13);
    let mut places = |count: usize| -> Vec<_> {
        let places = (0..count).map(|_| draw.place());
        places.map(|(east, north)| ground(east, north)).collect()
    };
    let (points, questions, sites) = (places(POINTS), places(QUESTIONS), places(1_000));
    let (seconds, index) = timed(|| PointIndex::new(points.clone()).expect("places"));
    println!("index of {POINTS} points: {seconds:.2} s");
    let each = |name: &str, seconds: f64, asked: usize, found: usize| {
        println!(
            "{name}: {asked} questions in {seconds:.3} s, {:.1} us each, {found} found",
            seconds * 1e6 / asked as f64
        );
    };
    let (seconds, found) = timed(|| index.nearest(&questions, 10));
    each("10 nearest", seconds, QUESTIONS, found.items().len());
    let (seconds, found) = timed(|| index.within(&questions, 300.0));
    each("within 300 m", seconds, QUESTIONS, found.items().len());
    let mut draw = Draw(17);
    let lines: Vec<_> = (0..1_000)
        .map(|_| Line::new(way(&mut draw, 25)).expect("a way as drawn here"))
        .collect();
    let (seconds, found) = timed(|| index.along(&lines, 50.0));
    each(
        "along 4.8 km within 50 m",
        seconds,
        lines.len(),
        found.items().len(),
    );
    let polygons: Vec<_> = (0..10_000)
        .map(|_| {
            let middle = draw.place();
            let ring = Ring::new(star(&mut draw, middle, 400.0, 30));
            Polygon::from(ring.expect("a ring as drawn here"))
        })
        .collect();
    let polygons = PolygonIndex::new(polygons);
    let (seconds, found) = timed(|| polygons.holding(&questions));
    each(
        "which of 10,000 polygons",
        seconds,
        QUESTIONS,
        found.items().len(),
    );
    let reaches: Vec<_> = sites
        .iter()
        .map(|site| Reach {
            centre: *site,
            radius_m: 1_000.0,
        })
        .collect();
    let (seconds, found) = timed(|| uncovered(&points, &reaches));
    println!(
        "{POINTS} places and {} reaches of 1 km: {seconds:.2} s, {} not reached",
        reaches.len(),
        found.len()
    );
}

fn main() {
    let part = std::env::args().nth(1);
    if part.as_deref() != Some("questions") {
        follow();
    }
    if part.as_deref() != Some("fixes") {
        ask();
    }
}
