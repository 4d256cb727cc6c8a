//! Three administrators, kept apart.

use yiwang_contracts::{Installing, Organisations as _, People as _};

use super::*;

#[tokio::test]
async fn each_does_his_own() {
    for city in cities().await {
        let (sys, sec, aud) = (
            city.actor("sys").await,
            city.actor("sec").await,
            city.actor("aud").await,
        );
        let user = city.person("wang", "cgj", None).await;
        let now = city.now();
        let service = &city.service;
        let update = || UpdateUser {
            name: Some("王五".into()),
            ..UpdateUser::default()
        };
        let wish = |user_id, role: &str| CreateGrant {
            user_id,
            role: role.into(),
            org_id: None,
            area: None,
            secrecy_max: 1,
            purpose: None,
            expires_at: None,
        };
        let page = yiwang_kernel::PageRequest::default();
        let log = AuditFilter::default();
        assert_eq!(
            code(
                service
                    .update_user(&sys, user.id, update(), None, now)
                    .await
            ),
            ""
        );
        assert_eq!(
            code(
                service
                    .update_user(&sec, user.id, update(), None, now)
                    .await
            ),
            "auth.denied"
        );
        assert_eq!(
            code(
                service
                    .update_user(&aud, user.id, update(), None, now)
                    .await
            ),
            "auth.denied"
        );
        assert_eq!(
            code(
                service
                    .create_grant(&sec, wish(user.id, "handler"), now)
                    .await
            ),
            ""
        );
        assert_eq!(
            code(
                service
                    .create_grant(&sys, wish(user.id, "handler"), now)
                    .await
            ),
            "auth.denied"
        );
        assert_eq!(
            code(
                service
                    .create_grant(&aud, wish(user.id, "handler"), now)
                    .await
            ),
            "auth.denied"
        );
        assert_eq!(code(service.audit_log(&aud, &log, &page, now).await), "");
        assert_eq!(
            code(service.audit_log(&sys, &log, &page, now).await),
            "auth.denied"
        );
        assert_eq!(
            code(service.audit_log(&sec, &log, &page, now).await),
            "auth.denied"
        );
        assert!(service.verify_audit(&aud, now).await.unwrap().is_ok());

        assert_eq!(
            code(
                service
                    .create_grant(&sec, wish(sec.user_id, "handler"), now)
                    .await
            ),
            "grant.own"
        );
        assert_eq!(
            city.audited(1).await,
            ["grant.create refused"],
            "the attempt is in the log"
        );
        let both = service
            .create_grant(&sec, wish(sys.user_id, "audit_admin"), now)
            .await;
        assert_eq!(code(both), "grant.duties_separated");
        for other in [sec.user_id, aud.user_id] {
            let reset = service
                .reset_password(&sys, other, Masked::new("Taken-1234"), now)
                .await;
            assert_eq!(code(reset), "user.other_duty");
        }
        let own = service
            .reset_password(&sys, sys.user_id, Masked::new("Taken-1234"), now)
            .await;
        assert_eq!(code(own), "auth.denied");
    }
}

#[tokio::test]
async fn the_first_administrators_come_from_the_command_line_only_once() {
    for city in cities().await {
        let new = |username: &str, role: &str| NewAdministrator {
            username: username.into(),
            name: "第二人".into(),
            password: Masked::new(PASSWORD),
            role: role.into(),
        };
        let service = &city.service;
        let again = service
            .create_administrator(new("sys2", "system_admin"), city.now())
            .await;
        assert_eq!(code(again), "user.administrator_exists");
        assert_eq!(
            code(
                service
                    .create_administrator(new("x1", "handler"), city.now())
                    .await
            ),
            "identity.invalid"
        );
        assert!(service.has_users().await.unwrap());
        let all = service
            .all_users(&yiwang_kernel::PageRequest::default(), city.now())
            .await
            .unwrap();
        assert_eq!(all.items.len(), 3);
        for _ in 0..5 {
            let _refused = city.try_sign_in("sec", "wrong").await;
        }
        service
            .reset_password_by_name("sec", Masked::new("Lost-12345"), city.now())
            .await
            .unwrap();
        assert!(
            city.try_sign_in("sec", "Lost-12345")
                .await
                .unwrap()
                .user
                .must_change_password
        );
    }
}

#[tokio::test]
async fn accounts_are_made_changed_and_kept_apart_by_version() {
    for city in cities().await {
        let sys = city.actor("sys").await;
        let user = city.person("chen", "cgj", None).await;
        let rename = |name: &str| UpdateUser {
            name: Some(name.into()),
            ..UpdateUser::default()
        };
        let update = |name: &str, version| {
            city.service
                .update_user(&sys, user.id, rename(name), version, city.now())
        };
        let after = update("陈六", Some(user.version)).await.unwrap();
        assert_eq!((after.version, after.updated_by.as_str()), (2, "sys"));
        let late = update("陈七", Some(user.version)).await.unwrap_err();
        assert_eq!(late.code(), "user.changed");
        assert_eq!(late.data()["changed_by"], "sys", "it names who was first");
        assert_eq!(after.phone.as_deref(), Some("100****1234"));

        let twice = CreateUser {
            username: "CHEN".into(),
            name: "陈".into(),
            phone: None,
            kind: UserKind::Person,
            password: None,
            must_change_password: true,
            posts: vec![Post {
                org_id: city.org("coc"),
                title: String::new(),
                primary: false,
            }],
        };
        let bad = CreateUser {
            username: "a b".into(),
            password: Some(Masked::new("x")),
            posts: vec![],
            ..twice.clone()
        };
        assert_eq!(
            code(city.service.create_user(&sys, twice, city.now()).await),
            "user.username_taken"
        );
        let faults = city
            .service
            .create_user(&sys, bad, city.now())
            .await
            .unwrap_err()
            .fields();
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["/username", "/posts", "/password", "/password"]);
        let names = city
            .service
            .names(&[user.id, sys.user_id])
            .await
            .map_err(|e| e.to_string())
            .unwrap();
        assert_eq!(names, [Some("陈六".to_owned()), Some("sys".to_owned())]);
    }
}

