//! Drafts, versions and what is shown.

use serde_json::json;
use yiwang_kernel::Fault as _;

use crate::testing::{editor, grounds, small, titled};

#[tokio::test]
async fn a_draft_is_kept_right_or_not_and_published_when_it_is() {
    for ground in grounds().await {
        let mut wrong = small("night");
        wrong["widgets"][0]["kind"] = "lmap".into();
        let draft = ground.keep("night", wrong, None, None).await.unwrap();
        assert_eq!((draft.revision, draft.based_on), (1, None));
        assert_eq!(draft.findings[0].pointer, "/widgets/0/kind");
        let refused = ground.publish("night", 1).await.unwrap_err();
        assert_eq!(refused.code(), "screens.faulty");
        assert_eq!(
            refused.data()["findings"][0]["code"],
            "screens.unknown_kind"
        );
        let none = ground.service.screen(editor(), "night", None, ground.now());
        assert_eq!(none.await.unwrap_err().code(), "screens.not_found");

        let draft = ground.keep("night", small("night"), None, Some(1)).await;
        assert_eq!(draft.unwrap().findings, []);
        let list = ground.service.screens(editor(), true, ground.now());
        let list = list.await.unwrap();
        assert_eq!((list[0].version, list[0].has_draft), (0, true));
        let published = ground.publish("night", 2).await.unwrap();
        assert_eq!(
            (published.version, published.origin.as_str()),
            (1, "edited")
        );
        assert_eq!(published.note, "better so");
        assert_eq!(ground.events().await, ["screens.published night 1"]);
        let gone = ground.service.draft(editor(), "night", ground.now());
        assert_eq!(gone.await.unwrap_err().code(), "screens.not_found");
        let acts: Vec<String> = ground
            .audit
            .0
            .lock()
            .unwrap()
            .iter()
            .map(|entry| format!("{} {}", entry.action, entry.object))
            .collect();
        assert_eq!(
            acts,
            [
                "screen.draft screen:night",
                "screen.draft screen:night",
                "screen.publish screen:night"
            ]
        );
    }
}

#[tokio::test]
async fn a_draft_that_another_has_changed_is_not_overwritten() {
    for ground in grounds().await {
        ground.install("vitals", vec![small("one")]).await;
        let first = ground.keep("one", titled("one", "甲"), Some(1), None).await;
        let first = first.unwrap().revision;
        for stale in [None, Some(first + 1)] {
            let refused = ground
                .keep("one", titled("one", "乙"), Some(1), stale)
                .await;
            let refused = refused.unwrap_err();
            assert_eq!(refused.code(), "screens.draft_conflict");
            let told = json!({ "expected": stale, "current": first, "by": "somebody" });
            assert_eq!(refused.data(), told);
        }
        let discard = ground.service.discard_draft(editor(), "one", ground.now());
        discard.await.unwrap();
        let again = ground.keep("one", titled("one", "丙"), Some(1), None).await;
        let again = again.unwrap().revision;
        assert!(again > first, "a number is not given twice");
        let refused = ground.publish("one", first).await.unwrap_err();
        assert_eq!(refused.code(), "screens.draft_conflict");
        ground.publish("one", again).await.unwrap();
        assert_eq!(ground.shown("one").await.screen.title.zh, "丙");
    }
}

#[tokio::test]
async fn a_draft_is_not_published_over_what_its_writer_has_not_seen() {
    for ground in grounds().await {
        ground.install("vitals", vec![small("one")]).await;
        let draft = ground.keep("one", titled("one", "甲"), Some(1), None).await;
        let draft = draft.unwrap();
        ground.install("vitals", vec![titled("one", "新")]).await;
        let refused = ground.publish("one", draft.revision).await.unwrap_err();
        assert_eq!(refused.code(), "screens.version_conflict");
        assert_eq!(refused.data(), json!({ "expected": 1, "current": 2 }));
        let held = ground.service.draft(editor(), "one", ground.now());
        assert!(held.await.unwrap().is_outdated);
        let seen = ground
            .keep("one", titled("one", "甲"), Some(2), Some(draft.revision))
            .await;
        let published = ground.publish("one", seen.unwrap().revision).await;
        assert_eq!(published.unwrap().version, 3);
    }
}

