//! Facts become numbers, grades, the index, events and notices.

use std::sync::Arc;

use serde_json::json;
use yiwang_contracts::PackTarget as _;

use crate::service::Standing;
use crate::service::{AcknowledgeNotice, NoticeQuery, SeriesQuery};
use crate::testing::{
    CITY, EAST, Ground, WEST, case, entries, everybody, feed_indicator, grounds, pack,
};

#[tokio::test]
async fn a_value_that_is_sent_becomes_a_grade_a_score_and_the_index() {
    for ground in grounds().await {
        ground.pass().await;
        let answer = ground.send("water.pressure", 60.0).await;
        assert_eq!((answer.received, answer.stored, answer.refused), (1, 1, 0));
        ground.pass().await;
        let all = ground.service.indicators(everybody(), None, ground.now());
        let all = all.await.unwrap();
        let own = all.iter().find(|view| view.code == "C01").unwrap();
        assert_eq!(
            (own.value, own.state),
            (Some(60.0), Standing::Alarm),
            "{}",
            ground.test.name
        );
        assert!(own.score.unwrap() < 50.0);
        assert_eq!(own.trend.last(), Some(&Some(60.0)));
        let city = ground.service.overview(everybody(), None, ground.now());
        let city = city.await.unwrap();
        assert_eq!(city.area.as_str(), CITY);
        assert!(city.score.unwrap() < 50.0);
        assert_eq!(city.reasons[0].code, "C01");
        assert_eq!(city.counts.alarm, 1);
        let events = ground.events().await;
        let graded = events
            .iter()
            .find(|(kind, _)| kind == "vital.grade_changed");
        assert_eq!(graded.unwrap().1["to"], json!({ "graded": "alarm" }));
        assert!(events.iter().any(|(kind, _)| kind == "vital.index_changed"));
        let query = SeriesQuery::default();
        let series = ground
            .service
            .series(everybody(), "C01", &query, ground.now());
        let series = series.await.unwrap();
        assert_eq!(series.points.len(), 1);
        assert_eq!(
            (series.points[0].value, series.points[0].version),
            (60.0, 1)
        );
        // An order becomes a case, once.
        assert_eq!(ground.service.send_orders(ground.now()).await.unwrap(), 1);
        assert_eq!(ground.service.send_orders(ground.now()).await.unwrap(), 0);
        let opened = ground.hub.opened.lock().unwrap().clone();
        assert_eq!(opened.len(), 1);
        assert_eq!(opened[0].area.as_ref().unwrap().as_str(), CITY);
    }
}

#[tokio::test]
async fn what_is_not_heard_becomes_grey_and_comes_back() {
    for ground in grounds().await {
        ground.send("water.pressure", 5.0).await;
        ground.pass().await;
        ground.wait(11 * 60);
        ground.pass().await;
        let shown = |views: Vec<crate::service::IndicatorView>| {
            views
                .into_iter()
                .find(|view| view.code == "C01")
                .unwrap()
                .state
        };
        let views = ground.service.indicators(everybody(), None, ground.now());
        assert_eq!(shown(views.await.unwrap()), Standing::Stale);
        let city = ground.service.overview(everybody(), None, ground.now());
        assert_eq!(city.await.unwrap().score, None);
        let feeds = ground
            .service
            .feeds(everybody(), ground.now())
            .await
            .unwrap();
        assert_eq!(serde_json::to_value(&feeds[0]).unwrap()["state"], "late");
        ground.send("water.pressure", 5.0).await;
        ground.pass().await;
        let views = ground.service.indicators(everybody(), None, ground.now());
        assert_eq!(shown(views.await.unwrap()), Standing::Normal);
    }
}

#[tokio::test]
async fn what_a_case_says_changes_the_number() {
    for ground in grounds().await {
        ground.pass().await;
        ground.tell(case(1, true, ground.now())).await;
        ground.tell(case(2, false, ground.now())).await;
        ground.pass().await;
        for (area, value) in [(CITY, Some(50.0)), (WEST, Some(50.0)), (EAST, None)] {
            let views = ground
                .service
                .indicators(everybody(), Some(area), ground.now());
            let views = views.await.unwrap();
            let own = views.iter().find(|view| view.code == "G06").unwrap();
            assert_eq!(own.value, value, "{area}");
        }
        let mut late = case(2, true, ground.now());
        late.version = 2;
        ground.tell(late).await;
        ground.pass().await;
        let ranks = ground.service.ranking(everybody(), "G06", ground.now());
        let ranks = ranks.await.unwrap();
        assert_eq!(
            (ranks[0].area.as_str(), ranks[0].value),
            (WEST, Some(100.0))
        );
        assert_eq!(ranks[1].state, Standing::Nothing);
        // An older version that comes late changes nothing.
        ground.tell(case(2, false, ground.now())).await;
        ground.pass().await;
        let ranks = ground.service.ranking(everybody(), "G06", ground.now());
        assert_eq!(ranks.await.unwrap()[0].value, Some(100.0));
    }
}

