//! Rows to cases, as tables; the fate of every row.

use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

use futures::future::BoxFuture;
use serde_json::json;
use yiwang_contracts::IncidentId;
use yiwang_kernel::{Clock, SystemClock};

use super::{DoorError, Fates, ImportReport, Intake, Mapping, Record, map_row, run};
use crate::model::{NewIncident, Refused, Stored};

fn mapping() -> Mapping {
    Mapping::from_value(json!({
        "title": "a test", "system": "t", "source_ref": "no",
        "time": { "formats": ["%Y-%m-%d %H:%M"], "offset": "+08:00" },
        "created_at": "made", "closed_at": ["done", "touched"],
        "status": { "column": "state", "closed": ["Closed"], "open": ["Open"] },
        "text": { "title": { "template": "{kind}: {detail}" }, "description": "detail" },
        "place": { "lon": "x", "lat": "y", "crs": "gcj02", "address": "where", "no_address": ["none"] },
        "item": { "column": "kind", "map": { "Pothole": "02.01.01" }, "otherwise": "02.90" },
        "answer": "said"
    }))
    .unwrap()
}

const GOOD: [(&str, &str); 10] = [
    ("no", "7"),
    ("made", "2026-01-02 03:04"),
    ("done", "2026-01-03 03:04"),
    ("state", "Closed"),
    ("kind", "Pothole"),
    ("detail", "deep"),
    ("x", "120.285"),
    ("y", "31.92"),
    ("where", "Main Street"),
    ("said", "filled"),
];

fn row(changes: &[(&str, &str)]) -> Record {
    let cells = GOOD
        .iter()
        .chain(changes)
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    Record {
        number: 2,
        cells,
        unreadable: None,
    }
}

#[test]
fn a_row_becomes_a_case_with_its_own_times() {
    let case = map_row(&mapping(), &row(&[])).unwrap();
    assert_eq!(case.title, "Pothole: deep");
    assert_eq!(case.source_ref.as_deref(), Some("t:7"));
    assert_eq!(case.item_code.as_deref(), Some("02.01.01"));
    let past = case.past.unwrap();
    assert_eq!(past.created_at.to_string(), "2026-01-01T19:04:00Z");
    assert_eq!(past.closed_at.unwrap().to_string(), "2026-01-02T19:04:00Z");
    assert_eq!(past.answer, "filled");
    // The tag says GCJ-02: the place is moved to where it is.
    let position = case.position.unwrap();
    assert!((position.lon - 120.285).abs() > 1e-3);
}

#[test]
fn a_case_closed_before_it_was_made_is_kept_with_what_was_said() {
    let case = map_row(&mapping(), &row(&[("done", "2026-01-01 03:04")])).unwrap();
    let past = case.past.unwrap();
    assert_eq!(past.closed_at, Some(past.created_at));
    assert_eq!(
        past.answer,
        "filled\n（来源记录的办结时间 2025-12-31T19:04:00Z 早于登记时间）"
    );
}

#[test]
fn what_is_no_place_is_no_place() {
    for (x, y) in [("0", "0"), ("0.0", "0.0"), ("", ""), ("120.1", "")] {
        let case = map_row(&mapping(), &row(&[("x", x), ("y", y), ("where", "none")])).unwrap();
        assert_eq!(
            (case.position, case.address.as_str()),
            (None, ""),
            "{x},{y}"
        );
    }
}

#[test]
fn a_bad_row_says_what_where_and_why() {
    let cases = [
        (("made", ""), "import.no_time", "made"),
        (("made", "yesterday"), "import.bad_time", "made"),
        (
            ("done", "2026-13-01 00:00"),
            "import.bad_time",
            "done, touched",
        ),
        (("state", "Lost"), "import.unknown_status", "state"),
        (("x", "east"), "import.bad_position", "x"),
        (("x", "500"), "import.bad_position", "x"),
    ];
    for (change, code, column) in cases {
        let fault = map_row(&mapping(), &row(&[change])).unwrap_err();
        assert_eq!(
            (fault.code, fault.column.as_str()),
            (code, column),
            "{change:?}"
        );
    }
    let empty = row(&[("kind", ""), ("detail", "")]);
    assert_eq!(
        map_row(&mapping(), &empty).unwrap_err().code,
        "import.no_title"
    );
}

