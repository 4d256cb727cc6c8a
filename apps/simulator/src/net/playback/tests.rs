//! What is sent when, what the frames say to those that read them, and a centre that wants a report again.

use std::net::SocketAddr;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use yiwang_hj212::Body as AirBody;
use yiwang_kernel::Masked;
use yiwang_sl651::Body as WaterBody;

use super::schedule::{Job, Schedule, civil};
use super::{Answer, Station, Told, Voice, air, hydro, play, stations};
use crate::net::fleet::Town;
use crate::net::recording::{Kind, Quantity, Recording, Shelf, Stat, Values};
use crate::net::{NetConfig, Weather};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn of(recordings: &[Recording], server: SocketAddr) -> Vec<Station> {
    let towns = [Town::sample("澄江街道"), Town::sample("周庄镇")];
    let config = NetConfig {
        base_url: String::new(),
        username: String::new(),
        password: Masked::new(""),
        seed: 1,
        mqtt: None,
        hj212: Some(server),
        sl651: Some(server),
        jt808: None,
        gb26875: None,
        recordings: None,
        weather: Arc::<Weather>::default(),
    };
    stations(recordings, &towns, &config).unwrap()
}

fn nobody() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 9))
}

fn shelf_at(now: Timestamp) -> (tempfile::TempDir, Shelf) {
    let folder = crate::net::recording::tests::folder();
    let shelf = Shelf::open(folder.path(), civil(now), CancellationToken::new()).unwrap();
    (folder, shelf)
}

#[test]
fn stations_have_codes_of_their_own_that_stay() {
    let (_folder, shelf) = shelf_at(at("2026-12-20T12:20:00+08:00"));
    let all = of(shelf.recordings(), nobody());
    let cards: Vec<_> = all.iter().map(Station::registration).collect();
    assert_eq!(cards[2]["code"], "320281SZ00000042");
    assert_eq!(cards[2]["address"], "0000000042");
    assert_eq!(cards[2]["interval_seconds"], 86_400);
    assert_eq!(cards[2]["name"], "澄江街道水文站00000042（回放）");
    assert_eq!(cards[0]["interval_seconds"], 3_600);
    assert_eq!(cards[0]["org"], "sthjj");
    assert_eq!(cards[0]["address"].as_str().unwrap().len(), 24);
    let alone = of(&shelf.recordings()[1..2], nobody());
    assert_eq!(alone[0].code, all[1].code, "whatever else is in the folder");
}

#[test]
fn a_week_goes_first_and_then_each_step_when_it_is_over() {
    let now = at("2026-12-20T12:20:00+08:00");
    let (_folder, shelf) = shelf_at(now);
    let all = of(shelf.recordings(), nobody());

    let (mut schedule, history) = Schedule::begin(&all[0], now);
    assert_eq!(history.len(), 168);
    assert_eq!(history[0].from, at("2026-12-13T12:00:00+08:00"));
    assert_eq!(history[167].from, at("2026-12-20T11:00:00+08:00"));
    assert_eq!(schedule.next_due(now), None);
    let late = at("2026-12-20T14:01:00+08:00");
    let due: Vec<Timestamp> = std::iter::from_fn(|| schedule.next_due(late))
        .map(|job| schedule_observed(&job))
        .collect();
    assert_eq!(
        due,
        [
            at("2026-12-20T12:00:00+08:00"),
            at("2026-12-20T13:00:00+08:00")
        ]
    );
    let wait = schedule.wait(late).as_secs();
    assert!((3_500..3_600).contains(&wait), "{wait}");

    let (schedule, history) = Schedule::begin(&all[2], now);
    let expected = [Quantity::Rain, Quantity::Flow].map(|quantity| Job {
        from: at("2026-12-13T00:00:00+08:00"),
        steps: 7,
        only: Some(quantity),
    });
    assert_eq!(history, expected, "the last whole day is yesterday");
    // A day of water is named by its end.
    let observed = schedule.observed(history[0].from);
    assert_eq!(observed, at("2026-12-14T00:00:00+08:00"));
}

/// Hours of the air are observed when they begin.
fn schedule_observed(job: &Job) -> Timestamp {
    assert_eq!((job.steps, job.only), (1, None));
    job.from
}

/// All frames of the past and of the next step, read by the libraries of the city, against what is on the shelf.
fn compare(shelf: &Shelf, now: Timestamp) -> usize {
    let mut compared = 0;
    for station in of(shelf.recordings(), nobody()) {
        let (mut schedule, mut jobs) = Schedule::begin(&station, now);
        let tomorrow = now + jiff::SignedDuration::from_hours(25);
        jobs.extend(schedule.next_due(tomorrow));
        for job in jobs {
            let values: Vec<Values> = (0..job.steps)
                .map(|step| schedule.step_after(job.from, step))
                .map(|from| shelf.values(station.recording, civil(from)))
                .collect();
            let told = Told {
                job: &job,
                observed: schedule.observed(job.from),
                values,
            };
            compared += match station.kind {
                Kind::Air => compare_air(&station, &told, now),
                Kind::Hydro => compare_water(&station, &told, now),
            };
        }
    }
    compared
}

