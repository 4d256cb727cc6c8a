//! Tables with dirt in them, folders, gaps, and the real folder where it is there.

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jiff::civil::DateTime;
use tokio_util::sync::CancellationToken;

use super::faults::Faults;
use super::{Kind, Quantity, Shelf, Stat, reader};

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

/// Rows as `station time quantity=value …`, and what was wrong.
fn rows(text: &[u8]) -> (Vec<String>, Faults) {
    let mut faults = Faults::of("a.csv".to_owned());
    let mut rows = Vec::new();
    reader::read(text, "of-file", &mut faults, |row| {
        let mut words = vec![row.station.to_owned(), row.time.to_string()];
        for (quantity, stat, value) in row.values {
            let stat = match stat {
                Stat::Avg => String::new(),
                other => format!(".{other:?}"),
            };
            words.push(format!("{quantity:?}{stat}={value:.3}"));
        }
        rows.push(words.join(" "));
        ControlFlow::Continue(())
    });
    (rows, faults)
}

const DIRTY: &str = "\u{FEFF}\"No\",\"year\",\"month\",\"day\",\"hour\",\"PM2.5\",\"SO2\",\"CO\",\"RAIN\",\"station\"\r
1,2013,3,1,0,4,4.5,300,0,\"North, old\"\r
2,2013,3,1,1,NA,-3,300,0,North\r
3,2013,2,30,2,1,1,1,0,North\r
4,2013,3,1,3,abc,,-999,0,North\r
\r
5,2013,3,1,24,7,1e400,\r
6,2013,3,x,5,7,1,1,0,North\r
7,2013,3,2,1,8";

#[test]
fn a_bad_cell_costs_itself_and_a_bad_time_its_row() {
    let (rows, faults) = rows(DIRTY.as_bytes());
    assert_eq!(
        rows,
        [
            "North, old 2013-03-01T00:00:00 Pm25=4.000 So2=4.500 Co=300.000",
            "North 2013-03-01T01:00:00 Co=300.000",
            "North 2013-03-01T03:00:00",
            "of-file 2013-03-02T00:00:00 Pm25=7.000",
            "of-file 2013-03-02T01:00:00 Pm25=8.000",
        ]
    );
    assert_eq!((faults.cells, faults.lines, faults.missing), (5, 2, 4));
    assert_eq!(
        faults.told,
        [
            "a.csv:3: column SO2: `-3` is less than nothing",
            "a.csv:4: column day: `2013-2-30 2` is no time",
            "a.csv:5: column PM2.5: `abc` is no number",
            "a.csv:7: column SO2: `1e400` is no number",
            "a.csv:8: column day: `x` is no time",
        ]
    );
}

#[test]
fn tables_of_other_forms_are_read() {
    let cases: [(&str, &[&str]); 5] = [
        (
            "  44.82\n 133.00\n 587675987\nYear Mnth Day Hr dayl(s) prcp(mm/day) tmax(C)\n2000 01 01 12\t31185.97\t4.38\t-2.36\n",
            &["of-file 2000-01-01T12:00:00 Rain=4.380"],
        ),
        (
            "01022500 2000 01 01   255.00 A:e\n01022500 2000 01 02  -999.00 M\n",
            &[
                "01022500 2000-01-01T00:00:00 Flow=7.221",
                "01022500 2000-01-02T00:00:00",
            ],
        ),
        (
            "# comment\nsite;datetime;level (cm);flow_max_cms;flow\n七号;2020-01-01T05:30:00+08:00;120;9;-2\n",
            &["七号 2020-01-01T05:30:00 Flow.Max=9.000 Flow=-2.000 Level=1.200"],
        ),
        (
            "date,time,水位(m)\n2020/1/2,5:15,3.21\n",
            &["of-file 2020-01-02T05:15:00 Level=3.210"],
        ),
        (
            "timestamp\tPM10 (mg/m3)\n2020010224\t0.05\n",
            &["of-file 2020-01-03T00:00:00 Pm10=50.000"],
        ),
    ];
    for (text, expected) in cases {
        let (rows, faults) = rows(text.as_bytes());
        let mut sorted: Vec<String> = rows;
        // The order of values is that of the columns, which is not what is looked at here.
        for row in &mut sorted {
            let mut words: Vec<&str> = row.split(' ').collect();
            if let Some(values) = words.get_mut(2..) {
                values.sort_unstable();
            }
            *row = words.join(" ");
        }
        let expected: Vec<String> = expected
            .iter()
            .map(|row| {
                let mut words: Vec<&str> = row.split(' ').collect();
                words[2..].sort_unstable();
                words.join(" ")
            })
            .collect();
        assert_eq!(sorted, expected, "{text}");
        assert!(faults.is_clean(), "{:?}", faults.told);
    }
}