#[tokio::test]
async fn a_restart_neither_repeats_nor_loses() {
    for ground in grounds().await {
        ground.send("water.pressure", 30.0).await;
        ground.pass().await;
        let before = ground.events().await.len();
        let ground = ground.again().await;
        ground.pass().await;
        ground.pass().await;
        assert_eq!(ground.events().await.len(), before, "{}", ground.test.name);
        let notices = ground
            .service
            .notices(everybody(), NoticeQuery::default(), ground.now());
        assert_eq!(notices.await.unwrap().items.len(), 1);
        ground.send("water.pressure", 5.0).await;
        ground.wait(1);
        ground.send("water.pressure", 5.0).await;
        ground.pass().await;
        assert!(ground.events().await.len() > before);
    }
}

#[tokio::test]
async fn notices_of_one_indicator_are_found_among_those_of_others() {
    for ground in grounds().await {
        let mut all = entries();
        all.push(feed_indicator("C02", "water.level"));
        ground.install(&all).await;
        ground.send("water.pressure", 30.0).await;
        ground.send("water.level", 60.0).await;
        ground.pass().await;
        let of = async |code: Option<&str>| {
            let query = NoticeQuery {
                indicator: code.map(str::to_owned),
                ..NoticeQuery::default()
            };
            let page = ground.service.notices(everybody(), query, ground.now());
            let items = page.await.unwrap().items;
            let mut codes: Vec<String> = items.into_iter().map(|one| one.indicator).collect();
            codes.sort();
            codes
        };
        assert_eq!(of(None).await, ["C01", "C02"], "{}", ground.test.name);
        assert_eq!(of(Some("C02")).await, ["C02"]);
        assert!(of(Some("C03")).await.is_empty());
    }
}

#[tokio::test]
async fn an_index_says_nothing_before_enough_was_heard_of() {
    for ground in grounds().await {
        let mut all = entries();
        all.push(feed_indicator("C02", "water.level"));
        ground.install(&all).await;
        let index = async || {
            ground.pass().await;
            let city = ground.service.overview(everybody(), None, ground.now());
            let city = city.await.unwrap();
            (city.score, city.grey_share)
        };
        assert_eq!(index().await, (None, 1.0), "nothing came yet");
        ground.send("water.pressure", 5.0).await;
        // One of two feeds of the domain is half of what it is made of.
        assert_eq!(index().await, (None, 1.0));
        ground.send("water.level", 5.0).await;
        let (score, grey) = index().await;
        assert!(
            score.is_some_and(|score| score > 85.0) && grey == 0.0,
            "{score:?}"
        );
    }
}

#[tokio::test]
async fn a_part_of_the_cases_is_no_number() {
    let test = yiwang_testkit::databases(&[crate::migrations()])
        .await
        .remove(0);
    let ground = Ground::open(test, yiwang_testkit::clock(), Arc::default()).await;
    ground.install(&entries()).await;
    let now = ground.now();
    ground.hub.cases.lock().unwrap().push(case(1, false, now));
    ground.tell(case(2, true, now)).await;
    ground.pass().await;
    let shown = async || {
        let views = ground.service.indicators(everybody(), None, ground.now());
        let views = views.await.unwrap();
        let own = views.iter().find(|view| view.code == "G06").unwrap();
        (own.value, own.state)
    };
    assert_eq!(shown().await, (None, Standing::Stale));
    ground.service.read_cases(ground.now()).await.unwrap();
    ground.pass().await;
    assert_eq!(shown().await.0, Some(50.0));
}

#[tokio::test]
async fn one_case_of_one_is_shown_and_pulls_no_index_down() {
    let ground = grounds().await.remove(0);
    let mut share = crate::testing::g06();
    share["sample_min"] = json!(2);
    ground.install(&[share]).await;
    let index = async || {
        ground.pass().await;
        let views = ground
            .service
            .indicators(everybody(), Some(WEST), ground.now());
        let views = views.await.unwrap();
        let own = views.iter().find(|view| view.code == "G06").unwrap();
        let town = ground
            .service
            .overview(everybody(), Some(WEST), ground.now());
        (own.value, own.state, town.await.unwrap().score)
    };
    ground.tell(case(1, false, ground.now())).await;
    assert_eq!(index().await, (Some(0.0), Standing::Ungraded, None));
    ground.tell(case(2, false, ground.now())).await;
    assert_eq!(index().await, (Some(0.0), Standing::Alarm, Some(0.0)));
}

