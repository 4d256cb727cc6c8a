//! Signing in, staying in, being thrown out.

use super::*;

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

#[tokio::test]
async fn a_session_opens_lives_and_ends() {
    for city in cities().await {
        city.person("zhang", "cgj", Some("handler")).await;
        let signed_in = city.sign_in(" Zhang ").await;
        assert_eq!(signed_in.user.roles, ["handler"]);
        assert_eq!(
            signed_in.user.actions,
            [
                "incident.handle",
                "incident.read",
                "org.read",
                "session.own"
            ]
        );
        let actor = city.who(&signed_in.token).await.unwrap();
        assert_eq!(
            (actor.name.as_str(), actor.org_name.as_str()),
            ("人zhang", "城管局")
        );
        assert_eq!(
            city.service.me(&actor, city.now()).await.unwrap(),
            signed_in.user
        );
        assert!(city.who("yws_nobody").await.is_none());
        assert!(city.who("").await.is_none());

        city.service
            .sign_out(&actor, &signed_in.token, city.now())
            .await
            .unwrap();
        assert!(
            city.who(&signed_in.token).await.is_none(),
            "at once, though it was in memory"
        );
        assert_eq!(
            city.audited(2).await,
            ["session.close done", "session.open done"]
        );
    }
}

#[tokio::test]
async fn idle_and_old_sessions_end() {
    for city in cities().await {
        let idle = city.sign_in("sys").await.token;
        city.advance(minutes(29));
        assert!(city.who(&idle).await.is_some());
        city.advance(minutes(30));
        assert!(city.who(&idle).await.is_none());

        let used = city.sign_in("sys").await.token;
        for _ in 0..35 {
            city.advance(minutes(20));
            assert!(city.who(&used).await.is_some());
        }
        city.advance(minutes(20));
        assert!(
            city.who(&used).await.is_none(),
            "twelve hours are the end in any case"
        );
    }
}

#[tokio::test]
async fn the_last_use_is_written_down_and_the_ended_taken_away() {
    for city in cities().await {
        let token = city.sign_in("sys").await.token;
        city.advance(minutes(20));
        city.who(&token).await.unwrap();
        assert_eq!(city.service.write_uses(city.now()).await.unwrap(), 1);
        assert_eq!(
            city.service.write_uses(city.now()).await.unwrap(),
            0,
            "nothing new to write"
        );
        // Another process, or this one after a restart, knows of the use.
        let other = IdentityService::open(&city.platform, settings())
            .await
            .unwrap();
        city.advance(minutes(20));
        assert!(
            other
                .authenticate(&token, Origin::default(), city.now())
                .await
                .is_some()
        );
        city.advance(minutes(40));
        assert!(
            other.write_uses(city.now()).await.unwrap() > 0,
            "the idle session is swept"
        );
        assert!(city.who(&token).await.is_none());
    }
}

#[tokio::test]
async fn five_wrong_passwords_lock_and_strangers_look_the_same() {
    for city in cities().await {
        city.person("li", "cgj", None).await;
        for username in ["li", "nobody"] {
            for attempt in 1..=5 {
                let answer = code(city.try_sign_in(username, "wrong").await);
                let expected = if attempt < 5 {
                    "session.bad_credentials"
                } else {
                    "session.locked"
                };
                assert_eq!(answer, expected, "{username} {attempt}");
            }
            assert_eq!(
                code(city.try_sign_in(username, PASSWORD).await),
                "session.locked",
                "{username}"
            );
        }
        city.advance(minutes(31));
        assert_eq!(
            code(city.try_sign_in("nobody", PASSWORD).await),
            "session.bad_credentials"
        );
        assert!(city.try_sign_in("li", PASSWORD).await.is_ok());
        assert_eq!(
            code(city.try_sign_in("li", &"x".repeat(5_000)).await),
            "session.bad_credentials"
        );
    }
}

#[tokio::test]
async fn many_guesses_at_once_do_not_get_past_the_lock() {
    for city in cities().await {
        city.person("wu", "cgj", None).await;
        let guesses = (0..20).map(|_| city.try_sign_in("wu", "wrong"));
        futures::future::join_all(guesses).await;
        assert_eq!(
            code(city.try_sign_in("wu", PASSWORD).await),
            "session.locked"
        );
        assert!(verify(city.test.db.read()).await.is_ok());
    }
}

#[tokio::test]
async fn unlocking_is_for_the_security_administrator() {
    for city in cities().await {
        let user = city.person("zhao", "cgj", None).await;
        for _ in 0..5 {
            let _refused = city.try_sign_in("zhao", "wrong").await;
        }
        let (system, security) = (city.actor("sys").await, city.actor("sec").await);
        assert_eq!(
            code(city.service.unlock_user(&system, user.id, city.now()).await),
            "auth.denied"
        );
        assert!(
            city.service
                .unlock_user(&security, user.id, city.now())
                .await
                .unwrap()
                .locked_until
                .is_none()
        );
        city.sign_in("zhao").await;
    }
}

