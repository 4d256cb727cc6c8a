//! Features are drawn, changed and taken away.

use serde_json::{Value, json};
use yiwang_kernel::{Fault as _, FaultKind, PageRequest};

use crate::feature::{CreateFeature, UpdateFeature};
use crate::testing::{Ground, actor, everybody, grounds};

fn update(value: Value) -> UpdateFeature {
    serde_json::from_value(value).unwrap()
}

fn create(value: Value) -> CreateFeature {
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn a_component_is_known_by_its_code() {
    for ground in grounds().await {
        let drawn = ground.draw("component", Ground::component(7, -1)).await;
        assert_eq!(drawn.number, 3_202_810_103_000_007);
        assert_eq!(drawn.kind.as_deref(), Some("0103"));
        assert_eq!(drawn.state.as_deref(), Some("intact"));
        let area = drawn.area.as_ref().map(yiwang_kernel::AreaCode::as_str);
        assert_eq!(area, Some("320281001"), "found by its place");
        assert_eq!(drawn.org_name.as_deref(), Some("slj"));

        let again = create(Ground::component(7, 3));
        let (all, now) = (everybody(), ground.now());
        let refused = ground.service.create_feature(&all, "component", again, now);
        let refused = refused.await.unwrap_err();
        assert_eq!(refused.fields()[0].code, "taken");
        let cell = json!({ "name": "甲", "geometry": { "type": "Polygon", "coordinates":
            [[[120.1, 31.9], [120.2, 31.9], [120.2, 31.95], [120.1, 31.9]]] } });
        let first = ground.draw("cell", cell.clone()).await;
        let second = ground.draw("cell", cell).await;
        assert_eq!((first.number, second.number), (1, 2));
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_said_at_once() {
    let ground = grounds().await.swap_remove(0);
    let all = everybody();
    let refuse = async |layer: &str, form: Value| {
        let drawn = ground
            .service
            .create_feature(&all, layer, create(form), ground.now());
        let fault = drawn.await.unwrap_err();
        let fields = fault.fields().into_iter();
        let fields: Vec<String> = fields
            .map(|field| format!("{} {}", field.path, field.code))
            .collect();
        fields.join(", ")
    };
    let point = json!({ "type": "Point", "coordinates": [120.2, 31.9] });
    let form = json!({ "code": "32028101030001", "kind": "0103", "state": "gone", "secrecy": 5,
        "attributes": { "depth": "deep", "colour": "red" }, "geometry": point });
    assert_eq!(
        refuse("component", form).await,
        "/state unknown, /attributes/depth malformed, /attributes/colour unknown, \
         /secrecy out_of_range, /code malformed"
    );
    let form = json!({ "code": "3202810103000001", "kind": "0104", "geometry": point });
    assert_eq!(refuse("component", form).await, "/kind contradicts");
    let exchanged = json!({ "type": "Point", "coordinates": [31.9, 120.2] });
    let form = json!({ "code": "3202810103000001", "geometry": exchanged });
    assert_eq!(refuse("component", form).await, "/geometry malformed");
    assert_eq!(
        refuse("road", json!({ "geometry": point })).await,
        "/geometry malformed"
    );
    let form = json!({ "geometry": point, "org": "nobody", "code": "3202810103000001" });
    assert_eq!(refuse("component", form).await, "/org unknown");

    let town = ground.service.create_feature(
        &all,
        "town",
        create(json!({ "geometry": point })),
        ground.now(),
    );
    assert_eq!(town.await.unwrap_err().code(), "geo.not_kept_here");
}

#[tokio::test]
async fn a_change_needs_the_version_that_was_read() {
    for ground in grounds().await {
        let drawn = ground.draw("component", Ground::component(1, -1)).await;
        let (service, all, now) = (&ground.service, everybody(), ground.wait(60));
        let key = ("component", drawn.number);
        let damaged = update(json!({ "state": "damaged" }));
        let changed = service.update_feature(&all, key, damaged.clone(), Some(1), now);
        let changed = changed.await.unwrap();
        assert_eq!(
            (changed.version, changed.state.as_deref()),
            (2, Some("damaged"))
        );
        let late = service
            .update_feature(&all, key, damaged, Some(1), now)
            .await;
        assert_eq!(late.unwrap_err().kind(), FaultKind::Conflict);
        service
            .remove_feature(&all, key, Some(2), now)
            .await
            .unwrap();
        let gone = service.feature(&all, key, None, now).await.unwrap_err();
        assert_eq!(gone.kind(), FaultKind::NotFound);
        let again = ground.draw("component", Ground::component(1, 2)).await;
        assert_eq!((again.number, again.version), (drawn.number, 4));
    }
}

#[tokio::test]
async fn nobody_reaches_beyond_his_rights() {
    for ground in grounds().await {
        let west = ground.draw("component", Ground::component(1, -1)).await;
        let east = ground.draw("component", Ground::component(2, 1)).await;
        let (service, now) = (&ground.service, ground.now());
        let clerk = actor(&["geo.read", "geo.edit"], None, Some("320281001"));
        let (own, other) = (("component", west.number), ("component", east.number));
        let hidden = service.feature(&clerk, other, None, now).await;
        assert_eq!(hidden.unwrap_err().kind(), FaultKind::NotFound);
        let first = PageRequest::default();
        let seen = service.features(&clerk, "component", &first, now);
        let seen: Vec<i64> = seen.await.unwrap().items.iter().map(|f| f.number).collect();
        assert_eq!(seen, [west.number]);

        let away = json!({ "geometry": { "type": "Point", "coordinates": [120.4, 31.9] } });
        let moved = service
            .update_feature(&clerk, own, update(away), None, now)
            .await;
        assert_eq!(moved.unwrap_err().kind(), FaultKind::Denied);
        let removed = service.remove_feature(&clerk, other, None, now).await;
        assert_eq!(removed.unwrap_err().kind(), FaultKind::NotFound);
        let drawn = create(Ground::component(3, 5));
        let drawn = service
            .create_feature(&clerk, "component", drawn, now)
            .await;
        assert_eq!(drawn.unwrap_err().kind(), FaultKind::Denied);
        let reader = actor(&["geo.read"], None, None);
        let touched = service.remove_feature(&reader, own, None, now).await;
        assert_eq!(touched.unwrap_err().kind(), FaultKind::Denied);
    }
}
