//! A scope's condition holds for exactly the rows that the scope permits.

use std::collections::HashSet;
use std::sync::Arc;

use rand::RngExt;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, Query};
use yiwang_contracts::{OrgId, OrgScope, Scope, ScopeClause, Subject};
use yiwang_kernel::{AreaCode, Clock, SystemClock, Uuid, new_uuid};
use yiwang_store::{OrgColumn, ScopeColumns, StoreError, scope_condition};
use yiwang_testkit::databases;

use crate::MIGRATIONS;

const AREAS: [&str; 6] = [
    "320281",
    "320281001",
    "320281001003",
    "320281004",
    "320281004101",
    "32028100100301",
];

type Row = (Uuid, Option<OrgId>, Option<AreaCode>, u8);

fn random_scope(rng: &mut impl rand::Rng, orgs: &[OrgId]) -> Scope {
    let clauses = (0..rng.random_range(0..3))
        .map(|_| ScopeClause {
            org: if rng.random_bool(0.3) {
                OrgScope::All
            } else {
                let chosen: HashSet<OrgId> = orgs
                    .iter()
                    .copied()
                    .filter(|_| rng.random_bool(0.4))
                    .collect();
                OrgScope::Within(Arc::new(chosen))
            },
            area: rng
                .random_bool(0.6)
                .then(|| AREAS[rng.random_range(0..AREAS.len())].into()),
            secrecy_max: rng.random_range(1..5),
        })
        .collect();
    Scope { clauses }
}

#[tokio::test]
async fn the_condition_equals_the_decision() {
    let now = SystemClock.now();
    let mut rng = rand::rng();
    let orgs: Vec<OrgId> = (0..5).map(|_| OrgId::at(now)).collect();
    let rows: Vec<Row> = (0..120)
        .map(|_| {
            let org = rng
                .random_bool(0.8)
                .then(|| orgs[rng.random_range(0..orgs.len())]);
            let area = rng
                .random_bool(0.8)
                .then(|| AREAS[rng.random_range(0..AREAS.len())].into());
            (new_uuid(now), org, area, rng.random_range(1..5))
        })
        .collect();
    for test in databases(&MIGRATIONS).await {
        let to_insert = rows.clone();
        test.db
            .write::<(), StoreError, _>(move |tx| {
                Box::pin(async move {
                    let mut insert = Query::insert();
                    insert
                        .into_table(Alias::new("note"))
                        .columns(["id", "text", "org", "area", "secrecy"].map(Alias::new));
                    for (id, org, area, secrecy) in to_insert {
                        insert.values_panic([
                            id.into(),
                            id.to_string().into(),
                            org.map(|org| org.0).into(),
                            area.map(|area| area.0).into(),
                            i16::from(secrecy).into(),
                        ]);
                    }
                    tx.execute(&insert).await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        for _ in 0..200 {
            let scope = random_scope(&mut rng, &orgs);
            let columns = ScopeColumns {
                orgs: OrgColumn::Column(Expr::col(Alias::new("org"))),
                area: Some(Expr::col(Alias::new("area"))),
                secrecy: Some(Expr::col(Alias::new("secrecy"))),
            };
            let select = Query::select()
                .column(Alias::new("id"))
                .from(Alias::new("note"))
                .cond_where(scope_condition(&scope, &columns))
                .take();
            let found = test.db.read().query_all(&select).await.unwrap();
            let found: HashSet<Uuid> = found
                .iter()
                .map(|row| row.try_get("", "id").unwrap())
                .collect();
            let permitted: HashSet<Uuid> = rows
                .iter()
                .filter(|(_, org, area, secrecy)| {
                    let orgs: Vec<OrgId> = org.iter().copied().collect();
                    scope.permits(Subject {
                        orgs: &orgs,
                        area: area.as_ref(),
                        secrecy: *secrecy,
                    })
                })
                .map(|row| row.0)
                .collect();
            assert_eq!(found, permitted, "{}: {scope:?}", test.name);
        }
    }
}
