//! Reports of a day and a week.

use serde_json::{Value, json};

use crate::service::{AcknowledgeNotice, Language, NoticeQuery, Period, ReportQuery, ReportView};
use crate::testing::{CITY, Ground, WEST, actor, case, everybody, grounds};

async fn report(ground: &Ground, period: Period, of: Option<&str>) -> ReportView {
    let query = ReportQuery {
        of: of.map(|day| day.parse().unwrap()),
        ..ReportQuery::default()
    };
    let asked = ground
        .service
        .report(everybody(), period, &query, ground.now());
    asked.await.unwrap()
}

/// A day with a breach, a case and notices, and one hour of the next.
async fn two_days(ground: &Ground) -> String {
    ground.pass().await;
    ground.tell(case(1, true, ground.now())).await;
    ground.send("water.pressure", 30.0).await;
    ground.pass().await;
    let day = report(ground, Period::Daily, None)
        .await
        .first_day
        .to_string();
    ground.wait(600);
    ground.send("water.pressure", 60.0).await;
    ground.pass().await;
    ground.wait(600);
    ground.send("water.pressure", 5.0).await;
    ground.pass().await;
    ground.wait(86_400);
    ground.send("water.pressure", 15.0).await;
    ground.pass().await;
    day
}

#[tokio::test]
async fn a_past_day_is_the_same_whenever_it_is_asked_for() {
    for ground in grounds().await {
        let day = two_days(&ground).await;
        let then = report(&ground, Period::Daily, Some(&day)).await;
        assert!(then.is_complete);
        assert!(then.index.score.is_some() && then.index.lamp.is_some());
        assert!(then.index.lowest.unwrap() <= then.index.highest.unwrap());
        // One breach of two grades, which ended after twenty minutes.
        assert_eq!(then.breaches.len(), 1, "{:?}", then.breaches);
        let breach = &then.breaches[0];
        assert_eq!(breach.code, "C01");
        assert_eq!((breach.minutes, breach.value), (20, 60.0));
        assert!(breach.until.is_some());
        let cases = (then.cases.opened.value, then.cases.closed.value);
        assert!(cases.1 <= 1 && cases.0 <= 1, "{cases:?}");
        assert_eq!(then.notices.len(), 2);
        assert!(then.notices.iter().all(|notice| notice.code == "C01"));
        let feed = then.stale.iter().find(|feed| feed.feed == "water.pressure");
        assert!(feed.is_some(), "nothing came until midnight");
        // What happens later changes nothing.
        ground.wait(600);
        ground.send("water.pressure", 99.0).await;
        let later = ground.now() + jiff::SignedDuration::from_hours(12);
        ground.tell(case(2, false, later)).await;
        ground.pass().await;
        let list = ground
            .service
            .notices(everybody(), NoticeQuery::default(), ground.now());
        for notice in list.await.unwrap().items {
            let taken = AcknowledgeNotice::default();
            let noted = ground
                .service
                .acknowledge(everybody(), notice.id, taken, ground.now());
            noted.await.unwrap();
        }
        let again = report(&ground, Period::Daily, Some(&day)).await;
        assert_eq!(
            serde_json::to_value(&then).unwrap(),
            serde_json::to_value(&again).unwrap(),
            "{}",
            ground.test.name
        );
    }
}

#[tokio::test]
async fn today_is_compared_with_the_day_before() {
    let ground = grounds().await.remove(0);
    two_days(&ground).await;
    let today = report(&ground, Period::Daily, None).await;
    assert!(!today.is_complete);
    assert!(today.index.before.is_some() && today.index.change.is_some());
    let change = today
        .changes
        .iter()
        .find(|change| change.code == "C01")
        .unwrap();
    assert_eq!((change.before, change.value), (5.0, 15.0));
    assert!(change.score_change.unwrap() < 0.0);
    assert_eq!(
        today
            .reasons
            .iter()
            .filter(|part| part.code == "C01")
            .count(),
        1
    );
    let week = report(&ground, Period::Weekly, None).await;
    assert_eq!(week.first_day.weekday(), jiff::civil::Weekday::Monday);
    assert!(week.breaches.len() >= today.breaches.len());
}

#[tokio::test]
async fn a_report_is_of_places_that_one_may_see_and_of_days_that_have_begun() {
    let ground = grounds().await.remove(0);
    ground.pass().await;
    let query = |area: Option<&str>, of: Option<&str>| ReportQuery {
        area: area.map(str::to_owned),
        of: of.map(|day| day.parse().unwrap()),
        lang: None,
    };
    let any = query(None, None);
    let west = actor(&["vitals.read"], Some(WEST));
    let now = ground.now();
    let own = ground.service.report(&west, Period::Daily, &any, now);
    assert_eq!(own.await.unwrap().area.as_str(), WEST);
    let city = query(Some(CITY), None);
    let hidden = ground.service.report(&west, Period::Daily, &city, now);
    assert!(hidden.await.is_err());
    let nobody = actor(&[], None);
    let denied = ground.service.report(&nobody, Period::Daily, &any, now);
    assert!(denied.await.is_err());
    let future = query(None, Some("2999-01-01"));
    let refused = ground
        .service
        .report(everybody(), Period::Weekly, &future, now);
    let refused = refused.await.unwrap_err();
    assert_eq!(yiwang_kernel::Fault::code(&refused), "vitals.invalid");
}

#[tokio::test]
async fn a_document_says_the_same_in_both_languages() {
    let ground = grounds().await.remove(0);
    two_days(&ground).await;
    for (language, title) in [
        (Language::Zh, "城市健康指数"),
        (Language::En, "City health index"),
    ] {
        let query = ReportQuery::default();
        let asked = (&query, language);
        let document =
            ground
                .service
                .report_document(everybody(), Period::Daily, asked, ground.now());
        let (name, bytes) = document.await.unwrap();
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        assert_eq!(ending, Some("docx"));
        let read = docx_rs::read_docx(&bytes).unwrap();
        let text = read.json();
        assert!(text.contains(title), "{text}");
        assert!(text.contains("C01"));
    }
    let shown: Value = serde_json::to_value(report(&ground, Period::Daily, None).await).unwrap();
    assert_eq!(shown["index"]["code"], json!("index"));
}
