//! Lists: filters, pages, numbers that drill, and never a row that the grant denies.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::SignedDuration;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Map, Value, json};
use yiwang_contracts::{Actor, Grant, IncidentId, OrgScope, Subject};
use yiwang_kernel::{AreaCode, Fault as _, PageRequest, Position};

use super::{Hub, hubs, now, report};
use crate::model::{Incident, Light, Source, Status};
use crate::service::{ListQuery, TaskQuery};
use crate::store::GroupBy;
use crate::testing::{clerk, org, person, within};

type Fits = fn(&Incident) -> bool;

const AREAS: [&str; 4] = [
    "320281001003001",
    "320281001003",
    "320281001",
    "320281004001",
];

/// Cases of all sorts: with and without area, item, unit; some secret.
async fn fill(hub: &Hub, random: &mut StdRng, count: usize) -> Vec<IncidentId> {
    let mut ids = Vec::new();
    for n in 0..count {
        let at = now() + SignedDuration::from_secs(n as i64 / 3);
        let mut new = report(&format!("报告{n}"));
        new.source = *[Source::Hotline, Source::Grid, Source::Citizen]
            .get(n % 3)
            .unwrap();
        new.item_code = [Some("01.01"), Some("02.01"), None]
            .get(random.random_range(0..3))
            .unwrap()
            .map(str::to_owned);
        new.area = AREAS
            .get(random.random_range(0..5))
            .map(|code| AreaCode::from(*code));
        let creator = Actor {
            org_id: org(1 + u128::from(random.random_range(0..8_u32))),
            ..person(1)
        };
        let id = hub
            .service
            .create(vec![new], &creator, at)
            .await
            .unwrap()
            .remove(0)
            .unwrap()
            .id;
        ids.push(id);
        let steps = random.random_range(0..3_u32);
        if steps > 0 {
            let body = json!({ "item_code": "01.01" });
            hub.give(id, &person(1), "accept", body, at).await.unwrap();
            hub.give(id, &person(1), "register", json!({}), at)
                .await
                .unwrap();
        }
        if steps > 1 {
            let lead = org(3 + u128::from(random.random_range(0..6_u32)));
            let body = json!({ "mode": "single", "lead": lead });
            hub.give(id, &person(1), "dispatch", body, at)
                .await
                .unwrap();
        }
    }
    ids
}

fn random() -> StdRng {
    StdRng::seed_from_u64(20_261_123)
}

async fn whole_list(hub: &Hub, query: &ListQuery, actor: &Actor, limit: u32) -> Vec<IncidentId> {
    let at = now() + SignedDuration::from_hours(1);
    let mut page = PageRequest {
        limit: Some(limit),
        cursor: None,
    };
    let mut ids = Vec::new();
    loop {
        let rows = hub.service.list(query, &page, actor, at).await.unwrap();
        assert!(rows.items.len() <= limit as usize);
        ids.extend(rows.items.iter().map(|row| row.id));
        let Some(next) = rows.next else { return ids };
        page.cursor = Some(next);
    }
}

#[tokio::test]
async fn pages_give_every_case_once_in_either_order() {
    for hub in hubs().await {
        let mut ids = fill(&hub, &mut random(), 40).await;
        ids.sort_unstable();
        for by_due in [false, true] {
            let query = ListQuery {
                by_due,
                ..ListQuery::default()
            };
            let mut listed = whole_list(&hub, &query, &person(1), 7).await;
            let newest_first = listed.first().copied();
            listed.sort_unstable();
            assert_eq!(listed, ids, "{} by due: {by_due}", hub.db.name);
            if !by_due {
                assert_eq!(newest_first, ids.last().copied());
            }
        }
    }
}

