//! Reports in: duplicates, refusals, counters, numbers, repeats, history.

use jiff::SignedDuration;
use yiwang_kernel::{Masked, Position};

use super::{Hub, hubs, now, report};
use crate::model::{Flag, NewIncident, NewReporter, Outcome, PastCase, Source, Status};
use crate::service::Draft;
use crate::store::{Counted, RefusalFilter};
use crate::testing::{clerk, person, within};

fn numbered(source: Source, reference: &str) -> NewIncident {
    let mut new = NewIncident::new(source, format!("报告{reference}"), "");
    new.source_ref = Some(reference.to_owned());
    new
}

#[tokio::test]
async fn each_row_gets_its_own_answer() {
    for hub in hubs().await {
        let mut unknown = report("油烟");
        unknown.item_code = Some("99.99".to_owned());
        let rows = vec![
            numbered(Source::Hotline, "A1"),
            numbered(Source::Hotline, "A1"),
            NewIncident::new(Source::Hotline, " ", ""),
            numbered(Source::Police, "A1"),
            unknown,
            numbered(Source::Hotline, "A2"),
        ];
        let answers = hub.service.create(rows, &person(1), now()).await.unwrap();
        let stored: Vec<_> = answers.iter().map(|answer| answer.as_ref().ok()).collect();
        let numbers: Vec<_> = stored
            .iter()
            .map(|stored| stored.map(|stored| stored.number.as_str()))
            .collect();
        assert_eq!(
            numbers,
            [
                Some("YW20261123HOT000001"),
                Some("YW20261123HOT000001"),
                None,
                Some("YW20261123110000001"),
                None,
                Some("YW20261123HOT000002"),
            ]
        );
        assert!(stored[1].unwrap().duplicate && !stored[0].unwrap().duplicate);
        let codes: Vec<_> = answers
            .iter()
            .filter_map(|answer| answer.as_ref().err())
            .map(|refused| refused.code)
            .collect();
        assert_eq!(
            codes,
            [
                "incident.intake.text_missing",
                "incident.intake.unknown_item"
            ]
        );
        // The same again: the earlier case, for life.
        let again = numbered(Source::Hotline, "A2");
        let later = now() + SignedDuration::from_hours(24 * 300);
        let answers = hub
            .service
            .create(vec![again], &person(2), later)
            .await
            .unwrap();
        assert_eq!(answers[0].as_ref().unwrap().id, stored[5].unwrap().id);
        assert!(answers[0].as_ref().unwrap().duplicate);
        adds_up(&hub).await;
    }
}

/// Six rows and one more: received is the sum of what became of them.
async fn adds_up(hub: &Hub) {
    let counters = hub.service.counters().await.unwrap();
    let count = |source, kind| -> i64 {
        counters
            .iter()
            .filter(|(key, _)| key.source == source && key.kind == kind)
            .map(|(_, n)| n)
            .sum()
    };
    assert_eq!(count(Source::Hotline, Counted::Stored), 2);
    assert_eq!(count(Source::Hotline, Counted::Duplicate), 2);
    assert_eq!(count(Source::Hotline, Counted::Refused), 2);
    assert_eq!(
        counters.values().sum::<i64>(),
        7,
        "received is the sum of what became of it"
    );
    let refusals = hub
        .service
        .refusals(
            &RefusalFilter {
                source: Some(Source::Hotline),
                ..RefusalFilter::default()
            },
            None,
            10,
        )
        .await
        .unwrap();
    assert_eq!(refusals.len(), 2);
    assert_eq!(refusals[0].code, "incident.intake.unknown_item");
}

#[tokio::test]
async fn thousands_of_rows_go_in_at_once_and_once() {
    for hub in hubs().await {
        let rows = || {
            (0..1_200)
                .map(|n| numbered(Source::Import, &format!("r{n}")))
                .collect()
        };
        let first = hub.service.create(rows(), &person(1), now()).await.unwrap();
        let second = hub.service.create(rows(), &person(1), now()).await.unwrap();
        assert!(
            first
                .iter()
                .all(|answer| !answer.as_ref().unwrap().duplicate)
        );
        for (a, b) in first.iter().zip(&second) {
            let (a, b) = (a.as_ref().unwrap(), b.as_ref().unwrap());
            assert!(b.duplicate && a.id == b.id && a.number == b.number);
        }
    }
}