fn compare_air(station: &Station, told: &Told<'_>, now: Timestamp) -> usize {
    let frame = air::Speaker::new(station).write(told, now).unwrap();
    let recorded = &told.values[0];
    let Some(frame) = frame else {
        assert!(recorded.is_empty());
        return 0;
    };
    let mut link = yiwang_hj212::Link::new(yiwang_hj212::Settings::default());
    let received = link.receive(&frame, now);
    let [
        yiwang_hj212::Received::Message {
            message,
            oddities,
            replies,
            ..
        },
    ] = received.as_slice()
    else {
        panic!("{received:?}");
    };
    assert!(oddities.is_empty() && replies.stored.is_some());
    assert_eq!(message.header.command, 2_061);
    let AirBody::Observed { groups, .. } = &message.body else {
        panic!("{message:?}");
    };
    assert_eq!(groups[0].time, told.observed);
    assert_eq!(groups[0].readings.len(), recorded.len());
    for reading in &groups[0].readings {
        let (quantity, unit) = match reading.code.as_str() {
            "a34004" => (Quantity::Pm25, 1.0),
            "a34002" => (Quantity::Pm10, 1.0),
            "a21026" => (Quantity::So2, 1.0),
            "a21004" => (Quantity::No2, 1.0),
            "a21005" => (Quantity::Co, 1_000.0),
            _ => (Quantity::O3, 1.0),
        };
        let sent = reading.values[0].number.unwrap() * unit;
        let value = recorded[&(quantity, Stat::Avg)];
        assert!((sent - value).abs() <= 0.000_1 * unit, "{sent} {value}");
    }
    recorded.len()
}

fn compare_water(station: &Station, told: &Told<'_>, now: Timestamp) -> usize {
    let frame = hydro::Speaker::new(station)
        .unwrap()
        .write(told, now)
        .unwrap();
    let Some(frame) = frame else { return 0 };
    let mut link = yiwang_sl651::Link::new(yiwang_sl651::Settings::default());
    let received = link.receive(&frame, now);
    let [
        yiwang_sl651::Received::Message {
            message,
            oddities,
            replies,
            ..
        },
    ] = received.as_slice()
    else {
        panic!("{received:?}");
    };
    assert!(oddities.is_empty() && replies.stored.is_some());
    let WaterBody::Report(report) = &message.body else {
        panic!("{message:?}");
    };
    let expected_kind = told.job.only.map_or(0x32, |_| 0x31);
    assert_eq!(message.header.function, expected_kind);
    let mut compared = 0;
    for point in report.points() {
        let (quantity, digits) = match point.code {
            "1F" => (Quantity::Rain, 0.05),
            "27" => (Quantity::Flow, 0.000_5),
            other => panic!("{other}"),
        };
        let steps = point.time.duration_since(told.observed).as_hours() / 24;
        let value = told.values[steps as usize].get(&(quantity, Stat::Avg));
        match (point.number, value) {
            (Some(sent), Some(value)) => {
                assert!((sent - value).abs() <= digits + 1e-9, "{sent} {value}");
                compared += 1;
            }
            (None, None) => {}
            other => panic!("{other:?}"),
        }
    }
    compared
}

#[test]
fn frames_say_what_was_recorded() {
    let now = at("2026-12-20T12:20:00+08:00");
    let (_folder, shelf) = shelf_at(now);
    // Both stations miss an hour of each day and a day; one has two factors. A week of two elements, and the next day.
    let hours = 7 * 23 - 23 + 1;
    assert_eq!(compare(&shelf, now), hours * 3 + 7 * 2 + 2);
}

#[test]
fn frames_of_the_real_folder_say_what_was_recorded() {
    let Some(folder) = crate::net::recording::tests::real_folder() else {
        return;
    };
    for now in ["2026-11-26T08:20:00+08:00", "2028-03-02T08:20:00+08:00"] {
        let now = at(now);
        let shelf = Shelf::open(&folder, civil(now), CancellationToken::new()).unwrap();
        let compared = compare(&shelf, now);
        println!(
            "{compared} values of {} recordings",
            shelf.recordings().len()
        );
        assert!(compared > 0);
    }
}

