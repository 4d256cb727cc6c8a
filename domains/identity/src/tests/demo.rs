//! The demo city's people.

use std::collections::BTreeSet;

use yiwang_contracts::{Installing, OrgScope, Subject};
use yiwang_kernel::{AreaCode, PageRequest};

use super::*;

#[tokio::test]
async fn everybody_signs_in_and_reaches_what_he_should() {
    for city in cities().await {
        let made = city
            .service
            .seed_demo(
                DemoCity {
                    seed: 1,
                    people: 30,
                },
                city.now(),
            )
            .await
            .unwrap();
        assert_eq!(made, 13 + 1 + 30);
        assert_eq!(
            city.service
                .seed_demo(DemoCity::default(), city.now())
                .await
                .unwrap(),
            0,
            "once"
        );
        for account in city.service.demo_accounts().unwrap() {
            let signed_in = city
                .try_sign_in(&account.username, DEMO_PASSWORD)
                .await
                .unwrap();
            assert!(signed_in.user.demo);
            assert!(!signed_in.user.must_change_password);
        }
        let actor = |name: &'static str| {
            let city = &city;
            async move {
                city.who(&city.try_sign_in(name, DEMO_PASSWORD).await.unwrap().token)
                    .await
                    .unwrap()
            }
        };
        let dispatcher = actor("dispatcher").await;
        let nowhere = Subject {
            orgs: &[],
            area: None,
            secrecy: 3,
        };
        assert!(
            dispatcher.may("incident.dispatch", nowhere, city.now()),
            "a case without place or unit"
        );
        let handler = actor("handler").await;
        let (cgj, coc) = ([city.org("cgj-zf")], [city.org("coc")]);
        assert!(handler.may(
            "incident.handle",
            Subject {
                orgs: &cgj,
                area: None,
                secrecy: 1
            },
            city.now()
        ));
        assert!(!handler.may(
            "incident.handle",
            Subject {
                orgs: &coc,
                area: None,
                secrecy: 1
            },
            city.now()
        ));
        let officer = actor("320281001.1").await;
        let grid = [city.org("320281001003001")];
        assert!(officer.may(
            "incident.handle",
            Subject {
                orgs: &grid,
                area: None,
                secrecy: 1
            },
            city.now()
        ));
        assert!(matches!(officer.grants[0].org, OrgScope::Within(_)));
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_people() {
    let mut seen = BTreeSet::new();
    for seed in [7, 7, 8] {
        let city = City::new(yiwang_testkit::sqlite(&[migrations()]).await).await;
        city.service
            .seed_demo(DemoCity { seed, people: 40 }, city.now())
            .await
            .unwrap();
        let page = PageRequest {
            limit: Some(500),
            cursor: None,
        };
        let all = city
            .service
            .all_users(&page, city.now())
            .await
            .unwrap()
            .items;
        let people: Vec<String> = all
            .iter()
            .map(|user| format!("{} {}", user.username, user.name))
            .collect();
        assert!(
            all.iter()
                .filter_map(|user| user.phone.as_ref())
                .all(|phone| phone.starts_with("100****"))
        );
        seen.insert(people.join("\n"));
    }
    assert_eq!(seen.len(), 2);
}

#[tokio::test]
async fn the_grid_worker_sees_one_village() {
    let city = City::new(yiwang_testkit::sqlite(&[migrations()]).await).await;
    let mut pack = small_pack();
    pack.sections.get_mut("roles").unwrap().extend(section(&[
        json!({ "code": "grid_worker", "name": { "zh": "网格员" }, "actions": ["incident.read", "incident.create"] }),
    ]));
    city.service
        .install(&pack, Installing::new(&Actor::system("test"), city.now()))
        .await
        .map_err(|e| e.to_string())
        .unwrap();
    city.service
        .seed_demo(DemoCity { seed: 1, people: 0 }, city.now())
        .await
        .unwrap();
    let token = city.try_sign_in("grid", DEMO_PASSWORD).await.unwrap().token;
    let worker = city.who(&token).await.unwrap();
    let may = |area: &str| {
        let area = AreaCode::from(area);
        worker.may(
            "incident.create",
            Subject {
                orgs: &[],
                area: Some(&area),
                secrecy: 1,
            },
            city.now(),
        )
    };
    assert!(may("320281001003001"));
    assert!(!may("320281001"));
    assert!(!may("320281004"));
}

#[tokio::test]
async fn there_are_no_demo_accounts_outside_the_demo() {
    let city = City::new(yiwang_testkit::sqlite(&[migrations()]).await).await;
    let plain = IdentitySettings {
        demo: false,
        ..settings()
    };
    let service = IdentityService::open(&city.platform, plain).await.unwrap();
    assert_eq!(code(service.demo_accounts()), "demo.off");
}
