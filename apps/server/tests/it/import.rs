//! Real files of real cities, through the mappings in `examples/`, against an independent count of the file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::Value;
use yiwang_contracts::Actor;
use yiwang_incident::import::{ImportReport, Intake, Mapping, run};
use yiwang_incident::model::{NewIncident, Refused, Stored};

use crate::app::TestApp;

/// The files are not part of the project; `YIWANG_TEST_DATA` says where they are.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests says so by the environment"
)]
fn real_file(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var("YIWANG_TEST_DATA").map_or_else(|_unset| beside(), PathBuf::from);
    let file = folder.join(name);
    if !file.is_file() {
        println!("{} is not there: nothing is compared", file.display());
        return None;
    }
    Some(file)
}

fn mapping(name: &str) -> Mapping {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(name);
    let text = std::fs::read_to_string(file).unwrap();
    Mapping::from_value(yiwang_packs::read_yaml(&text).unwrap()).unwrap()
}

struct Hub<'a>(&'a TestApp);

impl Intake for Hub<'_> {
    fn take(
        &self,
        cases: Vec<NewIncident>,
    ) -> BoxFuture<'_, Result<Vec<Result<Stored, Refused>>, Box<dyn std::error::Error + Send + Sync>>>
    {
        Box::pin(async move {
            let actor = Arc::new(Actor::system("import"));
            Ok(self
                .0
                .city
                .incidents
                .create(cases, &actor, self.0.now())
                .await?)
        })
    }
}

/// What the file itself says, read without any of our code.
#[derive(Debug, PartialEq, Eq)]
struct Counted {
    rows: u64,
    closed: u64,
    nowhere: u64,
}

fn count(file: &Path, closed: impl Fn(&dyn Fn(&str) -> String) -> bool) -> Counted {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let headers = reader.headers().unwrap().clone();
    let mut counted = Counted {
        rows: 0,
        closed: 0,
        nowhere: 0,
    };
    for record in reader.records() {
        let record = record.unwrap();
        let cell = |name: &str| {
            let at = headers
                .iter()
                .position(|header| header.trim_start_matches('\u{feff}') == name);
            at.and_then(|at| record.get(at))
                .unwrap_or_default()
                .to_owned()
        };
        let number = |name: &str| cell(name).parse::<f64>().unwrap_or(0.0);
        counted.rows += 1;
        counted.closed += u64::from(closed(&cell));
        counted.nowhere += u64::from(number("latitude") == 0.0 && number("longitude") == 0.0);
    }
    counted
}

async fn import(app: &TestApp, file: &Path, name: &str) -> ImportReport {
    let folder = tempfile::tempdir().unwrap();
    let (mapping, refused) = (mapping(name), folder.path().join("refused.csv"));
    let report = run(file, &mapping, Some(&Hub(app)), &refused, |_rows| {})
        .await
        .unwrap();
    assert!(report.adds_up(), "{report:?}");
    report
}

/// What the hub shows agrees with what the report says.
async fn shows(app: &TestApp, report: &ImportReport) {
    let duty = app.client("duty");
    let numbers = duty.get("/api/v1/incidents/numbers?by=status").await.ok();
    assert_eq!(numbers["total"].as_u64(), Some(report.stored));
    assert_eq!(numbers["open"].as_u64(), Some(report.open));
    let oldest = duty
        .get(&format!(
            "/api/v1/incidents?until={}&limit=1",
            report.first_created.unwrap()
        ))
        .await
        .ok();
    assert_eq!(
        oldest["items"],
        Value::Array(Vec::new()),
        "nothing is older than the file's first"
    );
    let newest = duty.get("/api/v1/incidents?limit=1").await.ok();
    let last: jiff::Timestamp = newest["items"][0]["created_at"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(Some(last), report.last_created);
}

#[tokio::test]
async fn new_yorks_requests_keep_their_numbers_states_and_times() {
    let Some(file) = real_file("311/nyc_2024_1000.csv") else {
        return;
    };
    let app = TestApp::start().await;
    let counted = count(&file, |cell| cell("status") == "Closed");
    let report = import(&app, &file, "new-york-311.yaml").await;
    assert_eq!(report.refused_total(), 0, "{:?}", report.examples);
    assert_eq!(
        Counted {
            rows: report.rows,
            closed: report.closed,
            nowhere: report.no_place
        },
        counted
    );
    shows(&app, &report).await;

    // Once more: nothing is stored twice.
    let again = import(&app, &file, "new-york-311.yaml").await;
    assert_eq!((again.stored, again.duplicate), (0, counted.rows));
    app.settle().await;
}

#[tokio::test]
async fn san_franciscos_cases_without_a_place_have_none() {
    let Some(file) = real_file("311/sf_311.csv") else {
        return;
    };
    let app = TestApp::start().await;
    let counted = count(&file, |cell| cell("status") == "Closed");
    assert!(counted.nowhere > 100, "{counted:?}");
    let report = import(&app, &file, "san-francisco-311.yaml").await;
    assert_eq!(report.rows, counted.rows);
    assert_eq!(report.refused_total(), 0, "{:?}", report.examples);
    assert_eq!(
        (report.closed, report.no_place),
        (counted.closed, counted.nowhere)
    );
    shows(&app, &report).await;
    // Flagged, and on no map.
    let page = app
        .client("duty")
        .get("/api/v1/incidents?area=none&limit=500")
        .await
        .ok();
    let nowhere = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["position"].is_null());
    assert!(nowhere.clone().count() > 0);
    for row in nowhere {
        assert!(
            row["flags"]
                .as_array()
                .unwrap()
                .contains(&Value::from("no_place")),
            "{row}"
        );
    }
    app.settle().await;
}

#[tokio::test]
async fn messages_with_replies_become_answered_cases() {
    let Some(file) = real_file("hotline/leave_messages_2816_replies.csv") else {
        return;
    };
    let app = TestApp::start().await;
    let counted = count(&file, |cell| !cell("答复时间").trim().is_empty());
    let report = import(&app, &file, "hotline-replies.yaml").await;
    assert_eq!(
        (report.rows, report.stored + report.duplicate),
        (counted.rows, counted.rows),
        "{:?}",
        report.examples
    );
    assert_eq!(report.closed, counted.closed);
    shows(&app, &report).await;
    let row = app
        .client("duty")
        .get("/api/v1/incidents?limit=1")
        .await
        .ok()["items"][0]
        .clone();
    let detail = app
        .client("duty")
        .get(&format!(
            "/api/v1/incidents/{}",
            row["id"].as_str().unwrap()
        ))
        .await
        .ok();
    assert!(
        !detail["answer"].as_str().unwrap().is_empty() && detail["closed_at"].is_string(),
        "{detail}"
    );
    let log = app
        .client("duty")
        .get(&format!(
            "/api/v1/incidents/{}/timeline/verify",
            row["id"].as_str().unwrap()
        ))
        .await
        .ok();
    assert_eq!(log["intact"], true);
    app.settle().await;
}