#[test]
fn minima_and_negative_levels_are_written_as_they_are() {
    let recording = |kind, quantities: Vec<Quantity>| {
        let first = "2020-01-01T00:00".parse().unwrap();
        let last = "2020-12-31T23:00".parse().unwrap();
        Recording::sample(kind, 60, (first, last), quantities)
    };
    let now = at("2026-12-20T12:20:00+08:00");
    let air = &of(&[recording(Kind::Air, vec![Quantity::Pm25])], nobody())[0];
    let job = Job {
        from: now,
        steps: 1,
        only: None,
    };
    let values = Values::from([
        ((Quantity::Pm25, Stat::Min), 3.0),
        ((Quantity::Pm25, Stat::Avg), 4.25),
        ((Quantity::Pm25, Stat::Max), 6.0),
    ]);
    let told = Told {
        job: &job,
        observed: now,
        values: vec![values],
    };
    let frame = air::Speaker::new(air).write(&told, now).unwrap().unwrap();
    let text = String::from_utf8(frame).unwrap();
    assert!(
        text.contains("a34004-Min=3,a34004-Avg=4.25,a34004-Max=6,a34004-Flag=N"),
        "{text}"
    );

    let water = &of(
        &[recording(
            Kind::Hydro,
            vec![Quantity::Level, Quantity::Rain],
        )],
        nobody(),
    )[0];
    let level = |value| Values::from([((Quantity::Level, Stat::Avg), value)]);
    let job = Job {
        only: Some(Quantity::Level),
        steps: 3,
        ..job
    };
    let told = Told {
        job: &job,
        observed: now,
        values: vec![level(-0.125), Values::new(), level(2.5)],
    };
    assert_eq!(
        points(water, &told, now),
        [
            ("39".to_owned(), Some(-0.125)),
            ("39".to_owned(), None),
            ("39".to_owned(), Some(2.5))
        ]
    );
    let job = Job {
        only: None,
        steps: 1,
        ..job
    };
    let told = Told {
        job: &job,
        values: vec![level(-0.125)],
        ..told
    };
    assert_eq!(
        points(water, &told, now),
        [("39".to_owned(), Some(-0.125)), ("1A".to_owned(), None)]
    );
}

fn points(station: &Station, told: &Told<'_>, now: Timestamp) -> Vec<(String, Option<f64>)> {
    let frame = hydro::Speaker::new(station)
        .unwrap()
        .write(told, now)
        .unwrap();
    let mut link = yiwang_sl651::Link::new(yiwang_sl651::Settings::default());
    let received = link.receive(&frame.unwrap(), now);
    let [yiwang_sl651::Received::Message { message, .. }] = received.as_slice() else {
        panic!("{received:?}");
    };
    let WaterBody::Report(report) = &message.body else {
        panic!("{message:?}");
    };
    let of = |point: yiwang_sl651::Point<'_>| (point.code.to_owned(), point.number);
    report.points().into_iter().map(of).collect()
}

#[test]
fn only_its_own_answer_is_one() {
    let now = at("2026-12-20T12:20:00+08:00");
    let (_folder, shelf) = shelf_at(now);
    let station = &of(shelf.recordings(), nobody())[0];
    let mut speaker = air::Speaker::new(station);
    let mut link = yiwang_hj212::Link::new(yiwang_hj212::Settings::default());
    let job = Job {
        from: now,
        steps: 1,
        only: None,
    };
    let mut answer = || {
        let told = Told {
            job: &job,
            observed: now,
            values: vec![Values::from([((Quantity::Pm25, Stat::Avg), 1.0)])],
        };
        let frame = speaker.write(&told, now).unwrap().unwrap();
        let received = link.receive(&frame, now);
        let [yiwang_hj212::Received::Message { replies, .. }] = received.as_slice() else {
            panic!("{received:?}");
        };
        replies.stored.clone().unwrap()
    };
    let (first, second) = (answer(), answer());
    assert_eq!(
        speaker.hear(&first, now),
        None,
        "that of an earlier message"
    );
    assert_eq!(speaker.hear(&second, now), Some(Answer::Kept));
}

#[tokio::test]
async fn a_station_sends_its_week_and_again_what_the_centre_wants_again() {
    let now = super::now();
    let (_folder, shelf) = shelf_at(now);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let station = of(shelf.recordings(), listener.local_addr().unwrap()).remove(2);
    let shelf = Arc::new(shelf);
    let stop = CancellationToken::new();
    let playing = tokio::spawn(play(station, shelf, stop.clone()));
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut link = yiwang_sl651::Link::new(yiwang_sl651::Settings::default());
    let (mut sent, mut buffer) = (Vec::new(), Vec::new());
    while sent.len() < 3 {
        buffer.clear();
        assert!(socket.read_buf(&mut buffer).await.unwrap() > 0);
        for received in link.receive(&buffer, now) {
            let yiwang_sl651::Received::Message { raw, replies, .. } = received else {
                panic!("{received:?}");
            };
            let reply = if sent.is_empty() {
                replies.refused
            } else {
                replies.stored
            };
            sent.push(raw);
            socket.write_all(&reply.unwrap()).await.unwrap();
        }
    }
    assert_eq!(sent[0], sent[1], "what was not taken comes again");
    assert_ne!(sent[1], sent[2], "what was taken does not");
    stop.cancel();
    playing.await.unwrap();
}