#[tokio::test]
async fn an_administrator_of_a_part_stays_in_it() {
    for city in cities().await {
        let inside = city.person("inner", "cgj-zf", None).await;
        let outside = city.person("outer", "320281001", None).await;
        city.person("part.sys", "cgj", Some("system_admin")).await;
        city.person("part.sec", "cgj", Some("security_admin")).await;
        let (sys, sec) = (city.actor("part.sys").await, city.actor("part.sec").await);
        let rename = || UpdateUser {
            name: Some("改名".into()),
            ..UpdateUser::default()
        };
        let now = city.now();
        assert_eq!(
            code(
                city.service
                    .update_user(&sys, inside.id, rename(), None, now)
                    .await
            ),
            ""
        );
        assert_eq!(
            code(
                city.service
                    .update_user(&sys, outside.id, rename(), None, now)
                    .await
            ),
            "user.not_found"
        );
        let move_out = UpdateUser {
            posts: Some(vec![Post {
                org_id: city.org("coc"),
                title: String::new(),
                primary: true,
            }]),
            ..UpdateUser::default()
        };
        assert_eq!(
            code(
                city.service
                    .update_user(&sys, inside.id, move_out, None, now)
                    .await
            ),
            "auth.denied"
        );
        let wish = |org: Option<&str>| CreateGrant {
            user_id: inside.id,
            role: "handler".into(),
            org_id: org.map(|org| city.org(org)),
            area: None,
            secrecy_max: 1,
            purpose: None,
            expires_at: None,
        };
        assert_eq!(
            code(
                city.service
                    .create_grant(&sec, wish(Some("cgj-zf")), now)
                    .await
            ),
            ""
        );
        assert_eq!(
            code(
                city.service
                    .create_grant(&sec, wish(Some("coc")), now)
                    .await
            ),
            "grant.beyond_own"
        );
        assert_eq!(
            code(city.service.create_grant(&sec, wish(None), now).await),
            "grant.beyond_own"
        );
        let seen = city
            .service
            .users(
                &sys,
                &UserFilter::default(),
                &yiwang_kernel::PageRequest::default(),
                now,
            )
            .await;
        let names: Vec<String> = seen
            .unwrap()
            .items
            .into_iter()
            .map(|user| user.username)
            .collect();
        assert_eq!(names, ["inner", "part.sec", "part.sys"]);
    }
}

#[tokio::test]
async fn a_pack_installs_once_and_its_changes_reach_grants() {
    for city in cities().await {
        let host = Actor::system("test");
        let before = city.audited(1).await;
        city.service
            .install(&small_pack(), Installing::new(&host, city.now()))
            .await
            .map_err(|e| e.to_string())
            .unwrap();
        assert_eq!(
            city.audited(1).await,
            before,
            "the same version again changes nothing"
        );

        city.person("han", "cgj", Some("handler")).await;
        let token = city.sign_in("han").await.token;
        let cgj = city.org("cgj");
        let mut pack = small_pack();
        let orgs = pack.sections.get_mut("orgs").unwrap();
        orgs.retain(|entry| entry.value["code"] != "cgj-zf");
        orgs.extend(section(&[
            json!({ "code": "cgj-hw", "name": { "zh": "环卫科" }, "kind": "department", "parent": "cgj" }),
        ]));
        let roles = pack.sections.get_mut("roles").unwrap();
        roles[0].value["actions"] = json!(["incident.read"]);
        let other = IdentityService::open(&city.platform, settings())
            .await
            .unwrap();
        city.service
            .install(&pack, Installing::new(&host, city.now()))
            .await
            .map_err(|e| e.to_string())
            .unwrap();

        assert_eq!(city.org("cgj"), cgj, "a unit keeps its id for life");
        assert_eq!(city.service.subtree(cgj), [cgj, city.org("cgj-hw")]);
        assert!(
            city.service.by_code(&["cgj-zf"])[0].is_some(),
            "a unit that left stays for history"
        );
        assert!(city.service.all().iter().all(|org| org.code != "cgj-zf"));
        let actor = city.who(&token).await.unwrap();
        assert!(!actor.may_somewhere("incident.handle", city.now()));
        let orgs = [city.org("cgj-hw")];
        let subject = yiwang_contracts::Subject {
            orgs: &orgs,
            area: None,
            secrecy: 1,
        };
        assert!(
            actor.may("incident.read", subject, city.now()),
            "the new unit is in the subtree"
        );
        assert_eq!(other.refresh().await.unwrap(), 1, "another process notices");
        assert_eq!(other.refresh().await.unwrap(), 0);
        assert!(other.tree().unit_by_code("cgj-hw").is_some());
    }
}
