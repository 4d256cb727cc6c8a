//! No list returns a row that the grant denies, and none holds back a row that it permits: random trees,
//! random grants, the SQL condition against `Scope::permits`.

use std::collections::{BTreeSet, HashSet};

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config as RunnerConfig, TestRunner};
use sea_orm::ConnectionTrait as _;
use sea_orm::sea_query::{Alias, Expr, Query};
use yiwang_contracts::{Grant, OrgBrief, OrgId, OrgKind, OrgScope, Subject, UserId};
use yiwang_kernel::{AreaCode, PageRequest, Text, Uuid};
use yiwang_store::{OrgColumn, ScopeColumns, StoreError, scope_condition};

use super::*;
use crate::user::store as users;
use crate::user::{Lockout, UserKind};

/// One random world: units by parent, people by their posts, rows by unit, area and secrecy, and one actor.
#[derive(Debug, Clone)]
struct World {
    parents: Vec<Index>,
    people: Vec<Vec<Index>>,
    rows: Vec<(Index, Option<usize>, u8)>,
    grants: Vec<(Option<Index>, Option<usize>, u8, bool)>,
}

const AREAS: [&str; 6] = [
    "320281",
    "320281001",
    "320281001003",
    "320281001003001",
    "320281004",
    "32028",
];

fn world() -> impl Strategy<Value = World> {
    let area = || prop::option::of(0..AREAS.len());
    (
        prop::collection::vec(any::<Index>(), 1..25),
        prop::collection::vec(prop::collection::vec(any::<Index>(), 0..4), 1..15),
        prop::collection::vec((any::<Index>(), area(), 1_u8..=4), 1..25),
        prop::collection::vec(
            (
                prop::option::weighted(0.8, any::<Index>()),
                area(),
                1_u8..=4,
                any::<bool>(),
            ),
            0..4,
        ),
    )
        .prop_map(|(parents, people, rows, grants)| World {
            parents,
            people,
            rows,
            grants,
        })
}

impl World {
    fn tree(&self) -> OrgTree {
        let unit = |(at, parent): (usize, &Index)| OrgUnit {
            brief: OrgBrief {
                id: org(at),
                code: format!("u{at}"),
                name: Text::zh("单位"),
                kind: OrgKind::Department,
                parent_id: (at > 0).then(|| org(parent.index(at))),
                area: None,
            },
            pinyin: None,
            phone: None,
            is_active: true,
        };
        OrgTree::new(self.parents.iter().enumerate().map(unit).collect())
    }

    fn actor(&self, tree: &OrgTree) -> Actor {
        let grants = self
            .grants
            .iter()
            .map(|(root, area, secrecy_max, reads)| Grant {
                role: "any".into(),
                actions: Arc::new(HashSet::from([if *reads {
                    "user.read"
                } else {
                    "incident.read"
                }
                .to_owned()])),
                org: tree.scope(root.map(|root| org(root.index(self.parents.len())))),
                area: area.map(|at| AreaCode::from(AREAS[at])),
                secrecy_max: *secrecy_max,
                purpose: None,
                expires_at: None,
            });
        Actor {
            grants: Arc::new(grants.collect()),
            system: false,
            ..Actor::system("reader")
        }
    }
}

fn org(at: usize) -> OrgId {
    OrgId(Uuid::from_u128(at as u128 + 1))
}

fn person(at: usize, posts: &[Index], units: usize, now: Timestamp) -> user::User {
    let post = |unit: &Index| Post {
        org_id: org(unit.index(units)),
        title: "岗".into(),
        primary: false,
    };
    user::User {
        id: UserId(Uuid::from_u128(at as u128 + 1)),
        username: format!("p{at}"),
        name: format!("人{at}"),
        phone: None,
        kind: UserKind::Person,
        status: UserStatus::Active,
        password: None,
        password_changed_at: now,
        must_change_password: false,
        lockout: Lockout::default(),
        is_demo: false,
        created_at: now,
        updated_at: now,
        updated_by: String::new(),
        version: 1,
        posts: posts.iter().map(post).collect(),
    }
}

/// Puts the world's people and rows in place of the last world's.
async fn lay_out(db: &yiwang_store::Db, world: &World, now: Timestamp) {
    let units = world.parents.len();
    let people: Vec<user::User> = world
        .people
        .iter()
        .enumerate()
        .map(|(at, posts)| person(at, posts, units, now))
        .collect();
    let rows: Vec<(i64, Uuid, Option<String>, i32)> = world
        .rows
        .iter()
        .enumerate()
        .map(|(at, (unit, area, secrecy))| {
            (
                at as i64,
                org(unit.index(units)).0,
                area.map(|at| AREAS[at].to_owned()),
                i32::from(*secrecy),
            )
        })
        .collect();
    db.write(move |tx| {
        Box::pin(async move {
            for table in ["identity_user", "identity_post", "probe"] {
                tx.execute_unprepared(&format!("DELETE FROM {table}"))
                    .await?;
            }
            users::insert(tx, &people).await?;
            let mut insert = Query::insert();
            insert
                .into_table(Alias::new("probe"))
                .columns(["id", "org_id", "area", "secrecy"].map(Alias::new));
            for (id, org_id, area, secrecy) in rows {
                insert.values_panic([id.into(), org_id.into(), area.into(), secrecy.into()]);
            }
            tx.execute(&insert).await?;
            Ok::<_, StoreError>(())
        })
    })
    .await
    .unwrap();
}

async fn users_seen(
    db: &yiwang_store::Db,
    actor: &Actor,
    tree: &OrgTree,
    now: Timestamp,
) -> BTreeSet<String> {
    let scope = actor.scope("user.read", now);
    let page = PageRequest {
        limit: Some(500),
        cursor: None,
    };
    let found = user::list::list(db.read(), &scope, &UserFilter::default(), &page, tree, now)
        .await
        .unwrap();
    found.items.into_iter().map(|user| user.username).collect()
}

