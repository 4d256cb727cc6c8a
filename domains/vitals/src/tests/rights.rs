//! Who sees what.

use yiwang_kernel::Fault as _;

use crate::service::{AcknowledgeNotice, Form, NoticeQuery};
use crate::testing::{CITY, EAST, WEST, actor, case, everybody, grounds};

#[tokio::test]
async fn numbers_are_seen_where_a_grant_covers_the_area() {
    let ground = grounds().await.remove(0);
    ground.tell(case(1, true, ground.now())).await;
    ground.pass().await;
    let town = actor(&["vitals.read"], Some(WEST));
    let own = ground.service.overview(&town, None, ground.now()).await;
    assert_eq!(own.unwrap().area.as_str(), WEST);
    for hidden in [CITY, EAST, "320281003", "320281*"] {
        let refused = ground.service.indicators(&town, Some(hidden), ground.now());
        assert_eq!(
            refused.await.unwrap_err().code(),
            "vitals.not_found",
            "{hidden}"
        );
    }
    let ranks = ground.service.ranking(&town, "G06", ground.now()).await;
    assert_eq!(ranks.unwrap().len(), 1);
    let nobody = actor(&[], None);
    let refused = ground.service.overview(&nobody, None, ground.now()).await;
    assert_eq!(refused.unwrap_err().code(), "vitals.denied");
}

#[tokio::test]
async fn only_the_right_sends_and_edits() {
    let ground = grounds().await.remove(0);
    let reader = actor(&["vitals.read"], None);
    let refused = ground.service.take_values(
        &reader,
        "water.pressure",
        (Form::Json, b"[]".as_slice()),
        ground.now(),
    );
    assert_eq!(refused.await.unwrap_err().code(), "vitals.denied");
    let sender = actor(&["vitals.feed"], Some(WEST));
    let body = format!(
        r#"[{{"time": "{0}", "value": 1}}, {{"time": "{0}", "area": "{WEST}", "value": 1}}]"#,
        ground.now()
    );
    let sent = ground.service.take_values(
        &sender,
        "water.pressure",
        (Form::Json, body.as_bytes()),
        ground.now(),
    );
    let sent = sent.await.unwrap();
    assert_eq!((sent.stored, sent.refused), (1, 1));
    let unknown = ground.service.take_values(
        &sender,
        "water.none",
        (Form::Json, b"[]".as_slice()),
        ground.now(),
    );
    assert_eq!(unknown.await.unwrap_err().code(), "vitals.not_found");
    ground.send("water.pressure", 30.0).await;
    ground.pass().await;
    let all = ground
        .service
        .notices(everybody(), NoticeQuery::default(), ground.now());
    let id = all.await.unwrap().items[0].id;
    let town = actor(&["vitals.read", "vitals.edit"], Some(WEST));
    let hidden = ground
        .service
        .acknowledge(&town, id, AcknowledgeNotice::default(), ground.now());
    assert_eq!(hidden.await.unwrap_err().code(), "vitals.not_found");
    let refused =
        ground
            .service
            .acknowledge(&reader, id, AcknowledgeNotice::default(), ground.now());
    assert_eq!(refused.await.unwrap_err().code(), "vitals.denied");
    let from = ground.now() - jiff::SignedDuration::from_hours(1);
    let refused = ground
        .service
        .recompute(&town, "C01", from, ground.now())
        .await;
    assert_eq!(refused.unwrap_err().code(), "vitals.denied");
}