#[tokio::test]
async fn each_number_drills_to_exactly_its_cases() {
    for hub in hubs().await {
        let total = fill(&hub, &mut random(), 40).await.len();
        let at = now() + SignedDuration::from_hours(1);
        for actor in [
            person(1),
            clerk(5, &["incident.read"], within(&[3, 4, 5]), 1),
        ] {
            for by in [
                GroupBy::Status,
                GroupBy::Light,
                GroupBy::Org,
                GroupBy::Item,
                GroupBy::Area,
                GroupBy::Source,
                GroupBy::Grade,
            ] {
                let numbers = hub.service.numbers(by, &actor, at).await.unwrap();
                assert_eq!(
                    numbers.open,
                    numbers.groups.iter().map(|group| group.count).sum::<i64>()
                );
                if actor.system {
                    assert_eq!((numbers.total, numbers.today), (total as i64, total as i64));
                }
                for group in numbers.groups {
                    let query = ListQuery {
                        open: Some(true),
                        ..as_asked(&group.query)
                    };
                    let listed = whole_list(&hub, &query, &actor, 100).await;
                    assert_eq!(
                        listed.len() as i64,
                        group.count,
                        "{by:?} {} on {}",
                        group.key,
                        hub.db.name
                    );
                }
            }
        }
    }
}

/// The list that a number's filter asks for.
fn as_asked(query: &Map<String, Value>) -> ListQuery {
    let said = |key: &str| query.get(key).and_then(Value::as_str);
    let grade = said("grade").map(|word| serde_json::from_value(json!(word)).unwrap());
    ListQuery {
        statuses: said("status").and_then(Status::parse).into_iter().collect(),
        lights: said("light").and_then(Light::parse).into_iter().collect(),
        sources: said("source").and_then(Source::parse).into_iter().collect(),
        grades: grade.into_iter().collect(),
        item: said("item").map(str::to_owned),
        area: said("area").map(str::to_owned),
        org: said("org").map(|id| id.parse().ok()),
        from: said("from").map(|at| at.parse().unwrap()),
        ..ListQuery::default()
    }
}

#[tokio::test]
async fn each_part_of_the_flow_drills_to_exactly_its_cases() {
    for hub in hubs().await {
        let ids = fill(&hub, &mut random(), 60).await;
        for id in ids.iter().step_by(7) {
            let body = json!({ "kind": "void", "reason_code": "test", "text": "测试件" });
            // Those that are over cannot be made void any more.
            let Ok(asked) = hub.give(*id, &person(1), "request", body, now()).await else {
                continue;
            };
            let request = asked.doc.requests.last().unwrap().id;
            let body = json!({ "request_id": request, "approved": true, "text": "同意" });
            let void = hub.give(*id, &person(2), "decide", body, now()).await;
            assert_eq!(void.unwrap().status, Status::Void);
        }
        let at = now() + SignedDuration::from_hours(1);
        let from = now() + SignedDuration::from_secs(5);
        for actor in [
            person(1),
            clerk(5, &["incident.read"], within(&[3, 4, 5]), 1),
        ] {
            let flow = hub.service.flow(from, &actor, at).await.unwrap();
            let all = ListQuery {
                from: Some(from),
                ..ListQuery::default()
            };
            let all = whole_list(&hub, &all, &actor, 100).await;
            let sum: i64 = flow.groups.iter().map(|group| group.count).sum();
            assert_eq!(
                (flow.total, sum, flow.left_out),
                (all.len() as i64, all.len() as i64, 0),
                "{}",
                hub.db.name
            );
            assert!(
                flow.groups
                    .is_sorted_by(|one, other| one.count >= other.count)
            );
            for group in flow.groups {
                let listed = whole_list(&hub, &as_asked(&group.query), &actor, 100).await;
                assert_eq!(
                    listed.len() as i64,
                    group.count,
                    "{group:?} on {}",
                    hub.db.name
                );
            }
        }
        let far = now() - SignedDuration::from_hours(24 * 36);
        let refused = hub.service.flow(far, &person(1), at).await.unwrap_err();
        assert_eq!(refused.code(), "incident.invalid");
    }
}

fn in_village(case: &Incident) -> bool {
    let area = case.area.as_ref();
    area.is_some_and(|area| area.as_str().starts_with("320281001003"))
}

fn led_by(case: &Incident, units: &[u128]) -> bool {
    case.lead_org()
        .is_some_and(|lead| units.iter().any(|unit| org(*unit) == lead))
}