#[tokio::test]
async fn callers_at_the_same_time_get_different_numbers() {
    for hub in hubs().await {
        let one = |n: usize| {
            let service = hub.service.clone();
            async move {
                service
                    .create(vec![report(&format!("报告{n}"))], &person(1), now())
                    .await
            }
        };
        let answers = futures::future::join_all((0..60).map(one)).await;
        let mut numbers: Vec<String> = answers
            .into_iter()
            .map(|answer| answer.unwrap().remove(0).unwrap().number)
            .collect();
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), 60);
    }
}

#[tokio::test]
async fn a_case_of_another_system_keeps_its_times() {
    for hub in hubs().await {
        let created_at = "2019-05-01T02:00:00Z".parse().unwrap();
        let closed_at = "2019-05-03T02:00:00Z".parse().unwrap();
        let mut new = numbered(Source::Import, "sf-1");
        new.past = Some(PastCase {
            created_at,
            closed_at: Some(closed_at),
            outcome: Some(Outcome::Solved),
            answer: "done".to_owned(),
        });
        let id = hub.create(new, now()).await;
        let case = hub.service.load(id).await.unwrap();
        assert_eq!(
            (case.created_at, case.closed_at),
            (created_at, Some(closed_at))
        );
        assert_eq!(
            (case.status, case.doc.outcome),
            (Status::Closed, Some(Outcome::Solved))
        );
        assert!(case.doc.clocks.is_empty() && case.has(Flag::Imported) && case.has(Flag::NoPlace));
        assert_eq!(case.number, "YW20190501IMP000001");
    }
}

#[tokio::test]
async fn the_third_report_of_a_caller_is_flagged() {
    for hub in hubs().await {
        let mut flags = Vec::new();
        for n in 0..4 {
            let mut new = report(&format!("路灯{n}"));
            new.reporter = Some(NewReporter {
                name: Masked::new("王小明"),
                phone: Masked::new("138 1234 5678"),
                secret: false,
            });
            let at = now() + SignedDuration::from_hours(n);
            let id = hub.create(new, at).await;
            flags.push(hub.service.load(id).await.unwrap().has(Flag::Repeat));
        }
        assert_eq!(flags, [false, false, true, true]);
    }
}

#[tokio::test]
async fn a_desk_accepts_at_once_and_a_place_finds_its_area() {
    for hub in hubs().await {
        let mut new = report("路灯不亮");
        new.desk = true;
        new.position = Position::new(120.28, 31.91).ok();
        let id = hub.create(new, now()).await;
        let case = hub.service.load(id).await.unwrap();
        assert_eq!(case.status, Status::Accepted);
        assert_eq!(case.area.unwrap().as_str(), "320281001003");
    }
}

#[tokio::test]
async fn whoever_may_not_hand_in_is_refused() {
    for hub in hubs().await {
        let reader = clerk(5, &["incident.read"], within(&[3]), 1);
        let fault = hub
            .service
            .create(vec![report("x")], &reader, now())
            .await
            .unwrap_err();
        assert!(matches!(fault, crate::IncidentError::Denied { .. }));
    }
}

#[tokio::test]
async fn hints_show_the_like_and_leave_out_the_unlike() {
    for hub in hubs().await {
        let placed = |title: &str, lon: f64| {
            let mut new = report(title);
            new.position = Position::new(lon, 31.91).ok();
            new.address = String::new();
            new
        };
        let same = hub.create(placed("路灯不亮", 120.2801), now()).await;
        let mut other = placed("饭店油烟", 120.2802);
        other.item_code = Some("01.02".to_owned());
        other.description = "后厨的油烟直排".to_owned();
        hub.create(other, now()).await;
        hub.create(placed("路灯不亮", 120.40), now()).await;
        let draft = Draft {
            item: Some("01.01".to_owned()),
            position: Position::new(120.28, 31.91).ok(),
            text: "路灯不亮 门口的路灯三天没亮".to_owned(),
            ..Draft::default()
        };
        let hints = hub.service.hints(&draft, &person(1), now()).await.unwrap();
        let ids: Vec<_> = hints.iter().map(|hint| hint.incident.id).collect();
        assert_eq!(ids, [same], "{hints:?}");
        assert!(hints[0].top);
        let stranger = clerk(7, &["incident.read"], within(&[8]), 1);
        assert!(
            hub.service
                .hints(&draft, &stranger, now())
                .await
                .unwrap()
                .is_empty()
        );
        let own = hub
            .service
            .duplicates_of(same, &person(1), now())
            .await
            .unwrap();
        assert!(own.iter().all(|hint| hint.incident.id != same));
    }
}
