//! Screens as packs bring, change and leave them.

use crate::testing::{editor, grounds, small, titled, viewer};

#[tokio::test]
async fn a_packs_screen_follows_the_pack_until_a_person_publishes_another() {
    for ground in grounds().await {
        ground.install("vitals", vec![small("one")]).await;
        ground.install("vitals", vec![small("one")]).await;
        let vitals = |n| (n, "pack:vitals".to_owned());
        assert_eq!(ground.versions("one").await, [vitals(1)]);
        ground.install("vitals", vec![titled("one", "二")]).await;
        assert_eq!(ground.shown("one").await.version, 2);

        let kept = ground.keep("one", titled("one", "自"), Some(2), None).await;
        ground.publish("one", kept.unwrap().revision).await.unwrap();
        ground.install("vitals", vec![titled("one", "二")]).await;
        let shown = ground.shown("one").await;
        assert_eq!((shown.version, shown.pack_is_newer), (3, false));
        ground.install("vitals", vec![titled("one", "三")]).await;
        let shown = ground.shown("one").await;
        assert_eq!((shown.version, shown.pack_is_newer), (3, true));
        assert_eq!(shown.screen.title.zh, "自");
        let edited = (3, "edited".to_owned());
        let all = [vitals(4), edited, vitals(2), vitals(1)];
        assert_eq!(ground.versions("one").await, all);

        let back = ground.restore("one", 4).await.unwrap();
        assert_eq!(back.origin, "pack:vitals");
        assert!(!back.pack_is_newer);
        ground.install("vitals", vec![titled("one", "三")]).await;
        assert_eq!(ground.shown("one").await.version, 5);
        ground.install("vitals", vec![titled("one", "四")]).await;
        assert_eq!(ground.shown("one").await.screen.title.zh, "四");
        let published = [1, 2, 3, 5, 6].map(|n| format!("screens.published one {n}"));
        assert_eq!(ground.events().await, published);
    }
}

#[tokio::test]
async fn an_older_version_of_the_pack_that_a_person_chose_stays() {
    for ground in grounds().await {
        ground.install("vitals", vec![small("one")]).await;
        ground.install("vitals", vec![titled("one", "二")]).await;
        let restored = ground.restore("one", 1).await.unwrap();
        assert_eq!(restored.origin, "edited");
        ground.install("vitals", vec![titled("one", "二")]).await;
        assert_eq!(ground.shown("one").await.version, 3);
    }
}

#[tokio::test]
async fn what_a_pack_brings_no_more_is_gone_unless_a_person_published_it() {
    for ground in grounds().await {
        let both = vec![small("one"), small("two")];
        ground.install("vitals", both.clone()).await;
        let kept = ground.keep("two", titled("two", "自"), Some(1), None).await;
        ground.publish("two", kept.unwrap().revision).await.unwrap();
        ground.install("vitals", Vec::new()).await;
        let list = ground.service.screens(viewer(), false, ground.now());
        let codes: Vec<String> = list.await.unwrap().into_iter().map(|s| s.code).collect();
        assert_eq!(codes, ["two"]);
        let removed = ground.service.remove(editor(), "two", ground.now());
        removed.await.unwrap();

        ground.install("vitals", both).await;
        assert_eq!(ground.shown("one").await.version, 1, "it is as it was");
        assert_eq!(ground.shown("two").await.version, 1);
    }
}

#[tokio::test]
async fn two_packs_do_not_bring_the_same_screen() {
    for ground in grounds().await {
        ground.install("vitals", vec![small("one")]).await;
        let refused = ground.try_install("flood", vec![small("one")]).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.code(), "screens.not_now");
        assert!(refused.to_string().contains("vitals"), "{refused}");
        assert_eq!(ground.shown("one").await.origin, "pack:vitals");
    }
}

#[tokio::test]
async fn a_screen_that_a_person_made_stays_when_a_pack_brings_its_code() {
    for ground in grounds().await {
        let kept = ground.keep("own", titled("own", "自"), None, None).await;
        ground.publish("own", kept.unwrap().revision).await.unwrap();
        ground.install("vitals", vec![small("own")]).await;
        let shown = ground.shown("own").await;
        assert_eq!((shown.version, shown.pack_is_newer), (1, true));
        assert_eq!(shown.screen.title.zh, "自");
    }
}
