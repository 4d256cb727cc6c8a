use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_contracts::{
    Catalog, Grade, Installing, PackChange, PackTarget, ResponsibilityQuery, Severity,
};
use yiwang_kernel::{Clock, Fault as _, Position, Timestamp};

use super::*;
use crate::sections::Section;

fn day(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

#[tokio::test]
async fn a_pack_answers_every_question_once_it_is_in() {
    for world in World::all().await {
        let (service, now) = (&world.service, world.clock.now());
        assert!(
            service.check(&core(), &[]).is_empty(),
            "{:?}",
            service.check(&core(), &[])
        );
        assert!(service.item("05.02", now).is_none());
        world.install(&core()).await;

        let item = service.item("05.02", now).unwrap();
        assert_eq!((item.grade, item.version), (Grade::III, 1));
        assert!(service.is_leaf("05.02", now) && !service.is_leaf("05", now));
        let limits = service.limits(Some("05.02"), Grade::III, now);
        assert_eq!(limits.len(), 1);
        assert_eq!(
            (limits[0].limit.to_string(), limits[0].calendar.name()),
            ("1wd".to_owned(), "office")
        );
        assert_eq!(service.suggest("门口的树倒了", now, 3)[0].code, "05.02");
        let places = service.locate(&[
            Position {
                lon: 2.5,
                lat: 10.5,
            },
            Position {
                lon: 9.0,
                lat: 10.5,
            },
        ]);
        assert_eq!(places[0].as_ref().unwrap().code.as_str(), "320281002001001");
        assert!(places[1].is_none());
        let query = |item: &str, area: Option<&str>| ResponsibilityQuery {
            item: item.to_owned(),
            area: area.map(AreaCode::from),
            at: now,
        };
        let answers = service.responsible(&[
            query("05.02", Some("320281002001001")),
            query("01.01", None),
            query("05.02", None),
            query("09", None),
        ]);
        let leads: Vec<Option<&str>> = answers
            .iter()
            .map(|answer| answer.lead.as_ref().map(|lead| lead.code.as_str()))
            .collect();
        assert_eq!(leads, [Some("320281002"), Some("cgj"), None, None]);
        assert_eq!(answers[0].supervisor.as_ref().unwrap().code, "cgj");
        assert_eq!(answers[0].list_version, 1);
        assert_eq!(service.calendar_version(), 1);
        assert_eq!(
            world.events().await,
            [
                "catalog.calendar_changed",
                "catalog.items_changed",
                "catalog.responsibility_published"
            ]
        );
    }
}

#[tokio::test]
async fn the_same_pack_again_changes_nothing() {
    for world in World::all().await {
        world.install(&core()).await;
        let before = (world.service.snapshot().version, world.events().await);
        world.clock.advance(day(1));
        world.install(&core()).await;
        assert_eq!(
            (world.service.snapshot().version, world.events().await),
            before
        );
    }
}

#[tokio::test]
async fn history_is_judged_by_what_was_in_force() {
    for world in World::all().await {
        world.install(&core()).await;
        let before = world.clock.now();
        world.clock.advance(day(10));
        let after = world.clock.now();
        let changed = changed_core(|sections| {
            sections["items"][2]["grade"] = json!("iv");
            sections["items"][1]["keywords"] = json!(["渣土"]);
            sections["limits"][1]["limits"][0]["limit"] = json!("2wd");
            sections["calendars"][0]["shifts"] = json!(["08:00-12:00"]);
            sections["responsibility"][0]["lead"] = json!("zjj");
            sections["items"].as_array_mut().unwrap().pop();
            sections["responsibility"][1]["items"] = json!(["05", "01.01"]);
        });
        world.install(&changed).await;
        for service in [world.service.clone(), world.other_node().await] {
            let (old, new) = (
                service.item("05", before).unwrap(),
                service.item("05", after).unwrap(),
            );
            assert_eq!((old.grade, old.version), (Grade::III, 1));
            assert_eq!((new.grade, new.version), (Grade::IV, 2));
            assert!(
                service.item("05.02", before).is_some() && service.item("05.02", after).is_none()
            );
            assert!(service.is_leaf("05", after) && !service.is_leaf("05", before));
            let limit = |at: Timestamp| service.limits(None, Grade::III, at)[0].limit.to_string();
            assert_eq!(
                (limit(before), limit(after)),
                ("1wd".to_owned(), "2wd".to_owned())
            );
            assert_eq!(service.calendar("office").unwrap().spec().shifts.len(), 1);
            assert_eq!(service.calendar_version(), 2);
            let lead = |item: &str, at: Timestamp| {
                let query = ResponsibilityQuery {
                    item: item.into(),
                    area: Some("320281001".into()),
                    at,
                };
                service.responsible(&[query]).remove(0).lead.unwrap().code
            };
            assert_eq!(
                (lead("01", before), lead("01", after)),
                ("cgj".to_owned(), "zjj".to_owned())
            );
            assert_eq!(
                (lead("01.01", before), lead("01.01", after)),
                ("cgj".to_owned(), "320281001".to_owned())
            );
            assert_eq!(service.snapshot().list_latest().unwrap().version, 2);
        }
    }
}

#[tokio::test]
async fn what_is_to_come_is_taken_up_in_time_and_by_other_nodes() {
    for world in World::all().await {
        let other = world.other_node().await;
        world.install(&core()).await;
        assert!(other.item("01", world.clock.now()).is_none());
        assert!(other.reconcile(world.clock.now()).await.unwrap());
        assert!(!other.reconcile(world.clock.now()).await.unwrap());
        assert!(other.item("01", world.clock.now()).is_some());

        let later = changed_core(|sections| {
            let areas = sections["areas"].as_array_mut().unwrap();
            let mut new = areas[3].clone();
            new["code"] = json!("320281001001003");
            new["valid_from"] = json!("2026-12-01");
            new["ring"] = json!("5 10;6 10;6 11;5 10");
            areas.push(new);
        });
        world.install(&later).await;
        let find = || {
            world
                .service
                .locate(&[Position {
                    lon: 5.9,
                    lat: 10.5,
                }])
                .remove(0)
        };
        assert!(find().is_none());
        world.clock.advance(day(7));
        assert!(!world.service.reconcile(world.clock.now()).await.unwrap());
        world.clock.advance(day(1));
        assert!(world.service.reconcile(world.clock.now()).await.unwrap());
        assert_eq!(find().unwrap().code.as_str(), "320281001001003");
    }
}

#[tokio::test]
async fn units_that_arrive_later_are_known_without_a_change_here() {
    let world = World::new(yiwang_testkit::sqlite(&[crate::migrations()]).await).await;
    world.install(&core()).await;
    let lead = || {
        let at = world.clock.now();
        let query = ResponsibilityQuery {
            item: "05.02".into(),
            area: Some("320281001".into()),
            at,
        };
        world
            .service
            .responsible(&[query])
            .remove(0)
            .lead
            .map(|lead| lead.code)
    };
    let town = world.units.0.lock().unwrap().remove(2);
    assert!(world.service.reconcile(world.clock.now()).await.unwrap());
    assert_eq!(lead(), None);
    world.units.0.lock().unwrap().push(town);
    assert!(world.service.reconcile(world.clock.now()).await.unwrap());
    assert_eq!(lead().as_deref(), Some("320281001"));
}

#[tokio::test]
async fn a_second_pack_adds_to_the_list_and_its_past() {
    let world = World::new(yiwang_testkit::sqlite(&[crate::migrations()]).await).await;
    world.install(&core()).await;
    world.clock.advance(day(1));
    let upper = pack(
        "upper",
        json!({
            "items": [{"code": "05.03", "name": "古树名木"}],
            "responsibility": [{"id": "old-trees", "items": ["05.03"], "areas": ["*"], "lead": "zjj", "basis": "条例"}],
        }),
    );
    let found = world.service.check(&upper, &[&core()]);
    assert!(
        found
            .iter()
            .all(|finding| finding.severity == Severity::Warning),
        "{found:?}"
    );
    world.install(&upper).await;
    let query = ResponsibilityQuery {
        item: "05.03".into(),
        area: None,
        at: "2010-01-01T00:00:00Z".parse().unwrap(),
    };
    let answer = world.service.responsible(&[query]).remove(0);
    assert_eq!(
        (answer.lead.unwrap().code.as_str(), answer.list_version),
        ("zjj", 2)
    );
    // Taken out again, its item ends and its rule with it.
    world.clock.advance(day(1));
    world.install(&pack("upper", json!({}))).await;
    assert!(world.service.item("05.03", world.clock.now()).is_none());
    assert_eq!(world.service.snapshot().latest_rules().len(), 2);
}

#[tokio::test]
async fn a_pack_that_cannot_be_read_is_refused_whole() {
    let world = World::new(yiwang_testkit::sqlite(&[crate::migrations()]).await).await;
    let bad = changed_core(|sections| sections["limits"][0]["limits"][0]["limit"] = json!("soon"));
    let fault = world
        .service
        .install_pack(&bad, Installing::new(&actor(), world.clock.now()))
        .await
        .unwrap_err();
    assert_eq!(fault.code(), "catalog.bad_pack");
    assert!(fault.to_string().contains("limits.yaml:1"), "{fault}");
    assert_eq!(world.service.snapshot().version, 0);
}

#[test]
fn sections_have_schemas_for_editors() {
    for section in Section::ALL {
        let schema = section.schema();
        let fields = schema["properties"].as_object().unwrap();
        assert!(
            fields.contains_key(section.key_field()),
            "{}",
            section.name()
        );
        assert!(!fields.contains_key("pack"), "{}", section.name());
        assert_eq!(Section::parse(section.name()), Some(section));
    }
}

/// What the rehearsal of `after` in the place of `before` says.
async fn rehearsed(
    world: &World,
    before: &PackContent,
    after: &PackContent,
    accepted: Option<&str>,
) -> Result<Value, (String, Value)> {
    let change = PackChange {
        before: vec![before],
        after: vec![after],
    };
    let actor = actor();
    let by = Installing {
        accepted,
        ..Installing::new(&actor, world.clock.now())
    };
    let said = world.service.rehearse(&change, by).await;
    said.map_err(|fault| (fault.code().to_owned(), fault.data()))
}

#[tokio::test]
async fn a_pack_that_opens_a_hole_is_refused_and_leaves_no_trace() {
    for world in World::all().await {
        world.install(&core()).await;
        world.clock.advance(day(1));
        let before = (world.service.snapshot().version, world.events().await);
        let holed =
            changed_core(|sections| drop(sections["responsibility"].as_array_mut().unwrap().pop()));
        let (code, data) = rehearsed(&world, &core(), &holed, None).await.unwrap_err();
        assert_eq!(code, "responsibility.opens_fault");
        let fault = &data["faults"][0];
        assert_eq!(
            (
                &fault["kind"],
                &fault["item"],
                &fault["area"],
                &fault["count"]
            ),
            (&json!("hole"), &json!("05"), &json!("320281"), &json!(4))
        );
        world.service.reload().await.unwrap();
        assert_eq!(
            (world.service.snapshot().version, world.events().await),
            before
        );
        let taken = rehearsed(&world, &core(), &holed, Some("合并期")).await;
        assert_eq!(taken, Ok(json!({"holes": 4, "overlaps": 0})));
        let (actor, reason) = (actor(), Some("合并期"));
        let by = Installing {
            accepted: reason,
            ..Installing::new(&actor, world.clock.now())
        };
        world.service.install_pack(&holed, by).await.unwrap();
        let list = world.service.list(2).await.unwrap();
        assert_eq!(list.list.accepted.as_deref(), reason);
        assert_eq!(list.opened.hole_pairs, 4);
    }
}

#[tokio::test]
async fn items_places_and_units_open_faults_as_rules_do() {
    for world in World::all().await {
        let unit = |code: &str| json!({"code": code, "name": {"zh": code}, "kind": "department"});
        let both = json!([unit("cgj"), unit("zjj")]);
        let city = |change: fn(&mut Value)| {
            changed_core(|sections| {
                sections["orgs"] = both.clone();
                change(sections);
            })
        };
        let full = city(|_| {});
        world.install(&full).await;
        world.clock.advance(day(1));
        let opened = async |after: &PackContent| match rehearsed(&world, &full, after, None).await {
            Ok(taken) => panic!("not refused: {taken}"),
            Err((_, data)) => (
                data["hole_pairs"].as_u64().unwrap(),
                data["overlap_pairs"].as_u64().unwrap(),
            ),
        };
        let new_item = city(|sections| {
            let items = sections["items"].as_array_mut().unwrap();
            items.push(json!({"code": "07", "name": "无人负责"}));
        });
        assert_eq!(opened(&new_item).await, (4, 0), "an item without a rule");
        let place = city(|sections| {
            let areas = sections["areas"].as_array_mut().unwrap();
            areas.push(area("320281003", "320281", 2));
        });
        assert_eq!(opened(&place).await, (1, 0), "a town without a unit");
        let no_unit = city(|sections| drop(sections["orgs"].as_array_mut().unwrap().remove(0)));
        assert_eq!(opened(&no_unit).await, (4, 0), "the leading unit is gone");
        let twice = city(|sections| {
            let rules = sections["responsibility"].as_array_mut().unwrap();
            rules.push(json!({"id": "more", "items": ["05"], "areas": ["320281"], "lead": "zjj", "basis": "x"}));
        });
        assert_eq!(opened(&twice).await, (0, 4), "two units lead");
        let harmless = city(|sections| sections["items"][0]["grade"] = json!("iii"));
        assert_eq!(
            rehearsed(&world, &full, &harmless, None).await,
            Ok(Value::Null)
        );
    }
}
