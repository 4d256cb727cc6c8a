//! Calendars, and what a limit would end at.

use serde_json::{Value, json};

use super::Site;

#[tokio::test]
async fn calendars_count_days_and_preview_deadlines() {
    let site = Site::new().await;
    let calendars = site.get("/calendars").await;
    let office = &calendars["items"][0];
    assert_eq!(
        (&office["name"], &office["verified"]),
        (&json!("office"), &json!(false))
    );
    assert_eq!(office["shifts"], json!(["08:30-11:30", "13:30-17:30"]));
    let days = site.get("/calendars/office/days?year=2026").await;
    assert_eq!(
        (
            &days["working_days"],
            days["days"].as_array().unwrap().len()
        ),
        (&json!(261), 365)
    );
    assert_eq!(
        days["days"][0]["shifts"],
        json!(["08:30-11:30", "13:30-17:30"])
    );
    assert_eq!(
        site.refused("/calendars/office/days?year=3000").await,
        (422, "catalog.invalid".to_owned())
    );
    let body = json!({"calendar": "office", "start": "2026-11-23T01:00:00Z", "limit": "4wh"});
    let answer = site
        .ask("POST", "/deadlines/preview", "catalog.read", &[], body)
        .await;
    assert_eq!(answer.body["due"], "2026-11-23T07:00:00Z");
    assert!(
        answer.body["explanation"]["zh"]
            .as_str()
            .unwrap()
            .contains("4 个工作小时")
    );
    let body = json!({"calendar": "moon", "start": "2026-11-23T01:00:00Z", "limit": "4wh"});
    let answer = site
        .ask("POST", "/deadlines/preview", "catalog.read", &[], body)
        .await;
    assert_eq!(
        (answer.status.as_u16(), &answer.body["fields"][0]["path"]),
        (422, &json!("/calendar"))
    );
}

#[tokio::test]
async fn a_preview_leaves_out_the_time_in_which_the_clock_stands() {
    let site = Site::new().await;
    let ask = async |suspensions: Value| {
        let body = json!({"calendar": "office", "start": "2026-11-23T01:00:00Z", "limit": "4wh",
            "suspensions": suspensions});
        site.ask("POST", "/deadlines/preview", "catalog.read", &[], body)
            .await
    };
    // From 09:00 two working hours until 11:00, then it stands for a day.
    let held =
        ask(json!([{"from": "2026-11-23T03:00:00Z", "until": "2026-11-24T03:00:00Z"}])).await;
    assert_eq!(held.body["due"], "2026-11-24T07:00:00Z");
    let open = ask(json!([{"from": "2026-11-23T03:00:00Z"}])).await;
    assert_eq!(open.body["due"], Value::Null, "it still stands");
    let backwards =
        ask(json!([{"from": "2026-11-23T03:00:00Z", "until": "2026-11-22T03:00:00Z"}])).await;
    assert_eq!(
        (
            backwards.status.as_u16(),
            &backwards.body["fields"][0]["path"]
        ),
        (422, &json!("/suspensions/0/until"))
    );
    let many = vec![json!({"from": "2026-11-23T03:00:00Z", "until": "2026-11-23T04:00:00Z"}); 51];
    let many = ask(json!(many)).await;
    assert_eq!(
        (many.status.as_u16(), &many.body["fields"][0]["code"]),
        (422, &json!("too_many"))
    );
}