/// A query with one thing asked for, and the rule that says which cases it must give.
fn filters() -> Vec<(ListQuery, Fits)> {
    type Ask = fn(&mut ListQuery);
    let table: [(Ask, Fits); 12] = [
        (|q| q.area = Some("320281001003".into()), in_village),
        (|q| q.area = Some("none".into()), |case| case.area.is_none()),
        (
            |q| q.item = Some("01".into()),
            |case| case.item_code.as_deref() == Some("01.01"),
        ),
        (
            |q| q.item = Some("none".into()),
            |case| case.item_code.is_none(),
        ),
        (
            |q| q.statuses = vec![Status::Received],
            |case| case.status == Status::Received,
        ),
        (
            |q| q.text = Some("报告1".into()),
            |case| case.title.starts_with("报告1"),
        ),
        (
            |q| q.text = Some("yw20261123grd".into()),
            |case| case.source == Source::Grid,
        ),
        (|q| q.text = Some("100%".into()), |_| false),
        (|q| q.org = Some(Some(org(3))), |case| led_by(case, &[3])),
        (|q| q.org = Some(None), |case| case.lead_org().is_none()),
        (
            |q| (q.org, q.org_tree) = (Some(Some(org(3))), true),
            |case| led_by(case, &[3, 4]),
        ),
        (|q| q.breaches_within = "10m".parse().ok(), |_| false),
    ];
    let asked = |ask: Ask| {
        let mut query = ListQuery::default();
        ask(&mut query);
        query
    };
    table.map(|(ask, fits)| (asked(ask), fits)).to_vec()
}

#[tokio::test]
async fn filters_narrow() {
    for hub in hubs().await {
        let ids = fill(&hub, &mut random(), 30).await;
        let mut cases = Vec::new();
        for id in &ids {
            cases.push(hub.service.load(*id).await.unwrap());
        }
        for (query, fits) in filters() {
            let mut expected: Vec<_> = cases
                .iter()
                .filter(|case| fits(case))
                .map(|case| case.id)
                .collect();
            let mut listed = whole_list(&hub, &query, &person(1), 9).await;
            expected.sort_unstable();
            listed.sort_unstable();
            assert_eq!(listed, expected, "{query:?} on {}", hub.db.name);
        }
        // A dispatched case has its task in the inbox of its unit.
        let mine = Actor {
            org_id: org(3),
            ..person(9)
        };
        let tasks = TaskQuery {
            mine: true,
            ..TaskQuery::default()
        };
        let page = PageRequest::default();
        let inbox = hub
            .service
            .tasks(&tasks, &page, &mine, now())
            .await
            .unwrap();
        let expected = cases.iter().filter(|case| led_by(case, &[3, 4]));
        assert_eq!(inbox.items.len(), expected.count());
    }
}

#[tokio::test]
async fn the_map_shows_what_lies_within_its_bounds() {
    for hub in hubs().await {
        for lon in [120.1, 120.2, 120.9] {
            let mut new = report("路灯");
            new.position = Position::new(lon, 31.9).ok();
            hub.create(new, now()).await;
        }
        hub.create(report("没有地点"), now()).await;
        let query = ListQuery {
            bounds: Some([120.0, 31.0, 120.5, 32.0]),
            ..ListQuery::default()
        };
        let points = hub.service.map(&query, &person(1), now()).await.unwrap();
        assert_eq!(points.len(), 2);
    }
}

