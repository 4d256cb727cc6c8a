//! Rows that go straight to the handle: stored as the driver would, refused with the same errors.

use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{ConnectionTrait, Statement, Value};
use yiwang_kernel::Uuid;
use yiwang_store::{Db, DomainMigrations, Migration, StoreError};
use yiwang_testkit::sqlite;

const COLUMNS: [&str; 2] = ["way", "value"];

const ANY: [DomainMigrations; 1] = [DomainMigrations {
    domain: "any",
    steps: &[Migration {
        version: 1,
        name: "a column that takes what it is given",
        up: |_backend| vec!["CREATE TABLE any (way TEXT NOT NULL, value)".to_owned()],
    }],
}];

/// Every kind of value, there and not there.
fn values() -> Vec<Value> {
    vec![
        true.into(),
        Option::<bool>::None.into(),
        (-8_i8).into(),
        (-16_i16).into(),
        (-32_i32).into(),
        i64::MIN.into(),
        i64::MAX.into(),
        8_u8.into(),
        16_u16.into(),
        u32::MAX.into(),
        64_u64.into(),
        0.1_f32.into(),
        0.1_f64.into(),
        Option::<f64>::None.into(),
        "字 with a \0 in it".into(),
        "".into(),
        Option::<String>::None.into(),
        'c'.into(),
        vec![0_u8, 255].into(),
        Vec::<u8>::new().into(),
        Option::<Vec<u8>>::None.into(),
        Uuid::from_u128(7).into(),
        Value::Uuid(None),
        serde_json::json!({ "a": [1, "二"] }).into(),
    ]
}

async fn stored(db: &Db, way: &str) -> Vec<(String, String)> {
    let sql = format!(
        "SELECT typeof(value) AS kind, quote(value) || hex(value) AS value FROM any WHERE way = '{way}' ORDER BY rowid"
    );
    let rows = db
        .read()
        .query_all_raw(Statement::from_string(db.backend().db(), sql))
        .await;
    let text = |row: &sea_orm::QueryResult, column| row.try_get("", column).unwrap();
    rows.unwrap()
        .iter()
        .map(|row| (text(row, "kind"), text(row, "value")))
        .collect()
}

#[tokio::test]
async fn every_value_is_stored_as_the_driver_stores_it() {
    let test = sqlite(&ANY).await;
    test.db
        .write::<(), StoreError, _>(|tx| {
            Box::pin(async move {
                let rows: Vec<Vec<Value>> = values()
                    .into_iter()
                    .map(|value| vec!["direct".into(), value])
                    .collect();
                tx.insert_rows("any", &COLUMNS, None, &rows).await?;
                for value in values() {
                    let insert = Query::insert()
                        .into_table(Alias::new("any"))
                        .columns(COLUMNS.map(Alias::new))
                        .values_panic(["driver".into(), Expr::value(value)])
                        .take();
                    tx.execute(&insert).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    let direct = stored(&test.db, "direct").await;
    assert_eq!(direct.len(), values().len());
    assert_eq!(direct, stored(&test.db, "driver").await);
}

#[tokio::test]
async fn what_was_written_is_read_within_the_same_write() {
    let test = sqlite(&ANY).await;
    let found = test
        .db
        .write::<i64, StoreError, _>(|tx| {
            Box::pin(async move {
                let rows: Vec<Vec<Value>> = (0..5_i64)
                    .map(|n| vec!["direct".into(), n.into()])
                    .collect();
                tx.insert_rows("any", &COLUMNS, None, &rows).await?;
                let sql = "SELECT SUM(value) AS sum FROM any";
                let row = tx
                    .query_one_raw(Statement::from_string(tx.get_database_backend(), sql))
                    .await?;
                Ok(row.unwrap().try_get("", "sum")?)
            })
        })
        .await;
    assert_eq!(found.unwrap(), 10);
}
