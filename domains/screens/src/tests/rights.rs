//! Who sees which screens.

use serde_json::Value;
use yiwang_contracts::Actor;
use yiwang_kernel::Fault as _;

use crate::testing::{actor, editor, grounds, small, viewer};

fn open(code: &str, order: i32) -> Value {
    let mut screen = small(code);
    screen["right"] = Value::Null;
    screen["order"] = order.into();
    screen
}

#[tokio::test]
async fn a_screen_is_hidden_from_those_without_its_right() {
    for ground in grounds().await {
        let screens = vec![open("all", 9), small("vital")];
        ground.install("vitals", screens).await;
        let now = ground.now();
        let codes = async |who: &Actor| {
            let list = ground.service.screens(who, false, now).await.unwrap();
            list.into_iter().map(|s| s.code).collect::<Vec<_>>()
        };
        assert_eq!(codes(viewer()).await, ["vital", "all"], "by their order");
        let guest = actor(&["screens.read"]);
        assert_eq!(codes(&guest).await, ["all"]);
        let blind = actor(&["screens.read", "screens.edit"]);
        let hidden = ground.service.screen(&guest, "vital", None, now).await;
        assert_eq!(hidden.unwrap_err().code(), "screens.not_found");
        let hidden = ground.service.versions(&guest, "vital", now).await;
        assert_eq!(hidden.unwrap_err().code(), "screens.not_found");
        let hidden = ground.service.draft(&blind, "vital", now).await;
        assert_eq!(hidden.unwrap_err().code(), "screens.not_found");
        let hidden = ground.service.remove(&blind, "vital", now).await;
        assert_eq!(hidden.unwrap_err().code(), "screens.not_found");
        let keep = crate::service::KeepDraft {
            screen: small("vital"),
            based_on: Some(1),
            revision: None,
        };
        let hidden = ground
            .service
            .keep_draft(&blind, "vital", keep.clone(), now);
        assert_eq!(hidden.await.unwrap_err().code(), "screens.not_found");
        let denied = ground
            .service
            .keep_draft(viewer(), "vital", keep, now)
            .await;
        assert_eq!(denied.unwrap_err().code(), "screens.denied");
        let denied = ground.service.screens(viewer(), true, now).await;
        assert_eq!(denied.unwrap_err().code(), "screens.denied");
        let denied = ground.service.screens(&actor(&[]), false, now).await;
        assert_eq!(denied.unwrap_err().code(), "screens.denied");
    }
}

#[tokio::test]
async fn drafts_are_told_to_editors_alone() {
    for ground in grounds().await {
        ground.install("vitals", vec![small("one")]).await;
        ground
            .keep("one", small("one"), Some(1), None)
            .await
            .unwrap();
        ground.keep("new", small("new"), None, None).await.unwrap();
        let now = ground.now();
        let has_draft = async |who: &'static Actor| {
            let list = ground.service.screens(who, false, now).await.unwrap();
            list.into_iter().map(|s| s.has_draft).collect::<Vec<_>>()
        };
        assert_eq!(has_draft(viewer()).await, [false]);
        assert_eq!(has_draft(editor()).await, [true]);
        let hidden = ground.service.versions(viewer(), "new", now).await;
        assert_eq!(hidden.unwrap_err().code(), "screens.not_found");
    }
}

#[tokio::test]
async fn an_older_version_is_seen_by_the_rights_of_both() {
    for ground in grounds().await {
        ground.install("vitals", vec![small("one")]).await;
        let kept = ground.keep("one", open("one", 0), Some(1), None).await;
        ground.publish("one", kept.unwrap().revision).await.unwrap();
        let (guest, now) = (actor(&["screens.read"]), ground.now());
        let shown = ground.service.screen(&guest, "one", None, now).await;
        assert_eq!(shown.unwrap().version, 2);
        let older = ground.service.screen(&guest, "one", Some(1), now).await;
        assert_eq!(older.unwrap_err().code(), "screens.not_found");
        let listed = ground.service.versions(&guest, "one", now).await.unwrap();
        assert_eq!(listed.len(), 1);
    }
}