async fn rows_seen(db: &yiwang_store::Db, actor: &Actor, now: Timestamp) -> BTreeSet<i64> {
    let column = |name: &'static str| Expr::col(Alias::new(name));
    let columns = ScopeColumns {
        orgs: OrgColumn::Column(column("org_id")),
        area: Some(column("area")),
        secrecy: Some(column("secrecy")),
    };
    let select = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("probe"))
        .cond_where(scope_condition(
            &actor.scope("incident.read", now),
            &columns,
        ))
        .take();
    let rows = db.read().query_all(&select).await.unwrap();
    rows.into_iter()
        .map(|row| row.try_get("", "id").unwrap())
        .collect()
}

#[test]
fn lists_agree_with_grants() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let tests = runtime.block_on(async {
        let tests = yiwang_testkit::databases(&[migrations()]).await;
        for test in &tests {
            let backend = test.db.backend();
            let sql = format!(
                "CREATE TABLE probe (id BIGINT PRIMARY KEY, org_id {} NOT NULL, area {}, secrecy INTEGER NOT NULL)",
                backend.uuid(),
                backend.code_text()
            );
            let make = test.db.write(move |tx| {
                Box::pin(async move { Ok::<_, StoreError>(tx.execute_unprepared(&sql).await.map(|_done| ())?) })
            });
            make.await.unwrap();
        }
        tests
    });
    let now: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    let mut runner = TestRunner::new(RunnerConfig {
        cases: 150,
        failure_persistence: None,
        ..RunnerConfig::default()
    });
    let outcome = runner.run(&world(), |world| {
        let tree = world.tree();
        let actor = world.actor(&tree);
        let units = world.parents.len();
        let people: BTreeSet<String> = (0..world.people.len())
            .map(|at| person(at, &world.people[at], units, now))
            .filter(|user| {
                actor.may(
                    "user.read",
                    Subject {
                        orgs: &user.org_ids(),
                        area: None,
                        secrecy: 1,
                    },
                    now,
                )
            })
            .map(|user| user.username)
            .collect();
        let rows: BTreeSet<i64> = (0..world.rows.len())
            .filter(|at| {
                let (unit, area, secrecy) = world.rows[*at];
                let area = area.map(|at| AreaCode::from(AREAS[at]));
                let orgs = [org(unit.index(units))];
                actor.may(
                    "incident.read",
                    Subject {
                        orgs: &orgs,
                        area: area.as_ref(),
                        secrecy,
                    },
                    now,
                )
            })
            .map(|at| at as i64)
            .collect();
        runtime.block_on(async {
            for test in &tests {
                lay_out(&test.db, &world, now).await;
                prop_assert_eq!(
                    &users_seen(&test.db, &actor, &tree, now).await,
                    &people,
                    "users on {}",
                    test.name
                );
                prop_assert_eq!(
                    &rows_seen(&test.db, &actor, now).await,
                    &rows,
                    "rows on {}",
                    test.name
                );
            }
            Ok(())
        })
    });
    drop(runtime);
    outcome.unwrap();
}

#[test]
fn a_scope_over_no_unit_sees_nobody() {
    assert_eq!(
        OrgTree::default().scope(Some(org(1))),
        OrgScope::Within(Arc::default())
    );
}

#[tokio::test]
async fn lists_filter_and_page() {
    for city in cities().await {
        for number in 0..5 {
            city.person(
                &format!("a{number}"),
                if number % 2 == 0 { "cgj-zf" } else { "coc" },
                Some("handler"),
            )
            .await;
        }
        let sys = city.actor("sys").await;
        let find = async |filter: UserFilter| {
            let page = PageRequest {
                limit: Some(2),
                cursor: None,
            };
            let mut names = Vec::new();
            let mut cursor = None;
            loop {
                let page = PageRequest {
                    cursor,
                    ..page.clone()
                };
                let found = city
                    .service
                    .users(&sys, &filter, &page, city.now())
                    .await
                    .unwrap();
                names.extend(found.items.into_iter().map(|user| user.username));
                cursor = found.next;
                if cursor.is_none() {
                    return names.join(" ");
                }
            }
        };
        let any = UserFilter::default;
        assert_eq!(find(any()).await, "a0 a1 a2 a3 a4 aud sec sys");
        assert_eq!(
            find(UserFilter {
                q: Some("人A".into()),
                ..any()
            })
            .await,
            "a0 a1 a2 a3 a4"
        );
        assert_eq!(
            find(UserFilter {
                org: Some(city.org("cgj")),
                ..any()
            })
            .await,
            "a0 a2 a4"
        );
        for typed in ["r", "rena", "REN", "ren a"] {
            assert_eq!(
                find(UserFilter {
                    q: Some(typed.into()),
                    org: Some(city.org("cgj")),
                    ..any()
                })
                .await,
                "a0 a2 a4",
                "{typed}"
            );
        }
        for (kind, expected) in [
            (UserKind::Service, ""),
            (UserKind::Person, "a0 a1 a2 a3 a4 aud sec sys"),
        ] {
            assert_eq!(
                find(UserFilter {
                    kind: Some(kind),
                    ..any()
                })
                .await,
                expected
            );
        }
        assert_eq!(
            find(UserFilter {
                role: Some("audit_admin".into()),
                ..any()
            })
            .await,
            "aud"
        );
        assert_eq!(
            find(UserFilter {
                locked: Some(true),
                ..any()
            })
            .await,
            ""
        );
        assert_eq!(
            find(UserFilter {
                status: Some(UserStatus::Disabled),
                ..any()
            })
            .await,
            ""
        );
    }
}