#[test]
fn a_row_without_a_number_is_known_by_its_content() {
    let one = map_row(&mapping(), &row(&[("no", "")])).unwrap().source_ref;
    let same = map_row(&mapping(), &row(&[("no", "")])).unwrap().source_ref;
    let other = map_row(&mapping(), &row(&[("no", ""), ("detail", "deeper")]))
        .unwrap()
        .source_ref;
    assert_eq!(one, same);
    assert_ne!(one, other);
}

#[test]
fn a_wrong_mapping_says_where() {
    let fault =
        Mapping::from_value(json!({ "title": "t", "system": "s", "tiem": {} })).unwrap_err();
    assert!(fault.to_string().contains("tiem"), "{fault}");
}

/// Takes cases as the service does: a reference is stored once; titles with "bad" are refused.
#[derive(Default)]
struct Desk(Mutex<Vec<String>>);

impl Intake for Desk {
    fn take(&self, cases: Vec<NewIncident>) -> BoxFuture<'_, Result<Fates, DoorError>> {
        let mut known = self.0.lock().unwrap();
        let outcomes = cases
            .into_iter()
            .map(|case| {
                if case.title.contains("bad") {
                    return Err(Refused {
                        code: "incident.bad",
                        field: "title",
                        message: "bad".into(),
                    });
                }
                let reference = case.source_ref.unwrap();
                let duplicate = known.contains(&reference);
                known.push(reference);
                Ok(Stored {
                    id: IncidentId::at(SystemClock.now()),
                    number: String::new(),
                    duplicate,
                })
            })
            .collect();
        drop(known);
        Box::pin(std::future::ready(Ok(outcomes)))
    }
}

async fn import(file: &Path, desk: Option<&Desk>) -> ImportReport {
    let refused = file.with_extension("refused.csv");
    run(
        file,
        &mapping(),
        desk.map(|desk| desk as &dyn Intake),
        &refused,
        |_| {},
    )
    .await
    .unwrap()
}

#[tokio::test]
async fn every_row_has_one_fate_and_a_second_run_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.csv");
    let mut file = std::fs::File::create(&path).unwrap();
    writeln!(
        file,
        "no,made,done,touched,state,kind,detail,x,y,where,said"
    )
    .unwrap();
    for n in 0..1200 {
        let state = if n % 3 == 0 { "Open" } else { "Closed" };
        writeln!(
            file,
            "{n},2026-01-02 03:04,2026-01-03 03:04,,{state},Pothole,d,0,0,,"
        )
        .unwrap();
    }
    writeln!(file, "9001,never,,,Open,Pothole,d,0,0,,").unwrap();
    writeln!(file, "9002,2026-01-02 03:04,,,Open,bad,d,0,0,,").unwrap();
    writeln!(
        file,
        "9003,2026-01-02 03:04,,,Open,Pothole,d,0,0,,,one,too,many"
    )
    .unwrap();
    writeln!(
        file,
        "0,2026-01-02 03:04,2026-01-03 03:04,,Open,Pothole,again,0,0,,"
    )
    .unwrap();
    drop(file);

    let dry = import(&path, None).await;
    assert_eq!((dry.rows, dry.stored, dry.refused_file), (1204, 1202, None));

    let desk = Desk::default();
    let first = import(&path, Some(&desk)).await;
    assert!(first.adds_up());
    assert_eq!(
        (
            first.rows,
            first.stored,
            first.duplicate,
            first.refused_total()
        ),
        (1204, 1200, 1, 3)
    );
    assert_eq!((first.closed, first.open, first.no_place), (800, 400, 1200));
    let report = std::fs::read_to_string(first.refused_file.unwrap()).unwrap();
    assert_eq!(report.lines().count(), 4);
    assert!(report.contains("1202,import.bad_time,made"), "{report}");

    let second = import(&path, Some(&desk)).await;
    assert_eq!(
        (second.stored, second.duplicate, second.refused_total()),
        (0, 1201, 3)
    );
}

#[tokio::test]
async fn json_and_json_lines_are_read_like_csv() {
    let folder = tempfile::tempdir().unwrap();
    let line = json!({ "no": 5, "made": "2026-01-02 03:04", "state": "Open", "kind": "Pothole", "detail": "d" });
    let lines = folder.path().join("a.jsonl");
    std::fs::write(&lines, format!("{line}\nnot json\n")).unwrap();
    let report = import(&lines, None).await;
    assert_eq!(
        (report.rows, report.stored, report.refused_total()),
        (2, 1, 1)
    );
    let array = folder.path().join("a.json");
    std::fs::write(&array, json!([line]).to_string()).unwrap();
    assert_eq!(import(&array, None).await.stored, 1);
}