#[tokio::test]
async fn an_old_version_becomes_the_newest() {
    for ground in grounds().await {
        for (title, based_on) in [("甲", None), ("乙", Some(1))] {
            let kept = ground.keep("own", titled("own", title), based_on, None);
            let revision = kept.await.unwrap().revision;
            ground.publish("own", revision).await.unwrap();
        }
        let shown = ground.restore("own", 2).await.unwrap_err();
        assert_eq!(shown.code(), "screens.not_now");
        let nowhere = ground.restore("own", 9).await.unwrap_err();
        assert_eq!(nowhere.code(), "screens.not_found");
        let restored = ground.restore("own", 1).await.unwrap();
        assert_eq!(
            (restored.version, restored.screen.title.zh.as_str()),
            (3, "甲")
        );
        let old = ground
            .service
            .screen(editor(), "own", Some(2), ground.now());
        assert_eq!(old.await.unwrap().screen.title.zh, "乙");
        let edited = |n| (n, "edited".to_owned());
        assert_eq!(
            ground.versions("own").await,
            [edited(3), edited(2), edited(1)]
        );
    }
}

#[tokio::test]
async fn a_screen_of_no_pack_can_be_removed_and_made_again() {
    for ground in grounds().await {
        ground.install("vitals", vec![small("one")]).await;
        let packs = ground.service.remove(editor(), "one", ground.now());
        assert_eq!(packs.await.unwrap_err().code(), "screens.not_now");
        let kept = ground.keep("own", small("own"), None, None).await.unwrap();
        ground.publish("own", kept.revision).await.unwrap();
        let removed = ground.service.remove(editor(), "own", ground.now());
        removed.await.unwrap();
        let list = ground.service.screens(editor(), true, ground.now());
        let codes: Vec<String> = list.await.unwrap().into_iter().map(|s| s.code).collect();
        assert_eq!(codes, ["one"]);
        let removed = ground.service.remove(editor(), "own", ground.now());
        assert_eq!(removed.await.unwrap_err().code(), "screens.not_found");
        let kept = ground.keep("own", small("own"), None, None).await.unwrap();
        let again = ground.publish("own", kept.revision).await.unwrap();
        assert_eq!(again.version, 2, "the first one stays on record");
        assert_eq!(
            ground.events().await,
            [
                "screens.published one 1",
                "screens.published own 1",
                "screens.removed own null",
                "screens.published own 2"
            ]
        );
    }
}

#[tokio::test]
async fn what_is_sent_is_looked_at() {
    for ground in grounds().await {
        let refused = |outcome: Result<_, crate::ScreensError>| {
            let error: crate::ScreensError =
                outcome.map(|_: crate::service::DraftView| ()).unwrap_err();
            (error.code(), error.fields()[0].path.clone())
        };
        let bad = ground.keep("No", small("No"), None, None).await;
        assert_eq!(refused(bad), ("screens.invalid", "code".to_owned()));
        let bad = ground.keep("a", json!([]), None, None).await;
        assert_eq!(refused(bad), ("screens.invalid", "/screen".to_owned()));
        let long = json!({ "code": "x".repeat(70_000) });
        let bad = ground.keep("a", long, None, None).await;
        assert_eq!(refused(bad), ("screens.invalid", "/screen".to_owned()));
        let bad = ground.keep("a", small("a"), Some(4), None).await;
        assert_eq!(refused(bad), ("screens.invalid", "/based_on".to_owned()));
        let other = ground.keep("a", small("b"), None, None).await.unwrap();
        assert_eq!(other.findings[0].code, "screens.other_code");
        let refused = ground.publish("a", other.revision).await.unwrap_err();
        assert_eq!(refused.fields()[0].path, "/code");
    }
}