#[test]
fn what_is_no_table_and_what_ends_early_is_no_trouble() {
    let (none, faults) = rows(b"a licence\nwith words, and commas\n");
    assert!(none.is_empty() && faults.is_clean());

    let mut long = b"date,level\n2020-01-01,1\n".to_vec();
    long.extend(std::iter::repeat_n(b'9', 200_000));
    long.extend(b"\n2020-01-02,2\n\xFF\xFE,3\n");
    let (kept, faults) = rows(&long);
    assert_eq!(kept.len(), 2);
    assert_eq!(faults.lines, 2);
    assert!(faults.told[0].starts_with("a.csv:3: the line has more than"));
    assert!(
        faults.told[1].starts_with("a.csv:5: column date"),
        "{:?}",
        faults.told
    );

    let whole = packed("date,level\n2020-01-01,1\n2020-01-02,2\n");
    let (kept, faults) = rows(&whole[..whole.len() - 9]);
    assert!(kept.len() <= 2);
    assert!(
        faults.told[0].contains("ends before its time"),
        "{:?}",
        faults.told
    );
    let (kept, faults) = rows(&whole);
    assert!(kept.len() == 2 && faults.is_clean());
}

fn open(folder: &Path, now: DateTime) -> anyhow::Result<Shelf> {
    Shelf::open(folder, now, CancellationToken::new())
}

#[test]
fn reading_ends_when_rows_are_not_wanted_any_more() {
    let mut seen = 0;
    let text = b"date,level\n2020-01-01,1\n2020-01-02,2\n".as_slice();
    let is_table = reader::read(text, "", &mut Faults::default(), |_row| {
        seen += 1;
        ControlFlow::Break(())
    });
    assert!(is_table && seen == 1);
}

fn packed(text: &str) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

/// A folder of two air stations and a basin whose rain and flow lie in two files.
pub(in crate::net) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut air = "station,year,month,day,hour,PM2.5,CO\n".to_owned();
    for day in 1..=31 {
        for hour in 0..24 {
            // A gap of an hour each day, and of a day in the middle.
            if hour != 5 && day != 15 {
                let value = day * 100 + hour;
                writeln!(air, "A,2019,12,{day},{hour},{value},{}", value * 10).unwrap();
                writeln!(air, "B,2019,12,{day},{hour},NA,{}", value * 10).unwrap();
            }
        }
    }
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    write("air/two.csv.gz", &packed(&air));
    let (mut rain, mut flow) = ("date,prcp(mm/day)\n".to_owned(), String::new());
    let first: DateTime = at("2001-01-01T00:00");
    for day in 0..800_i32 {
        let date = first.saturating_add(jiff::Span::new().days(day)).date();
        writeln!(rain, "{date},{}", day % 40).unwrap();
        if day < 730 {
            let parts = format!("{} {} {}", date.year(), date.month(), date.day());
            writeln!(flow, "00000042 {parts} {} A", day + 1).unwrap();
        }
    }
    write("hydro/rain/00000042_rain.csv", rain.as_bytes());
    write("hydro/flow/00000042_flow.txt", flow.as_bytes());
    write("hydro/readme.txt", b"nothing\n");
    write("other/level.csv", b"date,level\n2020-01-01,1\n");
    folder
}

