use std::sync::Arc;

use yiwang_contracts::{Series, Span, Step};
use yiwang_kernel::PageRequest;
use yiwang_testkit::{TestDb, databases};

use super::World;
use crate::retain::digest;
use crate::store;
use crate::testing::{DAY, HOUR, Shore, at, event, folder_is_tidy, form, point};
use crate::{Dataset, migrations};

const MIGRATIONS: fn() -> [yiwang_store::DomainMigrations; 1] = || [migrations()];

/// Three days with an observation and an event each, compacted; the fourth day has begun.
async fn four_days(db: TestDb) -> World {
    let mut shore = Shore::new();
    shore.settings.observation_days = 2;
    shore.settings.event_days = 3;
    let world = World::new(shore, db);
    let lake = &world.service.lake;
    let begin = world.shore.now();
    for day in 0..3 {
        let time = begin + day * DAY;
        lake.append_points(&[point(&level(), time, day as f64)])
            .unwrap();
        lake.append_events(&[event(day + 1, time)]).unwrap();
    }
    world.shore.wait(3 * DAY + HOUR);
    world.service.upkeep().await.unwrap();
    world
}

fn level() -> Arc<Series> {
    Series::new("d0", "level")
}

#[tokio::test]
async fn what_is_too_old_goes_by_whole_days_and_is_proved() {
    for db in databases(&MIGRATIONS()).await {
        let world = four_days(db).await;
        let (service, lake) = (&world.service, &world.service.lake);
        let begin = world.shore.now() - 3 * DAY - HOUR;
        let first = lake
            .snapshot()
            .manifest
            .all_parts()
            .next()
            .cloned()
            .unwrap();
        let proof = digest(&lake.root.join(first.path())).unwrap();
        drop(first);
        // The 26th: observations of the 23rd are too old, events of that day are not yet.
        assert_eq!(service.retain().await.unwrap(), 1);
        let removals = service
            .removals(None, &PageRequest::default())
            .await
            .unwrap()
            .items;
        assert_eq!(removals.len(), 1);
        let removal = &removals[0];
        assert_eq!(
            removal.file,
            "observations/day=2026-11-23/part-00000001.parquet"
        );
        assert_eq!((removal.bytes, removal.sha256.clone()), proof);
        assert_eq!(
            (removal.rows, removal.from),
            (1, yiwang_kernel::from_micros(begin))
        );
        assert_eq!(removal.policy, "observations are kept 2 days");
        assert!(!lake.root.join(&removal.file).exists());
        folder_is_tidy(lake);
        // Events go a day later, with the next observations.
        world.shore.wait(DAY);
        service.upkeep().await.unwrap();
        let events = service
            .removals(Some(Dataset::Events), &PageRequest::default())
            .await;
        assert_eq!(events.unwrap().items.len(), 1);
        assert_eq!(lake.tally.removed.value(), 3);
    }
}

#[tokio::test]
async fn what_was_down_sampled_stays_and_values_that_come_later_are_not_taken_in() {
    let world = four_days(yiwang_testkit::sqlite(&MIGRATIONS()).await).await;
    let (service, lake, series) = (&world.service, &world.service.lake, level());
    let begin = world.shore.now() - 3 * DAY - HOUR;
    let whole = Span {
        from: begin - DAY,
        to: begin + 9 * DAY,
    };
    let before = lake.ask().buckets(&series, whole, Step::Day).unwrap();
    assert_eq!(before.len(), 3);
    service.retain().await.unwrap();
    let left = lake.ask().samples(&series, whole, false, 9).unwrap();
    assert_eq!(
        left.iter().map(|sample| sample.value).collect::<Vec<_>>(),
        [1.0, 2.0]
    );
    let after = lake.ask().buckets(&series, whole, Step::Day).unwrap();
    assert_eq!(form(&after), form(&before));
    lake.append_points(&[point(&series, begin + HOUR, 9.0)])
        .unwrap();
    assert_eq!(
        lake.ask()
            .contains(&[(series.clone(), begin + HOUR)])
            .unwrap(),
        [false]
    );
    world.shore.wait(HOUR);
    service.upkeep().await.unwrap();
    let after = lake.ask().buckets(&series, whole, Step::Hour).unwrap();
    assert_eq!(after.len(), 3);
    assert_eq!(lake.tally.expired.value(), 1);
}

#[tokio::test]
async fn a_removal_is_recorded_once_listed_by_pages_and_never_changed() {
    for db in databases(&MIGRATIONS()).await {
        let mut shore = Shore::new();
        shore.settings.observation_days = 1;
        let world = World::new(shore, db);
        let (service, lake) = (&world.service, &world.service.lake);
        let series = Series::new("d0", "level");
        for day in 0..5 {
            let time = at("2026-11-20T01:00:00Z") + day * DAY;
            lake.append_points(&[point(&series, time, 1.0)]).unwrap();
        }
        world.shore.wait(10 * DAY);
        lake.compact(crate::Effort::All).unwrap();
        // A crash after the record, before the files go.
        let mut expired = lake.expired().unwrap();
        let removals: Vec<_> = expired
            .iter_mut()
            .flat_map(|own| own.removals.drain(..))
            .collect();
        assert_eq!(removals.len(), 5);
        store::record(&service.db, removals.clone()).await.unwrap();
        store::record(&service.db, removals).await.unwrap();
        drop(expired);
        assert_eq!(service.retain().await.unwrap(), 5);
        let mut page = PageRequest {
            limit: Some(2),
            cursor: None,
        };
        let mut files = Vec::new();
        loop {
            let part = service
                .removals(Some(Dataset::Observations), &page)
                .await
                .unwrap();
            files.extend(part.items.into_iter().map(|removal| removal.file));
            match part.next {
                Some(next) => page.cursor = Some(next),
                None => break,
            }
        }
        files.sort_unstable();
        files.dedup();
        assert_eq!(files.len(), 5);
        let changed = service
            .db
            .write(|tx| {
                Box::pin(async move {
                    use sea_orm::ConnectionTrait as _;
                    tx.execute_unprepared("UPDATE lake_removal SET bytes = 0")
                        .await?;
                    Ok::<_, yiwang_store::StoreError>(())
                })
            })
            .await;
        assert!(changed.is_err());
    }
}

#[tokio::test]
async fn a_file_that_is_not_what_was_written_goes_with_that_on_record() {
    let db = yiwang_testkit::sqlite(&MIGRATIONS()).await;
    let mut shore = Shore::new();
    shore.settings.observation_days = 1;
    let world = World::new(shore, db);
    let (service, lake) = (&world.service, &world.service.lake);
    let series = Series::new("d0", "level");
    lake.append_points(&[point(&series, world.shore.now(), 1.0)])
        .unwrap();
    world.shore.wait(10 * DAY);
    lake.compact(crate::Effort::All).unwrap();
    let path = lake
        .root
        .join("observations/day=2026-11-23/part-00000001.parquet");
    std::fs::write(&path, b"something else").unwrap();
    service.retain().await.unwrap();
    let removals = service
        .removals(None, &PageRequest::default())
        .await
        .unwrap()
        .items;
    assert_eq!(removals[0].bytes, 14);
    assert!(
        removals[0].policy.contains("not as it was written"),
        "{}",
        removals[0].policy
    );
}