#[tokio::test]
async fn rights_change_at_once() {
    for city in cities().await {
        let user = city.person("qian", "cgj", None).await;
        let token = city.sign_in("qian").await.token;
        assert!(
            !city
                .who(&token)
                .await
                .unwrap()
                .may_somewhere("incident.read", city.now())
        );
        let security = city.actor("sec").await;
        let wish = CreateGrant {
            user_id: user.id,
            role: "handler".into(),
            org_id: Some(city.org("cgj")),
            area: None,
            secrecy_max: 2,
            purpose: Some("值班".into()),
            expires_at: Some(city.now() + minutes(60)),
        };
        let grant = city
            .service
            .create_grant(&security, wish, city.now())
            .await
            .unwrap();
        let actor = city.who(&token).await.unwrap();
        assert!(actor.may_somewhere("incident.read", city.now()));
        assert!(
            !actor.may_somewhere("incident.read", city.now() + minutes(60)),
            "the grant has an end"
        );
        city.service
            .delete_grant(&security, grant.id, city.now())
            .await
            .unwrap();
        assert!(
            !city
                .who(&token)
                .await
                .unwrap()
                .may_somewhere("incident.read", city.now())
        );
        assert_eq!(
            code(
                city.service
                    .delete_grant(&security, grant.id, city.now())
                    .await
            ),
            "grant.not_found"
        );

        let system = city.actor("sys").await;
        let update = UpdateUser {
            status: Some(UserStatus::Disabled),
            ..UpdateUser::default()
        };
        city.service
            .update_user(&system, user.id, update, None, city.now())
            .await
            .unwrap();
        assert!(
            city.who(&token).await.is_none(),
            "a disabled account is out at once"
        );
        assert_eq!(
            code(city.try_sign_in("qian", PASSWORD).await),
            "session.bad_credentials"
        );
    }
}

#[tokio::test]
async fn another_process_on_the_same_server_hears_within_five_seconds() {
    for city in cities()
        .await
        .into_iter()
        .filter(|city| city.test.url.is_some())
    {
        let other = IdentityService::open(&city.platform, settings())
            .await
            .unwrap();
        let token = city.sign_in("sys").await.token;
        let actor = other
            .authenticate(&token, Origin::default(), city.now())
            .await
            .unwrap();
        city.service
            .sign_out(&actor, &token, city.now())
            .await
            .unwrap();
        city.advance(SignedDuration::from_secs(5));
        assert!(
            other
                .authenticate(&token, Origin::default(), city.now())
                .await
                .is_none()
        );
    }
}

#[tokio::test]
async fn passwords_are_changed_by_their_owners() {
    for city in cities().await {
        city.person("sun", "cgj", None).await;
        let (first, second) = (
            city.sign_in("sun").await.token,
            city.sign_in("sun").await.token,
        );
        let actor = city.who(&first).await.unwrap();
        let change = |old: &str, new: &str| {
            city.service.change_password(
                &actor,
                &first,
                Masked::new(old),
                Masked::new(new),
                city.now(),
            )
        };
        assert_eq!(code(change("wrong", "Better-456").await), "password.wrong");
        assert_eq!(code(change(PASSWORD, "weak").await), "password.too_weak");
        assert_eq!(code(change(PASSWORD, PASSWORD).await), "password.too_weak");
        assert_eq!(code(change(PASSWORD, "Better-456").await), "");
        assert!(
            city.who(&first).await.is_some(),
            "the session that changed it goes on"
        );
        assert!(city.who(&second).await.is_none(), "the others end");
        let mut old = "Better-456".to_owned();
        for number in 0..4 {
            city.advance(minutes(1));
            let new = format!("Better-{number}");
            city.service
                .change_password(
                    &actor,
                    &first,
                    Masked::new(old),
                    Masked::new(new.as_str()),
                    city.now(),
                )
                .await
                .unwrap();
            old = new;
        }
        let again = |new: &'static str| {
            city.service.change_password(
                &actor,
                &first,
                Masked::new(old.as_str()),
                Masked::new(new),
                city.now(),
            )
        };
        assert_eq!(
            code(again("Better-456").await),
            "password.too_weak",
            "one of the last five"
        );
        assert_eq!(code(again(PASSWORD).await), "", "the sixth is forgotten");
    }
}

#[tokio::test]
async fn an_old_or_reset_password_must_be_changed_before_anything_else() {
    for city in cities().await {
        let user = city.person("zhou", "cgj", Some("handler")).await;
        let system = city.actor("sys").await;
        city.service
            .reset_password(&system, user.id, Masked::new("Fresh-789"), city.now())
            .await
            .unwrap();
        assert_eq!(
            code(city.try_sign_in("zhou", PASSWORD).await),
            "session.bad_credentials"
        );
        let signed_in = city.try_sign_in("zhou", "Fresh-789").await.unwrap();
        assert!(signed_in.user.must_change_password);
        assert_eq!(signed_in.user.actions, ["session.own"]);
        let actor = city.who(&signed_in.token).await.unwrap();
        assert!(!actor.may_somewhere("incident.read", city.now()));
        city.service
            .change_password(
                &actor,
                &signed_in.token,
                Masked::new("Fresh-789"),
                Masked::new("Mine-7890"),
                city.now(),
            )
            .await
            .unwrap();
        assert!(
            city.who(&signed_in.token)
                .await
                .unwrap()
                .may_somewhere("incident.read", city.now())
        );

        city.advance(SignedDuration::from_hours(24 * 91));
        let aged = city.try_sign_in("zhou", "Mine-7890").await.unwrap();
        assert!(aged.user.must_change_password, "after ninety days");
    }
}

#[tokio::test]
async fn a_person_has_so_many_sessions() {
    for city in cities().await {
        let first = city.sign_in("sys").await.token;
        for _ in 0..10 {
            city.advance(SignedDuration::from_secs(1));
            city.sign_in("sys").await;
        }
        assert!(city.who(&first).await.is_none(), "the oldest made room");
    }
}
