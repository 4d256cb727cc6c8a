//! What a program or a wall may do by a token.

use super::*;

#[tokio::test]
async fn a_token_does_a_part_of_what_its_account_may() {
    for city in cities().await {
        let host = Actor::system("test");
        let create = CreateUser {
            username: "hotline".into(),
            name: "热线系统".into(),
            phone: None,
            kind: UserKind::Service,
            password: None,
            must_change_password: true,
            posts: vec![Post {
                org_id: city.org("coc"),
                title: String::new(),
                primary: true,
            }],
        };
        let account = city
            .service
            .create_user(&host, create, city.now())
            .await
            .unwrap();
        let person = city.person("feng", "cgj", None).await;
        let security = city.actor("sec").await;
        let wish = |user_id, actions: &[&str]| CreateToken {
            user_id,
            name: "推送".into(),
            actions: actions.iter().map(|action| (*action).to_owned()).collect(),
            expires_at: city.now() + SignedDuration::from_hours(24),
        };
        let grant = CreateGrant {
            user_id: account.id,
            role: "integrator".into(),
            org_id: None,
            area: None,
            secrecy_max: 1,
            purpose: None,
            expires_at: None,
        };
        city.service
            .create_grant(&security, grant, city.now())
            .await
            .unwrap();
        let make = |wish| city.service.create_token(&security, wish, city.now());
        for bad in [
            wish(person.id, &["incident.read"]),
            wish(account.id, &[]),
            wish(account.id, &["audit.read"]),
        ] {
            assert_eq!(code(make(bad).await), "identity.invalid");
        }
        let created = make(wish(account.id, &["incident.create", "incident.dispatch"]))
            .await
            .unwrap();
        let actor = city.who(&created.token).await.unwrap();
        assert_eq!(
            actor.actions(city.now()),
            ["incident.create"],
            "not what the account has not, nor what was not asked"
        );
        assert_eq!(actor.name, "热线系统");

        let enter = |value: &str| {
            let value = yiwang_kernel::Masked::new(value);
            let (service, now) = (&city.service, city.now());
            async move { service.enter_by_token(&value, Origin::default(), now).await }
        };
        let entered = enter(&created.token).await.unwrap();
        assert_eq!(entered.expires_at, created.view.expires_at);
        assert_eq!(entered.user.actions, ["incident.create"]);
        let session = city.sign_in("sys").await.token;
        for bad in ["", "ywt_nobody", &session] {
            assert_eq!(code(enter(bad).await), "session.bad_token");
        }
        city.service
            .sign_out(&actor, &created.token, city.now())
            .await
            .unwrap();
        assert!(
            city.who(&created.token).await.is_some(),
            "a wall that is left takes its token with it, no more"
        );

        city.advance(SignedDuration::from_hours(2));
        assert!(city.who(&created.token).await.is_some(), "a token may rest");
        city.service.write_uses(city.now()).await.unwrap();
        let security = city.actor("sec").await;
        let listed = city
            .service
            .tokens(
                &security,
                &yiwang_kernel::PageRequest::default(),
                city.now(),
            )
            .await
            .unwrap();
        assert_eq!(listed.items[0].last_used_at, Some(city.now()));
        assert!(
            !serde_json::to_string(&listed)
                .unwrap()
                .contains(&created.token)
        );
        city.service
            .revoke_token(&security, created.view.id, city.now())
            .await
            .unwrap();
        assert!(city.who(&created.token).await.is_none());
        let late = enter(&created.token).await;
        assert_eq!(code(late), "session.bad_token");
    }
}