#[tokio::test]
async fn the_map_of_the_past_shows_cases_as_they_were() {
    for hub in hubs().await {
        let desk = person(1);
        let minute = |n: i64| now() + SignedDuration::from_mins(n);
        let mut new = report("路灯");
        new.position = Position::new(120.1, 31.9).ok();
        let id = hub.create(new, now()).await;
        for (at, command, body) in [
            (
                10,
                "reclassify",
                json!({ "item_code": "01.01", "grade": "ii", "reason": "更急" }),
            ),
            (20, "accept", json!({})),
            (30, "answer", json!({ "text": "已答复" })),
        ] {
            hub.give(id, &desk, command, body, minute(at))
                .await
                .unwrap();
        }
        let at = async |at| {
            let query = ListQuery {
                at: Some(at),
                ..ListQuery::default()
            };
            let points = hub.service.map(&query, &desk, minute(60)).await.unwrap();
            let told = points
                .into_iter()
                .map(|row| format!("{} {}", row.status, row.grade));
            told.collect::<Vec<_>>()
        };
        assert_eq!(at(minute(-1)).await, [""; 0]);
        assert_eq!(at(minute(5)).await, ["received iv"]);
        assert_eq!(at(minute(15)).await, ["received ii"]);
        assert_eq!(at(minute(25)).await, ["accepted ii"]);
        assert_eq!(at(minute(35)).await, [""; 0]);
        let stranger = clerk(9, &["incident.read"], within(&[9]), 1);
        let query = ListQuery {
            at: Some(minute(15)),
            ..ListQuery::default()
        };
        let hidden = hub
            .service
            .map(&query, &stranger, minute(60))
            .await
            .unwrap();
        assert_eq!(hidden, []);
        let query = ListQuery {
            mine: true,
            ..query
        };
        assert_eq!(
            query.only_of_the_past().unwrap_err().code(),
            "incident.invalid"
        );
    }
}

/// Random grants: what every reading answers is what the rule permits, no more and no less.
#[tokio::test]
async fn no_list_returns_a_row_that_the_grant_denies() {
    for hub in hubs().await {
        let mut random = random();
        let ids = fill(&hub, &mut random, 60).await;
        let mut cases = Vec::new();
        for id in &ids {
            cases.push(hub.service.load(*id).await.unwrap());
        }
        for _ in 0..60 {
            let actor = stranger(&mut random);
            let may = |case: &Incident| {
                let mut orgs = case.orgs();
                orgs.push(org(2));
                let subject = Subject {
                    orgs: &orgs,
                    area: case.area.as_ref(),
                    secrecy: case.secrecy,
                };
                actor.may("incident.read", subject, now())
            };
            let expected: BTreeSet<_> = cases
                .iter()
                .filter(|case| may(case))
                .map(|case| case.id)
                .collect();
            let listed: BTreeSet<_> = whole_list(&hub, &ListQuery::default(), &actor, 500)
                .await
                .into_iter()
                .collect();
            assert_eq!(listed, expected, "{:?} on {}", actor.grants, hub.db.name);
            let numbers = hub
                .service
                .numbers(GroupBy::Item, &actor, now())
                .await
                .unwrap();
            assert_eq!(numbers.total, expected.len() as i64);
            let tasks = hub
                .service
                .tasks(
                    &TaskQuery::default(),
                    &PageRequest {
                        limit: Some(500),
                        cursor: None,
                    },
                    &actor,
                    now(),
                )
                .await
                .unwrap();
            assert!(
                tasks
                    .items
                    .iter()
                    .all(|task| expected.contains(&task.incident.id))
            );
            for case in cases.iter().take(10) {
                let found = hub.service.detail(case.id, &actor, now()).await.is_ok();
                assert_eq!(found, expected.contains(&case.id));
            }
        }
    }
}

fn stranger(random: &mut StdRng) -> Actor {
    let grants = (0..random.random_range(1..3_u32))
        .map(|_| {
            let units: Vec<u128> = (1..=8)
                .filter(|_| random.random_range(0..4_u32) == 0)
                .collect();
            Grant {
                role: "test".to_owned(),
                actions: Arc::new(["incident.read".to_owned()].into()),
                org: if random.random_range(0..4_u32) == 0 {
                    OrgScope::All
                } else {
                    within(&units)
                },
                area: AREAS
                    .get(random.random_range(0..8))
                    .map(|code| AreaCode::from(*code)),
                secrecy_max: [1, 2, 4][random.random_range(0..3)],
                purpose: None,
                expires_at: None,
            }
        })
        .collect();
    Actor {
        grants: Arc::new(grants),
        system: false,
        ..person(77)
    }
}
