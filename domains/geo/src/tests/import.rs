//! Files become features.

use bytes::Bytes;
use serde_json::json;
use yiwang_kernel::{Fault as _, PageRequest};

use crate::import::{Import, ImportQuery};
use crate::service::Existing;
use crate::testing::{Ground, everybody, grounds};

impl Ground {
    async fn import(&self, query: &ImportQuery, file: &str) -> Import {
        let file = Bytes::copy_from_slice(file.as_bytes());
        let pieces = futures::stream::iter([Ok::<_, std::io::Error>(file)]);
        let all = everybody();
        let imported = self
            .service
            .import(&all, "component", query, pieces, self.now());
        imported.await.unwrap()
    }
}

fn query(system: &str) -> ImportQuery {
    ImportQuery {
        system: system.to_owned(),
        owner: Some("slj".to_owned()),
        ..ImportQuery::default()
    }
}

const TABLE: &str = "标识码,经度,纬度,状态,养护单位,深,调查员
3202810103000001,120.270,31.91,完好,市政一所,2.5,甲
3202810103000002,120.290,31.91,破损,市政一所,,甲
3202810103000003,31.91,120.290,完好,市政一所,,甲
32028101030004,120.290,31.91,完好,市政一所,,甲
";

#[tokio::test]
async fn every_record_is_drawn_or_kept_with_the_reason() {
    for ground in grounds().await {
        let rehearsed = ImportQuery {
            rehearse: true,
            ..query("cgcs2000")
        };
        let first = ground.import(&rehearsed, TABLE).await;
        assert_eq!((first.drawn, first.wrong), (2, 2));
        let page = PageRequest::default();
        let all = everybody();
        let there = ground
            .service
            .features(&all, "component", &page, ground.now());
        assert_eq!(there.await.unwrap().items, []);

        let import = ground.import(&query("cgcs2000"), TABLE).await;
        assert_eq!(
            (import.records, import.drawn, import.same, import.wrong),
            (4, 2, 0, 2)
        );
        assert_eq!(import.columns_left_out, ["调查员"]);
        let key = ("component", 3_202_810_103_000_002);
        let drawn = ground.service.feature(&all, key, None, ground.now());
        let drawn = drawn.await.unwrap();
        assert_eq!(drawn.state.as_deref(), Some("damaged"));
        assert_eq!(drawn.attributes["keeper"], "市政一所");

        let wrong =
            ground
                .service
                .wrong_records(&all, ("component", import.id), &page, ground.now());
        let wrong = wrong.await.unwrap().items;
        let numbers: Vec<u64> = wrong.iter().map(|record| record.number).collect();
        assert_eq!(numbers, [3, 4]);
        assert!(wrong[0].reason.contains("exchanged"), "{}", wrong[0].reason);
        assert!(wrong[1].reason.contains("16 digits"), "{}", wrong[1].reason);
        let imports = ground
            .service
            .imports(&all, "component", &page, ground.now());
        let imports: Vec<_> = imports.await.unwrap().items;
        assert_eq!((imports.len(), imports[0].id), (2, import.id));
    }
}

#[tokio::test]
async fn a_second_time_changes_only_what_is_not_so() {
    for ground in grounds().await {
        ground.import(&query("cgcs2000"), TABLE).await;
        ground.wait(60);
        let refused = ground.import(&query("cgcs2000"), TABLE).await;
        assert_eq!((refused.drawn, refused.wrong), (0, 4));
        let replace = ImportQuery {
            existing: Existing::Replace,
            ..query("cgcs2000")
        };
        let changed = TABLE.replace("31.91,完好", "31.91,破损");
        let again = ground.import(&replace, &changed).await;
        assert_eq!((again.drawn, again.same, again.wrong), (1, 1, 2));
    }
}

#[tokio::test]
async fn shifted_coordinates_are_brought_back_at_the_door() {
    let ground = grounds().await.swap_remove(0);
    let file = json!({ "type": "FeatureCollection", "features": [
        { "type": "Feature", "properties": { "code": "3202810103000009" },
          "geometry": { "type": "Point", "coordinates": [120.289_613, 31.918_041] } }] });
    let import = ground.import(&query("gcj02"), &file.to_string()).await;
    assert_eq!(import.drawn, 1);
    let key = ("component", 3_202_810_103_000_009);
    let all = everybody();
    let drawn = ground.service.feature(&all, key, None, ground.now());
    let label = drawn.await.unwrap().label.unwrap();
    let meant = yiwang_kernel::Position::new(120.285, 31.92).unwrap();
    assert!(label.distance_m(meant) < 1.0, "{label:?}");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_so() {
    let ground = grounds().await.swap_remove(0);
    let broken = ground.import(&query("cgcs2000"), "PK\u{3}\u{4}").await;
    assert!(broken.broken.is_some() && broken.records == 0, "{broken:?}");
    let all = everybody();
    let unknown = query("xian80");
    let nothing = futures::stream::empty::<Result<Bytes, std::io::Error>>();
    let refused = ground
        .service
        .import(&all, "component", &unknown, nothing, ground.now());
    assert_eq!(refused.await.unwrap_err().fields()[0].path, "/system");
}