#[tokio::test]
async fn a_proposal_waits_for_a_person() {
    for ground in grounds().await {
        ground.send("water.pressure", 30.0).await;
        ground.pass().await;
        assert_eq!(ground.service.send_orders(ground.now()).await.unwrap(), 0);
        let notices = ground
            .service
            .notices(everybody(), NoticeQuery::default(), ground.now());
        let notice = notices.await.unwrap().items.remove(0);
        let body = AcknowledgeNotice {
            note: "先查泵站".to_owned(),
            open_case: true,
        };
        let noted = ground
            .service
            .acknowledge(everybody(), notice.id, body, ground.now());
        let noted = noted.await.unwrap();
        assert!(!noted.is_open && noted.case.is_some());
        assert_eq!(ground.hub.opened.lock().unwrap().len(), 1);
        assert_eq!(ground.hub.audited.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_is_wrong_with_values_is_told_and_counted() {
    let ground = grounds().await.remove(0);
    let now = ground.now();
    let values = json!([
        { "time": now, "value": 1.0 },
        { "time": now, "value": 2.0 },
        { "time": "2999-01-01T00:00:00Z", "value": 2.0 },
        { "time": "1999-01-01T00:00:00Z", "value": 2.0 },
        { "time": now, "area": "999", "value": 2.0 },
        { "time": now, "worth": 2.0 },
    ]);
    let answer = ground.send_all("water.pressure", &values).await;
    assert_eq!(
        (
            answer.received,
            answer.stored,
            answer.duplicate,
            answer.refused
        ),
        (6, 1, 1, 4)
    );
    let codes: Vec<&str> = answer.refusals.iter().map(|one| one.code).collect();
    assert_eq!(
        codes,
        [
            "vitals.feed.future",
            "vitals.feed.too_old",
            "vitals.feed.unknown_area",
            "vitals.feed.malformed"
        ]
    );
    let again = json!([{ "time": now, "value": 2.0 }]);
    let again = ground.send_all("water.pressure", &again).await;
    assert_eq!(again.duplicate, 1);
    let feeds = ground.service.feeds(everybody(), now).await.unwrap();
    assert_eq!(
        (feeds[0].stored, feeds[0].duplicate, feeds[0].refused),
        (1, 2, 4)
    );
}

#[tokio::test]
async fn faults_of_a_pack_are_told_at_once() {
    let ground = grounds().await.remove(0);
    let mut wrong = entries();
    wrong.push(feed_indicator("C01", "Wrong name"));
    wrong.push(json!({ "code": "C02" }));
    let codes: Vec<String> = ground
        .service
        .check(&pack(&wrong), &[])
        .into_iter()
        .map(|fault| fault.code)
        .collect();
    assert!(codes.contains(&"vitals.twice".to_owned()), "{codes:?}");
    assert!(codes.contains(&"vitals.feed_name".to_owned()), "{codes:?}");
    assert!(
        codes.contains(&"vitals.indicators.malformed".to_owned()),
        "{codes:?}"
    );
}

#[tokio::test]
async fn what_a_device_says_is_heard_before_its_time() {
    let ground = grounds().await.remove(0);
    let mut level = feed_indicator("C02", "water.level");
    level["formula"] =
        json!({ "last": { "profiles": ["gauge"], "property": "level", "aggregate": "max" } });
    level["refresh"] = json!("1h");
    level["lag_allowed"] = json!("2h");
    let mut all = entries();
    all.push(level);
    ground.install(&all).await;
    let say = |value: f64| {
        *ground.hub.last.lock().unwrap() = vec![yiwang_contracts::LastValue {
            device: "G1".into(),
            area: Some(CITY.into()),
            attributes: Vec::new(),
            last: Some((yiwang_kernel::micros(ground.now()), value)),
        }];
    };
    let shown = async || {
        ground.pass().await;
        let views = ground.service.indicators(everybody(), None, ground.now());
        let views = views.await.unwrap();
        views.iter().find(|view| view.code == "C02").unwrap().value
    };
    say(1.0);
    assert_eq!(shown().await, Some(1.0));
    ground.wait(60);
    say(2.0);
    assert_eq!(
        shown().await,
        Some(1.0),
        "not more than twenty times in its refresh"
    );
    ground.wait(180);
    assert_eq!(shown().await, Some(2.0));
}