#[test]
fn a_folder_gives_its_stations_and_the_window_around_now() {
    let folder = folder();
    let shelf = open(folder.path(), at("2026-12-20T12:00")).unwrap();
    let told: Vec<_> = shelf
        .recordings()
        .iter()
        .map(|each| {
            (
                each.kind,
                each.key.as_str(),
                each.step,
                each.quantities.clone(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Kind::Air, "A", 60, vec![Quantity::Pm25, Quantity::Co]),
            (Kind::Air, "B", 60, vec![Quantity::Co]),
            (
                Kind::Hydro,
                "00000042",
                1_440,
                vec![Quantity::Rain, Quantity::Flow]
            ),
        ]
    );
    // The rain goes on after the flow has ended: what is played has both.
    assert_eq!(shelf.recordings()[2].span.last, at("2002-12-31T00:00"));
    let value = |recording, time, quantity| {
        let values = shelf.values(recording, at(time));
        values.get(&(quantity, Stat::Avg)).copied()
    };
    assert_eq!(value(0, "2026-12-20T11:00", Quantity::Pm25), Some(2_011.0));
    assert_eq!(value(0, "2026-12-20T05:00", Quantity::Pm25), None, "a gap");
    assert_eq!(value(0, "2026-12-15T11:00", Quantity::Co), None, "a gap");
    assert_eq!(value(1, "2026-12-20T11:00", Quantity::Co), Some(20_110.0));
    assert_eq!(
        value(0, "2026-12-01T11:00", Quantity::Pm25),
        None,
        "not held"
    );
    // The 20th of December 2002 is day 718 of the basin.
    assert_eq!(
        value(2, "2026-12-20T00:00", Quantity::Rain),
        Some(f64::from(718 % 40))
    );
    let flow = value(2, "2026-12-20T00:00", Quantity::Flow).unwrap();
    assert!((flow - 719.0 * 0.028_316_846_592).abs() < 1e-9);

    shelf.turn(at("2026-12-05T00:00"));
    assert_eq!(value(0, "2026-12-01T11:00", Quantity::Pm25), Some(111.0));
}

#[test]
fn what_cannot_be_played_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "daily.csv",
        "date,pm25\n2020-01-01,1\n2020-01-02,1\n2020-01-03,1\n",
    );
    write("once.csv", "date,level\n2020-01-01,1\n");
    write(
        "seven.csv",
        "datetime,level\n2020-01-01 00:00,1\n2020-01-01 00:07,1\n",
    );
    write(
        "hourly.csv",
        "datetime,level\n2020-01-01 00:00,1\n2020-01-01 01:00,1\n",
    );
    let shelf = open(folder.path(), at("2026-01-01T00:00")).unwrap();
    let keys: Vec<&str> = shelf
        .recordings()
        .iter()
        .map(|each| each.key.as_str())
        .collect();
    assert_eq!(keys, ["hourly"]);
    assert!(open(&folder.path().join("none"), at("2026-01-01T00:00")).is_err());
}

/// The files are not part of the project; `YIWANG_TEST_DATA` says where they are.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests says so by the environment"
)]
pub(in crate::net) fn real_folder() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var("YIWANG_TEST_DATA").map_or_else(|_unset| beside(), PathBuf::from);
    if !folder.join("air").is_dir() && !folder.join("hydro").is_dir() {
        println!("{} has no recordings: none is read", folder.display());
        return None;
    }
    Some(folder)
}

#[test]
fn the_real_folder_has_values_in_every_week() {
    let Some(folder) = real_folder() else { return };
    let now = at("2026-02-25T10:00");
    let shelf = open(&folder, now).unwrap();
    assert!(!shelf.recordings().is_empty());
    for (place, recording) in shelf.recordings().iter().enumerate() {
        let steps = 7 * 1_440 / i32::from(recording.step);
        let step = |at: i32| jiff::Span::new().minutes(i64::from(at) * i64::from(recording.step));
        let here = super::floor(now, recording.step);
        let week = (1..=steps).map(|at| shelf.values(place, here.saturating_sub(step(at))));
        let with_values = week.filter(|values| !values.is_empty()).count();
        println!(
            "{} {}: {with_values} of {steps} steps",
            recording.key, recording.step
        );
        assert!(with_values > 0, "{recording:?}");
    }
}
